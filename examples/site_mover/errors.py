"""One class per way in which moving a site goes wrong, beside the OSError of a single file."""

from __future__ import annotations

import errno

# A full disk meets every file alike, so it ends the job; a file too large for its file system (EFBIG)
# does not.
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


class UnsafePath(ValueError):
    """A path that would leave its place, or a name that no file may have."""


class PlaceLost(Exception):
    """The connection to a place is gone. Nothing is known about the last request; connect again and look."""


class PlaceFull(Exception):
    """The destination takes no more bytes at all."""


class SourceChanged(Exception):
    """The file was written to while it was being copied."""


class ChecksumMismatch(Exception):
    """What was read back at the destination is not what was read at the source."""


class IncompleteFile(Exception):
    """A manifest or plan without its last line: the job that wrote it has not completed."""


class Ended(BaseException):
    """Carries what is not about one file out of the work on it: no other file is begun, and the job gets `error`."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class TooManyFailed(Exception):
    """More files failed than the caller allows. `result` holds what was done all the same."""

    def __init__(self, text: str, result: dict[str, object]) -> None:
        super().__init__(text)
        self.result = result


def is_full(error: OSError) -> bool:
    """Whether this error means that the whole place is full or read-only, not just this one file."""
    return error.errno in _FULL
