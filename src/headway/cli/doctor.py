"""`headway doctor`: whether all is well, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from headway.cli import checks, exitcodes
from headway.cli.app import App, Verb, app_of
from headway.cli.checks import Finding
from headway.cli.jsonout import emit
from headway.cli.text import one_line
from headway.errors import HeadwayError
from headway.model.support import Check, Grade
from headway.tracker import support
from headway.tracker.wire import is_server

SHAPES = {"ok": ("✔", "green"), "warn": ("!", "yellow"), "bad": ("✘", "red")}


GRADES: dict[str, Grade] = {"ok": "ok", "warn": "warning", "bad": "failing"}


@click.command(cls=Verb)
@click.option(
    "--bundle", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Write all that helps somebody else to see what is wrong: nothing of what jobs work on, no secret.",
)  # fmt: skip
@click.pass_context
def doctor_verb(context: click.Context, bundle: Path | None) -> int:
    """Look at versions, database, disk, workers and waiting jobs. Ends with 1 where something is bad."""
    app = app_of(context)
    found = []
    for finding in checks.findings(app):
        found.append(finding)
        if not app.json:
            shape, color = SHAPES[finding.level]
            print(
                f"{app.style(f'{shape} {finding.level:<4}', fg=color)}  {finding.name:<16}  {one_line(finding.found)}"
            )
            if finding.remedy:
                print(f"          do: {one_line(finding.remedy)}")
    bad = any(finding.level == "bad" for finding in found)
    if app.json:
        emit({"ok": not bad, "findings": [msgspec.to_builtins(finding) for finding in found]})
    if bundle is not None:
        _write(app, bundle, found)
    return exitcodes.REFUSED if bad else exitcodes.DONE


def _write(app: App, file: Path, findings: Sequence[Finding]) -> None:
    """Writes the support bundle, with what was found here; also where the database can not be asked."""
    looked_at = [
        Check(name=one.name, status=GRADES[one.level], found=_without_home(one.found), remedy=one.remedy or None)
        for one in findings
    ]
    is_there = is_server(app.hw.url) or any(one.name == "schema" for one in findings)  # asking makes a file
    try:
        told = app.hw.support() if is_there else support.bare(app.clock)
    except HeadwayError:
        told = support.bare(app.clock)
    told = msgspec.structs.replace(told, checks=[*looked_at, *told.checks])
    try:
        file.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")
    except OSError as problem:
        raise click.ClickException(f"{file} can not be written: {problem.strerror}.") from None
    app.say(f"Written to {file}. Look through it before you send it: it names types, sessions and machines.")


def _without_home(text: str) -> str:
    return text.replace(str(Path.home()), "~")
