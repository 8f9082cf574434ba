"""`headway submit`: brings a job into being."""

from __future__ import annotations

import sys
from typing import Any

import click

from headway.cli import exitcodes, inputs, joboptions
from headway.cli.app import Verb, app_of
from headway.cli.jsonout import emit
from headway.cli.watch import follow as watch
from headway.cli.watch import tell_how


@click.command(cls=Verb)
@click.argument("type")
@click.argument("pairs", metavar="[KEY=TEXT | KEY:=JSON]...", nargs=-1)
@click.option("--input", "file", metavar="FILE|-", help="The input as a JSON object in a file.")
@click.option(
    "--secret",
    "secrets",
    metavar="NAME",
    multiple=True,
    help="Asks for this value of the input, without echo; from a pipe, one line for each.",
)
@click.option("--session", help="The session it belongs to.")
@joboptions.options
@click.option("--idempotency-key", metavar="KEY", help="The same key and request within a day is the same job.")
@click.option("--follow", "-f", is_flag=True, help="Watch it to its end, as `headway watch` does.")
@click.pass_context
def submit_verb(
    context: click.Context, /, type: str, pairs: tuple[str, ...], file: str | None, secrets: tuple[str, ...],
    session: str | None, idempotency_key: str | None, follow: bool, **options: Any,
) -> int:  # fmt: skip
    """Submit a job of a TYPE, for workers that have the type.

    Its input: key=text is a text, key:=3 or key:=true or key:='["a"]' is JSON. key=@env:NAME is a secret: the value
    that NAME has in the environment of the worker. Whoever lists processes sees other values; --secret asks for them.
    """
    app = app_of(context)
    given = inputs.read(pairs, file, secrets)
    job = app.hw.submit(type, given, session=session, idempotency_key=idempotency_key, **joboptions.read(app, options))
    inputs.tell_of_plain(app, given)
    if app.json:
        if follow:
            return watch(app, [job])
        emit({"job": job.to_dict()})
        return exitcodes.DONE
    print(f"{job.number}  {job.id}  {job.state}", flush=True)
    if follow:
        return watch(app, [job], sys.stderr)
    tell_how(app, [job])
    return exitcodes.DONE
