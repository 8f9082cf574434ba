"""Jobs that say how they are stopped: by a check, a loop, a command, a task, a wait."""

from __future__ import annotations

import asyncio
import itertools
import threading

import headway
from tests.faults.side import say

_PAUSE = threading.Event()


def told(way: str, attempt: int, stopped: BaseException) -> None:
    """A line that says how an attempt has ended."""
    say("stopped", way, "in", attempt, repr(stopped))


@headway.job("cut.sync", recover=True)
def work(ctx: headway.Context, way: str) -> None:
    """Works without an end, in the way that is named, and never asks the database by itself."""
    say("begun", way, "in", ctx.attempt)
    try:
        if ctx.attempt == 1:
            WAYS[way](ctx)
    except BaseException as stopped:
        told(way, ctx.attempt, stopped)
        raise


@headway.job("cut.async", recover=True)
async def task(ctx: headway.AsyncContext, way: str) -> None:
    """The same as a task, which is cancelled where it waits for something else."""
    say("begun", way, "in", ctx.attempt)
    try:
        if ctx.attempt == 1:
            await asyncio.Event().wait()
    except BaseException as stopped:
        told(way, ctx.attempt, stopped)
        raise


def _check(ctx: headway.Context) -> None:
    while True:
        ctx.check()
        _PAUSE.wait(0.01)


def _loop(ctx: headway.Context) -> None:
    for _ in ctx.track(itertools.count()):
        _PAUSE.wait(0.01)


def _command(ctx: headway.Context) -> None:
    ctx.run(["sleep", "600"])


def _sleep(ctx: headway.Context) -> None:
    ctx.sleep(600)


WAYS = {"check": _check, "loop": _loop, "command": _command, "sleep": _sleep}
