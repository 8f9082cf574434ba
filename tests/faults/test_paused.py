"""Paused means paused: no slot, no lease, no line, over restarts of everything (G8)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from headway import Headway
from tests.faults import checks
from tests.faults.child import worker
from tests.faults.database import run
from tests.support.postgres import Server

Place = tuple[str, Callable[[], None]]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """The address of an empty database, and how its server, where there is one, is ended and started again."""
    if request.param == "sqlite":
        return str(tmp_path / "jobs.db"), lambda: None
    server: Server = request.getfixturevalue("own_postgres")
    return server.create_database(), lambda: server.restart(immediate=True)


def test_a_paused_job_stays_paused_over_restarts_of_everything(place: Place, tmp_path: Path) -> None:
    """G8: it frees its slot at once, writes nothing more, and goes on from its checkpoint only when it is resumed."""
    url, restart = place
    enough = tmp_path / "enough"
    with Headway(url) as hw, worker(url, "jobs_counting", "jobs_short", slots=1) as first:
        job = hw.submit("faults.counting", {"enough": str(enough)})
        first.line("counted 60")
        hw.pause(job, reason="for the night")
        hw.wait(job, until="paused", timeout_s=60)
        assert hw.result(hw.submit("faults.short", {"n": 1}), timeout_s=60) == 1
        first.kill()
    restart()
    with Headway(url) as hw, worker(url, "jobs_counting", "jobs_short", slots=1) as second:
        assert hw.result(hw.submit("faults.short", {"n": 2}), timeout_s=60) == 2
        assert hw.get(job).state == "paused"
        assert run(url, "SELECT id FROM jobs WHERE lease_until IS NOT NULL") == []
        assert checks.history(hw, job)[-1].name == "halt"
        hw.resume(job)
        assert int(second.line("began").split()[2]) >= 60
        enough.touch()
        assert hw.wait(job, timeout_s=60).state == "completed"
        assert checks.moves(hw, job) == ["submit", "claim", "pause", "halt", "resume", "claim", "finish"]


def test_a_job_whose_worker_dies_while_it_is_pausing_is_paused(url: str, tmp_path: Path) -> None:
    """Section 2: once nobody can write any more, what was asked for holds; it is not started again by itself."""
    with Headway(url) as hw, worker(url, "jobs_patient") as victim:
        job = hw.submit("faults.stuck", {"enough": str(tmp_path / "enough")})
        victim.line("stuck in 1")
        assert hw.pause(job).state == "pausing"
        victim.kill()
    with Headway(url) as hw, worker(url, "jobs_patient", "jobs_short"):
        assert hw.result(hw.submit("faults.short", {"n": 1}), timeout_s=60) == 1
        assert hw.get(job).state == "paused"
        assert checks.moves(hw, job) == ["submit", "claim", "pause", "lose"]
