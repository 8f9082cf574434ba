"""The layers around the routes, outermost first. Each does one thing to every request, also those that streams answer.

They are plain ASGI: what a layer does costs a function call, and answers are never gathered in memory.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headway.clock import Clock
from headway.server import permission, problems, requestid, websession
from headway.server.logs import LOG
from headway.server.operation import SAFE
from headway.server.problems import Refusal
from headway.server.site import Site
from headway.tracker import websessions

LARGEST_BODY = 1024 * 1024
"""Bytes in the largest body of a request."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}
"""What every answer carries, unless its route says otherwise."""


class Told:
    """Gives each request an id, puts the headers of every answer, logs it, and makes a bug an answer without detail."""

    def __init__(self, app: ASGIApp, site: Site, clock: Clock) -> None:
        self._app, self._site, self._clock = app, site, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began = self._clock.precise()
        request_id = requestid.give(scope, Headers(raw=scope["headers"]).get(requestid.HEADER))
        status: list[int] = []

        async def tell(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status.append(message["status"])
                _add_headers(message, scope, request_id)
            await send(message)

        try:
            await self._guarded(scope, receive, tell, status)
        finally:
            self._log(scope, request_id, status, self._clock.precise() - began)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send, status: list[int]) -> None:
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            refused = problems.refusal_of(error, self._site.hw.url)
            if refused.status == 500:
                LOG.exception("a request failed", extra={"told": {"request_id": requestid.of(scope)}})
            if status:
                raise  # the answer has begun: the connection is closed, and the client sees that it is cut
            await refuse(refused, scope, receive, send)

    def _log(self, scope: Scope, request_id: str, status: list[int], took_s: float) -> None:
        told = {
            "request_id": request_id,
            "method": scope.get("method", "WEBSOCKET"),
            "path": scope["path"],
            "status": status[0] if status else None,
            "ms": round(took_s * 1000, 1),
            "client": scope["client"][0] if scope.get("client") else None,
            **_session_told(scope),
        }
        LOG.info("%s %s %s", told["method"], ascii(scope["path"])[1:-1], told["status"], extra={"told": told})


class Checked:
    """Lets only those requests pass that call this server by its name, come from no foreign page, and are permitted."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app, self._site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            headers = Headers(raw=scope["headers"])
            try:
                check_host(self._site, headers)
                if scope["type"] == "websocket" or scope["method"] not in SAFE:
                    check_origin(self._site, scope, headers)
                await permission.admit(self._site, scope, receive)
            except Refusal as refused:
                await refuse(refused, scope, receive, send)
                return
        await self._app(scope, receive, send)


class Limited:
    """Refuses bodies that are too large, before they are read where they say so, else while they are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(raw=scope["headers"]).get("content-length", "0")
        if not announced.isdecimal() or int(announced[:20]) > LARGEST_BODY:
            raise _too_large()
        await self._app(scope, _counted(receive), send)


def check_host(site: Site, headers: Headers) -> None:
    """Raises Refusal for a name that is not this server's: a page whose name was made to point here has one."""
    name = _without_port(headers.get("host", "")).lower()
    if len(headers.getlist("host")) > 1:
        raise Refusal("misdirected", "The request has several Host headers; expected one.")
    if "*" not in site.hosts and name not in site.hosts:
        raise Refusal(
            "misdirected",
            f"The request names the host {name[:100]!r}; this server answers to {', '.join(sorted(site.hosts))}. "
            "Whoever runs it can add names: headway serve --allow-host NAME, or create_app(hw, hosts=[...]).",
        )


def check_origin(site: Site, scope: MutableMapping[str, Any], headers: Headers) -> None:
    """Raises Refusal for what a page of another origin asks a browser to do, unless that origin is allowed.

    Browsers tell where a request comes from; other programs tell nothing, and have no rights that a page could borrow.
    """
    site_of, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin in site.origins or site_of == "same-origin" or (site_of is None and origin is None):
        return
    if site_of is None and origin is not None and _same_place(origin, headers.get("host", "")):
        return
    raise Refusal(
        "foreign_origin",
        f"A page of {(origin or 'another origin')[:100]!r} asks for a change; only pages of this server may. Whoever "
        "runs it can allow that origin: headway serve --allow-origin URL.",
    )


async def refuse(refused: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with a problem; a WebSocket is refused before it is one."""
    response = problems.answer(refused, requestid.of(scope))
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": refused.code})
        return
    await response(scope, receive, send)


def _session_told(scope: Scope) -> dict[str, str]:
    session = websession.of(scope)
    return {} if session is None else {"session": websessions.short(session.id), "session_by": session.by}


def _counted(receive: Receive) -> Callable[[], Awaitable[Message]]:
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LARGEST_BODY:
            raise _too_large()
        return message

    return counting


def _too_large() -> Refusal:
    return Refusal(
        "too_large",
        f"The body of a request has at most {LARGEST_BODY:,} bytes. Send large input in parts, or a reference to it.",
        {"Connection": "close"},
    )


def _add_headers(message: Message, scope: Scope, request_id: str) -> None:
    headers = MutableHeaders(scope=message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if scope.get("scheme") in ("https", "wss"):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    headers[requestid.HEADER] = request_id


def _without_port(host: str) -> str:
    """The name in a Host header; an IPv6 address keeps its brackets."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


def _same_place(origin: str, host: str) -> bool:
    """Whether an origin is this host and port. Its scheme is not known behind a proxy."""
    try:
        return bool(host) and urllib.parse.urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:  # such as http://[
        return False
