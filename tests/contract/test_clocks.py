"""Clocks of workers that are off: told, and of no consequence for what is stored."""

from __future__ import annotations

from typing import Any

import pytest

from headway import Headway
from headway.clock import SystemClock
from headway.store import claiming
from headway.store.contract import Database
from headway.store.identities import Identities
from headway.testing import Clock


class Ahead(SystemClock):
    """A machine whose clock is set five minutes ahead."""

    seconds = 300.0

    def wall(self) -> float:
        return super().wall() + self.seconds


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_the_clock_of_a_worker_is_compared_with_the_databases(url: str) -> None:
    """UX14: a worker whose clock is five minutes ahead is told so, by any worker of the list."""
    clock = Ahead()
    with Headway(url, clock=clock) as hw, hw.worker(slots=1):
        claiming.heartbeat(hw._database, hw._office.worker, (), clock.wall())
        (worker,) = hw.workers()
        assert worker.clock_skew_s == pytest.approx(300, abs=100)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
def test_a_clock_that_is_set_moves_no_time(url: str) -> None:
    """UX14: times are the database's, also when the clock of a worker's machine is set while it runs."""
    clock = Ahead()
    clock.seconds = 0.0
    with Headway(url, clock=clock) as hw:
        before = hw.now()
        clock.seconds = 7200.0
        assert hw.now() - before < 60


def test_a_worker_beside_its_database_has_the_same_clock(live: Headway) -> None:
    """UX14: of a worker that has said how its clock is, the list tells it."""
    with live.worker(slots=1):
        claiming.heartbeat(live._database, live._office.worker, (), SystemClock().wall())
        assert abs(live.workers()[0].clock_skew_s or 0.0) < 100


def test_a_clock_that_is_set_back_makes_no_job_older(url: str, clock: Clock) -> None:
    """Newest is what was submitted last, whoever submits and whatever the clock says: in lists and pages, by context
    and external id, by @last, for changes up to a job."""
    with Headway(url, clock=clock) as early, Headway(url, clock=clock) as long_open:
        first = long_open.submit("x", context_id="vm-1", external_id="gui-1")
        clock.advance(60)
        early.submit("x")
        clock.advance(-7200)
        with Headway(url, clock=clock) as late:
            for verbs in (long_open, late, early, late, long_open):
                job = verbs.submit("x", context_id="vm-1", external_id="gui-1")
                found = (late.get("vm-1"), late.get("gui-1"), late.get("@last"), late.jobs(limit=1)[0])
                assert {one.number for one in found} == {job.number}
                assert verbs.cancel("vm-1").number == job.number
            assert [one.number for one in late.jobs(limit=3).all()] == [7, 6, 5, 4, 3, 2, 1]
            assert late.get(first).state == "pending"
            job = late.submit("headway.bulk", {"verb": "cancel", "q": "type:x state:pending", "up_to": 1})
            late.work_until_idle()
            assert [late.get(number).state for number in (1, 2)] == ["cancelled", "pending"]


class Interrupted:
    """A database that a thread asks for the newest id while another one makes an id."""

    def __init__(self, real: Database, ids: Identities) -> None:
        self._real, self._ids = real, ids
        self.now, self.made = real.now, list[str]()

    def read(self, name: str, /, **given: Any) -> Any:
        self.made.append(self._ids.new(self._real))
        return self._real.read(name, **given)


def test_an_id_made_while_another_thread_looks_is_no_older(url: str, clock: Clock) -> None:
    """What one thread is about to learn of the newest id, another one does not take for known."""
    with Headway(url, clock=clock) as hw:
        newest = hw.submit("x").id
        clock.advance(-7200)
        ids = Identities(clock)
        looked_at = Interrupted(hw._database, ids)
        made = ids.new(looked_at)  # type: ignore[arg-type]
        assert newest < looked_at.made[0] < made
