"""`headway pin|unpin`: what stays, whatever its type and session say."""

from __future__ import annotations

import click

from headway.cli import control
from headway.cli.app import App, Verb, app_of
from headway.cli.ids import JOB_ID
from headway.model.job import Job


@click.command(cls=Verb)
@click.argument("ids", type=JOB_ID, metavar="ID...", nargs=-1, required=True)
@click.option("--reason", metavar="TEXT", help="Why; kept in the history.")
@click.pass_context
def pin_verb(context: click.Context, ids: tuple[str, ...], reason: str | None) -> int:
    """Keep jobs: nothing deletes them until they are unpinned."""
    return _all(app_of(context), ids, True, reason)


@click.command(cls=Verb)
@click.argument("ids", type=JOB_ID, metavar="ID...", nargs=-1, required=True)
@click.option("--reason", metavar="TEXT", help="Why; kept in the history.")
@click.pass_context
def unpin_verb(context: click.Context, ids: tuple[str, ...], reason: str | None) -> int:
    """Let jobs go when their type or session says so, at once where that time has passed."""
    return _all(app_of(context), ids, False, reason)


def _all(app: App, ids: tuple[str, ...], pinned: bool, reason: str | None) -> int:
    def act(job: Job) -> dict[str, str]:
        after = app.hw.pin(job, reason) if pinned else app.hw.unpin(job, reason)
        return {"before": _said(job), "after": _said(after)}

    return control.report(app, [control.outcome_of(app, any_id, act) for any_id in ids], dry_run=False)


def _said(job: Job) -> str:
    return "pinned" if job.pinned else "not pinned"
