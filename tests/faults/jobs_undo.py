"""A job of steps with an undo each. Every place in and between them has a name, at which a test may kill the process.

A side file is told of what was made and what was unmade: the world as somebody outside sees it.
"""

from __future__ import annotations

import os
import signal

import headway
from headway.runtime import rollback
from headway.runtime.context import Context
from headway.runtime.recorder import Recorder
from headway.store.undos import UndoRow
from tests.faults.side import note

STEPS = 12
IN_THE_JOB = ("before", "recorded", "made", "after")
"""Before a step; in it once its undo is recorded; in it once it has made its thing; after it."""
IN_THE_ROLLBACK = ("begun", "unmade", "returned", "undone")
"""In an undo; in it once its thing is gone; after it, before that is stored; once that is stored."""


def places(n: int) -> list[str]:
    """The places of step n and of its undo. Before the first step nothing is recorded that could be undone."""
    return [name for name in IN_THE_JOB + IN_THE_ROLLBACK if (name, n) != ("before", 1)]


class _Kill:
    """Where this process is to be killed, and the last undo of it that has returned."""

    at = ("", 0)
    returned = 0


def kill_at(name: str, n: int) -> None:
    """From here on this process is killed when it reaches that place."""
    _Kill.at = name, n
    if name == "returned":  # else the recorder's thread might store what must not be stored yet
        Recorder.flush = lambda self: None  # type: ignore[method-assign]


def _reached(name: str, n: int) -> None:
    if _Kill.at == (name, n):
        os.kill(os.getpid(), signal.SIGKILL)


@headway.job("faults.make", recover=False)
def make(ctx: headway.Context, side: str) -> None:
    """Makes a thing in each step."""
    for n in range(1, STEPS + 1):
        _reached("before", n)
        ctx.step(f"step {n}", _make, ctx, side, n)
        _reached("after", n)


def _make(ctx: headway.Context, side: str, n: int) -> None:
    ctx.undo(unmake, {"side": side, "job": ctx.job_id, "n": n})
    _reached("recorded", n)
    note(side, "made", ctx.job_id, n)
    _reached("made", n)


@headway.job("faults.unmake")
def unmake(ctx: headway.Context, side: str, job: str, n: int) -> None:
    """Unmakes one thing, whether it is there or not."""
    _reached("begun", n)
    note(side, "unmade", job, n)
    _reached("unmade", n)
    _Kill.returned = n


def _settle(context: Context) -> None:
    if _Kill.returned:
        _reached("returned", _Kill.returned)
    _its_settle(context)


def _undo(context: Context, original: str, undo: UndoRow, planned: bool) -> None:
    _its_undo(context, original, undo, planned)
    _reached("undone", undo.position)


_its_settle, _its_undo = Context.settle, rollback._undo
Context.settle = _settle  # type: ignore[assignment, method-assign]
rollback._undo = _undo
