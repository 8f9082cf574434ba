"""`headway tree`: a job with all that is below it."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator

import click

from headway.cli import wording
from headway.cli.app import App, Verb, app_of, is_terminal
from headway.cli.ids import JOB_ID
from headway.cli.jsonout import emit
from headway.cli.text import cut, one_line
from headway.errors import NotFound
from headway.model.job import Branch, Job
from headway.model.moves import STATES

ROLLED = ("rolling_back", "rolled_back", "rollback_failed")


@click.command(cls=Verb)
@click.argument("any_id", type=JOB_ID, metavar="ID")
@click.pass_context
def tree_verb(context: click.Context, any_id: str) -> None:
    """Show a job and all that is below it: states, percentages, times, and what it was restarted from or rolls back."""
    app = app_of(context)
    tree = app.hw.tree(any_id)
    if app.json:
        emit({"tree": tree.to_dict()})
        return
    columns = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else 10_000
    linked, rollbacks = _linked(app, tree), _rollbacks(app, tree)
    for lines, job in _drawn(tree):
        print(_line(app, lines, job, linked, rollbacks, columns))
    _tell_counts(app, tree)


def _drawn(tree: Branch) -> Iterator[tuple[str, Job]]:
    """Each job after its parent, with the lines that lead to it."""
    left: list[tuple[str, str, Branch]] = [("", "", tree)]
    while left:
        lines, below, branch = left.pop()
        yield lines, branch.job
        last = branch.children[-1:]
        for child in reversed(branch.children):
            ends = child is last[0]
            left.append((below + ("└─ " if ends else "├─ "), below + ("   " if ends else "│  "), child))


def _line(
    app: App, lines: str, job: Job, linked: dict[str, int], rollbacks: dict[str, Job], columns: int
) -> str:  # fmt: skip
    state = wording.state_of(job)
    percent = f"{job.progress.percent}%" if job.progress and job.progress.percent is not None else ""
    links = [f"{what} {linked.get(other, other)}" for what, other in _links(job) if other]
    if rollback := rollbacks.get(job.id):
        links.append(f"rolled back by {rollback.number} ({rollback.state})")
    marks = [mark for mark in wording.marks(job) if mark.startswith(("waits for", "stalled"))]
    time = wording.active_time(job, app.hw.now())
    said = (state, percent, time, *links, *(one_line(mark) for mark in marks))
    text = cut(f"{lines}{job.number}  {wording.name_of(job)}  {'  '.join(part for part in said if part)}", columns)
    return text.replace(state, app.style(state, fg=wording.color(job.state)), 1)


def _links(job: Job) -> tuple[tuple[str, str | None], ...]:
    return ("restarted from", job.restarted_from), ("rolls back", job.rollback_of)


def _linked(app: App, tree: Branch) -> dict[str, int]:
    """The numbers of the jobs that those of a tree are linked to, by id, where they are still there."""
    linked: dict[str, int] = {}
    for other in {other for job in tree.all_jobs for _, other in _links(job) if other}:
        with contextlib.suppress(NotFound):
            linked[other] = app.hw.get(other).number
    return linked


def _rollbacks(app: App, tree: Branch) -> dict[str, Job]:
    """What rolls jobs of a tree back, or has tried to, by their ids."""
    found = {job.id: app.hw.last_rollback(job) for job in tree.all_jobs if job.state in ROLLED}
    return {of: rollback for of, rollback in found.items() if rollback is not None}


def _tell_counts(app: App, tree: Branch) -> None:
    """How many there are of each state, where there is more than one job."""
    jobs = list(tree.all_jobs)
    counts = {state: sum(job.state == state for job in jobs) for state in STATES}
    warned = sum(job.state == "completed" and job.warnings > 0 for job in jobs)
    marks = {"completed": f" ({warned} with warnings)"} if warned else {}
    told = [f"{number} {state.replace('_', ' ')}{marks.get(state, '')}" for state, number in counts.items() if number]
    if len(jobs) > 1:
        app.say(f"{wording.jobs(len(jobs))}: {', '.join(told)}")
