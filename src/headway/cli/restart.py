"""`headway restart`: new jobs like old ones, with the same input or another one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import click

from headway.cli import control, inputs
from headway.cli.app import Verb, app_of
from headway.cli.ids import JOB_ID
from headway.model.job import Job

_PAIR = re.compile(r"[^\s:=]+:?=")
"""What a word begins with that is part of an input; an id that begins so is written external:..."""


@click.command(cls=Verb)
@click.argument("given", type=JOB_ID, metavar="[ID]... [KEY=TEXT | KEY:=JSON]...", nargs=-1)
@click.option("--input", "file", metavar="FILE|-", help="All of another input, as a JSON object in a file.")
@click.option("--secret", "secrets", metavar="NAME", multiple=True, help="Asks for this value of the input, as submit.")
@click.option("--query", "words", metavar="QUERY", help="All jobs that match; asks first.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the history.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.pass_context
def restart_verb(
    context: click.Context, given: tuple[str, ...], file: str | None, secrets: tuple[str, ...], words: str | None,
    reason: str | None, yes: bool, dry_run: bool,
) -> int:  # fmt: skip
    """Submit new jobs like old ones, from the start.

    With the same input; key=text and key:=json change single values of it, --input gives all of another one. What was
    secret stays what it was unless it is given anew.
    """
    app = app_of(context)
    ids, pairs = _parted(given, words is None)
    found = control.chosen(app, "restart", ids, words, not (yes or dry_run))
    changes = inputs.read(pairs, file, secrets) if pairs or file or secrets else None

    def act(job: Job) -> dict[str, Any]:
        if dry_run:
            return {"after": "a new job"}
        kept = job.input if changes is not None and file is None else {}
        return {"new_job": app.hw.restart(job, reason, input=None if changes is None else {**kept, **changes}).number}

    outcomes = [control.outcome_of(app, one, act) for one in found]
    inputs.tell_of_plain(app, changes or {})
    return control.report(app, outcomes, dry_run)


def _parted(given: Sequence[str], named: bool) -> tuple[list[str], list[str]]:
    """Ids, and what of an input follows them. named: the first word is an id, whatever it looks like."""
    first = next((place for place in range(int(named), len(given)) if _PAIR.match(given[place])), len(given))
    return list(given[:first]), list(given[first:])
