"""Jobs as a table: fitted to the width of a terminal, plain columns elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from headway.cli import wording
from headway.cli.app import App, is_terminal
from headway.cli.text import one_line, pad, width
from headway.model.job import Job

HEADS = ("NUMBER", "STATE", "NAME", "TYPE", "PROGRESS", "LEFT", "TIME", "CREATED")


def show(app: App, jobs: Sequence[Job]) -> None:
    """Prints a table of jobs."""
    if is_terminal(sys.stdout):
        _fitted(app, jobs)
    else:
        _plain([cells(job, app.hw.now()) for job in jobs])


def cells(job: Job, now: float) -> tuple[str, ...]:
    """The row of a job."""
    progress = job.progress if not job.ended or job.state != "completed" else None
    return (
        str(job.number), wording.state(job.state), wording.name_of(job), one_line(job.type),
        wording.briefly(progress or job.progress), wording.left(progress) if progress and not job.ended else "",
        wording.active_time(job, now), wording.age(job.created_at, now),
    )  # fmt: skip


def _plain(rows: Sequence[tuple[str, ...]]) -> None:
    """Columns as wide as their longest value; nothing is cut, and there are no escape codes."""
    widths = [max(width(cell) for cell in column) for column in zip(HEADS, *rows, strict=True)]
    for row in (HEADS, *rows):
        print("  ".join(pad(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip())


def _fitted(app: App, jobs: Sequence[Job]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, expand=False, header_style="bold")
    for head in HEADS:
        names = head in ("NAME", "TYPE")
        table.add_column(head, no_wrap=True, overflow="ellipsis", min_width=6 if names else None, ratio=None)
    now = app.hw.now()
    for job in jobs:
        number, state, *rest = cells(job, now)
        table.add_row(Text(number), Text(state, wording.color(job.state)), *(Text(cell) for cell in rest))
    Console(highlight=False, no_color=not app.colored(sys.stdout)).print(table)
