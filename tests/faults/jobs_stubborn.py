"""A job that writes without a pause, and goes on writing after it was told to stop."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import headway
from tests.faults.side import say

LATE = 10**6
"""The progress that only a late writer tells of."""


@headway.job("faults.stubborn")
def stubborn(ctx: headway.Context, enough: str) -> str:
    """Writes of every kind until the file `enough` is there; what stops it is swallowed and it returns a result."""
    try:
        for n in count():
            _write(ctx, n)
            if ctx.attempt > 1 and Path(enough).exists():
                break
    except BaseException as stopped:
        ctx.log("a late line")
        ctx.warn("a late warning")
        ctx.progress(done=LATE)
        say("halted by", repr(stopped), "in", ctx.attempt)
    return f"attempt {ctx.attempt}"


def _write(ctx: headway.Context, n: int) -> None:
    ctx.log(f"line {n}")
    ctx.progress(done=n)
    ctx.step(f"step {n} of {ctx.attempt}", int)
    ctx.checkpoint({f"{ctx.attempt}": n})
    say("wrote", n, "in", ctx.attempt)
