"""The web pages: one HTML page for every address that is no part of the API, and the files that it loads.

They hold no data: what a page shows it asks of the API, as any other client does.
"""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

import headway
from headway.server.pagefiles import INDEX, PageFile, PageFiles
from headway.server.problems import Refusal
from headway.server.selection import path_of

_NO_PAGE = re.compile(r"/(api|assets|embed)(/|$)|/openapi\.json$")
_HOST = re.compile(r"[\w.\-]+(:\d+)?|\[[0-9a-fA-F:.]+\](:\d+)?")
_HEAD = "<head>"
_NONCE = '<meta name="csp-nonce" content="'
_RELEASE = '<meta name="headway-release" content="'

YEAR_S = 31_536_000
FOREVER = f"public, max-age={YEAR_S}, immutable"
ASK_AGAIN = "public, max-age=0, must-revalidate"
"""For names that stay while their content changes: the answer is 304 as long as it has not."""
FOR_ALL = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
"""A module script is fetched by the rules of CORS, from wherever its page is."""

NOT_BUILT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Headway: the pages are not built</title>
<style nonce="{nonce}">
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }}
pre {{ padding: 0.75rem 1rem; border: 1px solid; border-radius: 0.375rem }}
</style>
</head>
<body>
<h1>The pages are not built</h1>
<p>This server runs from Headway's sources, in which the web pages have not been built yet. Build them, with Node 20 or
newer:</p>
<pre>make ui</pre>
<p>Then load this page again; the server need not start anew. Everything else works as it is: the API at
<code>{prefix}/api/v1</code>, described by <a href="{prefix}/openapi.json">openapi.json</a>, and the command line.</p>
</body>
</html>
"""


class Pages:
    """Answers what no route of the API does."""

    def __init__(self, folder: Traversable | None = None) -> None:
        self._files = PageFiles(folder)

    def has(self, scope: Mapping[str, Any]) -> bool:
        """Whether a page or a file of the build is asked for: what anybody may have."""
        return is_page(scope) or _is_front(scope) or self._file(scope) is not None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._file(scope)
        if found is not None:
            response = _file_answer(found, Headers(raw=scope["headers"]))
        elif is_page(scope):
            response = self._page(scope)
        elif _is_front(scope):
            response = _front(scope)
        else:
            raise Refusal(
                "no_such_path",
                "Nothing stands at that path. Paths begin with /api/v1; /openapi.json lists them, and browsers find "
                "the pages at /. An id with a slash in it is looked for by GET /api/v1/jobs?id=.",
            )
        await response(scope, receive, send)

    def _file(self, scope: Mapping[str, Any]) -> PageFile | None:
        path = path_of(scope).removeprefix("/")
        return self._files.get(path) if _reads(scope) and path != INDEX else None

    def _page(self, scope: Scope) -> Response:
        nonce, prefix = secrets.token_urlsafe(16), html.escape(scope.get("root_path", ""))
        policy = {"Content-Security-Policy": _policy(nonce, Headers(raw=scope["headers"]).get("host", ""))}
        index = self._files.index()
        if index is None:
            return Response(NOT_BUILT.format(nonce=nonce, prefix=prefix), 503, policy, "text/html")
        page = index.replace(_HEAD, f'{_HEAD}\n    <base href="{prefix}/" />', 1).replace(_NONCE, _NONCE + nonce, 1)
        page = page.replace(_RELEASE, _RELEASE + headway.__version__, 1)
        return Response(page, 200, policy, "text/html")


def is_page(scope: Mapping[str, Any]) -> bool:
    """Whether a person wants to look at an address: it accepts HTML, and is no address of the API.

    At / that is also who says nothing of what is accepted, as curl does.
    """
    path = path_of(scope) or "/"
    if not _reads(scope) or not path.startswith("/") or _NO_PAGE.match(path) is not None:
        return False
    accepted = Headers(raw=scope["headers"]).get("accept", "*/*")
    return "text/html" in accepted or (path == "/" and "json" not in accepted)


def _is_front(scope: Mapping[str, Any]) -> bool:
    """Whether a program asks what stands here."""
    return _reads(scope) and (path_of(scope) or "/") == "/"


def _front(scope: Scope) -> Response:
    """Where a program finds what it can use."""
    prefix = scope.get("root_path", "")
    links = {"api": f"{prefix}/api/v1", "openapi": f"{prefix}/openapi.json", "pages": f"{prefix}/"}
    return JSONResponse({"name": "Headway", "release": headway.__version__, "links": links})


def _reads(scope: Mapping[str, Any]) -> bool:
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD")


def _policy(nonce: str, host: str) -> str:
    """What the page may do. The nonce is for the styles that its components write; no script is written inline."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""  # not every browser counts them as 'self'
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
        f"font-src 'self'; connect-src 'self'{sockets}; manifest-src 'self'; frame-ancestors 'none'; base-uri 'self'; "
        "form-action 'none'"
    )


def _file_answer(found: PageFile, headers: Headers) -> Response:
    told = {"ETag": found.tag, "Cache-Control": FOREVER if found.never_changes else ASK_AGAIN}
    if found.is_for_all:
        told |= FOR_ALL
    if found.tag in headers.get("if-none-match", ""):
        return Response(status_code=304, headers=told)
    packed = found.packed if "gzip" in headers.get("accept-encoding", "") else None
    if packed is None:
        return Response(found.content, 200, told, found.type)
    return Response(packed, 200, told | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, found.type)
