"""Processes that are killed at random moments: what was acknowledged is there, and goes on (T1; G1, G6, G12)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from headway import Headway
from headway.store import sweeping
from tests.faults import checks
from tests.faults.child import Child, worker
from tests.faults.side import notes
from tests.faults.submit_main import submit

KILLS = 12


def _kill_again_and_again(url: str, tmp_path: Path, dice: random.Random, *plants: str) -> None:
    """Workers are killed while they run two jobs; a last one brings them to their end."""
    side, enough = str(tmp_path / "side"), tmp_path / "enough"
    with Headway(url) as hw:
        jobs = [hw.submit("faults.steps", {"side": side, "enough": str(enough)}) for _ in range(2)]
        past: dict[tuple[str, ...], int] = {}
        for _ in range(KILLS):
            with worker(url, "jobs_steps", *plants) as victim:
                for _ in range(dice.randrange(4, 16)):
                    victim.line("step")
                victim.kill_within(dice.uniform(0, 0.03))
            sweeping.sweep(hw._database)  # else the next worker finds that it was lost, and may fail it
            for job in hw.jobs(state="failed"):  # killed thrice before anything more of it was stored
                hw.retry(job)
            _acknowledged_is_there(hw, side)
            for place in _recorded(hw):
                past.setdefault(place, len(notes(side)))
        enough.touch()
        with worker(url, "jobs_steps"):
            ended = [hw.wait(job, timeout_s=60) for job in jobs]
        again = [word for n, word in enumerate(notes(side)) if word[0] == "run" and n >= past.get(word[1:], 1 << 30)]
        assert again == []
        for job in ended:
            assert job.state == "completed"
            assert checks.outcomes(hw, job) == ["lose"] * (job.attempt - 1) + ["finish"]
            assert checks.moves(hw, job).count("lose") == job.attempt - 1
        assert sum(job.attempt for job in ended) > 2 + KILLS
        checks.counted_right(hw)
    checks.sound(url)


def test_what_a_killed_worker_was_told_is_there_and_is_never_done_again(
    url: str, tmp_path: Path, dice: random.Random
) -> None:
    """G1, G6, T1: kill -9 loses no acknowledged step or checkpoint, and no recorded step runs again."""
    _kill_again_and_again(url, tmp_path, dice)


def test_with_answers_before_the_commit_the_check_fails(url: str, tmp_path: Path, dice: random.Random) -> None:
    """T1, planted: a worker that acknowledges what is not stored yet is found out."""
    with pytest.raises(AssertionError):
        _kill_again_and_again(url, tmp_path, dice, "plant_early_answer")


def _recorded(hw: Headway) -> list[tuple[str, ...]]:
    """(job, number) of every step whose result is stored."""
    return [
        (job.id, step.name.removeprefix("step "))
        for job in hw.jobs()
        for step in hw.steps(job)
        if step.state == "completed"
    ]


def _acknowledged_is_there(hw: Headway, side: str) -> None:
    told = notes(side)
    assert {words[1:] for words in told if words[0] == "told"} <= set(_recorded(hw))
    for kind, job, n in told:
        assert kind != "saved" or n in hw.checkpoint(job)["state"]


def test_what_a_killed_submitter_was_told_is_there_once(url: str, dice: random.Random) -> None:
    """G1, G12, T1: kill -9 loses no acknowledged submit, and one asked again under its key is the same job."""
    told: dict[int, str] = {}
    for _ in range(KILLS):
        with Child("tests.faults.submit_main", url, max(0, len(told) - 3)) as victim:
            lines = [victim.line("submitted") for _ in range(dice.randrange(4, 30))]
            victim.kill_within(dice.uniform(0, 0.03))
            lines += victim.rest()
        for _, n, job in (line.split() for line in lines):
            assert told.setdefault(int(n), job) == job
    with Headway(url) as hw:
        assert {n: hw.get(f"job-{n}").id for n in told} == told
        again = {n: submit(hw, n).id for n in range(len(told) + 2)}
        assert again | told == again
        assert sum(hw.counts().values()) == len(again)
        checks.counted_right(hw)
    checks.sound(url)
