"""Frozen and killed processes beside an SQLite file that others write (T5; B18)."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from headway import Headway
from headway.errors import StoreBusy
from headway.store.sqlite import turn
from tests.faults.child import Child, worker
from tests.faults.database import somebody_holds, stop_between_writes

JOBS = 100


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The path of an empty file."""
    return str(tmp_path / "jobs.db")


def test_a_worker_frozen_while_idle_delays_nobody(url: str, tmp_path: Path) -> None:
    """T5: others submit, claim and finish beside a process that stands still between its writes."""
    with Headway(url) as hw, worker(url, "jobs_short") as frozen:
        hw.result(hw.submit("faults.short", {"n": 0}), timeout_s=60)
        stop_between_writes(frozen, url)
        with worker(url, "jobs_short"):
            for n in range(JOBS):
                assert hw.result(hw.submit("faults.short", {"n": n}), timeout_s=60) == n
        frozen.send_continue()
        assert frozen.finish() == 0
        assert frozen.rest() == ["stopped"]
        assert frozen.errors == ""


def test_a_frozen_holder_of_the_turn_is_named(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """T5, B18: who waits in vain is told the process that keeps the turn, and goes on once it has given it back."""
    monkeypatch.setattr(turn, "PATIENCE_S", 0.5)
    with Headway(file) as hw, Child("tests.faults.hold_main", file) as holder:
        job = hw.submit("faults.short", {"n": 1})
        holder.line("holds it")
        holder.stop()
        with pytest.raises(StoreBusy, match=rf"process {holder.pid} \(.*keeps it"):
            hw.submit("faults.short", {"n": 2})
        assert [one.id for one in hw.jobs()] == [job.id]
        holder.send_continue()
        holder.tell()
        holder.line("gave it back")
        assert hw.submit("faults.short", {"n": 3}).state == "pending"


def test_a_process_frozen_in_line_delays_nobody(file: str) -> None:
    """T5: who was stopped while it waited for its turn is passed by."""
    with Headway(file) as hw, ExitStack() as stack:
        hw.get(hw.submit("faults.short", {"n": 1}))
        first = stack.enter_context(Child("tests.faults.hold_main", file))
        first.line("holds it")
        second = stack.enter_context(Child("tests.faults.hold_main", file))
        while not somebody_holds(f"{file}.next"):
            os.sched_yield()
        second.stop()
        first.tell()
        first.line("gave it back")
        assert hw.submit("faults.short", {"n": 2}).state == "pending"
        second.send_continue()
        second.line("holds it")


def test_the_turn_of_a_killed_holder_is_free(file: str) -> None:
    """B18: the turn falls with its process, however it ends."""
    with Headway(file) as hw, Child("tests.faults.hold_main", file) as holder:
        hw.get(hw.submit("faults.short", {"n": 1}))
        holder.line("holds it")
        holder.kill()
        assert hw.submit("faults.short", {"n": 2}).state == "pending"
