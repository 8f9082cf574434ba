"""`headway run -- COMMAND`: any command as a job of its own process."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from typing import Any

import click

from headway.cli import exitcodes, inputs, supervisor
from headway.cli.app import App, Verb, app_of, is_terminal
from headway.cli.hiding import hidden, in_environment
from headway.cli.interrupts import Interrupts
from headway.cli.text import one_line
from headway.errors import Halt, NotSupported
from headway.model.value import clean_key
from headway.runtime.context import Context
from headway.runtime.lines import Stream
from headway.runtime.meters import meter_for
from headway.runtime.shell import CommandFailed, run_command
from headway.tracker.wire import is_server

LONGEST_NAME = 80
FILES: Mapping[Stream, int] = {"stdout": 1, "stderr": 2}


@click.command(cls=Verb, context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", metavar="-- COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option("--name", help="How people know it; else the command.")
@click.option("--session", help="The session it belongs to.")
@click.option("--external-id", help="Any other id of it; the newest job of that id goes on, where it can.")
@click.option("--label", "labels", metavar="NAME=VALUE", multiple=True)
@click.option("--detach", "-d", is_flag=True, help="Run it apart from this terminal.")
@click.option("--progress-regex", metavar="RE", help="Reads progress: groups done and total, percent, or message.")
@click.option("--cwd", type=click.Path(exists=True, file_okay=False), help="The folder to run it in.")
@click.option(
    "--on-interrupt",
    type=click.Choice(["ask", "detach", "cancel"]),
    default="ask",
    show_default=True,
    help="What Ctrl-C does. ask: a second one within 2 s cancels, a third kills.",
)
@click.option("--announce", type=int, hidden=True, help="Where the supervisor says which job it has begun.")
@click.pass_context
def run_verb(context: click.Context, /, announce: int | None, **options: Any) -> int:
    """Run COMMAND as a job: its output is the job's log, and pause, resume and cancel reach all of it.

    Ends with the exit code of the command; with 5 where the job was cancelled. Closing the terminal leaves the work
    running.
    """
    app = app_of(context)
    if is_server(app.hw.url):
        raise NotSupported(
            f"headway run keeps its job in the database itself, and {app.place} is a server. Where its database is: "
            "headway run --url DATABASE -- COMMAND. A program elsewhere reports over HTTP: POST /jobs with "
            '"start": true.'
        )
    try:
        meter_for(options["command"], options["progress_regex"])
    except ValueError as problem:
        raise click.UsageError(f"--progress-regex: {problem}") from None
    if announce is not None:
        return _supervised(app, announce, options)
    if options["detach"]:
        return supervisor.detach(app, options)
    if options["on_interrupt"] == "detach":
        return supervisor.follow(app, options)
    return _run(app, options, Interrupts(app, options["on_interrupt"]), None)


def _supervised(app: App, announce: int, options: dict[str, Any]) -> int:
    """What the supervisor does: the same, telling whoever started it how the start went."""
    with open(announce, "wb") as told:
        try:
            return _run(app, options, Interrupts(app, "cancel"), lambda context: supervisor.began(told, context))
        except Exception as error:
            supervisor.failed(told, error)
            raise


def _run(app: App, options: dict[str, Any], interrupts: Interrupts, began: Any) -> int:
    argv = list(options["command"])
    shown, secrets = hidden([clean_key(word) for word in argv])  # a file's name need not be text
    block = app.hw.tracked(
        options["name"] or shlex.join(shown)[:LONGEST_NAME], type="command", input={"command": shown}, show=False,
        session=options["session"], external_id=options["external_id"],
        labels=inputs.texts(options["labels"], "--label"),
    )  # fmt: skip
    try:
        with block as context:
            context.keep_secret(secrets | in_environment(os.environ))
            interrupts.install(context)
            if began is not None:
                began(context)
            _introduce(app, context)
            _work(app, context, argv, options)
    except CommandFailed as failed:
        if failed.exit_code in (exitcodes.NOT_STARTED, exitcodes.NO_SUCH_COMMAND):
            app.say(f"headway: {one_line(failed)}")
        return failed.exit_code
    except Halt as halt:
        return _halted(app, halt)
    finally:
        interrupts.restore()
    return exitcodes.DONE


def _work(app: App, context: Context, argv: list[str], options: dict[str, Any]) -> None:
    own = {"HEADWAY_URL": app.hw.url, "HEADWAY_JOB": context.job_id, "HEADWAY_ATTEMPT": str(context.attempt)}
    run_command(
        context, argv, cwd=options["cwd"], env={**os.environ, **own}, progress_regex=options["progress_regex"],
        stdin="inherit", on_bytes=_pass_on,
    )  # fmt: skip


def _introduce(app: App, context: Context) -> None:
    if is_terminal(sys.stderr):
        number = context.job.number
        app.say(f"Job {number}. Watch: headway watch {number} · Pause: headway pause {number}", dim=True)


def _halted(app: App, halt: Halt) -> int:
    if halt.why == "cancel":
        app.say("headway: cancelled; all of its processes have ended.")
        return exitcodes.CANCELLED
    if halt.why == "shutdown":
        return exitcodes.TERMINATED
    app.say(f"headway: stopped ({halt.why}): the job is not this process's any more.")
    return exitcodes.REFUSED


def _pass_on(stream: Stream, data: bytes) -> None:
    """Writes what the command printed. When nobody reads it any more, the work goes on: it is in the log."""
    left = memoryview(data)
    while left and stream not in _GONE:
        try:
            left = left[os.write(FILES[stream], left) :]
        except OSError:
            _GONE.add(stream)


_GONE: set[Stream] = set()
