"""Workers that stand still past their lease while another takes over (T4; G2, G3)."""

from __future__ import annotations

import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from headway import Headway
from headway.clock import SystemClock
from headway.store.postgres import Postgres
from tests.faults import checks
from tests.faults.child import Child, worker
from tests.faults.database import run_out_the_lease, stop_between_writes
from tests.faults.jobs_stubborn import LATE

ROUNDS = 3


def _freeze_and_take_over(url: str, tmp_path: Path, dice: random.Random, *plants: str) -> int:
    """A worker freezes in the middle of its writes, another takes its job, the first goes on.

    Returns how many late writers were told of. What the first attempt has in the database must not change any more.
    """
    enough = tmp_path / "enough"
    with Headway(url) as hw, worker(url, "jobs_stubborn", *plants, slots=1) as first:
        job = hw.submit("faults.stubborn", {"enough": str(enough)})
        for _ in range(dice.randrange(1, 40)):
            first.line("wrote")
        stop_between_writes(first, url)
        run_out_the_lease(url, job.id)
        with worker(url, "jobs_stubborn", slots=1) as second:
            second.line("wrote 5 in 2")
            before = _of_the_first(hw, job.id)  # not sooner: what it had sent before it stood still may have come in
            first.send_continue()
            assert _halts(first, number=before[-1])
            first.finish()
            second.line("wrote")
            assert hw.get(job).state == "running"
            enough.touch()
            ended = hw.wait(job, timeout_s=60)
        enough.unlink()
        assert (ended.state, ended.result) == ("completed", "attempt 2")
        assert ended.progress is not None
        assert ended.progress.done < LATE
        assert _of_the_first(hw, job.id) == before
        assert checks.outcomes(hw, job) == ["lose", "finish"]
        late = [event for event in checks.history(hw, job) if event.name == "late_writer"]
        return len(late)


def _of_the_first(hw: Headway, job: str) -> list[Any]:
    """Everything that attempt 1 has written: its log and events, its steps, its part of the checkpoint."""
    events = hw.events(job, limit=10_000)
    said = [event for event in events if event.attempt == 1 and event.kind not in ("move", "note")]
    steps = [step for step in hw.steps(job) if step.name.endswith("of 1")]
    return [said, steps, hw.checkpoint(job)["state"].get("1")]


def _halts(first: Child, number: int) -> bool:
    """Whether the old attempt stops: at the latest 50 writes after the one with that number."""
    while (line := first.line()).startswith("wrote"):
        if int(line.split()[1]) > number + 50:
            return False
    return line == "halted by Halt('lease_lost') in 1"


def test_nothing_that_a_frozen_worker_writes_later_is_taken(url: str, tmp_path: Path, dice: random.Random) -> None:
    """G2, G3, T4: after the takeover no line, step, progress, checkpoint or result of the old attempt is stored."""
    for _ in range(ROUNDS):
        assert _freeze_and_take_over(url, tmp_path, dice) <= 1


def test_a_late_writer_is_told_of_once(url: str, tmp_path: Path, dice: random.Random) -> None:
    """G2: an attempt that tries to write after its lease has one late_writer event, however often it tries."""
    assert _freeze_and_take_over(url, tmp_path, dice, "plant_deaf") == 1


def test_without_the_fence_the_check_fails(url: str, tmp_path: Path, dice: random.Random) -> None:
    """T4, planted: a worker whose statements do not test the attempt is found out."""
    with pytest.raises(AssertionError):
        _freeze_and_take_over(url, tmp_path, dice, "plant_no_fence")


def test_a_process_frozen_inside_a_transaction_is_cut_off(postgres_url: str, tmp_path: Path) -> None:
    """G4: what it has locked keeps nobody from taking over a lost job: the server ends its session."""
    impatient = f"{postgres_url}?options=-c%20idle_in_transaction_session_timeout%3D1s"
    with Headway(postgres_url) as hw, Child("tests.faults.freeze_main", impatient) as frozen:
        job = hw.submit("faults.by_hand", {"enough": str(tmp_path / "enough")})
        with worker(postgres_url, "jobs_patient") as victim:
            victim.line("by hand in 1")
            frozen.tell(job.id)
            frozen.line("holds it")
            frozen.stop()
        with Headway(postgres_url) as other:
            assert other.get(job).state == "interrupted"


def test_how_long_a_session_may_be_silent_inside_a_transaction(postgres_url: str) -> None:
    """G4: 30 s unless the address says otherwise, so that nothing stays locked; a job's own transaction for ever."""
    with closing(Postgres(postgres_url, SystemClock())) as database:
        asked = "SHOW idle_in_transaction_session_timeout"
        assert database.write(lambda transaction: transaction.connection.execute(asked).fetchone()) == ("30s",)
    with Headway(postgres_url) as hw, worker(postgres_url, "jobs_own"):
        assert hw.result(hw.submit("faults.own_transaction"), timeout_s=60) == "0"
