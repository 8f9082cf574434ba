"""`headway wait`: returns when jobs have ended, or reached something else."""

from __future__ import annotations

from collections.abc import Callable

import click

from headway.cli import exitcodes, times, wording
from headway.cli.app import App, Verb, app_of
from headway.cli.ids import JOB_ID
from headway.cli.jsonout import emit
from headway.cli.text import one_line
from headway.errors import StoreUnavailable
from headway.model.job import Job
from headway.model.moves import STATES

LOOK_S = 2.0
"""How often it looks although nobody told of a change."""

Reached = Callable[[Job], int | None]


@click.command(cls=Verb)
@click.argument("ids", type=JOB_ID, metavar="ID...", nargs=-1, required=True)
@click.option("--for", "goal", metavar="done|STATE|step=NAME", default="done", show_default=True, help="Wait for this.")
@click.option("--timeout", type=times.span, metavar="SPAN", help="At most so long; then exit code 124.")
@click.pass_context
def wait_verb(context: click.Context, ids: tuple[str, ...], goal: str, timeout: float | None) -> int:
    """Wait for jobs, with one line for each change.

    Ends with 0 where all got there, 3 where one failed, 5 where one was cancelled, 1 where one can not get there any
    more, 124 when the time has passed.
    """
    app = app_of(context)
    reached = _reached(app, goal)
    jobs = {job.id: job for job in [app.hw.get(any_id) for any_id in ids]}
    for job in jobs.values():
        _tell(app, job, None)
    limit = None if timeout is None else app.clock.boot() + timeout
    codes = _wait(app, jobs, reached, limit)
    if app.json == "document":
        emit({"jobs": [job.to_dict() for job in jobs.values()], "reached": all(code == 0 for code in codes)})
    found = set(codes)
    order = (exitcodes.TIMEOUT, exitcodes.FAILED, exitcodes.CANCELLED, exitcodes.REFUSED)
    return next((code for code in order if code in found), exitcodes.DONE)


def _wait(app: App, jobs: dict[str, Job], reached: Reached, limit: float | None) -> list[int]:
    seen, codes = 0, dict[str, int]()
    while True:
        heard = app.hw.changed(seen, 0)
        try:
            _look(app, jobs, codes)
            codes |= {key: code for key, job in jobs.items() if key not in codes and (code := reached(job)) is not None}
        except StoreUnavailable as problem:
            app.say(f"Not live: {problem} Trying again.")
        left = LOOK_S if limit is None else min(LOOK_S, limit - app.clock.boot())
        if len(codes) == len(jobs):
            return list(codes.values())
        if left <= 0:
            _tell_late(app, [job for key, job in jobs.items() if key not in codes])
            return [exitcodes.TIMEOUT]
        seen = heard
        app.hw.changed(heard, left)


def _look(app: App, jobs: dict[str, Job], codes: dict[str, int]) -> None:
    for key, before in jobs.items():
        if key not in codes:
            job = jobs[key] = app.hw.get(before)
            if (job.state, job.marks.get("waiting_for")) != (before.state, before.marks.get("waiting_for")):
                _tell(app, job, before)


def _tell(app: App, job: Job, before: Job | None) -> None:
    waits = job.marks.get("waiting_for")
    if waits and (before is None or before.marks.get("waiting_for") != waits):
        app.say(f"{job.number} waits for {one_line(waits)}")
    if before is not None and before.state == job.state:
        return
    if app.json == "lines":
        emit({"job": job.to_dict()})
    elif not app.json:
        moved = job.state if before is None else f"{before.state} → {job.state}"
        print(f"{job.number} {moved}  {wording.name_of(job)}", flush=True)


def _tell_late(app: App, jobs: list[Job]) -> None:
    for job in jobs:
        app.say(f"{job.number} is still {job.state}: the time has passed.")


def _reached(app: App, goal: str) -> Reached:
    """What tells of a job whether it got there: an exit code, or None while that is open."""
    kind, _, name = goal.partition("=")
    if kind == "step" and name:
        return lambda job: _step_code(app, job, name)
    if goal in ("done", "ended"):
        return lambda job: exitcodes.of_job(job) if job.ended else None
    if goal not in STATES:
        raise click.UsageError(f"--for {goal[:60]!r}: expected done, step=NAME, or one of {', '.join(STATES)}.")
    return lambda job: exitcodes.DONE if job.state == goal else _code_of_end(job)


def _step_code(app: App, job: Job, name: str) -> int | None:
    state = next((step.state for step in app.hw.steps(job) if step.name == name), None)
    if state in ("completed", "skipped"):
        return exitcodes.DONE
    return _code_of_end(job)


def _code_of_end(job: Job) -> int | None:
    """A job that ended elsewhere does not get there any more."""
    return (exitcodes.of_job(job) or exitcodes.REFUSED) if job.ended else None
