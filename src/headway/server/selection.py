"""Which session a request names, and whether it comes from a browser."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Mapping
from typing import Any, Literal

from starlette.datastructures import Headers

from headway.errors import InvalidInput
from headway.model.ids import RESERVED
from headway.tracker.workspace import session_id

HEADER = "Headway-Session"
QUERY = "session"
Source = Literal["path", "header", "query", "cookie", "default"]

OLDER = "/api/v2/session"
"""Where every client has a session of its own, browser or not."""
_IN_PATH = re.compile(r"/api/v1/sessions/([^/]+)|/api/v2/session/([^/]+)")
_STATIC = re.compile(r"/(static|assets)/|(?!/api/).*\.(css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|woff2?|webmanifest)$")


def path_of(scope: Mapping[str, Any]) -> str:
    """The path below the prefix under which the app is mounted."""
    path, prefix = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(prefix) :] if path == prefix or path.startswith(f"{prefix}/") else path


def is_static(scope: Mapping[str, Any]) -> bool:
    """Whether a file is asked for that is the same for everybody."""
    return _STATIC.match(path_of(scope)) is not None


def is_probe(scope: Mapping[str, Any]) -> bool:
    """Whether it is asked how the server is: that is answered whatever the database does, and the same to everybody."""
    return path_of(scope) == "/api/v1/health"


def named(scope: Mapping[str, Any], headers: Headers) -> tuple[str, Source] | None:
    """The session that the request names: in its path, else in its header, else in its query. Raises InvalidInput."""
    found = _IN_PATH.match(path_of(scope))
    word = found and (found[1] or found[2])
    if word and word.lower() not in RESERVED:
        try:
            return session_id(word), "path"
        except InvalidInput:
            return None  # whoever answers that path says what is wrong with it
    given = headers.get(HEADER)
    if given is not None:
        return session_id(as_text(given)), "header"
    if QUERY.encode() not in scope["query_string"]:
        return None
    asked = urllib.parse.parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).get(QUERY)
    return (session_id(asked[0]), "query") if asked else None


def has_own_session(scope: Mapping[str, Any], headers: Headers) -> bool:
    """Whether the client gets a session at first touch: browsers, and whoever calls the older API of sessions.

    Programs that name no session share the default one, as those on the command line do. A page of another origin
    would never send the cookie back.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    if path_of(scope).startswith(OLDER):
        return True
    return headers.get("user-agent", "").startswith("Mozilla/") or "text/html" in headers.get("accept", "")


def as_text(header: str) -> str:
    """A header as the text that it was before it became bytes."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header
