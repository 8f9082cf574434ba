"""One job in one line of a terminal, as wide as there is room."""

from __future__ import annotations

from typing import NamedTuple

from headway.cli import wording
from headway.cli.text import cut, one_line, width
from headway.model import words
from headway.model.job import Job

BAR = 10
FEWEST = 8
"""A message is shown in at least so many columns, or not at all."""

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

GIVEN_UP = ("rate", "left", "bar", "last", "marks", "counts", "where")
"""What a narrow terminal does without, in this order. Shape, name, state and percentage always stay."""


class Drawn(NamedTuple):
    """A line: its head, which is coloured, and the rest."""

    head: str
    rest: str


def line(job: Job, now: float, columns: int, turn: int = 0, left: str = "") -> Drawn:
    """The line of a job. turn: of the spinner; left: the time left in words."""
    head = _head(job, turn)
    parts = _parts(job, now, left)
    for name in GIVEN_UP:
        if width("  ".join([head, *parts.values()])) <= columns:
            break
        parts.pop(name, None)
    rest = "  ".join(parts.values())
    room = columns - width(f"{head}  {rest}") - 2
    message = one_line(job.progress.message or "") if job.progress and not job.ended else ""
    if message and room >= FEWEST:
        rest = "  ".join(part for part in (rest, cut(message, room)) if part)
    if width(f"{head}  {rest}") <= columns:
        return Drawn(head, rest)
    return _cut(job, turn, rest, columns)


def summary(job: Job, now: float) -> str:
    """What became of a job: "✔ import  completed  10k rows  in 2 min"."""
    progress = job.progress
    counts = wording.counted(progress) if progress else ""
    reached = f"at {progress.percent}%" if progress and progress.percent and job.state != "completed" else ""
    took = wording.active_time(job, now)
    error = one_line(job.error.message) if job.error and job.state != "completed" else ""
    warned = f"{job.warnings} warning{'s' if job.warnings > 1 else ''}" if job.warnings else ""
    parts = (_name(job), job.state.replace("_", " "), reached, counts, f"in {took}" if took else "", warned, error)
    return f"{wording.SHAPES[job.state][0]} {'  '.join(part for part in parts if part)}"


def _name(job: Job) -> str:
    return cut(wording.name_of(job), 40)


def _head(job: Job, turn: int) -> str:
    if job.state == "running":
        return f"{SPINNER[turn % len(SPINNER)]} {_name(job)}"
    return f"{wording.SHAPES[job.state][0]} {_name(job)}  {job.state.replace('_', ' ')}"


def _parts(job: Job, now: float, left: str) -> dict[str, str]:
    """What can stand beside the head, in the order in which it is drawn."""
    progress, parts = job.progress, dict[str, str]()
    if progress is not None:
        parts["bar"] = "" if progress.percent is None else f"[{words.bar(progress.percent, BAR)}]"
        parts["percent"] = "" if progress.percent is None else f"{progress.percent}%"
        parts["counts"] = wording.counted(progress)
        if job.state == "running":
            parts["rate"] = words.rate(progress.rate, progress.unit) if progress.rate else ""
            parts["left"] = left
        parts["where"] = wording.where(progress)
        if job.state == "running" and progress.last_progress_at is not None:
            parts["last"] = f"last {words.ago(now - progress.last_progress_at)}"
    parts["marks"] = "  ".join(wording.marks(job))
    return {name: text for name, text in parts.items() if text}


def _cut(job: Job, turn: int, rest: str, columns: int) -> Drawn:
    """Where not even the least has room, the name is cut, then the rest."""
    shape, state = _head(job, turn).partition(" ")[0], "" if job.state == "running" else job.state
    after = "  ".join(part for part in (state, rest) if part)
    room = columns - width(shape) - width(after) - 3
    if room < FEWEST:
        return Drawn(cut(f"{shape} {after or _name(job)}", columns), "")
    return Drawn(f"{shape} {cut(wording.name_of(job), room)}", after)
