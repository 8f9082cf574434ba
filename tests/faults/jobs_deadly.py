"""A job that takes its worker along."""

from __future__ import annotations

import os
import signal

import headway
from tests.faults.side import note


@headway.job("faults.deadly")
def deadly(ctx: headway.Context, side: str) -> None:
    """Kills the process that it runs in; what it says before is no durable progress."""
    ctx.log("here it comes")
    ctx.progress(done=ctx.attempt)
    ctx.settle()
    note(side, "started", ctx.attempt)
    os.kill(os.getpid(), signal.SIGKILL)
