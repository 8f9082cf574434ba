"""`headway doctor`: whether all is well, and what to do where it is not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

import headway
from headway.checks import catalogue
from headway.checks.subject import Subject, worst
from headway.cli import exitcodes
from headway.cli.app import App, Verb, app_of
from headway.cli.jsonout import emit
from headway.cli.text import one_line
from headway.errors import HeadwayError
from headway.model.support import Check
from headway.store.address import without_password
from headway.tracker import support
from headway.tracker.wire import is_server

SHAPES = {"ok": ("✔", "green"), "warning": ("!", "yellow"), "failing": ("✘", "red")}


@click.command(cls=Verb)
@click.option(
    "--bundle", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write all that helps somebody else to see what is wrong: nothing of what jobs work on, no secret.",
)  # fmt: skip
@click.pass_context
def doctor_verb(context: click.Context, bundle: Path | None) -> int:
    """Look at versions, database, disk, workers and waiting jobs. Ends with 1 where something fails."""
    app = app_of(context)
    found = []
    url = "" if app.url is None else without_password(app.hw.url)
    for check in catalogue.closely(Subject(app.hw, app.clock, app.place, url=url)):
        found.append(check)
        if not app.json:
            _show(app, check)
    status = worst(found)
    if app.json:
        checks = [msgspec.to_builtins(check) for check in found]
        emit({"status": status, "release": headway.__version__, "checks": checks})
    if bundle is not None:
        _write(app, bundle, found)
    return exitcodes.REFUSED if status == "failing" else exitcodes.DONE


def _show(app: App, check: Check) -> None:
    shape, color = SHAPES[check.status]
    status = app.style(f"{shape} {check.status:<7}", fg=color)
    print(f"{status}  {check.name:<18}  {one_line(check.found)}")
    if check.remedy:
        print(f"           do: {one_line(check.remedy)}")


def _write(app: App, file: Path, found: Sequence[Check]) -> None:
    """Writes the support bundle, with what was found here; also where the database can not be asked."""
    looked_at = [support.without_home(check) for check in found]
    is_there = is_server(app.hw.url) or any(check.name == "schema" for check in found)  # asking makes a file
    try:
        told = app.hw.support() if is_there else support.bare(app.clock)
    except HeadwayError:
        told = support.bare(app.clock)
    told = msgspec.structs.replace(told, checks=[*looked_at, *told.checks])
    try:
        with open(file, "xb", opener=_for_the_owner) as bundle:
            bundle.write(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")
    except FileExistsError:
        raise click.ClickException(f"{file} is there already, and nothing is overwritten. Name another file.") from None
    except OSError as problem:
        raise click.ClickException(f"{file} can not be written: {problem.strerror}.") from None
    app.say(f"Written to {file}. Look through it before you send it: it names types, sessions and machines.")


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
