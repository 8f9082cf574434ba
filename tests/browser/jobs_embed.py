"""The import of the examples' pages, as a job whose end a test decides: by the file `gate` beside the database."""

from __future__ import annotations

from pathlib import Path

import headway
from tests.browser.jobs import await_file


@headway.job("import")
def import_rows(ctx: headway.Context, rows: int) -> int:
    """Handles half of the rows, and the others when the gate is open."""
    ctx.progress(done=rows // 2, total=rows, unit="rows")
    await_file(ctx, str(Path(ctx.headway.url).with_name("gate")))
    ctx.progress(done=rows)
    return rows
