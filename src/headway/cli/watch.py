"""`headway watch`: jobs as they go on, to their end."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Sequence
from types import FrameType
from typing import TextIO

import click

from headway.cli import exitcodes
from headway.cli.app import App, Verb, app_of
from headway.cli.ids import JOB_ID
from headway.cli.jsonout import emit
from headway.cli.live import View, view_for
from headway.cli.text import one_line
from headway.errors import StoreUnavailable
from headway.model.job import Job

SHORTEST_S = 0.1
"""Jobs are looked at and drawn at most ten times a second."""
LONGEST_S = 1.0
"""How often they are looked at although nobody told of a change: ages, marks and waits change by themselves."""


@click.command(cls=Verb)
@click.argument("ids", type=JOB_ID, metavar="[ID]...", nargs=-1)
@click.option("--fail-on-stall", is_flag=True, help="End with exit code 7 when one of them stalls.")
@click.pass_context
def watch_verb(context: click.Context, ids: tuple[str, ...], fail_on_stall: bool) -> int:
    """Watch jobs to their end; without ids all that are active now.

    Ends with 0 where all completed, 3 where one failed, 5 where one was cancelled. Ctrl-C leaves them running and
    ends with 130. Elsewhere than on a terminal: plain lines.
    """
    app = app_of(context)
    jobs = [app.hw.get(any_id) for any_id in ids] if ids else list(app.hw.jobs(active=True, limit=1000))[::-1]
    if not jobs:
        app.say(f"Nothing is active in {app.place}.")
    return follow(app, jobs, fail_on_stall=fail_on_stall)


def follow(app: App, jobs: Sequence[Job], stream: TextIO | None = None, fail_on_stall: bool = False) -> int:
    """Shows jobs as see() does; Ctrl-C leaves them running, and says how to come back."""
    try:
        return see(app, jobs, stream, fail_on_stall)
    except KeyboardInterrupt:
        ids = " ".join(str(job.number) for job in jobs if not app.hw.get(job).ended)
        app.say(f"\nStill running. Reattach: headway watch {ids} · Stop: headway cancel {ids}")
        return exitcodes.DETACHED


def tell_how(app: App, jobs: Sequence[Job]) -> None:
    """Says of new jobs that nobody follows here for what they wait, and how to follow them."""
    for job in jobs:
        if "waiting_for" in job.marks:
            app.say(f"It waits for {one_line(job.marks['waiting_for'])}")
        elif job.state == "pending":
            app.say("A worker that has its type takes it as soon as a slot is free.")
        app.say(f"Follow: headway watch {job.number}")


def see(app: App, jobs: Sequence[Job], stream: TextIO | None = None, fail_on_stall: bool = False) -> int:
    """Shows jobs until all have ended; the exit code that tells how. stream: standard output unless given."""
    view = _Json(app) if app.json else view_for(app, stream or sys.stdout)
    before = {number: signal.signal(number, _leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    following = Following(app, jobs, view)
    try:
        following.run(fail_on_stall)
    finally:
        view.close()
        for number, handler in before.items():
            signal.signal(number, handler)
    if app.json == "document":
        emit({"jobs": [job.to_dict() for job in following.jobs]})
    stalled = fail_on_stall and any("stalled_since" in job.marks for job in following.jobs)
    return exitcodes.STALLED if stalled else exitcodes.of_jobs(following.jobs)


class Following:
    """Looks at jobs when the database tells of a change, or after a while, and shows them."""

    def __init__(self, app: App, jobs: Sequence[Job], view: View) -> None:
        self.jobs = list({job.id: job for job in jobs}.values())
        self._app, self._view = app, view
        self._never = threading.Event()

    def run(self, fail_on_stall: bool) -> None:
        """Returns when all jobs have ended, or when one stalls and that is asked for."""
        clock, seen, looked_at = self._app.clock, 0, 0.0
        while True:
            begun = clock.boot()
            try:
                heard = self._app.hw.changed(seen, 0)
                if heard != seen or begun - looked_at >= LONGEST_S:
                    self._look()
                    seen, looked_at = heard, begun
                self._view.show(self.jobs, self._app.hw.now())
                if self._over(fail_on_stall):
                    return
                self._app.hw.changed(seen, self._view.tick_s)
            except StoreUnavailable as problem:
                self._view.trouble(str(problem))
                clock.wait(self._never, LONGEST_S)
            clock.wait(self._never, max(0.0, SHORTEST_S - (clock.boot() - begun)))

    def _look(self) -> None:
        self.jobs = [job if job.ended else self._app.hw.get(job) for job in self.jobs]

    def _over(self, fail_on_stall: bool) -> bool:
        stalled = fail_on_stall and any("stalled_since" in job.marks for job in self.jobs)
        return stalled or all(job.ended for job in self.jobs)


class _Json:
    """--json: nothing until the end; --json=lines: each job anew whenever it has changed."""

    tick_s = LONGEST_S

    def __init__(self, app: App) -> None:
        self._lines = app.json == "lines"
        self._app = app
        self._versions: dict[str, tuple[str, int, int]] = {}

    def show(self, jobs: Sequence[Job], now: float) -> None:
        for job in jobs if self._lines else ():
            version = (job.state, job.events, job.version)
            if self._versions.get(job.id) != version:
                self._versions[job.id] = version
                emit({"job": job.to_dict()})

    def trouble(self, message: str) -> None:
        self._app.say(f"Not live: {message} Trying again.")

    def close(self) -> None:
        """Nothing to put back."""


def _leave(number: int, frame: FrameType | None) -> None:
    """Ends in good order, so that what the terminal shows is put back."""
    sys.exit(128 + number)
