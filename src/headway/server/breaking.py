"""Connections of uvicorn that a stream can break off: a reader that takes nothing can not be told goodbye."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

_KEY = "headway_break"


class Http(HttpToolsProtocol):
    """Tells the app how to break off the connection of a request."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["state"][_KEY] = self.transport.abort


class WebSocket(WebSocketsSansIOProtocol):
    """The same for a WebSocket."""

    async def run_asgi(self) -> None:
        self.scope["state"][_KEY] = self.transport.abort
        await super().run_asgi()


def breaker(scope: Mapping[str, Any]) -> Callable[[], None] | None:
    """What breaks off the connection of a request at once; None under another server."""
    found: Callable[[], None] | None = scope.get("state", {}).get(_KEY)
    return found
