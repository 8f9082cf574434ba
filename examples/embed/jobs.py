"""The job of the examples: it works through rows, and goes on where it was when it is stopped."""

from __future__ import annotations

import time

import headway


@headway.job("import")
def import_rows(rows: int = 10_000, seconds: float = 60.0) -> None:
    """Handles so many rows in about so many seconds."""
    for _ in headway.track(range(rows), "Import", unit="rows"):
        time.sleep(seconds / rows)
