"""`headway db`: the schema of the database."""

from __future__ import annotations

import click

from headway.cli import exitcodes
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.store import migrate, opening
from headway.store.migrate import Status


@click.group(name="db")
def db_verb() -> None:
    """The schema of the database."""


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
