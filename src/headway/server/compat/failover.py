"""The API of a failover tool: status and progress of a job of any category, by any id that somebody knows it by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from headway.compat import joblog
from headway.compat.joblog import JobRecord, JobSummary, ProgressSummary, StepRecord
from headway.errors import Ambiguous, NotFound
from headway.model.job import Job
from headway.server import problems
from headway.server.asked import Nothing
from headway.server.operation import Answer, Call, Operations

FAILOVER = Operations("older")
"""On paths that others have names on: they stand after them."""
RECENT = 20


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """No job of that category answers to the id."""

    success: bool = False
    message: str


class JobDetails(JobRecord, frozen=True, kw_only=True):
    """What a job is, with its steps. tracking_source: failover_jobs where its id is from before the job log.

    warnings: the steps that failed although the job goes on without them.
    """

    steps: list[StepRecord]
    tracking_source: str
    found_by: str | None
    warnings: list[str]


class JobStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a job. progress: percent, 0 where it is not known; duration: seconds."""

    success: bool = True
    message: str
    job_id: str
    status: str
    progress: int
    start_time: datetime | None
    duration: float
    job_details: JobDetails


class Phases(ProgressSummary, frozen=True, kw_only=True):
    """How far a job is. current_phase: the step that runs; phases: all of them, planned ones included."""

    status: str
    progress: int
    current_phase: str | None
    phases: list[StepRecord]
    metadata: Any


class JobSteps(msgspec.Struct, frozen=True, kw_only=True):
    """A job with its steps as they are now, and the jobs around it."""

    success: bool = True
    message: str
    job_id: str
    external_job_id: str | None
    context_id: str | None
    found_by: str | None
    progress: Phases
    parent: JobRecord | None
    children: list[JobRecord]
    context_jobs: list[str]


class RecentJobs(msgspec.Struct, frozen=True, kw_only=True):
    """The newest jobs of a context."""

    success: bool = True
    jobs: list[JobRecord]


@FAILOVER.add("GET", "/vm-contexts/{context}/recent-jobs", answers={200: RecentJobs})
def recent_jobs(call: Call[Nothing, None]) -> Answer:
    """The 20 newest jobs of a context."""
    context = str(call.request.path_params["context"])
    return Answer(RecentJobs(jobs=[joblog.record(job) for job in call.hw.jobs(context_id=context, limit=RECENT)]))


@FAILOVER.add("GET", "/{category}/{known_as}/status", answers={200: JobStatus, 404: Missing})
def category_status(call: Call[Nothing, None]) -> Answer:
    """The state of a job of a category, such as failover: by its id, an external id, or a context. Times in seconds."""
    job = _job(call)
    if isinstance(job, Missing):
        return Answer(job, 404)
    found = joblog.summary(call.hw, job)
    told = JobStatus(
        message=f"{found.job.operation}: {found.job.status}", job_id=job.id, status=found.job.status,
        progress=_percent(found), start_time=job.started_at, duration=found.progress.runtime_seconds,
        job_details=_details(job, found),
    )  # fmt: skip
    return Answer(told)


@FAILOVER.add("GET", "/{category}/{known_as}/progress", answers={200: JobSteps, 404: Missing})
def category_progress(call: Call[Nothing, None]) -> Answer:
    """The steps of a job of a category as they are now, its context, the job above it and those below."""
    job = _job(call)
    if isinstance(job, Missing):
        return Answer(job, 404)
    found, hw = joblog.summary(call.hw, job), call.hw
    running = [step.name for step in found.steps if step.status == "running"]
    phases = Phases(
        **msgspec.structs.asdict(found.progress), status=found.job.status, progress=_percent(found),
        current_phase=running[-1] if running else None, phases=found.steps, metadata=job.input,
    )  # fmt: skip
    told = JobSteps(
        message=phases.current_phase or found.job.status, job_id=job.id, external_job_id=found.job.external_job_id,
        context_id=job.context_id, found_by=job.found_by, progress=phases,
        parent=joblog.record(hw.get(f"id:{job.parent_id}")) if job.parent_id else None,
        children=[joblog.record(child) for child in hw.children(f"id:{job.id}", limit=1000)],
        context_jobs=[] if job.context_id is None else [one.id for one in hw.jobs(context_id=job.context_id)],
    )  # fmt: skip
    return Answer(told)


def _job(call: Call[Nothing, None]) -> Job | Missing:
    """The job that the path names, if it is of the category of the path."""
    category, known_as = (str(call.request.path_params[name]) for name in ("category", "known_as"))
    try:
        job = joblog.find(call.hw, known_as)
    except (NotFound, Ambiguous) as error:
        return Missing(message=problems.refusal_of(error, call.hw.url).detail)
    if category in (job.category, job.type, job.type.partition(".")[0]):
        return job
    return Missing(message=f"Job {known_as[:80]!r} is of category {job.category!r}, not {category[:60]!r}.")


def _details(job: Job, found: JobSummary) -> JobDetails:
    return JobDetails(
        **msgspec.structs.asdict(found.job), steps=found.steps, found_by=job.found_by,
        tracking_source=joblog.LEGACY if joblog.LEGACY in job.external_ids else "job_tracking",
        warnings=[] if job.state == "failed" else [step.name for step in found.steps if step.status == "failed"],
    )  # fmt: skip


def _percent(found: JobSummary) -> int:
    """What the work itself says, else its steps; 100 once it is completed."""
    if found.job.status == "completed":
        return 100
    said, steps = found.progress.manual_completion_percentage, found.progress.step_completion_percentage
    return next((percent for percent in (said, steps) if percent is not None), 0)
