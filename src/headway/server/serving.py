"""An app served on a socket, in a thread of this process, until it is told to stop."""

from __future__ import annotations

import gc
import ipaddress
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn

from headway.errors import HeadwayError, InvalidInput
from headway.server import breaking
from headway.server.app import App
from headway.store import forking

GOODBYE_S = 5.0
"""How long requests that are under way may take when the server stops."""
LARGEST_MESSAGE = 64 * 1024
PING_S = 25.0
QUEUE = 2048
UNANSWERED_MS = 15_000
"""After how long a connection is given up whose other side no longer takes what it is sent."""
COLLECT_AFTER = 20_000, 10, 100
"""How rarely Python looks for garbage: with thousands of readers each look takes longer than serving one of them, and
by Python's own measure there would be several for every event."""


class Serving:
    """Serves while its block lasts: `with Serving(create_app(hw)) as serving: print(serving.address)`.

    port 0 takes a free one. Beyond loopback it binds only with a token. At the end streams are told to come back
    elsewhere or later, and what is under way is answered. Raises InvalidInput, HeadwayError.
    """

    def __init__(self, app: App, host: str = "127.0.0.1", port: int = 8765) -> None:
        if app.site.token is None and not is_loopback(host):
            raise InvalidInput(
                f"host={host!r} can be reached from other machines, and this server has no token: anybody could change "
                "its jobs. Give it one with --token-file FILE, or bind to 127.0.0.1."
            )
        self._app = app
        self._socket = _bound(host, port)
        forking.keeps(self)
        self._server = uvicorn.Server(_config(app))
        self._thread = threading.Thread(target=self._serve, name="headway-server")

    @property
    def address(self) -> str:
        """Where it answers."""
        host, port = self._socket.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def start(self) -> None:
        """Begins to answer: what connects from now on waits at most for the first turn of the loop."""
        gc.set_threshold(*COLLECT_AFTER)
        self._thread.start()

    def stop(self) -> None:
        """Says goodbye to streams, answers what is under way, and returns when that is done."""
        self._app.site.leave()
        self._server.should_exit = True
        self._thread.join()
        forking.keeps_no_more(self)
        self._socket.close()

    def let_go_in_child(self) -> None:
        """See forking.Keeper: a port that a child of a worker keeps open could not be bound again."""
        if self._socket.fileno() >= 0:
            forking.blank(self._socket.fileno())

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what is bound to a host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=QUEUE)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # its connections inherit it
            bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNANSWERED_MS)
        return bound
    except (OSError, OverflowError) as problem:
        raise HeadwayError(f"{host} port {port} can not be bound: {problem}. Choose another with --port.") from None


def _config(app: App) -> uvicorn.Config:
    return uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=False, lifespan="off",
        backlog=QUEUE, timeout_graceful_shutdown=int(GOODBYE_S), http=breaking.Http, ws=breaking.WebSocket,
        ws_max_size=LARGEST_MESSAGE, ws_ping_interval=PING_S, ws_per_message_deflate=False,
    )  # fmt: skip
