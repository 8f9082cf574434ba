"""`headway db`: the schema of the database, copies of it, and how long jobs stay in it."""

from __future__ import annotations

import click

from headway.cli import copies, exitcodes, times, wording
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.cli.text import one_line
from headway.model import words
from headway.model.retention import Retention, WouldGo
from headway.store import migrate, opening
from headway.store.migrate import Status


@click.group(name="db")
def db_verb() -> None:
    """The schema of the database, copies of it, and how long jobs stay in it."""


for verb in (copies.backup_verb, copies.restore_verb, copies.new_epoch_verb):
    db_verb.add_command(verb)


@db_verb.command(name="status", cls=Verb)
@click.pass_context
def status_verb(context: click.Context) -> int:
    """Which schema the database has. Ends with 1 where it is not the one that this release needs."""
    app = app_of(context)
    database = opening.connect(app.hw.url, app.clock, create=False)
    try:
        return _tell(app, migrate.status(database))
    finally:
        database.close()


@db_verb.command(name="upgrade", cls=Verb)
@click.pass_context
def upgrade_verb(context: click.Context) -> int:
    """Bring the schema to this release; every row is kept. Does no harm when run twice."""
    app = app_of(context)
    database = opening.connect(app.hw.url, app.clock)
    try:
        return _tell(app, migrate.upgrade(database))
    finally:
        database.close()


@db_verb.command(name="retention", cls=Verb)
@click.option("--keep", type=times.span, metavar="SPAN", help="Tell what would go if jobs were kept so long.")
@click.option("--type", "job_type", help="Of the jobs of this type, with --keep.")
@click.option("--session", help="Of the jobs of this session, with --keep.")
@click.pass_context
def retention_verb(context: click.Context, keep: float | None, job_type: str | None, session: str | None) -> None:
    """How long ended jobs are kept, and how many go now and within a day. Changes nothing."""
    app = app_of(context)
    if keep is None:
        if job_type is not None or session is not None:
            raise click.UsageError("--type and --session say whose jobs --keep is about: give --keep too.")
        _tell_rules(app, app.hw.retention())
    elif (job_type is None) == (session is None):
        raise click.UsageError("--keep needs to know whose jobs it is about: give --type or --session.")
    elif not keep:
        raise click.UsageError("--keep 0 is no rule; expected a span of time, such as 7d.")
    else:
        _tell_going(app, app.hw.would_go(keep, type=job_type, session=session), keep)


def _tell_rules(app: App, found: Retention) -> None:
    if app.json:
        emit(found.to_dict())
        return
    for rule in found.rules:
        going = f"{rule.due} due now, {rule.within_day} within a day"
        print(f"{rule.kind:<7}  {one_line(rule.name)}: kept for {words.duration(rule.keep_s)}; {going}")
    if not found.rules:
        print("No type and no session says how long its jobs are kept: they stay.")
    print(f"{wording.jobs(found.pinned)} pinned: kept whatever the rules say.")
    if found.more:
        app.say("There is more than was looked at: these are the least.")


def _tell_going(app: App, found: WouldGo, keep: float) -> None:
    if app.json:
        emit(found.to_dict())
    else:
        least = "At least " if found.more else ""
        print(f"{least}{wording.jobs(found.jobs)} would go at once if kept for {words.duration(keep)}.")


def _tell(app: App, status: Status) -> int:
    fits = status.found == status.wanted
    if app.json:
        emit({"found": status.found, "wanted": status.wanted, "pending": status.pending})
    else:
        print(f"schema {status.found}, this release needs {status.wanted}, in {app.place}")
        for name in status.pending:
            print(f"  missing: {name}")
        if status.found > status.wanted:
            app.say("A newer release made it: use that one. Nothing was changed.")
        elif status.pending:
            app.say("Upgrade it, once every host has this release: headway db upgrade")
    return exitcodes.DONE if fits else exitcodes.REFUSED
