"""A job that counts and logs until it is told that it is enough."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import headway
from tests.faults.side import say


@headway.job("faults.counting")
def counting(ctx: headway.Context, enough: str) -> int:
    """Counts, logs and keeps a cursor of its own until the file `enough` is there."""
    begin = int(ctx.state.get("reached", 0))
    say("began at", begin, "in", ctx.attempt)
    for n in count(begin + 1):
        ctx.progress(done=n)
        ctx.log(f"counted {n}")
        if n % 20 == 0:
            ctx.checkpoint(reached=n)
        ctx.sleep(0.002)
        say("counted", n)
        if Path(enough).exists():
            break
    return n
