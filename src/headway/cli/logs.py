"""`headway logs` and `headway events`: the history of a job, to its end if wanted."""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import click

from headway.cli import exitcodes, history, times
from headway.cli.app import App, Verb, app_of
from headway.cli.ids import JOB_ID
from headway.cli.jsonout import emit
from headway.errors import StoreUnavailable
from headway.model.job import LEVELS, Event, Job

PAGE = 1000
AWAY_S = 1.0
"""How long to leave a database alone that does not answer."""


@click.command(cls=Verb)
@click.argument("any_id", type=JOB_ID, metavar="ID")
@click.option("--follow", "-f", is_flag=True, help="Go on as lines come, to the end of the job.")
@click.option("--since", type=times.moment, metavar="TIME", help="Only lines after a time, or of the last 10m.")
@click.option("--level", type=click.Choice(LEVELS), default="debug", help="Only lines of this level or a louder one.")
@click.option("--grep", metavar="RE", help="Only lines that the regular expression finds.")
@click.option("--failed", is_flag=True, help="Only what tells of the failure: failed steps, errors, standard error.")
@click.option("--tail", type=click.IntRange(0, 1_000_000_000), metavar="N", help="Only the last N lines.")
@click.option("--times", "-t", "with_times", is_flag=True, help="With the time of each line.")
@click.pass_context
def logs_verb(
    context: click.Context, any_id: str, follow: bool, since: datetime | float | None, level: str, grep: str | None,
    failed: bool, tail: int | None, with_times: bool,
) -> int:  # fmt: skip
    """Print the log of a job. Ctrl-C while following leaves the job running."""
    app = app_of(context)
    job = app.hw.get(any_id)
    wanted = _wanted(app, job, times.earlier(since, app.hw.now()), level, _pattern(grep), failed)

    def show(event: Event) -> None:
        told = history.log_lines if history.is_line(event) else history.error_lines
        for line in told(app, event, with_times):
            print(line, flush=True)

    return _print(app, job, _stored_logs(app, job), follow, wanted, show, tail, "logs")


@click.command(cls=Verb)
@click.argument("any_id", type=JOB_ID, metavar="ID")
@click.option("--follow", "-f", is_flag=True, help="Go on as events come, to the end of the job.")
@click.option("--tail", type=click.IntRange(0, 1_000_000_000), metavar="N", help="Only the last N events.")
@click.pass_context
def events_verb(context: click.Context, any_id: str, follow: bool, tail: int | None) -> int:
    """Print the history of a job: who did what, when and why. Its log lines have a verb of their own."""
    app = app_of(context)
    job = app.hw.get(any_id)
    stored = app.hw.events(job, PAGE, logs=False).all()

    def show(event: Event) -> None:
        print(history.event_line(app, event), flush=True)

    return _print(app, job, stored, follow, lambda event: event.kind != "log", show, tail, "events")


def _print(
    app: App, job: Job, stored: Iterable[Event], follow: bool, wanted: Callable[[Event], bool],
    show: Callable[[Event], None], tail: int | None, name: str,
) -> int:  # fmt: skip
    """Prints entries that are wanted: stored ones, or the last of them, then those that come."""
    try:
        last, kept = _print_stored(app, stored, wanted, show, tail)
        for event in _coming(app, job, last) if follow else ():
            if wanted(event):
                kept.append(event) if app.json == "document" else _put(app, event, show)
    except KeyboardInterrupt:
        if follow and not app.hw.get(job).ended:
            app.say(f"\nStill running. Reattach: headway {name} -f {job.number} · Stop: headway cancel {job.number}")
        return exitcodes.DETACHED
    if app.json == "document":
        emit({name: [event.to_dict() for event in kept]})
    return exitcodes.DONE


def _print_stored(
    app: App, stored: Iterable[Event], wanted: Callable[[Event], bool], show: Callable[[Event], None], tail: int | None
) -> tuple[int, deque[Event]]:
    """The number of the last entry, and those that are kept for one document."""
    last, kept = 0, deque[Event](maxlen=tail)
    for event in stored:
        last = event.seq
        if wanted(event):
            kept.append(event) if tail is not None or app.json == "document" else _put(app, event, show)
    if app.json == "document":
        return last, deque(kept)
    for event in kept:
        _put(app, event, show)
    return last, deque()


def _coming(app: App, job: Job, after: int) -> Iterator[Event]:
    """The history as it happens. After the database was away it goes on where it was: nothing is missed or doubled."""
    while True:
        try:
            for event in app.hw.watch(job, after):
                yield event
                after = event.seq
            return
        except StoreUnavailable as problem:
            app.say(f"Not live: {problem} Trying again.")
            app.clock.wait(threading.Event(), AWAY_S)


def _put(app: App, event: Event, show: Callable[[Event], None]) -> None:
    emit({"event": event.to_dict()}) if app.json else show(event)


def _stored_logs(app: App, job: Job) -> Iterator[Event]:
    found: Iterator[Event] = app.hw.events(job, PAGE).all()  # warnings are events, the other lines are not
    return found


def _wanted(
    app: App, job: Job, since: datetime | None, level: str, pattern: re.Pattern[str] | None, failed: bool
) -> Callable[[Event], bool]:
    levels = LEVELS[LEVELS.index(level) :]
    steps = {step.name for step in app.hw.steps(job) if step.state == "failed"} if failed else set()

    def wanted(event: Event) -> bool:
        error = history.error_of(event) if failed else None
        text = event.data.get("text", "") if error is None else error.get("message", "")
        return (
            (since is None or event.at >= since)
            and (pattern is None or bool(pattern.search(str(text))))
            and (error is not None or _is_chosen(event, levels, steps if failed else None))
        )

    return wanted


def _is_chosen(event: Event, levels: Sequence[str], failed: set[str] | None) -> bool:
    """Whether it is a line that is loud enough. failed: only of these steps, or what tells of a failure by itself."""
    is_loud = history.is_line(event) and event.name in levels
    return is_loud and (failed is None or _tells_of_failure(event.name, event.data, failed))


def _tells_of_failure(level: str, data: dict[str, Any], steps: set[str]) -> bool:
    return level in ("error", "critical") or data.get("step") in steps or (not steps and data.get("stream") == "stderr")


def _pattern(text: str | None) -> re.Pattern[str] | None:
    try:
        return None if text is None else re.compile(text)
    except re.error as problem:
        raise click.UsageError(f"--grep {text!r} is no regular expression: {problem}.") from None
