"""The layer that gives each request its session: verbs that name none act in it, also in threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headway.errors import InvalidInput, StoreError
from headway.server import selection
from headway.server.cookie import Cookies
from headway.server.pages import is_page
from headway.server.selection import Source
from headway.server.site import Site
from headway.store.workspaces import DEFAULT
from headway.tracker import websessions
from headway.tracker.ambient import BEGINNING, use_session
from headway.tracker.websessions import WebSessions

USED_S = 60.0
"""How often it is noted that a session is used."""
REMEMBERED = 10_000


class RequestSession:
    """The session of one request.

    by: what names it; own: the one that the cookie of its browser holds or will hold; wrong: why what names it is no
    id, to be told by the operation in its own way.
    """

    def __init__(
        self, identity: str, by: Source, own: str | None = None, is_new: bool = False, wrong: InvalidInput | None = None
    ) -> None:
        self.id, self.by, self.own, self.wrong = identity, by, own, wrong
        self.bound = own if is_new else None

    def bind(self, identity: str) -> None:
        """The browser's cookie names that session from now on."""
        self.bound = identity

    def is_own(self, identity: str) -> bool:
        """Whether a session is the one that this browser got by itself, stored or not."""
        return identity == self.own and websessions.is_web(identity)


def of(scope: MutableMapping[str, Any]) -> RequestSession | None:
    """The session of a request; None for files that are the same for everybody."""
    found: RequestSession | None = scope.get("state", {}).get("headway_session")
    return found


def check(scope: MutableMapping[str, Any]) -> None:
    """Raises InvalidInput where a request names its session by what can be no id."""
    found = of(scope)
    if found is not None and found.wrong is not None:
        raise found.wrong


class InSession:
    """Finds the session of each request, binds the verbs to it, and gives a browser that has none its cookie."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app, self._site = app, site
        self._web = WebSessions(site.hw)
        self._cookies: Cookies | None = None
        self._used: dict[str, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or selection.is_static(scope):
            await self._app(scope, receive, send)
            return
        session = await self._find(scope, Headers(raw=scope["headers"]))
        scope.setdefault("state", {})["headway_session"] = session

        async def bind(message: Message) -> None:
            if message["type"] == "http.response.start" and session.bound is not None and self._cookies is not None:
                path, secure = scope.get("root_path") or "/", scope.get("scheme") == "https"
                MutableHeaders(scope=message).append("Set-Cookie", self._cookies.header(session.bound, path, secure))
            await send(message)

        with use_session(session.id), _beginning(self._keeper(session)):
            await self._app(scope, receive, bind)

    async def _find(self, scope: Scope, headers: Headers) -> RequestSession:
        try:
            named = None if is_page(scope) else selection.named(scope, headers)
        except InvalidInput as wrong:
            if scope["type"] == "websocket":
                raise
            return RequestSession(DEFAULT, "default", wrong=wrong)
        if selection.is_probe(scope):
            return RequestSession(*(named or (DEFAULT, "default")))
        cookies = await self._signer()
        own = cookies.session(headers.get("cookie")) if cookies is not None else None
        if own is not None and not await self._noted(own):
            own = None
        is_new = own is None and cookies is not None and selection.has_own_session(scope, headers)
        if is_new:
            own = websessions.new_id()
        identity, by = named or ((own, "cookie") if own is not None else (DEFAULT, "default"))
        if named is not None and by != "path":
            await self._noted(identity)
        return RequestSession(identity, by, own, is_new)

    async def _signer(self) -> Cookies | None:
        """What signs cookies; None while the database does not answer: then nobody gets one."""
        if self._cookies is None:
            try:
                self._cookies = Cookies(await self._site.apart(self._web.key))
            except StoreError:
                return None
        return self._cookies

    async def _noted(self, identity: str) -> bool:
        """Notes now and then that a session is used. False where it is gone."""
        now = self._site.clock.boot()
        if identity == DEFAULT or now - self._used.get(identity, -USED_S) < USED_S:
            return True
        try:
            stands = await self._site.apart(self._web.use, identity)
        except StoreError:  # who only reads is answered; who writes is told
            return True
        self._used.pop(identity, None)
        if stands:
            self._used[identity] = now
        if len(self._used) > REMEMBERED:
            del self._used[next(iter(self._used))]
        return stands

    def _keeper(self, session: RequestSession) -> Callable[[str], None]:
        """Makes the browser's own session when the first job is stored in it."""

        def keep(identity: str) -> None:
            if session.is_own(identity):
                self._web.keep(identity)

        return keep


@contextmanager
def _beginning(keep: Callable[[str], None]) -> Iterator[None]:
    token = BEGINNING.set(keep)
    try:
        yield
    finally:
        BEGINNING.reset(token)
