"""A map over a pool of processes, beside a job that writes without a pause. Both tell what they do."""

from __future__ import annotations

import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor

import headway
from tests.faults.side import say


@headway.job("faults.pooled", recover=True)
def pooled(ctx: headway.Context) -> None:
    """Far more members than a test waits for, in two forked children; a third one waits, whatever becomes of them."""
    fork = multiprocessing.get_context("fork")
    fork.Process(target=wait, daemon=True).start()
    with ProcessPoolExecutor(2, fork) as pool:
        ctx.map(tell, range(1_000_000), executor=pool)


@headway.job("faults.writing", recover=True)
def writing(ctx: headway.Context) -> None:
    """A commit after the other until it is killed."""
    for n in range(1_000_000):
        ctx.checkpoint(n=n)
        say("wrote", n)


def wait() -> None:
    """A child that outlives its parent: one of the pool may end when it finds nobody to tell its result."""
    say("orphan", os.getpid())
    signal.pause()


def tell(n: int) -> None:
    """Says once that a child works: a flood of lines would keep the other job from saying anything."""
    if n == 0:
        say("child", os.getpid())
