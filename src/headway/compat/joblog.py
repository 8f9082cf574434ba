"""The job log of a failover tool: jobs of ordered steps, found by any id that somebody knows them by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from headway.compat.outside import OutsideJobs
from headway.errors import Ambiguous, Conflict, InvalidInput, NotFound
from headway.model.job import Job, Step
from headway.model.steps import JobProgress
from headway.tracker.headway import Headway
from headway.tracker.telling import Fault, LogLine, ProgressSaid, StepSaid, Told

T = TypeVar("T")
Level = Literal["debug", "info", "warning", "error", "critical"]

CATEGORIES = ("system", "failover", "replication", "scheduler", "discovery", "bulk")
STATUSES = {"pausing": "running", "cancelling": "running"}
"""Where its word for a state is another one."""
LEGACY = "failover_jobs"
"""The namespace of ids from before there was a job log."""
LEGACY_PERCENT = {
    "pending": 0, "validating": 10, "snapshotting": 25, "creating_vm": 50, "switching_volume": 75, "powering_on": 90,
    "completed": 100, "failed": 0, "cleanup": 100,
}  # fmt: skip
ORDER = ("id", "external", "context")


class JobStart(msgspec.Struct, frozen=True, kw_only=True):
    """What a job is begun with. plan: the names of its steps, so that its percentage counts from the start.

    external_job_id: made once, by whoever shows it first, and passed down. context_id: of what it works on.
    """

    job_type: str
    operation: str
    owner: str | None = None
    parent_job_id: str | None = None
    context_id: str | None = None
    external_job_id: str | None = None
    job_category: str = "system"
    metadata: Mapping[str, Any] | None = None
    plan: Sequence[str] = ()


class JobContext(msgspec.Struct, frozen=True, kw_only=True):
    """What travels with the work: the ids of the job, and the step it is in."""

    job_id: str
    external_job_id: str | None = None
    step: str | None = None


class JobRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A job as the log has it."""

    id: str
    parent_job_id: str | None
    job_type: str
    operation: str
    status: str
    percent_complete: int | None
    cloudstack_job_id: str | None
    external_job_id: str | None
    context_id: str | None
    job_category: str
    metadata: Any
    error_message: str | None
    owner: str | None
    started_at: datetime | None
    completed_at: datetime | None
    canceled_at: datetime | None
    created_at: datetime
    updated_at: datetime


class StepRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A step as the log has it. status: planned, running, completed, failed or skipped."""

    name: str
    seq: int
    status: str
    started_at: datetime | None
    completed_at: datetime | None
    error_message: str | None
    metadata: Any


class ProgressSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is. step_completion_percentage: None without a plan; manual: what the work said itself."""

    job_id: str
    total_steps: int
    completed_steps: int
    failed_steps: int
    running_steps: int
    skipped_steps: int
    step_completion_percentage: int | None
    manual_completion_percentage: int | None
    started_at: datetime | None
    last_activity: datetime | None
    runtime_seconds: float


class JobSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A job with its steps and its progress."""

    job: JobRecord
    steps: list[StepRecord]
    progress: ProgressSummary


class JobLog:
    """The tracker. Thread-safe; a step, an end and an id are stored when a call returns."""

    def __init__(self, hw: Headway) -> None:
        self.hw = hw
        self._outside = OutsideJobs(hw)

    def start_job(self, start: JobStart) -> JobContext:
        """A job that runs from now on. Raises InvalidInput, NotFound (parent), Conflict."""
        if start.job_category not in CATEGORIES:
            raise InvalidInput(f"job_category={start.job_category!r:.60}: expected {', '.join(CATEGORIES)}.")
        owner = {} if start.owner is None else {"owner": start.owner}
        job = self._outside.submit(
            start.job_type, start.metadata, name=start.operation, category=start.job_category,
            external_id=start.external_job_id, context_id=start.context_id, parent=start.parent_job_id,
            labels={"operation": start.operation, **owner},
        )  # fmt: skip
        context = JobContext(job_id=self._outside.begin(job).id, external_job_id=start.external_job_id)
        if start.plan:
            self._tell(context, Told(steps=[StepSaid(name=name, state="planned") for name in start.plan]))
        return context

    def start_step(self, context: JobContext, name: str, optional: bool = False) -> JobContext:
        """A step begins; the context to go on with. optional: the job may complete although it fails."""
        self._tell(context, Told(steps=[StepSaid(name=name, state="running", optional=optional)]))
        return msgspec.structs.replace(context, step=name)

    def end_step(
        self, context: JobContext, status: Literal["completed", "failed", "skipped"], error: str | None = None,
        metadata: Any = None,
    ) -> None:  # fmt: skip
        """The step of the context is over."""
        if context.step is None:
            raise InvalidInput("The context is in no step: end_step takes what start_step has returned.")
        known = next((step for step in self.hw.steps(f"id:{context.job_id}") if step.name == context.step), None)
        fault = None if error is None else Fault(message=error)
        said = StepSaid(
            name=context.step, state=status, error=fault, result=metadata, optional=known is not None and known.optional
        )
        self._tell(context, Told(steps=[said]))

    def run_step(self, context: JobContext, name: str, work: Callable[[JobContext], T], optional: bool = False) -> T:
        """Calls `work` as a step. Whatever it raises fails the step and is raised again."""
        inside = self.start_step(context, name, optional)
        try:
            result = work(inside)
        except BaseException as error:
            with suppress(Conflict):  # the job is over meanwhile: what was raised is what counts
                self.end_step(inside, "failed", f"{type(error).__name__}: {error}")
            raise
        self.end_step(inside, "completed")
        return result

    def mark_job_progress(self, context: JobContext, percent: float) -> None:
        """What the work itself says of how far it is, 0 to 100."""
        self._tell(context, Told(progress=ProgressSaid(percent=percent)))

    def log(self, context: JobContext, level: Level, message: str, **attrs: Any) -> None:
        """A line of the log, with the step it was written in."""
        step = {} if context.step is None else {"step": context.step}
        self._tell(context, Told(log=[LogLine(text=message, level=level, attrs=attrs | step)]))

    def end_job(self, context: JobContext, status: str, error: str | None = None) -> str:
        """Ends the job as completed, failed or cancelled; how it ended.

        It fails where a step has failed that was not optional, whatever is said here.
        """
        if status not in ("completed", "failed", "cancelled"):
            raise InvalidInput(f"status={status!r:.60}: expected completed, failed or cancelled.")
        job = self.hw.get(f"id:{context.job_id}")
        broken = [step for step in self.hw.steps(job.id) if step.state == "failed" and not step.optional]
        if status == "completed" and broken:
            why = broken[0].error.message if broken[0].error else "it failed"
            status, error = "failed", error or f"step {broken[0].name!r}: {why}"
        return self._outside.end(job, status, error=error).state

    def get_job_by_id(self, job_id: str) -> JobSummary:
        """By the whole id. Raises NotFound."""
        return summary(self.hw, self.hw.get(f"id:{job_id}"))

    def get_job_by_external_id(self, external_id: str) -> JobSummary:
        """By an external id; the newest where several have it. Raises NotFound."""
        return summary(self.hw, self.hw.get(f"external:{external_id}"))

    def get_job_by_context_id(self, context_id: str) -> list[JobRecord]:
        """All jobs of a context, newest first."""
        return [record(job) for job in self.hw.jobs(context_id=context_id, limit=1000).all()]

    def find_job_by_any_id(self, any_id: str) -> JobSummary:
        """By the whole id, else an external id, else the newest of a context. Raises NotFound, naming the id."""
        return summary(self.hw, find(self.hw, any_id))

    def get_job_progress(self, any_id: str) -> ProgressSummary:
        """How far a job is, by any id. Raises NotFound."""
        return progress(self.hw.progress(f"id:{find(self.hw, any_id).id}"))

    def note_legacy_state(self, failover_id: str, state: str, error: str | None = None) -> JobRecord:
        """Takes over what a program from before the job log says of its failover: one of LEGACY_PERCENT."""
        if state not in LEGACY_PERCENT:
            raise InvalidInput(f"state={state!r:.60}: expected {', '.join(LEGACY_PERCENT)}.")
        try:
            job = self.hw.get(f"{LEGACY}:{failover_id}")
        except NotFound:
            new = self._outside.submit("failover", category="failover", external_id={LEGACY: failover_id})
            job = self._outside.begin(new)
        percent = LEGACY_PERCENT[state] if state != "failed" else None
        self._outside.tell(job, Told(progress=ProgressSaid(percent=percent, message=state)))
        if state in ("completed", "failed", "cleanup"):
            job = self._outside.end(job, "failed" if state == "failed" else "completed", error=error)
        return record(self.hw.get(f"id:{job.id}"))

    def _tell(self, context: JobContext, told: Told) -> None:
        self._outside.tell(self.hw.get(f"id:{context.job_id}"), told)


def failover_id(kind: str, vm: str, at: datetime, rollback: bool = False) -> str:
    """The external id of a failover: kind is live or test; at: when it was asked for."""
    if kind not in ("live", "test"):
        raise InvalidInput(f"kind={kind!r:.60}: expected live or test.")
    return f"{'rollback' if rollback else 'unified'}-{kind}-failover-{vm}-{int(at.timestamp())}"


def find(hw: Headway, any_id: str) -> Job:
    """The job that an id means: the whole id, an external id, the newest of a context, then what else finds a job.

    Raises NotFound.
    """
    try:
        return hw.get(any_id)
    except Ambiguous as several:
        ranked = sorted(several.candidates, key=lambda one: ORDER.index(one[0]) if one[0] in ORDER else 1)
        return msgspec.structs.replace(hw.get(f"id:{ranked[0][1]}"), found_by=ranked[0][0])


def status(job: Job) -> str:
    """Its word for the state of a job."""
    return STATUSES.get(job.state, job.state)


def summary(hw: Headway, job: Job) -> JobSummary:
    """A job with all that belongs to it."""
    found = hw.progress(f"id:{job.id}")
    steps = [step_record(step) for step in hw.steps(f"id:{job.id}")]
    shown = msgspec.structs.replace(record(job), updated_at=found.last_activity or job.state_since)
    return JobSummary(job=shown, steps=steps, progress=progress(found))


def record(job: Job) -> JobRecord:
    """A job as the log has it."""
    ids = job.external_ids
    return JobRecord(
        id=job.id, parent_job_id=job.parent_id, job_type=job.type, operation=job.labels.get("operation", job.name),
        status=status(job), percent_complete=job.progress.percent if job.progress else None,
        cloudstack_job_id=ids.get("cloudstack"), external_job_id=ids.get("external", ids.get(LEGACY)),
        context_id=job.context_id, job_category=job.category, metadata=job.input,
        error_message=job.error.message if job.error else None, owner=job.labels.get("owner", job.owner),
        started_at=job.started_at, completed_at=job.ended_at,
        canceled_at=job.ended_at if job.state == "cancelled" else None, created_at=job.created_at,
        updated_at=job.state_since,
    )  # fmt: skip


def step_record(step: Step) -> StepRecord:
    """A step as the log has it."""
    return StepRecord(
        name=step.name, seq=step.position, status=step.state, started_at=step.started_at, completed_at=step.ended_at,
        error_message=step.error.message if step.error else None, metadata=step.result,
    )  # fmt: skip


def progress(found: JobProgress) -> ProgressSummary:
    """Progress as the log has it: the same numbers as everywhere."""
    steps = found.steps
    return ProgressSummary(
        job_id=found.job_id, total_steps=steps.total, completed_steps=steps.completed, failed_steps=steps.failed,
        running_steps=steps.running, skipped_steps=steps.skipped, step_completion_percentage=steps.step_percent,
        manual_completion_percentage=found.percent, started_at=found.started_at, last_activity=found.last_activity,
        runtime_seconds=found.runtime_s,
    )  # fmt: skip
