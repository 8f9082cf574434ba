"""`headway doctor`: whether all is well, and what to do where it is not."""

from __future__ import annotations

import click
import msgspec

from headway.cli import checks, exitcodes
from headway.cli.app import Verb, app_of
from headway.cli.jsonout import emit
from headway.cli.text import one_line

SHAPES = {"ok": ("✔", "green"), "warn": ("!", "yellow"), "bad": ("✘", "red")}


@click.command(cls=Verb)
@click.pass_context
def doctor_verb(context: click.Context) -> int:
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
    return exitcodes.REFUSED if bad else exitcodes.DONE
