"""Workers that die: what waits afterwards tells why, and goes on from where it was (T1)."""

from __future__ import annotations

from pathlib import Path

from headway import Headway
from tests.faults.child import worker


def test_jobs_of_a_killed_worker_wait_with_their_cause(url: str, tmp_path: Path) -> None:
    """UX1: kill -9 during three jobs; they are told of together as a crash, and those with a checkpoint as safe."""
    enough = tmp_path / "enough"
    with Headway(url) as hw:
        jobs = [hw.submit("faults.counted", {"enough": str(enough), "save": save}) for save in (True, True, False)]
        with worker(url, "jobs_waiting", slots=3) as victim:
            for _ in jobs:
                victim.line("counted")
            victim.kill_within(0)
        with worker(url, "jobs_waiting", slots=3):
            for job in jobs:
                hw.wait(job, until="interrupted", timeout_s=60)
            found = hw.recovery()
            assert [(stop.cause, stop.jobs, stop.safe) for stop in found.stops] == [("crash", 3, 2)]
            assert "ended without a word" in found.stops[0].text
            enough.touch()
            for one in found.jobs:
                hw.resume(one.job)
            for job, saved in zip(jobs, (True, True, False), strict=True):
                assert hw.wait(job, timeout_s=60).result == (7 if saved else 0)
        last = hw.recovery().last
        assert last is not None
        assert last.states == {"completed": 3}


def test_jobs_of_a_worker_that_is_shut_down_wait_too(url: str, tmp_path: Path) -> None:
    """UX1: a worker that stops in good order leaves what waits for a person, and says that it was shut down."""
    with Headway(url) as hw:
        job = hw.submit("faults.counted", {"enough": str(tmp_path / "never"), "save": True})
        with worker(url, "jobs_waiting", slots=1) as child:
            child.line("counted")
            child.finish()
        hw.wait(job, until="interrupted", timeout_s=60)
        (waiting,) = hw.recovery().jobs
        assert (waiting.cause, waiting.cause_text) == ("restart", "its worker was shut down")
