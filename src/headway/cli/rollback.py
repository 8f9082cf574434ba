"""`headway rollback`: undoes what a job has recorded, after it has shown what that is."""

from __future__ import annotations

import sys
from typing import Any

import click

from headway.cli import control, wording
from headway.cli.app import App, Verb, app_of
from headway.cli.ids import JOB_ID
from headway.cli.watch import follow as watch
from headway.cli.watch import tell_how
from headway.errors import HeadwayError
from headway.model.job import Job, Undo

SHOWN = 50
"""Undos of one job that are listed before somebody is asked; --dry-run lists all."""


@click.command(cls=Verb)
@click.argument("ids", type=JOB_ID, metavar="[ID]...", nargs=-1)
@click.option("--query", "words", metavar="QUERY", help="All jobs that match and can.")
@click.option("--to-step", metavar="NAME", help="Keep what was done in this step and before it.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the history.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only list what would be undone, in that order.")
@click.option("--follow", "-f", is_flag=True, help="Watch the rollback to its end, as `headway watch` does.")
@click.pass_context
def rollback_verb(
    context: click.Context, ids: tuple[str, ...], words: str | None, to_step: str | None, reason: str | None,
    yes: bool, dry_run: bool, follow: bool,
) -> int:  # fmt: skip
    """Undo what jobs have recorded, from the last to the first, each by a job of its own. Lists it and asks first."""
    app = app_of(context)
    found = control.chosen(app, "rollback", ids, words, False, lambda job: "rollback" in job.moves)
    if found and not yes and not dry_run:
        _ask(app, found, to_step)
    rollbacks: list[Job] = []

    def act(job: Job) -> dict[str, Any]:
        if dry_run:
            return {"after": job.state, "undos": _undos(app, job, to_step)}
        rollbacks.append(app.hw.rollback(job, reason, to_step))
        return {"after": app.hw.get(job).state, "rollback": rollbacks[-1].number}

    code = control.report(app, [control.outcome_of(app, one, act) for one in found], dry_run)
    if not follow:
        tell_how(app, rollbacks)
        return code
    return watch(app, rollbacks, sys.stderr) or code if rollbacks else code


def _undos(app: App, job: Job, to_step: str | None) -> list[Undo]:
    """What a rollback would undo. Raises what it would raise, also for an open job, whose undos can be read."""
    undos = app.hw.rollback(job, to_step=to_step, dry_run=True)
    control.would_be("rollback", job)
    return undos


def _ask(app: App, found: list[str | Job], to_step: str | None) -> None:
    """An undo can not be had back: what would run is shown first. Raises UsageError where nobody can be asked.

    Where no job can be rolled back there is nothing to ask.
    """
    known = [one for any_id in found for one in _known(app, any_id, to_step)]
    if not known:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"A rollback of {wording.jobs(len(known))} can not be taken back, and nobody can be asked here; "
            "look with --dry-run, and add -y."
        )
    for job, undos in known:
        app.say(f"{job.number} {wording.state(job.state)}  {wording.name_of(job)}")
        for undo in undos[:SHOWN]:
            app.say(f"  {wording.undo_line(undo)}")
        if len(undos) > SHOWN:
            app.say(f"  and {len(undos) - SHOWN} more; --dry-run lists all")
    click.confirm(f"Undo that, from the top, for {wording.jobs(len(known))}?", abort=True, err=True)


def _known(app: App, any_id: str | Job, to_step: str | None) -> list[tuple[Job, list[Undo]]]:
    try:
        job = app.hw.get(any_id)
        return [(job, _undos(app, job, to_step))]
    except HeadwayError:  # said when its turn comes
        return []
