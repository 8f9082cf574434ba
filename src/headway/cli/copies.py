"""`headway db backup|restore|new-epoch`: copies of the database, and what to do when one was put back."""

from __future__ import annotations

import os
from contextlib import closing

import click

from headway.cli import exitcodes
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.errors import NotSupported
from headway.model import words
from headway.store import copies, epoch, opening
from headway.store.sqlite import MEMORY


@click.command(name="backup", cls=Verb)
@click.argument("file", type=click.Path())
@click.pass_context
def backup_verb(context: click.Context, file: str) -> int:
    """Copy an SQLite file as it is now into FILE, while jobs run."""
    app = app_of(context)
    size = copies.back_up(_file(app, "pg_dump --format=custom, or pg_basebackup"), file)
    return _done(app, {"copy": file, "bytes": size}, f"{words.size(size)} in {file}")


@click.command(name="restore", cls=Verb)
@click.argument("file", type=click.Path())
@click.option("--replace", is_flag=True, help="Give up what the database holds now.")
@click.pass_context
def restore_verb(context: click.Context, file: str, replace: bool) -> int:
    """Make an SQLite file what its copy FILE is. Nobody may have it open meanwhile."""
    app = app_of(context)
    path = _file(app, "pg_restore, while nobody uses it, and then: headway db new-epoch")
    copies.put_back(file, path, replace)
    return _done(app, {"restored": path, "copy": file}, f"{app.place} is as it was in {file}")


@click.command(name="new-epoch", cls=Verb)
@click.pass_context
def new_epoch_verb(context: click.Context) -> int:
    """Say that the database was put back from a copy by other means than `headway db restore`.

    Whoever follows jobs is told to begin again; attempts that were under way in the copy are over.
    """
    app = app_of(context)
    with closing(opening.open_database(app.hw.url, app.clock, create=False)) as database:
        database.write(epoch.begin)
        return _done(app, {"epoch": epoch.epoch(database)}, f"a new epoch of {app.place} has begun")


def _file(app: App, instead: str) -> str:
    """The path of the SQLite file. Raises NotSupported for what is none."""
    url = app.hw.url
    if "://" in url or url == MEMORY:
        raise NotSupported(f"{app.place} is no file to copy. PostgreSQL has its own means: {instead}.")
    return os.path.realpath(url)


def _done(app: App, answer: dict[str, object], text: str) -> int:
    if app.json:
        emit(answer)
    else:
        print(text)
    return exitcodes.DONE
