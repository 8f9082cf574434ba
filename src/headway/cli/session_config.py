"""`headway session config`: the configuration of a session, and its versions."""

from __future__ import annotations

import click

from headway.cli import configs, session_views
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.errors import NotFound
from headway.model.job import Session, SessionVersion
from headway.store.workspaces import DEFAULT


@click.command(name="config", cls=Verb)
@click.argument("session", metavar="[ID]", default=DEFAULT)
@click.option(
    "--set", "pairs", metavar="KEY=TEXT|KEY:=JSON", multiple=True, help="Set a value; a.b=... reaches into a."
)
@click.option("--secret", "secrets", metavar="KEY", multiple=True, help="Set a value that is asked for, without echo.")
@click.option("--file", metavar="FILE|-", help="Replace it by a .json, .toml or .yaml file.")
@click.option("--note", help="What the change is for.")
@click.option("--concurrency", type=int, help="How many of its jobs run at once.")
@click.option("--type", "job_type", help="The job type that start launches.")
@click.option("--versions", is_flag=True, help="List the saves, newest first.")
@click.option("--version", type=click.IntRange(1), help="Print this one; a change is refused if it is not the newest.")
@click.pass_context
def config_verb(
    context: click.Context, session: str, pairs: tuple[str, ...], secrets: tuple[str, ...], file: str | None,
    note: str | None, concurrency: int | None, job_type: str | None, versions: bool, version: int | None,
) -> None:  # fmt: skip
    """Print the configuration of a session, or save the next version of it. A masked secret stays as it is."""
    app = app_of(context)
    if versions:
        _list_versions(app, session)
    elif not (pairs or secrets or file or concurrency or job_type):
        _print_config(app, session, version)
    else:
        known = app.hw.session(session)
        config = configs.changed(known.config if file is None else configs.read(file), pairs, secrets)
        expected = known.config_version if version is None else version
        session_views.tell(app, app.hw.save_session(session, config, expected, note, concurrency, job_type=job_type))


def _print_config(app: App, session: str, version: int | None) -> None:
    found: Session | SessionVersion = app.hw.session(session)
    if version is not None:
        found = _version(app, session, version)
    if app.json:
        emit({"config": found.config})
    else:
        print(configs.pretty(found.config))


def _version(app: App, session: str, version: int) -> SessionVersion:
    for found in app.hw.session_versions(session, limit=1, after=version + 1):
        if found.version == version:
            return found
    raise NotFound(f"Session {session!r} has no version {version}. headway session config {session} --versions")


def _list_versions(app: App, session: str) -> None:
    saves = list(app.hw.session_versions(session, limit=1000).all())
    if app.json:
        emit({"versions": [one.to_dict() for one in saves]})
        return
    for line in session_views.versions(saves):
        print(line)
