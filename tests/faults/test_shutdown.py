"""Workers that are told to stop: what runs halts and goes on elsewhere, and nothing counts as a loss."""

from __future__ import annotations

import random
from pathlib import Path

from headway import Headway
from tests.faults import checks
from tests.faults.child import worker
from tests.faults.database import run

JOBS = 1500
ROUNDS = 4


def test_jobs_of_a_stopping_worker_go_on_elsewhere(url: str, tmp_path: Path) -> None:
    """Section 2, halt: at SIGTERM a job halts at its checkpoint, and another worker goes on from there."""
    enough = tmp_path / "enough"
    with Headway(url) as hw:
        jobs = [hw.submit("faults.counting", {"enough": str(enough)}) for _ in range(2)]
        with worker(url, "jobs_counting") as first:
            for _ in jobs:
                while first.line("counted") != "counted 20":  # each of them has a checkpoint then
                    pass
            assert first.finish() == 0
            assert first.rest()[-1] == "stopped"
        assert [hw.get(job).state for job in jobs] == ["pending"] * 2
        with worker(url, "jobs_counting") as second:
            begun = [int(second.line("began").split()[2]) for _ in jobs]
            assert all(begin >= 20 for begin in begun)
            enough.touch()
            ended = [hw.wait(job, timeout_s=60) for job in jobs]
        for job in ended:
            assert checks.outcomes(hw, job) == ["halt", "finish"]
            assert checks.moves(hw, job) == ["submit", "claim", "halt", "claim", "finish"]


def test_what_does_not_recover_by_itself_waits_for_a_person(url: str, tmp_path: Path) -> None:
    """Section 2, leave: with recover=False a job is interrupted at SIGTERM, and only a resume sends it on."""
    enough = tmp_path / "enough"
    with Headway(url) as hw:
        job = hw.submit("faults.by_hand", {"enough": str(enough)})
        with worker(url, "jobs_patient") as first:
            first.line("by hand in 1")
            assert first.finish() == 0
        with worker(url, "jobs_patient", "jobs_short") as second:
            hw.result(hw.submit("faults.short", {"n": 1}), timeout_s=60)
            assert hw.get(job).state == "interrupted"
            hw.resume(job)
            second.line("by hand in 2")
            enough.touch()
            assert hw.result(job, timeout_s=60) == "enough"
        assert checks.outcomes(hw, job) == ["leave", "finish"]


def test_a_worker_that_stops_amid_short_jobs_loses_none(url: str, dice: random.Random) -> None:
    """Section 2, halt: what was claimed ahead is given back as well; nothing stays running, nothing is lost."""
    with Headway(url) as hw:
        jobs = hw.submit_many("faults.short", [{"n": n} for n in range(JOBS)])
        for n in range(ROUNDS):
            with worker(url, "jobs_short", slots=4) as stopping:
                hw.wait(jobs[JOBS // 6 * (n + 1) + dice.randrange(100)], timeout_s=60)
                assert stopping.finish() == 0
                stopping.rest()
                assert stopping.errors == ""
            assert hw.counts().get("running", 0) == 0
        with worker(url, "jobs_short", slots=4):
            for job in jobs:
                hw.wait(job, timeout_s=60)
        assert hw.counts()["completed"] == JOBS
        assert run(url, "SELECT job FROM attempts WHERE outcome = 'lose'") == []
        checks.counted_right(hw)
