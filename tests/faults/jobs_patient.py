"""Jobs that stay where they are until something outside changes."""

from __future__ import annotations

from pathlib import Path

import headway
from tests.faults.side import say


@headway.job("faults.by_hand", recover=False)
def by_hand(ctx: headway.Context, enough: str) -> str:
    """After its worker is gone it waits for a person."""
    say("by hand in", ctx.attempt)
    while not Path(enough).exists():
        ctx.sleep(0.005)
    return "enough"


@headway.job("faults.stuck")
def stuck(ctx: headway.Context, enough: str) -> None:
    """Never looks whether it shall stop."""
    say("stuck in", ctx.attempt)
    while not Path(enough).exists():
        ctx.wait_asked(0.005)
