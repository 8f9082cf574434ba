"""A server in the test's own process, whose time the test moves."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from headway import Headway
from headway.server import create_app
from headway.server.serving import Serving
from headway.store.claiming import HEARTBEAT_S, LEASE_S
from headway.testing import Clock
from tests.browser.jobs import LOOK_S
from tests.faults.database import run

_STEP_S = HEARTBEAT_S - 1
_DUE = "SELECT id FROM jobs WHERE state IN ('running', 'pausing', 'cancelling') AND lease_until < {}"


class Desk:
    """Verbs, server and worker under one clock, which stands still until it is moved."""

    def __init__(self, url: str) -> None:
        self.clock = Clock()
        self.hw = Headway(url, clock=self.clock)
        self._serving = Serving(create_app(self.hw), port=0)
        self._held = ExitStack()

    @property
    def address(self) -> str:
        """Where it answers."""
        return self._serving.address

    def advance(self, seconds: float) -> None:
        """Moves time on, and lets the worker renew its leases meanwhile: a jump would find them over."""
        while seconds > 0:
            self.clock.advance(min(seconds, _STEP_S))
            seconds -= _STEP_S
            while run(self.hw.url, _DUE.format(self.clock.wall() + LEASE_S - 2 * HEARTBEAT_S)):
                self.hw._office.recorder.hurry()  # it may have looked at the time just before that was moved
                threading.Event().wait(LOOK_S)

    def __enter__(self) -> Self:
        self._held.enter_context(self.hw)
        self._held.enter_context(self._serving)
        self._held.enter_context(self.hw.worker(slots=8))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()
