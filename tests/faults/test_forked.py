"""Children of a killed process that live on: its locks and its connections have fallen with it (B18; G12)."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path

import pytest

from headway import Headway
from headway.errors import StoreBusy
from headway.store.sqlite import turn
from tests.faults.child import Child, worker
from tests.faults.database import run
from tests.support.processes import lives

KILLS = 5


def _kill_it_alone(victim: Child, child: int) -> None:
    victim.send(signal.SIGKILL)
    victim.process.wait()
    assert lives(child)


def test_orphans_of_a_pool_keep_neither_the_turn_nor_a_session(url: str, dice: random.Random) -> None:
    """A worker killed between or inside its commits leaves forked children behind: others write at once."""
    for _ in range(KILLS):
        with Headway(url) as hw:
            jobs = [hw.submit("faults.pooled"), hw.submit("faults.writing")]
        with worker(url, "jobs_pool") as victim:
            said = dict[str, int]()
            while not said.keys() >= {"orphan", "child"}:  # whichever of them speaks first
                who, pid = victim.line().split()
                said[who] = int(pid)
            for _ in range(dice.randrange(2, 8)):
                victim.line("wrote")
            _kill_it_alone(victim, said["orphan"])
            try:
                if "://" in url:
                    _no_session_remains(url)
                with Headway(url) as hw:
                    for job in jobs:
                        assert hw.cancel(job).state in ("cancelling", "cancelled")
            finally:
                os.killpg(victim.pid, signal.SIGKILL)


def test_a_child_that_keeps_the_turn_of_a_dead_process_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B18: where a child got the lock past Python, who waits is told which process to end."""
    monkeypatch.setattr(turn, "PATIENCE_S", 0.5)
    file = f"{tmp_path}/jobs.db"
    with Headway(file) as hw, Child("tests.faults.hold_main", file, "leave") as holder:
        hw.get(hw.submit("faults.short", {"n": 1}))
        child = int(holder.line("child").split()[1])
        holder.line("holds it")
        _kill_it_alone(holder, child)
        try:
            with pytest.raises(StoreBusy, match=rf"process {holder.pid} took it and has ended.* kill {child}\."):
                hw.submit("faults.short", {"n": 2})
        finally:
            os.killpg(holder.pid, signal.SIGKILL)
        assert hw.submit("faults.short", {"n": 3}).state == "pending"


def _no_session_remains(url: str) -> None:
    """The server finds out that a client is gone as soon as it looks; the time limit of the test is the end."""
    others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while run(url, others):
        os.sched_yield()
