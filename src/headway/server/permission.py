"""Who may call: the one place where a permission is asked, for every path and every WebSocket."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers

from headway.server.problems import Refusal
from headway.server.selection import path_of
from headway.server.site import Site

PUBLIC: frozenset[tuple[str, str]] = frozenset()
"""Exact methods and paths that anybody may call, beside the pages and their files: those hold no data."""


def check(site: Site, scope: Mapping[str, Any]) -> None:
    """Raises Refusal where the caller may not do what the request asks."""
    if (scope.get("method"), path_of(scope)) in PUBLIC or site.pages.has(scope):
        return
    if site.token is None:
        _check_local(scope)
    else:
        _check_token(site.token, Headers(raw=scope["headers"]).get("authorization", ""))


def _check_local(scope: Mapping[str, Any]) -> None:
    client = scope.get("client")
    if client is None or not client[0] or _is_loopback(client[0]):  # a caller without address is one of this machine
        return
    raise Refusal(
        "forbidden",
        "This server has no token, so it answers callers of its own machine alone. Start it with --token-file.",
    )


def _check_token(token: str, sent: str) -> None:
    scheme, _, given = sent.partition(" ")
    if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
        return
    found = "it is not the server's" if given else "found none"
    raise Refusal(
        "unauthorized",
        f"Expected the header Authorization: Bearer TOKEN with the server's token; {found}.",
        {"WWW-Authenticate": 'Bearer realm="headway"'},
    )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
