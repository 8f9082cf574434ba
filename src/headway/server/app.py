"""The app: its layers, and the routes of all parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from headway.errors import NotSupported
from headway.server.callers import host_of, origin_of
from headway.server.compat import failover, runs, scraping, website, workspaces
from headway.server.layers import Checked, Limited, Told
from headway.server.openapi import Documents
from headway.server.operation import Operation, routes
from headway.server.routes import health, login, metrics, parts, retention, sessions, work
from headway.server.routes.jobs import JOBS
from headway.server.routes.recovery import RECOVERY
from headway.server.routes.search import SEARCH
from headway.server.routes.streams import STREAMS, websocket
from headway.server.site import Site
from headway.server.websession import InSession
from headway.tracker.headway import Headway
from headway.tracker.wire import is_server

Part = Callable[[Site], Sequence[BaseRoute]]

OLDER: list[Operation] = [
    *workspaces.WORKSPACES,
    *website.WEBSITE,
    *scraping.SCRAPING,
    *runs.RUNS,
    *runs.ANY_TYPE,
    *failover.FAILOVER,
]
"""Those of older APIs: the last of them stand on paths of any category or type, after all others."""
OPERATION: list[Operation] = [*health.HEALTH, *retention.RETENTION, *metrics.METRICS, *login.LOGIN]
OPERATIONS: list[Operation] = [
    *JOBS,
    *SEARCH,
    *parts.PARTS,
    *work.WORK,
    *sessions.SESSIONS,
    *STREAMS,
    *RECOVERY,
    *OPERATION,
    *OLDER,
]
"""Routes, checks and documents are made from these."""

PARTS: list[Part] = [websocket, website.live, scraping.live]
"""What is no operation: functions that give routes (PREFIX before their paths) for one site. They share its verbs
(`site.hw`), end when it leaves (`site.when_leaving`), and stand behind the layers that check host, origin, permission
and size."""

PAYS = 1024
"""Bytes of the smallest answer that is compressed."""
ASKED_HEADERS = (
    "Authorization",
    "Content-Type",
    "Headway-Session",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-ID",
)
TOLD_HEADERS = ("ETag", "Location", "Retry-After", "X-Request-ID")


class App:
    """An ASGI app; `site` is what its parts share."""

    def __init__(self, site: Site) -> None:
        self.site = site
        documents = Route("/openapi.json", endpoint=Documents(OPERATIONS))
        listed = [documents, *routes(site, OPERATIONS), *(route for part in PARTS for route in part(site))]
        app: ASGIApp = Router(listed, redirect_slashes=False, default=site.pages)
        app = GZipMiddleware(app, minimum_size=PAYS, compresslevel=4)
        app = Checked(InSession(Limited(app), site), site)
        if site.origins:
            app = CORSMiddleware(
                app,
                allow_origins=sorted(site.origins),
                allow_methods=["GET", "POST", "PUT", "DELETE"],
                allow_headers=ASKED_HEADERS,
                expose_headers=TOLD_HEADERS,
                max_age=600,
            )
        self._app = Told(app, site, site.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


def create_app(
    hw: Headway, *, hosts: Sequence[str] | None = None, origins: Sequence[str] = (), token: str | None = None
) -> App:
    """The HTTP API of these verbs, and the web pages, as an ASGI app: served alone, or mounted under any prefix of
    another app.

    hosts: names by which it may be called, "*" for any; else those of this machine's loopback. origins: pages of
    other origins that may call it, such as "https://tools.example". token: what callers must send as Authorization:
    Bearer; without one only callers of this machine are answered. It starts no workers: `with hw.worker():` does.
    Raises NotSupported for the verbs of another server, InvalidInput for what is no name or origin.
    """
    if is_server(hw.url):
        raise NotSupported("A server needs the database itself, and was given another server. Use that one's database.")
    names = None if hosts is None else [host_of(one) for one in hosts]
    return App(Site(hw, names, [origin_of(one) for one in origins], token))
