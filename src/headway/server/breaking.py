"""Connections of uvicorn with the limits that it lacks, and that a stream can break off.

A reader that takes nothing can not be told goodbye; one that never ends its headers must be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LARGEST_HEAD = 64 * 1024
"""Bytes of the first line and the headers of a request."""
HEAD_S = 10.0
"""How long they may take, and how long what is left of a body that nobody reads."""
_KEY = "headway_break"
_TOO_LARGE = f"The address and the headers of a request have at most {LARGEST_HEAD:,} bytes.\n".encode()
_UNREADABLE = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Http(HttpToolsProtocol):
    """Tells the app how to break off the connection of a request, and limits what comes before there is one."""

    _head = _waiting = 0
    _arriving = _complete = False
    _refused = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return
        before = self._arriving
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            return
        if before and self._arriving:
            self._waiting += len(data)
        if max(self._head, self._waiting) > LARGEST_HEAD:
            self._refuse()
        elif not self._answers():
            self._expect()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head, self._waiting, self._arriving, self._complete = 0, 0, True, False
        self.scope["state"][_KEY] = self.transport.abort

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count(len(name) + len(value) + 4)

    def on_headers_complete(self) -> None:
        self._arriving = False
        self._expect_no_more()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._complete = True
        self._expect_no_more()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._complete:  # what still comes would put the keep-alive off again and again
            self._expect()

    def send_400_response(self, msg: str) -> None:
        if self._head > LARGEST_HEAD:
            return  # it is refused as too large instead
        super().send_400_response(msg)

    def _count(self, size: int) -> None:
        """Raises ValueError for too much; the parser stops there."""
        self._head += size
        if self._head > LARGEST_HEAD:
            raise ValueError("the head of a request is too large")

    def _refuse(self) -> None:
        """What still arrives is thrown away: a connection closed before that could take the answer with it."""
        self._refused = True
        if self._answers():
            self.transport.abort()
            return
        head = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
        self.transport.write(
            b"%sconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (head, len(_TOO_LARGE), _TOO_LARGE)
        )
        self.transport.write_eof()
        self._expect()

    def _answers(self) -> bool:
        """Whether a request is under way, which has limits of its own."""
        cycle: Any = self.cycle  # None before the first
        return cycle is not None and not cycle.response_complete

    def _expect(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_S, self._give_up)

    def _expect_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if self._refused or not self._answers():
            self.transport.abort()


class WebSocket(WebSocketsSansIOProtocol):
    """The same for a WebSocket.

    Its library reads the head once more, with limits of its own: 8 KiB for each line, 128 headers.
    """

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            # Nobody else would send the refusal; for what it can not read the library has none.
            self.transport.write(b"".join(self.conn.data_to_send()) or _UNREADABLE)
            self.transport.close()

    async def run_asgi(self) -> None:
        self.scope["state"][_KEY] = self.transport.abort
        await super().run_asgi()


def breaker(scope: Mapping[str, Any]) -> Callable[[], None] | None:
    """What breaks off the connection of a request at once; None under another server."""
    found: Callable[[], None] | None = scope.get("state", {}).get(_KEY)
    return found
