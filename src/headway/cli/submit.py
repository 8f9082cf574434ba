"""`headway submit`: brings a job into being."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from headway.cli import exitcodes, external, inputs, times
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
@click.option("--name", help="How people know it; else the type.")
@click.option("--session", help="The session it belongs to.")
@click.option(
    "--external-id",
    "external_ids",
    metavar="[NAMESPACE:]ID",
    multiple=True,
    help="Any other id of it; one of each namespace.",
)
@click.option("--context-id", help="An id that it shares with others of one undertaking.")
@click.option("--one-per-context", is_flag=True, help="Refuse it while another open job has that context.")
@click.option("--category", default="general", show_default=True)
@click.option("--label", "labels", metavar="NAME=VALUE", multiple=True)
@click.option("--priority", type=int, default=0, help="Higher ones go first.")
@click.option("--queue", default="default", show_default=True)
@click.option("--run-at", type=times.moment, metavar="TIME", help="Not before this time, or after so long: 10m.")
@click.option("--timeout", type=times.span, metavar="SPAN", help="Limit of the time it works.")
@click.option("--idempotency-key", metavar="KEY", help="The same key and request within a day is the same job.")
@click.option("--follow", "-f", is_flag=True, help="Watch it to its end, as `headway watch` does.")
@click.pass_context
def submit_verb(
    context: click.Context, type: str, pairs: tuple[str, ...], file: str | None, secrets: tuple[str, ...],
    name: str | None, session: str | None, external_ids: tuple[str, ...], context_id: str | None, one_per_context: bool,
    category: str, labels: tuple[str, ...], priority: int, queue: str, run_at: datetime | float | None,
    timeout: float | None, idempotency_key: str | None, follow: bool,
) -> int:  # fmt: skip
    """Submit a job of a TYPE, for workers that have the type.

    Its input: key=text is a text, key:=3 or key:=true or key:='["a"]' is JSON. key=@env:NAME is a secret: the value
    that NAME has in the environment of the worker. Whoever lists processes sees other values; --secret asks for them.
    """
    app = app_of(context)
    given = inputs.read(pairs, file, secrets)
    job = app.hw.submit(
        type, given, name=name, session=session, external_id=external.read(external_ids),
        context_id=context_id, one_per_context=one_per_context, category=category,
        labels=inputs.texts(labels, "--label"), priority=priority, queue=queue,
        run_at=times.later(run_at, app.hw.now()), timeout_s=timeout, idempotency_key=idempotency_key,
    )  # fmt: skip
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
