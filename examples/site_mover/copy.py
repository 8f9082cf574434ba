"""Copy one file: into a part beside its place, read back and compared, then renamed. A part can be gone
on with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from examples.site_mover.errors import ChecksumMismatch, PlaceLost, SourceChanged
from examples.site_mover.places import CHUNK, Entry, Part, Place, checksum, part_path, printable
from headway import Halt

Pace = Callable[[int], None]
Moved = Callable[[Entry, int, int, Part], None]


class Copier:
    """Copies files from one place to another.

    verify: read the part back and compare its SHA-256 before it gets its name.
    pace: called before bytes cross a network. check: called between chunks that are only read. Both may
    raise Halt.
    """

    def __init__(
        self,
        source: Place,
        destination: Place,
        verify: bool,
        pace: Pace,
        check: Callable[[], None],
        chunk: int = CHUNK,
    ) -> None:
        self._source, self._destination = source, destination
        self._verify, self._pace, self._check, self.chunk = verify, pace, check, chunk

    def current(self, path: str) -> Entry:
        """The file as it is now at the source. Raises FileNotFoundError if it is gone, OSError if it is
        no file.
        """
        found = self._source.stat(path)
        if found is None:
            raise FileNotFoundError(f"{printable(path)} is no longer at the source")
        if found.kind != "file":
            raise OSError(f"{printable(path)} is now a {found.kind} at the source; it was a file")
        return found

    def found(self, entry: Entry) -> str | None:
        """The SHA-256 of this very file if the destination has it: a crash between renaming and recording
        leaves it behind.
        """
        found = self._destination.stat(entry.path)
        if found is None or found.kind != "file" or not found.same_version(entry):
            return None
        digest = self._digest(self._source, entry.path)
        return digest if digest == self._digest(self._destination, entry.path) else None

    def part_offset(self, path: str, offset: int) -> int:
        """Where to go on writing: offset if the part holds that much, else 0."""
        part = self._destination.stat(part_path(path)) if offset else None
        return offset if part is not None and part.kind == "file" and part.size >= offset else 0

    def copy(self, entry: Entry, start: int, moved: Moved) -> str | None:
        """Copy entry from the offset `start` of its part. `moved` gets each new offset and its step.

        Returns its SHA-256, None where the beginning was not read in this attempt.

        Raises SourceChanged, ChecksumMismatch, OSError (this file fails), PlaceLost, PlaceFull, and what
        moved raises.
        """
        digest = hashlib.sha256(b"")
        if start and self._verify:
            self._read(self._source, entry.path, start, digest.update)
        offset = start
        with self._source.open(entry.path, start) as reader, self._destination.open_part(entry.path, start) as part:
            try:
                while data := reader.read(self.chunk):
                    self._pace(len(data))
                    part.write(data)
                    digest.update(data)
                    offset += len(data)
                    moved(entry, offset, len(data), part)
            except Halt:
                moved(entry, offset, 0, part)  # where it stops, also while it waits for the bandwidth
                raise
        now = self.current(entry.path)
        if offset != entry.size or (now.size, now.mtime_ns) != (entry.size, entry.mtime_ns):
            raise SourceChanged(f"{printable(entry.path)} was changed while it was copied")
        if self._verify:
            self._compare(entry, digest.hexdigest())
        self._destination.publish(entry)
        return digest.hexdigest() if self._verify or not start else None

    def _compare(self, entry: Entry, expected: str) -> None:
        found = self._digest(self._destination, part_path(entry.path))
        if found != expected:
            raise ChecksumMismatch(
                f"{printable(entry.path)}: the destination holds {found}, the source had {expected} (SHA-256)"
            )

    def discard(self, path: str) -> None:
        """Remove the part of a file that failed, if it can be removed."""
        try:
            self._destination.remove(part_path(path))
        except PlaceLost:
            raise
        except (OSError, ValueError):
            return  # the failure itself has been told; the next try begins with a new part

    def _digest(self, place: Place, path: str) -> str:
        return checksum(place, path, pace=lambda size: self._crossed(place, size))

    def _read(self, place: Place, path: str, length: int, update: Callable[[bytes], None]) -> None:
        with place.open(path) as reader:
            while length and (data := reader.read(min(self.chunk, length))):
                self._crossed(place, len(data))
                update(data)
                length -= len(data)

    def _crossed(self, place: Place, size: int) -> None:
        if place.remote:
            self._pace(size)
        self._check()
