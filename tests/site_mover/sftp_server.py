"""A real SFTP server on the loopback, confined to one folder, for the tests of the site mover."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

_PATIENCE_S = 60
USER, PASSWORD = "ann", "s3cret pass"


@dataclass
class Running:
    """A server that answers. room: bytes it will still take, None for any number. locked: a name that stays."""

    folder: Path
    keys: Path
    port: int = 0
    room: int | None = None
    locked: str | None = None
    written: int = 0
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def address(self, path: str = "/", **options: str) -> str:
        """An address with the client's key and the known_hosts file, unless options say otherwise."""
        options = options or {"key": str(self.keys / "client"), "known_hosts": str(self.keys / "known_hosts")}
        query = "&".join(f"{name}={value}" for name, value in options.items())
        return f"sftp://{USER}@127.0.0.1:{self.port}{path}?{query}"

    def fingerprint(self) -> str:
        """The host key's fingerprint."""
        return asyncssh.read_public_key(self.keys / "host.pub").get_fingerprint()

    def cut(self) -> None:
        """Drop every connection without a word."""
        for connection in [*self.connections]:
            self.loop.call_soon_threadsafe(connection.abort)
        self.connections.clear()

    def until_cut(self) -> None:
        """Return when the server's side has dropped what cut asked for."""
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self.loop).result(_PATIENCE_S)


class _Host(asyncssh.SSHServer):
    def __init__(self, server: Running) -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._server.connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


class _Files(asyncssh.SFTPServer):
    def __init__(self, chan: Any, server: Running) -> None:
        self._server = server
        super().__init__(chan, chroot=str(server.folder).encode())

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        room = self._server.room
        if room is not None and self._server.written + len(data) > room:
            raise asyncssh.SFTPFailure("no space left on device")
        self._server.written += len(data)
        return super().write(file_obj, offset, data)  # type: ignore[return-value]

    def remove(self, path: bytes) -> None:
        if self._server.locked is not None and path.endswith(self._server.locked.encode()):
            raise asyncssh.SFTPPermissionDenied("it is locked")
        super().remove(path)

    def readlink(self, path: bytes) -> bytes:
        return os.readlink(self.map_path(path))  # as OpenSSH: asyncssh's own refuses relative targets

    def statvfs(self, path: bytes) -> Any:
        room = self._server.room
        if room is None:
            return super().statvfs(path)
        return asyncssh.SFTPVFSAttrs(bsize=1, frsize=1, bavail=max(0, room - self._server.written))


@contextmanager
def serve(folder: Path, keys: Path) -> Iterator[Running]:
    """A server for folder, in a thread with its own event loop, until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    keys.mkdir(parents=True, exist_ok=True)
    server = Running(folder, keys)
    _make_keys(keys)
    listener = server.loop.run_until_complete(_listen(server))
    server.port = listener.get_port()
    host_key = (keys / "host.pub").read_text().split()
    (keys / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {host_key[0]} {host_key[1]}\n")
    thread = threading.Thread(target=server.loop.run_forever, name="sftp-server")
    thread.start()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(_end(server, listener), server.loop).result(_PATIENCE_S)
        server.loop.call_soon_threadsafe(server.loop.stop)
        thread.join(_PATIENCE_S)
        server.loop.close()


async def _listen(server: Running) -> asyncssh.SSHAcceptor:
    return await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: _Host(server),
        server_host_keys=[str(server.keys / "host")],
        authorized_client_keys=str(server.keys / "client.pub"),
        sftp_factory=lambda chan: _Files(chan, server),
    )


async def _end(server: Running, listener: asyncssh.SSHAcceptor) -> None:
    listener.close()
    for connection in server.connections:
        connection.abort()
    await listener.wait_closed()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _make_keys(keys: Path) -> None:
    for name in ("host", "client"):
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(keys / name)
        key.write_public_key(keys / f"{name}.pub")
