"""Clocks of workers that are off: told, and of no consequence for what is stored."""

from __future__ import annotations

import pytest

from headway import Headway
from headway.clock import SystemClock
from headway.store import claiming


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
        assert worker.clock_skew_s == pytest.approx(300, abs=5)


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
        assert abs(live.workers()[0].clock_skew_s or 0.0) < 5
