"""The steps of a job counted, in one place, so that the numbers agree wherever they are shown."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from headway.model.job import Job, Record, Step
from headway.model.moves import EXECUTING
from headway.model.phase import whole_percent
from headway.model.progress import CAP, Progress

ROLLED = ("rolling_back", "rolled_back", "rollback_failed")
"""No step runs any more: what was over when the job ended is over."""


class StepCounts(Record, frozen=True, kw_only=True):
    """How many steps are in each state. planned: those that are still to run, once more where they were cut off.

    step_percent: the planned ones that are over (completed, skipped, or failed though optional) by their weights, 100
    only when the job is completed, or was and is rolled back; None without a plan. It counts whole steps; how far the
    job is says its percent.
    """

    total: int = 0
    planned: int = 0
    running: int = 0
    completed: int = 0
    failed: int = 0
    skipped: int = 0
    step_percent: int | None = None


class JobProgress(Record, frozen=True, kw_only=True):
    """How far a job is. percent: its own, as everywhere. runtime_s: seconds from its first start to its end, or to now
    while it is open, pauses included; last_activity: when it last said or did anything.
    """

    job_id: str
    state: str
    percent: int | None = None
    steps: StepCounts = StepCounts()
    started_at: datetime | None = None
    last_activity: datetime | None = None
    runtime_s: float = 0.0
    progress: Progress | None = None


def standing(step: Step, job: Job) -> Step:
    """A step as it stands. One that was cut off, or never ran, is to run when its job goes on; it is skipped where the
    job is completed without it.
    """
    if step.state == "planned" or (step.state == "running" and not _under_way(step, job)):
        state = "skipped" if job.state == "completed" else "planned"
        return msgspec.structs.replace(step, state=state, started_at=None)
    return step


def counted(steps: Sequence[Step], state: str) -> StepCounts:
    """The counts of the steps of a job in that state, each as it stands."""
    counts = Counter(step.state for step in steps)
    return StepCounts(
        total=len(steps), planned=counts["planned"], running=counts["running"], completed=counts["completed"],
        failed=counts["failed"], skipped=counts["skipped"], step_percent=_percent(steps, state),
    )  # fmt: skip


def _percent(steps: Sequence[Step], state: str) -> int | None:
    whole = math.fsum(step.weight for step in steps)
    if not whole:
        return None
    done = whole_percent(math.fsum(step.weight for step in steps if _is_over(step)) / whole) or 0
    if state == "completed" or (state in ROLLED and all(_is_over(step) for step in steps)):
        return 100
    return min(CAP, done)


def _is_over(step: Step) -> bool:
    return step.state in ("completed", "skipped") or (step.state == "failed" and step.optional)


def _under_way(step: Step, job: Job) -> bool:
    return job.state in EXECUTING and step.attempt == job.attempt
