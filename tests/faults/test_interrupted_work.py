"""A Ctrl-C comes between any two steps of work_until_idle: of its claims, of what it opens and of what it settles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import headway
from headway import Context, Headway
from tests.faults.ctrl_c import interrupted

WORKING = ("runtime/idle.py", "runtime/recorder.py", "store/claiming.py", "sqlite/database.py", "sqlite/transaction.py")
"""The files between whose steps it comes here."""


@headway.job("interrupted.leaf", recover=True)
def leaf(ctx: Context) -> str:
    """A child."""
    return "leaf"


@headway.job("interrupted.parent", recover=True)
def parent(ctx: Context) -> list[Any]:
    """A parent, which runs its child while it waits."""
    return ctx.gather(ctx.spawn(leaf))


def test_interrupted_work_is_neither_kept_nor_lost(tmp_path: Path) -> None:
    """Wherever Ctrl-C meets it, no job stays with this process, none counts as lost, and the next run does them all."""
    moment, step = 1, 11
    while True:
        with Headway(tmp_path / f"{moment}.db") as hw:
            job = hw.submit(parent)
            goes_on = interrupted(hw.work_until_idle, WORKING, moment)
            assert {one.state for one in hw.jobs(limit=9)} <= {"pending", "completed"}, moment
            hw.work_until_idle()
            assert hw.result(job) == ["leaf"], moment
            told = [event.name for one in hw.jobs(limit=9) for event in hw.events(one, limit=99)]
            assert "lose" not in told, moment
            assert hw._office.recorder.keys() == set(), moment
        if not goes_on:
            break
        moment += step
    assert moment > 100
