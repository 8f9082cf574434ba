"""Jobs that map over pools of processes which share the signals of their worker."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import headway
from tests.faults.side import say

MEMBERS = 600


@headway.job("faults.pool", recover=True)
def pool(ctx: headway.Context, method: str) -> int:
    """Far more members of a fifth of a second than two children do while a test looks."""
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as children:
        return ctx.map(slow, range(MEMBERS), executor=children, concurrency=2).done


@headway.job("faults.own_pool", recover=True)
def own_pool(ctx: headway.Context, method: str) -> int:
    """The same without a map: the results of the pool are asked for, and raise what its children did."""
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as children:
        for n, _ in enumerate(children.map(slow, range(MEMBERS))):
            ctx.progress(done=n, total=MEMBERS)
    return MEMBERS


def slow(n: int) -> dict[str, Any]:
    """Says that it has begun, and takes its time."""
    say("slow", n)
    threading.Event().wait(0.2)  # work that a signal interrupts
    return {"n": n}
