"""What a site is moved from and to: a root folder somewhere, and files below it named by relative paths.

A path is relative to the root, its parts joined by `/`; the root itself is the empty text. Names may hold
any bytes: what is not UTF-8 is carried as lone surrogates (`surrogateescape`) and comes out at the other
end byte for byte. No operation follows a symbolic link, neither in the middle of a path nor at its end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Protocol, Self
from urllib.parse import quote_from_bytes, unquote_to_bytes

from examples.site_mover.errors import UnsafePath

Kind = Literal["file", "folder", "link", "other"]

CHUNK = 1 << 20  # bytes read and written at once
PART_SUFFIX = ".headway-part"
_LONGEST_NAME = 255  # bytes, on every usual file system


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, folder or link. size in bytes, mtime_ns since 1970, mode without the kind's bits, target
    of a link.
    """

    path: str
    kind: Kind
    size: int = 0
    mtime_ns: int = 0
    mode: int = 0o644
    target: str | None = None

    def same_version(self, other: Entry) -> bool:
        """Same size and same second of change. SFTP has no finer time, so finer differences say nothing."""
        seconds = 10**9
        return self.size == other.size and self.mtime_ns // seconds == other.mtime_ns // seconds


class Reader(Protocol):
    """An open file of the source."""

    def read(self, size: int) -> bytes:
        """Up to size bytes; empty at the end."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Part(Protocol):
    """An open, unfinished file at the destination."""

    def write(self, data: bytes) -> None:
        """Append."""

    def flush(self) -> None:
        """Return when everything written so far survives the end of this process (and of the host, where
        it can).
        """

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Place(Protocol):
    """A root folder. Every method raises OSError for the file at hand, UnsafePath, or PlaceLost. One
    thread at a time.
    """

    @property
    def url(self) -> str:
        """Where it is, without anything that must not be shown."""

    @property
    def remote(self) -> bool:
        """Whether reading it goes over a network."""

    def list(self, folder: str) -> list[Entry]:
        """What is directly inside a folder, sorted by the bytes of the names."""

    def stat(self, path: str) -> Entry | None:
        """The entry at this path itself, or None if nothing is there."""

    def open(self, path: str, offset: int = 0) -> Reader:
        """A regular file for reading, from this offset."""

    def open_part(self, path: str, offset: int = 0) -> Part:
        """The part file that belongs to path, cut to offset bytes, for writing on. Makes missing folders."""

    def publish(self, entry: Entry) -> None:
        """Give the part its name, with the mode and time of entry; what had the name before is replaced.

        Its contents are durable before it has the name, where the place can do that.
        """

    def make_folder(self, path: str) -> None:
        """Make this folder and those above it; those that are there are left as they are."""

    def set_attributes(self, entry: Entry) -> None:
        """Give an existing file or folder the mode and time of entry."""

    def make_link(self, path: str, target: str) -> None:
        """Make a symbolic link, in place of a file or link of that name."""

    def remove(self, path: str) -> None:
        """Remove a file or link; nothing there is fine."""

    def remove_folder(self, path: str) -> None:
        """Remove an empty folder; nothing there is fine. Raises OSError where something is in it."""

    def free_bytes(self) -> int | None:
        """Room for this user, or None if the place does not tell."""

    def settle(self) -> None:
        """Make the names published so far durable, where the place can."""

    def reconnect(self) -> None:
        """Connect again after PlaceLost."""

    def close(self) -> None:
        """End the connection."""


def parts_of(path: str) -> list[str]:
    """The names in a relative path; empty for the root. Raises UnsafePath for what would leave the root."""
    if not path:
        return []
    parts = path.split("/")
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise UnsafePath(
            f"{printable(path)!r} is not a path inside a place: expected names joined by '/',"
            " without '..', a leading '/' or NUL"
        )
    return parts


def child_of(folder: str, name: str) -> str:
    """The path of name in folder. Raises UnsafePath if a server offers a name that is no name."""
    if "/" in name:
        raise UnsafePath(f"a folder listing holds {printable(name)!r}, which is not a file name")
    path = f"{folder}/{name}" if folder else name
    parts_of(path)
    return path


def part_path(path: str) -> str:
    """Where an unfinished file is kept: beside the finished one. A name near the limit is replaced by its
    checksum.
    """
    parts_of(path)  # before the suffix makes an ordinary name of ".."
    folder, slash, name = path.rpartition("/")
    if len(name_bytes(name)) + len(PART_SUFFIX) > _LONGEST_NAME:
        name = hashlib.sha256(name_bytes(name)).hexdigest()
    return f"{folder}{slash}{name}{PART_SUFFIX}"


def name_bytes(name: str) -> bytes:
    """A name as the bytes that the file system holds."""
    return name.encode("utf-8", "surrogateescape")


def name_text(raw: bytes) -> str:
    """The opposite of name_bytes."""
    return raw.decode("utf-8", "surrogateescape")


def quoted(path: str) -> str:
    """A path as plain ASCII without spaces, percent-encoded; `unquoted` gives it back byte for byte."""
    return quote_from_bytes(name_bytes(path))


def unquoted(text: str) -> str:
    """The opposite of quoted."""
    return name_text(unquote_to_bytes(text))


def printable(path: str) -> str:
    """A path that can be shown and stored anywhere: bytes that are not UTF-8 and control characters are
    escaped.
    """
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def checksum(
    place: Place, path: str, length: int | None = None, pace: Callable[[int], None] = lambda size: None
) -> str:
    """The SHA-256 of a file, or of its first length bytes, in hex. `pace` is called with the size of each
    chunk.
    """
    digest = hashlib.sha256()
    left = length
    with place.open(path) as reader:
        while left != 0 and (data := reader.read(CHUNK if left is None else min(CHUNK, left))):
            pace(len(data))
            digest.update(data)
            left = None if left is None else left - len(data)
    return digest.hexdigest()
