"""A place that is a folder of this host.

Every path is walked with one descriptor per folder and O_NOFOLLOW, so that a link put there meanwhile
cannot lead out.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from examples.site_mover.errors import PlaceFull, is_full
from examples.site_mover.places import (
    Entry,
    Kind,
    child_of,
    name_bytes,
    part_path,
    parts_of,
    printable,
)

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# O_NONBLOCK: a named pipe in place of a file must not hold the job for ever.
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class LocalPlace:
    """A folder of this host as a Place."""

    remote = False

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).resolve()
        self._unsettled: set[str] = set()

    @property
    def url(self) -> str:
        return printable(str(self.root))

    def list(self, folder: str) -> list[Entry]:
        with self._open_folder(folder) as fd, os.scandir(fd) as found:
            names = sorted((item.name for item in found), key=name_bytes)
            entries = (self._entry(child_of(folder, name), name, fd) for name in names)
            return [entry for entry in entries if entry is not None]

    def stat(self, path: str) -> Entry | None:
        try:
            with self._parent(path) as (fd, name):
                return self._entry(path, name, fd)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def open(self, path: str, offset: int = 0) -> LocalReader:
        with self._parent(path) as (fd, name):
            return LocalReader(_regular(os.open(name, _READ, dir_fd=fd), path), offset)

    def open_part(self, path: str, offset: int = 0) -> LocalPart:
        part = part_path(path)
        self.make_folder(path.rpartition("/")[0])
        with self._parent(part) as (fd, name):
            if not offset:
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=fd)
                return LocalPart(os.open(name, _WRITE | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=fd), 0)
            return LocalPart(_regular(os.open(name, _WRITE, dir_fd=fd), part), offset)

    def publish(self, entry: Entry) -> None:
        part = part_path(entry.path)
        with self._parent(part) as (fd, name):
            handle = os.open(name, _WRITE, dir_fd=fd)
            try:
                _set_attributes(handle, entry)
                os.fsync(handle)
            finally:
                os.close(handle)
            os.rename(name, parts_of(entry.path)[-1], src_dir_fd=fd, dst_dir_fd=fd)
        self._unsettled.add(entry.path.rpartition("/")[0])

    def make_folder(self, path: str) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        fd = os.open(self.root, _FOLDER)
        try:
            for name in parts_of(path):
                with suppress(FileExistsError):
                    os.mkdir(name, 0o755, dir_fd=fd)
                inner = os.open(name, _FOLDER, dir_fd=fd)
                os.close(fd)
                fd = inner
        finally:
            os.close(fd)

    def set_attributes(self, entry: Entry) -> None:
        with self._parent(entry.path) as (fd, name):
            handle = os.open(name, _READ, dir_fd=fd)
            try:
                _set_attributes(handle, entry)
            finally:
                os.close(handle)

    def make_link(self, path: str, target: str) -> None:
        self.make_folder(path.rpartition("/")[0])
        with self._parent(part_path(path)) as (fd, name):
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=fd)
            os.symlink(target, name, dir_fd=fd)
            os.rename(name, parts_of(path)[-1], src_dir_fd=fd, dst_dir_fd=fd)

    def remove(self, path: str) -> None:
        with suppress(FileNotFoundError), self._parent(path) as (fd, name):
            os.unlink(name, dir_fd=fd)

    def remove_folder(self, path: str) -> None:
        with suppress(FileNotFoundError), self._parent(path) as (fd, name):
            os.rmdir(name, dir_fd=fd)

    def free_bytes(self) -> int | None:
        there = next(folder for folder in (self.root, *self.root.parents) if folder.exists())
        room = os.statvfs(there)
        return room.f_bavail * room.f_frsize

    def settle(self) -> None:
        for folder in sorted(self._unsettled):
            with self._open_folder(folder) as fd:
                os.fsync(fd)
        self._unsettled.clear()

    def reconnect(self) -> None:
        """A folder of this host is never lost."""

    def close(self) -> None:
        self._unsettled.clear()

    @contextmanager
    def _open_folder(self, path: str) -> Iterator[int]:
        fd = os.open(self.root, _FOLDER)
        try:
            for name in parts_of(path):
                inner = os.open(name, _FOLDER, dir_fd=fd)
                os.close(fd)
                fd = inner
            yield fd
        finally:
            os.close(fd)

    @contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        *_, name = parts_of(path) or ["."]
        with self._open_folder(path.rpartition("/")[0]) as fd:
            yield fd, name

    def _entry(self, path: str, name: str, fd: int) -> Entry | None:
        try:
            found = os.stat(name, dir_fd=fd, follow_symlinks=False)
            target = os.readlink(name, dir_fd=fd) if stat.S_ISLNK(found.st_mode) else None
        except FileNotFoundError:
            return None
        return Entry(path, kind_of(found.st_mode), found.st_size, found.st_mtime_ns, found.st_mode & 0o7777, target)


class LocalReader:
    """An open file."""

    def __init__(self, fd: int, offset: int) -> None:
        self._fd = fd
        os.lseek(fd, offset, os.SEEK_SET)

    def read(self, size: int) -> bytes:
        return os.read(self._fd, size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._fd)


class LocalPart:
    """An open part file, cut to where writing goes on."""

    def __init__(self, fd: int, offset: int) -> None:
        self._fd = fd
        os.ftruncate(fd, offset)
        os.lseek(fd, offset, os.SEEK_SET)

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[os.write(self._fd, view) :]
        except OSError as error:
            raise _explained(error) from error

    def flush(self) -> None:
        try:
            os.fsync(self._fd)
        except OSError as error:
            raise _explained(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._fd)


def kind_of(mode: int) -> Kind:
    """The kind of an entry by the bits of its mode."""
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "other"


def _explained(error: OSError) -> Exception:
    return PlaceFull(f"the destination takes no more bytes: {error.strerror}") if is_full(error) else error


def _regular(fd: int, path: str) -> int:
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return fd
    os.close(fd)
    raise OSError(f"{printable(path)} is not a regular file")


def _set_attributes(fd: int, entry: Entry) -> None:
    os.fchmod(fd, entry.mode & 0o777)
    os.utime(fd, ns=(entry.mtime_ns, entry.mtime_ns))
