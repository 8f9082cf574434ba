"""For tests of jobs: a clock that is moved by hand, and a context without a database of one's own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from headway.runtime.context import Context
from headway.runtime.idle import Idle
from headway.runtime.outbox import Outbox
from headway.store.workspaces import DEFAULT
from headway.tracker.headway import Headway

BEGINNING = 1_767_225_600.0
"""2026-01-01T00:00:00Z, when a test's clock begins."""


class Clock:
    """Time for tests: it stands still until it is moved. Waiting threads wake when their time has come.

    Workers, pauses and waits for children need nobody to move it; time limits, leases and pauses between tries do.
    """

    real = False

    def __init__(self, now: float = BEGINNING) -> None:
        self._now = now
        self._moved = threading.Condition()

    def advance(self, seconds: float) -> None:
        """Moves time on and wakes whoever waited for it."""
        with self._moved:
            self._now += seconds
            self._moved.notify_all()

    def wall(self) -> float:
        return self._now

    def boot(self) -> float:
        return self._now

    def precise(self) -> float:
        return self._now

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Waits until the event is set or the clock was moved so far."""
        until = self._now + timeout_s
        with self._moved:
            while not event.is_set() and self._now < until:
                self._moved.wait(0.01)  # an event can not be waited for together with the clock
        return event.is_set()

    def sleep(self, event: threading.Event, timeout_s: float) -> bool:
        """A job sleeps: the clock is moved on instead, and it goes on at once."""
        if not event.is_set():
            self.advance(timeout_s)
        return event.is_set()


def context(
    input: Mapping[str, Any] | None = None, *, stop_after: int | None = None, clock: Clock | None = None,
    config: Mapping[str, Any] | None = None, session: str = DEFAULT,
) -> Context:  # fmt: skip
    """A context to call a job function with in a unit test: `transfer(context(), source=...)`.

    stop_after: the check after so many raises Halt, as a cancel would. config: what `ctx.config` is; session: the id of
    the session whose it is. Everything goes to a database in memory; `context.job_id` finds it there through
    `context.headway`. Each context is a job of its own.
    """
    hw = Headway(":memory:", clock=clock or Clock())
    if session != DEFAULT:
        hw.create_session(session)
    hw.save_session(session, config or {}, if_changed=True)
    block = hw.tracked("test", type="test", input=input, show=False, session=session)
    found: Context = TestContext.begin(block, hw, stop_after)
    return found


class TestContext(Context):
    """A Context that counts its checks and stops after so many."""

    __test__ = False
    _left: int | None

    @classmethod
    def begin(cls, block: Any, hw: Headway, stop_after: int | None) -> TestContext:
        """A context for the job of a block that has not begun."""
        office = block._office
        office.enlist()
        row = block._take()
        outbox = Outbox(row.id, row.attempt, threading.current_thread())
        outbox.slot = Idle(office)  # nobody else would run its children
        office.recorder.open(outbox, background=False)
        made = cls(office, row, outbox)
        made._left = stop_after
        return made

    def check(self) -> None:
        """Counts the places to stop at, and stops where the test wants it."""
        if self._left is not None:
            if self._left <= 0:
                self.headway.cancel(self.job_id, reason="stop_after of the test")
            self._left -= 1
        super().check()
