"""A job that tells of itself until it is told that it is enough."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import headway


@headway.job("faults.telling", recover=True)
def telling(ctx: headway.Context, enough: str) -> int:
    """Log lines, warnings and steps, in every attempt anew, until the file `enough` is there."""
    for n in count(1):
        ctx.log(f"line {n} of attempt {ctx.attempt}")
        ctx.progress(done=n)
        if n % 7 == 0:
            ctx.warn(f"warning {n}")
        if n % 11 == 0:
            ctx.step(f"step {n} of attempt {ctx.attempt}", int, n)
        ctx.sleep(0.02)
        if Path(enough).exists():
            return n
    return 0
