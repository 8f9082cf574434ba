"""Jobs as they go on: a block on a terminal that is drawn again, plain lines elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Protocol, TextIO

from headway.cli import liveline, osc, wording
from headway.cli.app import App, is_terminal
from headway.cli.screen import Screen
from headway.cli.text import one_line
from headway.model.job import Job

FIRST_S = 0.5
"""What ends sooner is told in its last line alone."""
ETA_S = 0.5
"""The time left is worded anew at most so often: it must not flicker."""
PLAIN_S = 30.0
"""In plain lines each job says something at least so often."""


class View(Protocol):
    """Shows jobs to whoever follows them."""

    tick_s: float
    """How often it wants to be called although nothing has changed."""

    def show(self, jobs: Sequence[Job], now: float) -> None:
        """The jobs as they are."""

    def trouble(self, message: str) -> None:
        """The database does not answer for now."""

    def close(self) -> None:
        """Nothing more is shown."""


def view_for(app: App, stream: TextIO) -> View:
    """The view that fits a stream."""
    return Live(app, stream) if is_terminal(stream) else Plain(app, stream)


class Live:
    """A line for each active job, in a stable order; those that end leave a last line behind."""

    tick_s = 0.1

    def __init__(self, app: App, stream: TextIO) -> None:
        self._app, self._stream = app, stream
        self._screen = Screen(stream)
        self._terminal = osc.TerminalProgress(stream, osc.supported())
        self._began = app.clock.boot()
        self._turn = 0
        self._over: set[str] = set()
        self._left: dict[str, tuple[float, str]] = {}
        self._trouble = ""

    def show(self, jobs: Sequence[Job], now: float) -> None:
        over = [job for job in jobs if job.ended and job.id not in self._over]
        active = [job for job in jobs if not job.ended]
        if active and self._app.clock.boot() - self._began < FIRST_S:
            return
        self._over.update(job.id for job in over)
        self._turn += 1
        self._screen.draw(self._block(jobs, active, now), [self._summary(job, now) for job in over])
        self._tell_terminal(jobs, active)

    def trouble(self, message: str) -> None:
        self._trouble = message
        self._terminal.show(osc.WARNING)

    def close(self) -> None:
        self._terminal.clear()

    def _block(self, jobs: Sequence[Job], active: Sequence[Job], now: float) -> list[str]:
        columns, rows = shutil.get_terminal_size()
        shown = list(active[: max(1, rows - 3)])
        lines = [self._line(job, now, columns - 1) for job in shown]
        if len(shown) < len(active):
            lines.append(f"  and {len(active) - len(shown)} more")
        if len(jobs) > 1 and active:
            lines.insert(0, f"({len(jobs) - len(active)}/{len(jobs)})")
        if self._trouble:
            lines.append(f"  not live: {one_line(self._trouble)}"[: columns - 1])
            self._trouble = ""
        return lines

    def _line(self, job: Job, now: float, columns: int) -> str:
        drawn = liveline.line(job, now, columns, self._turn, self._time_left(job))
        head = self._app.style(drawn.head, self._stream, fg=wording.color(job.state))
        return f"{head}  {drawn.rest}" if drawn.rest else head

    def _summary(self, job: Job, now: float) -> str:
        return self._app.style(liveline.summary(job, now), self._stream, fg=wording.color(job.state))

    def _time_left(self, job: Job) -> str:
        at, text = self._left.get(job.id, (-ETA_S, ""))
        boot = self._app.clock.boot()
        if boot - at >= ETA_S:
            text = wording.left(job.progress) if job.progress else ""
            self._left[job.id] = (boot, text)
        return text

    def _tell_terminal(self, jobs: Sequence[Job], active: Sequence[Job]) -> None:
        """The percentage of one job; of several, how many have ended."""
        if not active:
            self._terminal.clear()
        elif len(jobs) > 1:
            self._terminal.show(osc.NORMAL, 100 * (len(jobs) - len(active)) // len(jobs))
        else:
            percent = active[0].progress.percent if active[0].progress else None
            kind = osc.WARNING if active[0].state in ("paused", "interrupted") else osc.NORMAL
            self._terminal.show(*((osc.UNKNOWN, 0) if percent is None else (kind, percent)))


class Plain:
    """A line for each change of state or step, for each 10 %, and every 30 s, so that a log never looks hung."""

    tick_s = 1.0

    def __init__(self, app: App, stream: TextIO) -> None:
        self._app, self._stream = app, stream
        self._said: dict[str, tuple[str, str, int]] = {}
        self._said_at: dict[str, float] = {}

    def show(self, jobs: Sequence[Job], now: float) -> None:
        boot = self._app.clock.boot()
        for job in jobs:
            news = _news(job)
            late = not job.ended and boot - self._said_at.get(job.id, 0.0) >= PLAIN_S
            if news != self._said.get(job.id) or late:
                self._said[job.id], self._said_at[job.id] = news, boot
                self._print(f"{job.number} {_plain_line(job, now)}")

    def trouble(self, message: str) -> None:
        self._app.say(f"Not live: {one_line(message)} Trying again.")

    def close(self) -> None:
        """Nothing to put back."""

    def _print(self, text: str) -> None:
        self._stream.write(f"{text}\n")
        self._stream.flush()


def _news(job: Job) -> tuple[str, str, int]:
    """What is worth a line when it changes."""
    progress = job.progress
    return job.state, wording.where(progress) if progress else "", (progress.percent or 0) // 10 if progress else 0


def _plain_line(job: Job, now: float) -> str:
    if job.ended:
        return liveline.summary(job, now)
    progress = job.progress
    said = [wording.state(job.state), wording.name_of(job), wording.briefly(progress)]
    if progress is not None and job.state == "running":
        said += [wording.left(progress), wording.where(progress), one_line(progress.message or "")]
    return "  ".join(part for part in (*said, *wording.marks(job)) if part)
