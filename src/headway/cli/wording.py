"""How the command line words a job: its state with shape and colour, its progress, its ages."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from headway.cli.text import one_line
from headway.errors import InvalidInput
from headway.model import words
from headway.model.failure import cause_of
from headway.model.job import Job, Step, Undo
from headway.model.moves import EXECUTING
from headway.model.progress import Progress
from headway.model.steps import StepCounts

SHAPES = {
    "pending": ("○", "cyan"), "running": ("●", "blue"), "pausing": ("◐", "yellow"), "paused": ("‖", "yellow"),
    "interrupted": ("↯", "magenta"), "cancelling": ("◌", "bright_black"), "cancelled": ("⊘", "bright_black"),
    "rolling_back": ("↶", "yellow"), "completed": ("✔", "green"), "failed": ("✘", "red"),
    "rolled_back": ("↩", "bright_black"), "rollback_failed": ("✘", "red"),
    "planned": ("○", "bright_black"), "skipped": ("–", "bright_black"),
}  # fmt: skip
"""Each state has a shape, a word and a colour, so that none is told by its colour alone. Red is for failure only."""


_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:\d\d|Z)")
STEP_STATES = ("completed", "failed", "skipped", "running", "planned")


def state(name: str) -> str:
    """A state as people read it: "✔ completed"."""
    return f"{SHAPES[name][0]} {name.replace('_', ' ')}"


def state_of(job: Job) -> str:
    """The state of a job as a list shows it: "↩ rolled back in part", "✔ completed with warnings"."""
    warned = job.state == "completed" and job.warnings
    return state(job.state) + (" in part" if "in_part" in job.marks else "") + (" with warnings" if warned else "")


def color(name: str) -> str:
    """The colour of a state."""
    return SHAPES[name][1]


def jobs(count: int) -> str:
    """How many jobs: "1 job", "3 jobs"."""
    return "1 job" if count == 1 else f"{words.exact(count)} jobs"


def name_of(job: Job) -> str:
    """The name of a job as one line."""
    return one_line(job.name) or one_line(job.type)


def known_as(job: Job) -> str:
    """The name of a job; where that is only its type, with the ids that tell it from others: "vm.failover · pg1"."""
    if job.name and job.name != job.type:
        return name_of(job)
    ids = [one for one in (job.context_id, *job.external_ids.values()) if one]
    return " · ".join([name_of(job), *dict.fromkeys(map(one_line, ids))])


def type_of(job: Job) -> str:
    """The type of a job; of a rollback, what it is: it has the type of the first undo that it runs."""
    return one_line(job.type) if job.rollback_of is None else f"rollback: {one_line(job.type)}"


def counted(progress: Progress) -> str:
    """How much is over: "5.5k/10k rows", "3.1 MB/8 GB (2 failed)"; empty where nothing is counted."""
    if not progress.done and progress.total is None:
        return ""
    in_bytes = progress.unit == "B"
    figure = words.size if in_bytes else words.count
    done = figure(progress.done)
    text = done if progress.total is None else f"{done}/{figure(progress.total)}"
    unit = "" if in_bytes or not progress.unit else f" {one_line(progress.unit)}"
    return text + unit + words.among(progress.failed, progress.skipped)


def left(progress: Progress) -> str:
    """The time left: "~49 s left", "updated: ~4 min left"; empty where it is unknown."""
    if progress.eta is None:
        return ""
    text = f"{words.time_left(progress.eta).replace('about ', '~')} left"
    return f"{text} (updated)" if progress.eta.updated else text


def where(progress: Progress) -> str:
    """The phase it is in: "step 3/5 load"."""
    if not progress.phase:
        return ""
    planned = [view.name for view in progress.phases if view.planned]
    top = progress.phase.partition(" / ")[0]
    place = f"step {planned.index(top) + 1}/{len(planned)} " if top in planned else ""
    return place + one_line(progress.phase)


def cell(progress: Progress | None) -> str:
    """One cell of a table. Counts of a phase, beside a percentage of the whole, would be taken for the job's own."""
    if progress is None or not progress.of_phase:
        return briefly(progress)
    return "" if progress.percent is None else f"{progress.percent}%"


