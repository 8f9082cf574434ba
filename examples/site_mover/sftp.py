"""A place on an SFTP server.

Names: SFTP version 3 sends names as bytes; they are kept as such. Times: whole seconds. Checksums: the
protocol has none that servers agree on, so the file is read back. Links: every folder of a path is looked
at before it is first used; a server whose owner changes it meanwhile is believed. The server's account
should be confined to the site.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

import paramiko
from paramiko.sftp_attr import SFTPAttributes
from paramiko.sftp_file import SFTPFile

from examples.site_mover.errors import PlaceFull, PlaceLost, UnsafePath, is_full
from examples.site_mover.local import kind_of
from examples.site_mover.places import (
    Entry,
    child_of,
    name_bytes,
    name_text,
    part_path,
    parts_of,
    printable,
)
from examples.site_mover.sftp_wire import REQUEST, AnyNameClient

Connect = Callable[[], paramiko.SSHClient]
_TIMEOUT_S = 60.0


class SftpPlace:
    """A folder on an SFTP server as a Place. `connect` opens an authenticated connection whose host key
    was checked.
    """

    remote = True

    def __init__(self, url: str, root: str, connect: Connect) -> None:
        self.url = url
        self._connect = connect
        self._asked_root = name_bytes(root)
        self._folders: set[str] = set()
        self._open_session()

    def list(self, folder: str) -> list[Entry]:
        with self._talking():
            self._require_folders(folder)
            found = self._client.entries(self._full(folder))
            found.sort(key=lambda item: name_bytes(item.filename))
            return [self._entry(child_of(folder, item.filename), item) for item in found]

    def stat(self, path: str) -> Entry | None:
        with self._talking():
            try:
                self._require_parent(path)
                return self._entry(path, self._client.lstat(self._full(path)))
            except FileNotFoundError:
                return None

    def open(self, path: str, offset: int = 0) -> SftpReader:
        with self._talking():
            size = self._require_file(path)
            return SftpReader(self, self._client.open(self._full(path), "rb"), offset, size)

    def open_part(self, path: str, offset: int = 0) -> SftpPart:
        part = part_path(path)
        self.make_folder(path.rpartition("/")[0])
        if not offset:
            self.remove(part)
        with self._talking():
            if offset:
                self._require_file(part)
            opened = self._client.open(self._full(part), "r+b" if offset else "wbx")
            if offset:
                opened.truncate(offset)
            return SftpPart(self, opened, offset)

    def publish(self, entry: Entry) -> None:
        part = self._full(part_path(entry.path))
        with self._talking():
            self._require_parent(entry.path)
            self._set_attributes(part, entry)
            self._rename(part, self._full(entry.path))

    def make_folder(self, path: str) -> None:
        parts = parts_of(path)
        if "" not in self._folders:
            self._make_root()
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folder in self._folders:
                continue
            with (
                self._talking(),
                suppress(OSError),
            ):  # it may be there already, which most servers call a failure
                self._client.mkdir(self._full(folder), 0o755)
            with self._talking():
                self._require_folders(folder)

    def _make_root(self) -> None:
        parts = self._root.split(b"/")
        for depth in range(2, len(parts) + 1):
            with self._talking(), suppress(OSError):
                self._client.mkdir(b"/".join(parts[:depth]), 0o755)
        self._folders.add("")

    def set_attributes(self, entry: Entry) -> None:
        with self._talking():
            self._require_parent(entry.path)
            if stat.S_ISLNK(self._client.lstat(self._full(entry.path)).st_mode or 0):
                raise UnsafePath(f"{printable(entry.path)!r} is a link; its target is left alone")
            self._set_attributes(self._full(entry.path), entry)

    def make_link(self, path: str, target: str) -> None:
        self.make_folder(path.rpartition("/")[0])
        part = part_path(path)
        self.remove(part)
        with self._talking():
            self._client.symlink(name_bytes(target), self._full(part))
            self._rename(self._full(part), self._full(path))

    def remove(self, path: str) -> None:
        with self._talking(), suppress(FileNotFoundError):
            self._require_parent(path)
            self._client.remove(self._full(path))

    def remove_folder(self, path: str) -> None:
        with self._talking(), suppress(FileNotFoundError):
            self._require_parent(path)
            self._client.rmdir(self._full(path))
        self._folders.discard(path)

    def free_bytes(self) -> int | None:
        with self._talking():
            answer = self._client.extended("statvfs@openssh.com", self._root)
            if answer is None:
                return None
            _, fragment, _, _, available, *_ = (answer.get_int64() for _ in range(11))
            return fragment * available

    def settle(self) -> None:
        """Renames over SFTP cannot be made durable from here: the server decides."""

    def reconnect(self) -> None:
        self.close()
        self._open_session()

    def close(self) -> None:
        self._ssh.close()

    def explained(self, error: OSError, size: int) -> Exception:
        """A failed write of size bytes as PlaceFull if there is less room: SFTP only says "failure"."""
        with suppress(OSError, PlaceLost):
            free = self.free_bytes()
            if is_full(error) or (free is not None and free < size):
                return PlaceFull(f"the destination takes no more bytes: {error}")
        return error

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Tells an error of one file from the end of the connection."""
        try:
            yield
        except (EOFError, paramiko.SSHException, TimeoutError, ConnectionError) as error:
            raise PlaceLost(f"the connection to {self.url} is gone: {error}") from error
        except OSError as error:
            transport = self._ssh.get_transport()
            if transport is None or not transport.is_active() or self._channel.closed:
                raise PlaceLost(f"the connection to {self.url} is gone: {error}") from error
            raise

    def _open_session(self) -> None:
        try:
            self._ssh = self._connect()
        except paramiko.SSHException:
            raise  # a wrong key or password: trying again does not help
        except (EOFError, OSError) as error:
            raise PlaceLost(f"no connection to {self.url}: {error}") from error
        with self._talking():
            transport = self._ssh.get_transport()
            if transport is None:
                raise EOFError("closed while connecting")
            transport.set_keepalive(15)
            self._channel = transport.open_session()
            self._channel.settimeout(_TIMEOUT_S)
            self._channel.invoke_subsystem("sftp")
            self._client = AnyNameClient(self._channel)
            self._root = self._found_root()
        self._folders.clear()

    def _found_root(self) -> bytes:
        try:
            return name_bytes(self._client.normalize(self._asked_root))
        except FileNotFoundError:  # not made yet, and the server only resolves what is there
            if self._asked_root.startswith(b"/"):
                return self._asked_root
            return name_bytes(self._client.normalize(b".")).rstrip(b"/") + b"/" + self._asked_root

    def _full(self, path: str) -> bytes:
        return b"/".join([self._root.rstrip(b"/"), *map(name_bytes, parts_of(path))])

    def _require_folders(self, folder: str) -> None:
        """Raises UnsafePath if a part of this path is a link, FileNotFoundError or NotADirectoryError if
        it is none.
        """
        parts = parts_of(folder)
        for depth in range(1, len(parts) + 1):
            known = "/".join(parts[:depth])
            if known in self._folders:
                continue
            mode = self._client.lstat(self._full(known)).st_mode or 0
            if stat.S_ISLNK(mode):
                raise UnsafePath(f"{printable(known)!r} is a link: nothing is read or written through it")
            if not stat.S_ISDIR(mode):
                raise NotADirectoryError(f"{printable(known)!r} is not a folder")
            self._folders.add(known)

    def _require_parent(self, path: str) -> None:
        self._require_folders("/".join(parts_of(path)[:-1]))

    def _require_file(self, path: str) -> int:
        """The size of what must be a regular file."""
        self._require_parent(path)
        found = self._client.lstat(self._full(path))
        if not stat.S_ISREG(found.st_mode or 0):
            raise OSError(f"{printable(path)} is not a regular file")
        return found.st_size or 0

    def _entry(self, path: str, found: SFTPAttributes) -> Entry:
        mode, mtime_s = found.st_mode or 0, int(found.st_mtime or 0)
        target = self._target(path) if stat.S_ISLNK(mode) else None
        return Entry(path, kind_of(mode), found.st_size or 0, mtime_s * 10**9, mode & 0o7777, target)

    def _target(self, path: str) -> str | None:
        try:
            target: str | bytes | None = self._client.readlink(self._full(path))
        except OSError:
            return None  # a link that its server does not read: it is listed, and never made elsewhere
        return name_text(target) if isinstance(target, bytes) else target

    def _set_attributes(self, full: bytes, entry: Entry) -> None:
        seconds = entry.mtime_ns // 10**9
        self._client.chmod(full, entry.mode & 0o777)
        self._client.utime(full, (seconds, seconds))

    def _rename(self, old: bytes, new: bytes) -> None:
        try:
            self._client.posix_rename(old, new)
        except OSError:
            if stat.S_ISDIR(self._mode(new)):
                raise
            # A server without the extension refuses to replace: then the old file goes first.
            with suppress(FileNotFoundError):
                self._client.remove(new)
            self._client.rename(old, new)

    def _mode(self, full: bytes) -> int:
        with suppress(FileNotFoundError):
            return self._client.lstat(full).st_mode or 0
        return 0


class SftpReader:
    """An open file of the server."""

    def __init__(self, place: SftpPlace, opened: SFTPFile, offset: int, size: int) -> None:
        self._place, self._opened, self._offset, self._size = place, opened, offset, size

    def read(self, size: int) -> bytes:
        # No window behind the end; but one request there, since the file may have grown.
        window = min(size, max(REQUEST, self._size - self._offset))
        with self._place._talking():
            data = self._place._client.read_at(self._opened, self._offset, window)
        self._offset += len(data)
        return data

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()


class SftpPart:
    """An open part file of the server."""

    def __init__(self, place: SftpPlace, opened: SFTPFile, offset: int) -> None:
        self._place, self._opened, self._offset = place, opened, offset

    def write(self, data: bytes) -> None:
        try:
            with self._place._talking():
                self._place._client.write_at(self._opened, self._offset, data)
        except OSError as error:
            raise self._place.explained(error, len(data)) from error
        self._offset += len(data)

    def flush(self) -> None:
        """Every write is answered before write() returns; a server that can is asked to sync as well."""
        with self._place._talking():
            self._place._client.extended("fsync@openssh.com", self._opened.handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.flush()  # here, since publishing has no open file to sync any more
        finally:
            self._opened.close()
