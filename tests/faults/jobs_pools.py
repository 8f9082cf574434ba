"""Jobs that map over pools of processes which share the signals of their worker."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import headway
from tests.faults.side import say


@headway.job("faults.pool", recover=True)
def pool(ctx: headway.Context, method: str) -> int:
    """Sixty members of a fifth of a second for two children."""
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as children:
        return ctx.map(slow, range(60), executor=children, concurrency=2).done


@headway.job("faults.own_pool", recover=True)
def own_pool(ctx: headway.Context, method: str) -> int:
    """The same without a map: the results of the pool are asked for, and raise what its children did."""
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as children:
        for n, _ in enumerate(children.map(slow, range(60))):
            ctx.progress(done=n, total=60)
    return 60


def slow(n: int) -> dict[str, Any]:
    """Says that it has begun, and takes its time."""
    say("slow", n)
    threading.Event().wait(0.2)  # work that a signal interrupts
    return {"n": n}
