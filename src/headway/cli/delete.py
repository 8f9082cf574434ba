"""`headway delete`: what is over goes for good."""

from __future__ import annotations

import sys
from typing import Any

import click

from headway.cli import control, wording
from headway.cli.app import App, Verb, app_of
from headway.cli.ids import JOB_ID
from headway.errors import HeadwayError, IllegalMove
from headway.model.job import Job


@click.command(cls=Verb)
@click.argument("ids", type=JOB_ID, metavar="[ID]...", nargs=-1)
@click.option("--query", "words", metavar="QUERY", help="All jobs that match and are over.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.pass_context
def delete_verb(context: click.Context, ids: tuple[str, ...], words: str | None, yes: bool, dry_run: bool) -> int:
    """Delete jobs that are over, with their children and all that belongs to them. Asks first."""
    app = app_of(context)
    found = control.chosen(app, "delete", ids, words, False, _can_go)
    if found and not yes and not dry_run:
        _ask(app, found)
    return control.report(app, [control.outcome_of(app, one, lambda job: _act(app, job, dry_run)) for one in found],
                          dry_run)  # fmt: skip


def _can_go(job: Job) -> bool:
    return job.ended and not job.pinned


def _ask(app: App, found: list[str | Job]) -> None:
    """What is deleted can not be had back, so ids alone do not say it. Raises UsageError where nobody can be asked."""
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"Deleting {wording.jobs(len(found))} is for good, and nobody can be asked here; add -y."
        )
    control.tell(app, [job for one in found for job in _known(app, one)])
    click.confirm(f"Delete {wording.jobs(len(found))} for good, with what is below?", abort=True, err=True)


def _known(app: App, any_id: str | Job) -> list[Job]:
    try:
        return [app.hw.get(any_id)]
    except HeadwayError:  # said when its turn comes
        return []


def _act(app: App, job: Job, dry_run: bool) -> dict[str, Any]:
    if not dry_run:
        app.hw.delete(job)
    elif not _can_go(job):
        state = "pinned" if job.pinned else job.state
        raise IllegalMove(f"Job {job.number} is {state} and can not be deleted.", job.state, job.moves)
    return {"after": "deleted"}