def briefly(progress: Progress | None) -> str:
    """Percentage and counts: "55% 5.5k/10k rows"."""
    if progress is None:
        return ""
    percent = "" if progress.percent is None else f"{progress.percent}%"
    return " ".join(part for part in (percent, counted(progress)) if part)


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """Seconds from start to end, None where one is missing."""
    return None if start is None or end is None else (end - start).total_seconds()


def age(moment: datetime | None, now: float) -> str:
    """How long ago: "3 min ago"."""
    return "" if moment is None else words.ago(now - moment.timestamp())


def active_time(job: Job, now: float) -> str:
    """How long it has worked, this attempt included: also while it is asked to stop and has not yet."""
    # Of a later attempt that is asked to stop, when it began is not told: what it did before that is left out.
    begun = job.started_at if job.attempt == 1 and job.started_at else job.state_since
    spent = job.active_s + (max(0.0, now - begun.timestamp()) if job.state in EXECUTING else 0.0)
    return words.duration(spent) if spent or job.started_at else ""


def kept(job: Job) -> str:
    """How long the job stays: "pinned", "until ..."; empty where nothing takes it away."""
    return "pinned" if job.pinned else "" if job.expires_at is None else f"until {local(job.expires_at)}"


def short(value: Any) -> str:
    """A value in one line, cut where it is long."""
    text = one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= 200 else f"{text[:199]}…"


def marks(job: Job) -> list[str]:
    """What stands beside the state."""
    said = {
        "waiting_for": "waits for {}", "stalled_since": "stalled since {}",
        "not_answering_since": "asked, not answered since {}", "unconfirmed": "unconfirmed {}",
        "with_warnings": "warnings: {}", "in_part": "in part: {}",
    }  # fmt: skip
    return [said.get(name, name + " {}").format(_clock_time(one_line(value))) for name, value in job.marks.items()]


def _clock_time(text: str) -> str:
    """A mark with its times as local ones."""
    return _TIME.sub(lambda found: local(datetime.fromisoformat(found[0])), text)


def local(moment: datetime) -> str:
    """A time in the zone of this machine."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def commands_for(job: Job) -> list[str]:
    """What a person can do with the job now, as commands."""
    able = [f"headway {move} {job.number}" for move in job.moves]
    if job.state == "failed" and not job.outside and cause_of(job.error).of_input:
        if job.error is not None and job.error.code == InvalidInput.code:  # nothing can be put right but the input
            able = [f"headway {move} {job.number}" for move in job.moves if move != "retry"]
        return [f"headway restart {job.number} KEY=VALUE", *reversed(able)]
    return [*able, f"headway restart {job.number}"] if job.ended and job.rollback_of is None else able


def steps(counts: StepCounts) -> str:
    """How many steps are in each state: "5: 3 completed, 1 failed, 1 skipped"."""
    told = [f"{n} {name}" for name in STEP_STATES if (n := getattr(counts, name))]
    return f"{counts.total}: {', '.join(told)}"


def step_line(step: Step, now: float) -> str:
    """A step in one line: shape, name, how long."""
    end = now if step.ended_at is None else step.ended_at.timestamp()
    took = "" if step.started_at is None else words.duration(end - step.started_at.timestamp())
    error = f"  {one_line(step.error.message)}" if step.error else ""
    return f"{SHAPES[step.state][0]} {one_line(step.name)}  {took}{error}".rstrip()


def undo_line(undo: Undo) -> str:
    """An undo in one line: position, type, input, the step that it was recorded in, what became of it."""
    step = f"  in {one_line(undo.step)}" if undo.step else ""
    error = f": {one_line(undo.error.message)}" if undo.error else ""
    became = "" if undo.state == "recorded" else f"  {undo.state}{error}"
    return f"{undo.position:>3}  {one_line(undo.type)} {short(undo.input)}{step}{became}"
