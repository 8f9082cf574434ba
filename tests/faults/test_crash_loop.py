"""A job that kills its worker each time (T17; G5)."""

from __future__ import annotations

import signal
from pathlib import Path

from headway import Headway
from tests.faults import checks
from tests.faults.child import Child, worker
from tests.faults.side import notes


def test_a_job_that_kills_its_worker_is_started_three_times(url: str, tmp_path: Path) -> None:
    """G5, T17: after three losses without durable progress it fails as a crash loop; other jobs are done."""
    side = tmp_path / "side"
    with Headway(url) as hw:
        deadly = hw.submit("faults.deadly", {"side": str(side)}, priority=1)
        others = [hw.submit("faults.short", {"n": n}) for n in range(20)]
        for _ in range(3):
            _dies(url, "jobs_deadly", "jobs_short")
        with worker(url, "jobs_deadly", "jobs_short", slots=1):
            assert [hw.result(job, timeout_s=60) for job in others] == list(range(20))
            ended = hw.wait(deadly, timeout_s=60)
        assert (ended.state, ended.attempt) == ("failed", 3)
        assert ended.error is not None
        assert ended.error.code == "crash_loop"
        assert notes(side) == [("started", str(n)) for n in (1, 2, 3)]
        assert checks.outcomes(hw, deadly) == ["lose"] * 3
        assert checks.moves(hw, deadly) == ["submit", *["claim", "lose", "resume"] * 2, "claim", "lose", "fail"]


def test_a_retry_of_a_crash_loop_starts_it_again(url: str, tmp_path: Path) -> None:
    """G5: only a person's retry starts it again, and then it has three losses before it."""
    side = tmp_path / "side"
    with Headway(url) as hw:
        deadly = hw.submit("faults.deadly", {"side": str(side)})
        for _ in range(2):
            for _ in range(3):
                _dies(url, "jobs_deadly")
            with worker(url, "jobs_deadly", slots=1):
                assert hw.wait(deadly, timeout_s=60).state == "failed"
            hw.retry(deadly)
        assert len(notes(side)) == 6
        assert hw.get(deadly).state == "pending"


def _dies(url: str, *modules: str) -> None:
    """A worker to its end, which may come before it has said that it works."""
    with Child("tests.faults.worker_main", url, 1, *(f"tests.faults.{name}" for name in modules)) as victim:
        victim.rest()
        assert victim.process.returncode == -signal.SIGKILL
