"""The way between browser and server, which a test may cut without either of them being told."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_CHUNK = 64 * 1024
_TURN_S = 0.05


class Cable:
    """Passes on what is sent both ways. Cut, it swallows everything, as a network does that is gone."""

    def __init__(self, address: str) -> None:
        there = urlsplit(address)
        self._there = (there.hostname or "", there.port or 80)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._whole = threading.Event()
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self.mend()

    @property
    def address(self) -> str:
        """Where the browser finds the server."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """From now on nothing arrives any more, and nobody is told."""
        self._whole.clear()

    def mend(self) -> None:
        """The way is there again; connections that were cut are gone, as after a change of network."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                _hang_up(end)
        self._whole.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self.mend()
        self._thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            if not select.select([self._listener], [], [], _TURN_S)[0]:
                continue
            here, _ = self._listener.accept()
            there = socket.create_connection(self._there)
            with self._lock:
                self._pairs.append((here, there))
            for source, target in ((here, there), (there, here)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):  # the other side has hung up: this side does too
            while chunk := source.recv(_CHUNK):
                if self._whole.is_set():
                    target.sendall(chunk)
        _hang_up(source)
        _hang_up(target)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):  # it has hung up already
        end.shutdown(socket.SHUT_RDWR)
    end.close()
