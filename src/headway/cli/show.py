"""`headway show`: all that matters of one job."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from itertools import islice
from typing import Any

import click

from headway.cli import wording
from headway.cli.app import App, Verb, app_of
from headway.cli.history import LOUD
from headway.cli.ids import JOB_ID
from headway.cli.items import ledger_line
from headway.cli.jsonout import emit
from headway.cli.text import cut, lines, one_line
from headway.errors import NotFound
from headway.model import words
from headway.model.job import Job
from headway.model.progress import Progress
from headway.model.steps import counted

LOG_LINES = 10
UNDOS = 50


@click.command(cls=Verb)
@click.argument("any_id", type=JOB_ID, metavar="ID")
@click.pass_context
def show_verb(context: click.Context, any_id: str) -> None:
    """Show one job: state, progress, steps, attempts, error, input, result, last log lines, what can be done."""
    app = app_of(context)
    job = app.hw.get(any_id)
    if app.json:
        steps, attempts = app.hw.steps(job), app.hw.attempts(job, limit=1000)
        logs = app.hw.last_logs(job, LOG_LINES)
        emit({
            "job": job.to_dict(), "progress": app.hw.progress(job).to_dict(),
            "steps": [step.to_dict() for step in steps],
            "attempts": [attempt.to_dict() for attempt in attempts], "logs": [line.to_dict() for line in logs],
            "ledgers": [counts.to_dict() for counts in app.hw.ledgers(job)],
            "undos": [undo.to_dict() for undo in app.hw.undos(job, limit=1000)] if job.undos else [],
            "next": _commands(app, job),
        })  # fmt: skip
        return
    _header(app, job)
    _progress(job)
    _facts(app, job)
    _steps(app, job)
    _ledgers(app, job)
    _undos(app, job)
    _attempts(app, job)
    _failure(app, job)
    _warnings(app, job)
    _value("Input", job.input)
    _value("Result", job.result)
    _logs(app, job)
    _next(app, job)


def _header(app: App, job: Job) -> None:
    state = app.style(wording.state_of(job), fg=wording.color(job.state), bold=True)
    print(f"{state}  {app.style(wording.name_of(job), bold=True)}  number {job.number}")
    for mark in wording.marks(job):
        print(f"  {app.style(mark, fg='yellow')}")


def _progress(job: Job) -> None:
    progress = job.progress
    if progress is None:
        return
    bar = "" if progress.percent is None else f"[{words.bar(progress.percent, 20)}]"
    rate = words.rate(progress.rate, progress.unit) if progress.rate and not job.ended else ""
    left = _left(progress) if job.state == "running" else ""
    message = one_line(progress.message or "")
    said = (bar, wording.briefly(progress), rate, left, wording.where(progress), message)
    print(f"  {'  '.join(part for part in said if part)}")
    if progress.note:
        print(f"  {one_line(progress.note)}")


def _facts(app: App, job: Job) -> None:
    now = app.hw.now()
    facts = {
        "id": job.id, "also": ", ".join(job.aliases), "type": wording.type_of(job),
        "session": _session(job), "owner": job.owner,
        "labels": ", ".join(f"{name}={value}" for name, value in job.labels.items()), "parent": job.parent_id,
        "children": _children(app, job),
        "restarted from": _number(app, job.restarted_from), "rollback of": _number(app, job.rollback_of),
        "rolled back by": _rollback(app, job), "restarted as": _restarted(app, job),
        "created": f"{wording.local(job.created_at)} ({wording.age(job.created_at, now)})",
        "worked": wording.active_time(job, now), "kept": wording.kept(job), "database": app.place,
    }  # fmt: skip
    for name, value in facts.items():
        if value:
            print(f"  {name:<15}{one_line(value)}")


def _number(app: App, other: str | None) -> str | None:
    """Another job as it is told: by its number and state, where it is still there."""
    try:
        found = None if other is None else app.hw.get(other)
    except NotFound:
        return other
    return None if found is None else f"job {found.number}, {found.state}"


def _restarted(app: App, job: Job) -> str | None:
    """Which job was last begun anew from this one."""
    found = app.hw.jobs(q=f"restarted_from:{job.id}", limit=1) if job.ended else []
    return f"job {found[0].number}, {found[0].state}" if found else None


def _children(app: App, job: Job) -> str | None:
    """What of its first children is open, with what one of them waits for, and where all are shown, if it has any."""
    children = app.hw.children(job, limit=1000)
    counts = Counter(child.state for child in children if not child.ended)
    told = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in counts.items())
    waits = next((child.marks["waiting_for"] for child in children if "waiting_for" in child.marks), None)
    parts = [*([told] if told else []), *([f"waiting for {waits}"] if waits else []), f"headway tree {job.number}"]
    return "; ".join(parts) if children else None


def _session(job: Job) -> str:
    """The session of a job, and which version of its configuration the job runs with."""
    return job.session if (job.config_version or 1) == 1 else f"{job.session}, version {job.config_version}"


def _rollback(app: App, job: Job) -> str | None:
    """Which job undoes this one, or has tried to."""
    found = app.hw.last_rollback(job) if job.undos else None
    return f"job {found.number}, {found.state}" if found else None


def _steps(app: App, job: Job) -> None:
    steps = app.hw.steps(job)
    if steps:
        print(f"Steps  {wording.steps(counted(steps, job.state))}")
        for step in steps:
            print(f"  {app.style(wording.step_line(step, app.hw.now()), fg=wording.color(step.state))}")


def _undos(app: App, job: Job) -> None:
    if job.undos:
        found = list(app.hw.undos(job, limit=UNDOS + 1))
        print("Undos" if len(found) <= UNDOS else f"Undos (the first {UNDOS} of {words.exact(job.undos)})")
        for undo in found[:UNDOS]:
            print(f"  {wording.undo_line(undo)}")


def _ledgers(app: App, job: Job) -> None:
    ledgers = app.hw.ledgers(job)
    if ledgers:
        print(f"Items (all of them: headway items {job.number})")
    for counts in ledgers:
        print(f"  {ledger_line(counts, job)}")
    if job.ended and any(counts.failed for counts in ledgers):
        print(f"  Try the failed ones again: headway retry {job.number} --items failed")


def _attempts(app: App, job: Job) -> None:
    attempts = list(app.hw.attempts(job, limit=1000))
    if len(attempts) > 1:
        print("Attempts")
        for one in attempts[-LOG_LINES:]:
            took = wording.seconds_between(one.started_at, one.ended_at)
            said = f"{one.outcome or 'under way'}{'' if took is None else f' after {words.duration(took)}'}"
            error = f"  {one_line(one.error.message)}" if one.error else ""
            print(f"  {one.attempt}  {wording.local(one.started_at)}  {said}  {one_line(one.worker)}{error}")


def _failure(app: App, job: Job) -> None:
    if job.error is None:
        return
    code = "" if job.error.code == "error" else f"  {one_line(job.error.code)}"
    print(app.style("Error", fg="red", bold=True) + code)
    said = lines(job.error.message)
    for line in said:
        print(f"  {line}")
    for line in _last_frames([line for line in lines(job.error.trace or "") if line not in said]):
        print(f"    {app.style(line, dim=True)}")


def _last_frames(trace: list[str]) -> list[str]:
    """The end of a traceback, from the beginning of a frame, without the lines that only underline."""
    last = [line for line in trace if line.strip(" ^~")][-LOG_LINES:]
    begin = next((place for place, line in enumerate(last) if line.lstrip(" |").startswith("File ")), 0)
    return last[begin:]


def _warnings(app: App, job: Job) -> None:
    """What was warned of, the first lines of it."""
    if not job.warnings:
        return
    print("Warnings")
    stories = (event for event in app.hw.events(job, limit=1000, logs=False).all() if event.kind == "warning")
    for event in islice(stories, LOG_LINES):
        print(f"  {app.style(one_line(event.data.get('text', '')), fg='yellow')}")
    if job.warnings > LOG_LINES:
        print(f"  and {words.exact(job.warnings - LOG_LINES)} more: headway logs {job.number}")


def _value(title: str, value: Any) -> None:
    """What a job was given or returned, a line a member; the whole of it is in --json."""
    members = value.items() if isinstance(value, dict) else [("", value)]
    told = [f"{one_line(name)}{': ' if name else ''}{wording.short(member)}" for name, member in members]
    if value not in (None, {}):
        print(title)
        for line in told[:LOG_LINES]:
            print(f"  {line}")
        if len(told) > LOG_LINES:
            print(f"  and {len(told) - LOG_LINES} more")


def _logs(app: App, job: Job) -> None:
    found = app.hw.last_logs(job, LOG_LINES)
    if found:
        columns = shutil.get_terminal_size().columns - 2 if sys.stdout.isatty() else 10_000
        print(f"Log (all of it: headway logs {job.number})")
        for line in found:
            loud = f"{line.name.upper()} " if line.name in LOUD else ""
            print(f"  {cut(loud + one_line(line.data.get('text', '')), columns)}")


def _next(app: App, job: Job) -> None:
    follow = [] if job.ended else [f"headway watch {job.number}"]
    able = [*follow, *_commands(app, job)]
    if able:
        app.say("Next: " + " · ".join(able))


def _commands(app: App, job: Job) -> list[str]:
    """See wording.commands_for; where a rollback failed, what its original takes."""
    known = app.hw.failure(job) if job.rollback_of is not None else None
    again = [f"headway {step.verb} {step.job}" for step in (known.next if known else ()) if step.job is not None]
    return again or wording.commands_for(job)


def _left(progress: Progress) -> str:
    """The time left, or why nobody can say."""
    why = progress.eta_why_not
    return wording.left(progress) or (f"time left: {why}" if why else "")
