"""A job that only workers beside the server run, so that a test can kill its worker and leave the server alone."""

from __future__ import annotations

import headway
from tests.browser.jobs import await_file
from tests.faults.side import note, say


@headway.job("browser.away", recover=False)
def away(ctx: headway.Context, gate: str, side: str, total: int = 10, hold: int = 5) -> int:
    """Goes through rows, notes each beside the database, and holds before one of them until the gate is open."""
    for row in ctx.track(range(total), "rows", unit="rows"):
        if row == hold:
            ctx.checkpoint(reached=row)
            say("holding", ctx.job_id)
            await_file(ctx, gate)
        note(side, "row", ctx.job_id, row)
    return total
