"""`headway session config`: the configuration of a session, and its versions."""

from __future__ import annotations

import shlex
from typing import Any

import click

from headway.cli import configs, session_views, times
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.errors import NotFound
from headway.model.job import Session, SessionVersion
from headway.store.workspaces import DEFAULT


@click.command(name="config", cls=Verb)
@click.argument("session", metavar="[ID]", default=DEFAULT)
@configs.setting
@click.option("--file", metavar="FILE|-", help="Replace it by a .json, .toml or .yaml file.")
@click.option("--note", help="What the change is for.")
@click.option("--concurrency", type=int, help="How many of its jobs run at once.")
@click.option("--type", "job_type", help="The job type that start launches.")
@click.option("--owner", help="Whose it is.")
@click.option("--idle", type=times.span, metavar="SPAN", help="Close it when nobody used it for so long; 0: never.")
@click.option("--keep", type=times.span, metavar="SPAN", help="How long its ended jobs are kept; 0: as types say.")
@click.option("--restore", type=click.IntRange(1), metavar="N", help="Save version N anew; secrets stay as they are.")
@click.option("--versions", is_flag=True, help="List the saves, newest first.")
@click.option("--version", type=click.IntRange(1), help="Print this one; a change is refused if it is not the newest.")
@click.pass_context
def config_verb(
    context: click.Context, session: str, pairs: tuple[str, ...], secrets: tuple[str, ...], file: str | None,
    note: str | None, concurrency: int | None, job_type: str | None, owner: str | None, idle: float | None,
    keep: float | None, restore: int | None, versions: bool, version: int | None,
) -> None:  # fmt: skip
    """Print the configuration of a session, or save the next version of it. A masked secret stays as it is."""
    app = app_of(context)
    others: dict[str, Any] = {
        "concurrency": concurrency, "job_type": job_type, "owner": owner, "idle_s": idle, "keep_s": keep,
    }  # fmt: skip
    if file is not None and restore is not None:
        raise click.UsageError("--file and --restore both give a whole configuration: leave one of them out.")
    if versions:
        _list_versions(app, session)
    elif not (pairs or secrets or file or restore) and all(other is None for other in others.values()):
        _print_config(app, session, version)
    else:
        configs.tell_of_seen(app, pairs)
        known = app.hw.session(session)
        config = configs.changed(_begun_with(app, known, file, restore), pairs, secrets)
        expected = known.config_version if version is None else version
        told = f"version {restore} again" if restore and note is None else note
        session_views.tell(app, app.hw.save_session(session, config, expected, told, **others))


def _begun_with(app: App, known: Session, file: str | None, restore: int | None) -> dict[str, Any]:
    """The configuration that single values are set in: the current one, that of a file, or an earlier one."""
    if restore is not None:
        return _version(app, known.id, restore).config
    return known.config if file is None else configs.read(file)


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
    listed = f"headway session config {shlex.quote(session)} --versions"
    raise NotFound(f"Session {session!r} has no version {version}. {listed}")


def _list_versions(app: App, session: str) -> None:
    saves = list(app.hw.session_versions(session, limit=1000).all())
    if app.json:
        emit({"versions": [one.to_dict() for one in saves]})
        return
    for line in session_views.versions(saves):
        print(line)
