"""The job of the examples: it works through rows, and goes on where it was when it is stopped."""

from __future__ import annotations

import time

import headway


@headway.job("import")
def import_rows(ctx: headway.Context, rows: int = 10_000, seconds: float = 60.0) -> int:
    """Handles so many rows in about so many seconds."""
    for _ in ctx.track(range(rows), "import", unit="rows"):
        time.sleep(seconds / rows)
    return rows
