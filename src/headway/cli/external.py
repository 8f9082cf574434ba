"""External ids on the command line: ID, or NAMESPACE:ID, or NAMESPACE=ID."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from headway.cli import wording
from headway.cli.app import Verb, app_of
from headway.cli.ids import JOB_ID
from headway.cli.jsonout import emit

_NAMED = re.compile(r"([^\W\d]\w*)[:=](.+)", re.DOTALL)


def read(given: Sequence[str]) -> str | dict[str, str] | None:
    """External ids by namespace; a single one without a namespace as it is. Raises UsageError for two of one."""
    found: dict[str, str] = {}
    for text in given:
        match = _NAMED.fullmatch(text)
        namespace, identity = match.groups() if match else ("external", text)
        if namespace in found:
            raise click.UsageError(
                f"{found[namespace][:60]!r} and {identity[:60]!r} are both ids of the namespace {namespace!r}. "
                "Write NAMESPACE:ID, one of each namespace; headway alias gives a job more of them."
            )
        found[namespace] = identity
    return found["external"] if list(found) == ["external"] else found or None


@click.command(cls=Verb)
@click.argument("any_id", type=JOB_ID, metavar="ID")
@click.argument("external", metavar="[NAMESPACE:]EXTERNAL...", nargs=-1, required=True)
@click.pass_context
def alias_verb(context: click.Context, any_id: str, external: tuple[str, ...]) -> None:
    """Give a job more external ids. It answers to all of them, and to those that it had."""
    app = app_of(context)
    job = app.hw.alias(any_id, read(external) or {})
    if app.json:
        emit({"job": job.to_dict()})
    else:
        print(f"{job.number}  {', '.join(job.aliases)}  {wording.name_of(job)}", flush=True)
