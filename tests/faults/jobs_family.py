"""A family of three levels, whose leaves note everything that they do beside the database."""

from __future__ import annotations

from pathlib import Path

import headway
from tests.faults.side import note

BRANCHES, LEAVES, MEMBERS = 20, 9, 4
"""Under one root 20 branches with 9 leaves each: 200 children in all."""


FREE = 100
"""Leaves that may run before the gate is open: the family is not done before the test has seen enough of it."""


@headway.job("faults.leaf")
def leaf(ctx: headway.Context, path: str, n: int) -> int:
    """Notes each member of its loop."""
    while n >= FREE and not Path(f"{path}.gate").exists():
        ctx.sleep(0.02)
    for member in ctx.track(range(MEMBERS)):
        note(path, ctx.job_id, member)
        ctx.sleep(0.02)
    return n


@headway.job("faults.branch")
def branch(ctx: headway.Context, path: str, n: int) -> int:
    """The sum of its leaves."""
    return sum(ctx.gather(*[ctx.spawn(leaf, {"path": path, "n": n * LEAVES + m}) for m in range(LEAVES)]))


@headway.job("faults.root")
def root(ctx: headway.Context, path: str) -> int:
    """The sum of its branches, which weigh differently."""
    children = [ctx.spawn(branch, {"path": path, "n": n}, weight=1 + n % 3) for n in range(BRANCHES)]
    return sum(ctx.gather(*children))
