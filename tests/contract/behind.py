"""Verbs that go over HTTP, and the server in this process that they go to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from starlette.types import Receive, Scope, Send

from headway import Headway
from headway.runtime.office import Office
from headway.runtime.worker import Worker
from headway.server import create_app
from headway.server.app import App
from headway.server.serving import Serving
from headway.server.site import Site
from headway.store.contract import Database
from headway.tracker.remote import Remote


class Behind(Remote):
    """The verbs of a server. What runs jobs, and what looks into the database, is done on the server's side."""

    def __init__(self, address: str, own: Headway) -> None:
        super().__init__(address)
        self._own = own

    def worker(self, *args: Any, **options: Any) -> Worker:
        return self._own.worker(*args, **options)

    def work_until_idle(self) -> int:
        return self._own.work_until_idle()

    @property
    def _database(self) -> Database:
        return self._own._database

    @property
    def _office(self) -> Office:
        return self._own._office


class Turning:
    """One server for many tests: what it serves is changed from test to test."""

    def __init__(self) -> None:
        self._app = create_app(Headway(":memory:"))
        self.serving = Serving(cast(App, self), port=0)

    @property
    def site(self) -> Site:
        return self._app.site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    @contextmanager
    def verbs(self, own: Headway) -> Iterator[Headway]:
        """The verbs over HTTP, on the database of `own`."""
        self._app = create_app(own)
        with own:
            try:
                with Behind(self.serving.address, own) as verbs:
                    yield verbs
            finally:
                self._app.site.leave()  # before its database is closed: who reads streams would open that again


KINDS: dict[str, Sequence[str]] = {"address": ["sqlite", "memory", "postgres"], "url": ["sqlite", "postgres"]}
"""Kinds of databases, by the fixture that gives their addresses."""
OVER_HTTP = frozenset(
    "test_verbs_care test_verbs_control test_verbs_finding test_verbs_reading "
    "test_verbs_submitting test_verbs_waiting test_verbs_working "
    "test_sessions test_sessions_ambient test_sessions_starting test_sessions_whole test_correlation test_retention "
    "test_undo test_undo_edges test_recovery test_failures test_configurations test_log_search test_support".split()
)
"""Modules whose tests run over a server too."""
