"""Jobs that tell a side file what was acknowledged to them."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import headway
from tests.faults.side import note, say


@headway.job("faults.steps")
def steps(ctx: headway.Context, side: str, enough: str) -> int:
    """Steps and checkpoints until the file `enough` is there.

    `run` is written inside each step, `told` and `saved` once they were acknowledged.
    """
    for n in count():
        ctx.step(f"step {n}", _run, side, ctx.job_id, n)
        note(side, "told", ctx.job_id, n)
        ctx.log(f"past step {n}")
        if n % 3 == 0:
            ctx.checkpoint({str(n): "reached"})
            note(side, "saved", ctx.job_id, n)
        if Path(enough).exists():
            break
    return n + 1


def _run(side: str, job: str, n: int) -> None:
    note(side, "run", job, n)
    say("step", n)
