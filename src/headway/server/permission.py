"""Who may call: the one place where a permission is asked, for every path and every WebSocket."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Receive

from headway.server.operation import SAFE
from headway.server.problems import Refusal
from headway.server.selection import path_of
from headway.server.signin import SignIn
from headway.server.site import PREFIX, Site

SUBPROTOCOL = "headway"
OFFERED = "bearer."
"""What a browser offers beside it, since it can give a WebSocket no header: this and the token in base64url."""

PUBLIC = frozenset((method, f"{PREFIX}/login") for method in ("GET", "POST", "DELETE"))
"""Exact methods and paths that anybody may call, beside the pages and their files: those hold no data."""


class WrongToken(Refusal):
    """The caller has shown a token, and it is not the server's."""


async def admit(site: Site, scope: Mapping[str, Any], receive: Receive) -> None:
    """See check, for a request that has just come: a wrong token is refused as slowly as one of a sign-in."""
    if not _is_public(site, scope):
        await admit_caller(site, scope, receive)


async def admit_caller(site: Site, scope: Mapping[str, Any], receive: Receive) -> None:
    """The same for what not everybody may do."""
    try:
        check_caller(site, scope)
    except WrongToken:
        await site.guesses.delay(scope, receive)
        raise


def check(site: Site, scope: Mapping[str, Any]) -> None:
    """Raises Refusal where the caller may not do what the request asks."""
    if not _is_public(site, scope):
        check_caller(site, scope)


def check_caller(site: Site, scope: Mapping[str, Any]) -> None:
    """The same for what not everybody may do."""
    if site.token is None:
        _check_local(scope)
    else:
        _check_token(site, site.token, scope)


def _is_public(site: Site, scope: Mapping[str, Any]) -> bool:
    return (scope.get("method"), path_of(scope)) in PUBLIC or site.pages.has(scope)


def _check_local(scope: Mapping[str, Any]) -> None:
    client = scope.get("client")
    if client is None or not client[0] or _is_loopback(client[0]):  # a caller without address is one of this machine
        return
    raise Refusal(
        "forbidden",
        "This server has no token, so it answers callers of its own machine alone. Start it with --token-file.",
    )


def _check_token(site: Site, token: str, scope: Mapping[str, Any]) -> None:
    headers = Headers(raw=scope["headers"])
    given = _given(scope, headers)
    if given is not None and hmac.compare_digest(given, token.encode()):
        return
    if _tells_where_from(scope, headers) and SignIn(token).holds(headers.get("cookie", ""), site.clock.wall()):
        return
    kind, found = (WrongToken, "it is not the server's") if given else (Refusal, "found none")
    raise kind(
        "unauthorized",
        f"Expected the header Authorization: Bearer TOKEN with the server's token; {found}.",
        {"WWW-Authenticate": 'Bearer realm="headway"'},
    )


def _given(scope: Mapping[str, Any], headers: Headers) -> bytes | None:
    """The token of the header Authorization, or that a WebSocket offers as a subprotocol."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip().encode()
    offered = next((one for one in scope.get("subprotocols", ()) if one.startswith(OFFERED)), None)
    return None if offered is None else _decoded(offered.removeprefix(OFFERED))


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _tells_where_from(scope: Mapping[str, Any], headers: Headers) -> bool:
    """Whether a cookie counts: for a change only where the browser tells whose page asks, which was checked before."""
    return scope.get("method") in SAFE or "sec-fetch-site" in headers or "origin" in headers


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
