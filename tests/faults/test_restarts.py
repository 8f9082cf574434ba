"""A PostgreSQL server that is ended at once and started again, again and again, under load (T7; G1, G12)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from headway import Headway
from tests.faults import checks
from tests.faults.child import Child, worker
from tests.faults.jobs_short import SIDE
from tests.faults.side import notes
from tests.faults.submit_main import submit
from tests.support.postgres import Server

RESTARTS = 5


def test_a_server_that_is_ended_at_once_loses_nothing(
    own_postgres: Server, tmp_path: Path, dice: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G1, G12, T7: acknowledged jobs are there once, workers go on by themselves, and every job is done."""
    side = str(tmp_path / "side")
    monkeypatch.setenv(SIDE, side)
    url = own_postgres.create_database()
    told = {}
    with worker(url, "jobs_short") as first, worker(url, "jobs_short") as second:
        with Child("tests.faults.submit_main", url, 0) as submitter:
            for _ in range(RESTARTS):
                for _ in range(dice.randrange(10, 80)):
                    _, n, job = submitter.line("submitted").split()
                    told[int(n)] = job
                own_postgres.restart(immediate=True)
            submitter.line("submitted")
            submitter.kill()
            told |= {int(n): job for kind, n, job in map(str.split, submitter.rest()) if kind == "submitted"}
        with Headway(url) as hw:
            again = {n: submit(hw, n).id for n in range(max(told) + 2)}
            assert again | told == again
            ended = [hw.wait(identity, timeout_s=60) for identity in again.values()]
            assert {one.state for one in ended} == {"completed"}
            assert {checks.outcomes(hw, one)[-1] for one in ended} == {"finish"}
            checks.counted_right(hw)
            assert hw.counts()["completed"] == len(again)
            assert {n for _, n in notes(side)} == {str(n) for n in again}
        assert (first.finish(), second.finish()) == (0, 0)


def test_a_running_job_rides_out_the_restarts(own_postgres: Server, tmp_path: Path, dice: random.Random) -> None:
    """G1, T7, rule 8: one attempt; each line is stored once, though some were sent again after a lost answer."""
    url, enough = own_postgres.create_database(), tmp_path / "enough"
    with worker(url, "jobs_counting", slots=1) as busy, Headway(url) as hw:
        job = hw.submit("faults.counting", {"enough": str(enough)})
        for _ in range(RESTARTS):
            for _ in range(dice.randrange(20, 100)):
                busy.line("counted")
            own_postgres.restart(immediate=True)
        busy.line("counted")
        enough.touch()
        ended = hw.wait(job, timeout_s=60)
        assert (ended.state, checks.outcomes(hw, job)) == ("completed", ["finish"])
        lines = hw.logs(job, limit=1000).all()
        said = [line.data["text"] for line in lines if "logger" not in line.data]  # not what the driver says
        assert said == [f"counted {n}" for n in range(1, ended.result + 1)]
        assert hw.checkpoint(job)["state"]["reached"] == ended.result // 20 * 20
        checks.history(hw, job)


def test_a_claim_whose_answer_was_lost_is_taken_up(url: str) -> None:
    """Rule 8: what a worker was given without hearing of it, it runs; no lease runs out, nothing counts as a loss."""
    with Headway(url) as hw, worker(url, "jobs_short", "plant_lost_answer") as one:
        jobs = [hw.submit("faults.short", {"n": n}) for n in range(5)]
        one.line("lost the answer")
        assert [hw.result(job, timeout_s=60) for job in jobs] == list(range(5))
        assert [checks.outcomes(hw, job) for job in jobs] == [["finish"]] * 5
