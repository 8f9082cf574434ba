"""A job that waits for a person after its worker is gone."""

from __future__ import annotations

from pathlib import Path

import headway
from tests.faults.side import say


@headway.job("faults.counted", recover=False)
def counted(ctx: headway.Context, enough: str, save: bool) -> int:
    """Saves that it has counted to seven, and waits; returns what it found saved."""
    found = int(ctx.state.get("counted", 0))
    if save:
        ctx.checkpoint(counted=7)
    say("counted to", found)
    while not Path(enough).exists():
        ctx.sleep(0.005)
    return found
