"""A map over a pool of processes, beside a job that writes without a pause. Both tell what they do."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import headway
from tests.faults.side import say


@headway.job("faults.pooled", recover=True)
def pooled(ctx: headway.Context) -> None:
    """Far more members than a test waits for, in two forked children."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        ctx.map(tell, range(1_000_000), executor=pool)


@headway.job("faults.writing", recover=True)
def writing(ctx: headway.Context) -> None:
    """A commit after the other until it is killed."""
    for n in range(1_000_000):
        ctx.checkpoint(n=n)
        say("wrote", n)


def tell(n: int) -> None:
    """Says which child it is that works."""
    say("child", os.getpid(), n)
