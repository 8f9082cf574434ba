"""Jobs as a table: fitted to the width of a terminal, plain columns elsewhere."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from headway.cli import wording
from headway.cli.app import App, is_terminal
from headway.cli.text import cut, pad, width
from headway.model.job import Job

HEADS = ("NUMBER", "STATE", "NAME", "TYPE", "PROGRESS", "LEFT", "TIME", "CREATED")
CUT = {"NAME": 12, "TYPE": 8}
"""What is cut where there is no room, and the fewest columns that are left of it."""
LEFT_OUT = ("LEFT", "CREATED", "TIME", "TYPE", "PROGRESS")
"""What a narrow terminal does without, in this order."""
GAP = "  "


def show(app: App, jobs: Sequence[Job]) -> None:
    """Prints a table of jobs."""
    now = app.hw.now()
    table = [dict(zip(HEADS, cells(job, now), strict=True)) for job in jobs]
    widths = {head: max(width(row[head]) for row in ({head: head}, *table)) for head in HEADS}
    if is_terminal(sys.stdout):
        widths = fitted(widths, shutil.get_terminal_size().columns)
    print(app.style(_row(dict(zip(HEADS, HEADS, strict=True)), widths), bold=True))
    for job, row in zip(jobs, table, strict=True):
        shown = _row(row, widths)
        state = row["STATE"]
        print(shown.replace(state, app.style(state, fg=wording.color(job.state)), 1))


def cells(job: Job, now: float) -> tuple[str, ...]:
    """The row of a job."""
    left = wording.left(job.progress) if job.progress and job.state == "running" else ""
    return (
        str(job.number), wording.state_of(job), wording.known_as(job), wording.type_of(job),
        wording.cell(job.progress), left, wording.active_time(job, now), wording.age(job.created_at, now),
    )  # fmt: skip


def fitted(widths: dict[str, int], columns: int) -> dict[str, int]:
    """The widths of the columns that have room, names cut first, then the least needed columns left out."""
    found: dict[str, int] = {}
    for left_out in range(len(LEFT_OUT) + 1):
        found = {head: width for head, width in widths.items() if head not in LEFT_OUT[:left_out]}
        for head, fewest in CUT.items():
            over = sum(found.values()) + len(GAP) * (len(found) - 1) - columns
            if over > 0 and head in found:
                found[head] = max(min(fewest, widths[head]), found[head] - over)
        if sum(found.values()) + len(GAP) * (len(found) - 1) <= columns:
            return found
    return found


def _row(row: dict[str, str], widths: dict[str, int]) -> str:
    return GAP.join(pad(cut(row[head], columns), columns) for head, columns in widths.items()).rstrip()
