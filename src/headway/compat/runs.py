"""Runs of a media catalogue: its service functions for the progress of jobs, by the number of a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from headway.compat.outside import OutsideJobs
from headway.errors import Conflict, InvalidInput, NotFound
from headway.model.job import Job
from headway.model.progress import Progress
from headway.tracker.headway import Headway
from headway.tracker.telling import LogLine, ProgressSaid, Told

KINDS = ("recommendation", "sync", "system", "notification", "analysis")
STATUSES = {
    "pending": "pending", "running": "running", "pausing": "running", "cancelling": "running", "paused": "pending",
    "interrupted": "pending", "completed": "completed", "failed": "failed", "cancelled": "cancelled",
    "rolling_back": "running", "rolled_back": "cancelled", "rollback_failed": "failed",
}  # fmt: skip
"""It knows no pause: what waits to go on is pending, and nothing that may still change looks as if it were over."""
ENDS = ("completed", "failed", "cancelled")


class JobRun(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A run with its progress. id: the number of the job; progress: percent, 0 where it is not known.

    processedItems: those that are over, failed and skipped ones among them; progressData: whatever the work tells.
    """

    id: int
    job_name: str
    job_type: str
    status: str
    start_time: datetime | None = None
    end_time: datetime | None = None
    user_id: str | None = msgspec.field(default=None, name="userID")
    error_message: str | None = None
    progress: int = 0
    total_items: int = 0
    processed_items: int = 0
    failed_items: int = 0
    skipped_items: int = 0
    status_message: str = ""
    progress_data: dict[str, Any] | None = None
    metadata: Any = None
    job_id: str = ""


class Runs:
    """The service. Thread-safe, and safe between processes: counts are added where they are stored.

    A run that is begun here is the caller's own work; runs of workers are read by the same functions.
    """

    def __init__(self, hw: Headway) -> None:
        self.hw = hw
        self._outside = OutsideJobs(hw)

    def create_job_run(
        self, name: str, kind: str, user: str | int | None = None, metadata: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> int:  # fmt: skip
        """A pending run; its number. name: that of the job, as schedules know it; kind: one of KINDS.

        options: as Headway.submit takes them. Raises InvalidInput, and what submit raises.
        """
        if kind not in KINDS:
            raise InvalidInput(f"kind={kind!r:.60}: expected {', '.join(KINDS)}.")
        labels = {} if user is None else {"user": str(user)}
        return self._outside.submit(name, metadata, category=kind, labels=labels, **options).number

    def start_job_run(self, run: int) -> None:
        """The run begins; the lease is kept while this process lives. Raises NotFound, IllegalMove."""
        self._outside.begin(find(self.hw, run))

    def get_job_run_progress(self, run: int) -> JobRun:
        """A run with its progress. Raises NotFound."""
        return shown(find(self.hw, run))

    def get_active_job_runs(self) -> list[JobRun]:
        """All runs that are not over, newest first; pending ones too."""
        return [shown(job) for job in self.hw.jobs(active=True, limit=1000).all()]

    def update_job_progress(self, run: int, progress: float, message: str = "") -> None:
        """Sets the percentage, of which this call is the owner from now on, and the message.

        A smaller one than before does not move it back, and leaves a warning in the log. Raises InvalidInput outside
        0..100, NotFound, Conflict where the run is over.
        """
        job = self._telling(run)
        reached = None if job.progress is None else job.progress.percent
        back = f"progress {progress:g} is below {reached}, which stays" if reached and progress < reached else None
        log: list[str | LogLine] = [LogLine(text=back, level="warning")] if back else []
        said = ProgressSaid(percent=progress, message=message or None)
        self._outside.tell(job, Told(progress=said, log=log, checkpoint={"percent": progress}))

    def set_job_total_items(self, run: int, total: int) -> None:
        """How many items there are in all. Raises InvalidInput, NotFound, Conflict."""
        self._tell(run, ProgressSaid(total=total))

    def increment_job_processed_items(self, run: int, count: int = 1, *, failed: int = 0, skipped: int = 0) -> None:
        """So many more are over; failed, skipped: so many of them. Added where they are stored: none is lost.

        The percentage stays with update_job_progress where that has set one, else it is processed of total.
        """
        job = self._telling(run)
        owned = self._outside.saved(job).get("percent")
        told = ProgressSaid(add=count, add_failed=failed, add_skipped=skipped, percent=owned)
        self._outside.tell(job, Told(progress=told))

    def set_job_progress_data(self, run: int, data: dict[str, Any]) -> None:
        """Replaces what the work tells beside its figures."""
        self._tell(run, ProgressSaid(data=data))

    def complete_job_run(self, run: int, status: str, error: str | None = None) -> None:
        """Ends a run: completed, failed or cancelled. Raises InvalidInput, NotFound, Conflict."""
        if status not in ENDS:
            raise InvalidInput(f"status={status!r:.60}: expected {', '.join(ENDS)}.")
        self._outside.end(find(self.hw, run), status, error=error)

    def _tell(self, run: int, said: ProgressSaid) -> None:
        self._outside.tell(self._telling(run), Told(progress=said))

    def _telling(self, run: int) -> Job:
        """A run that is told of, begun where it is not yet."""
        job = find(self.hw, run)
        if job.ended:
            raise Conflict(f"Run {run} is {job.state}: its progress stays as it is.", job.id)
        return self._outside.begin(job) if job.state == "pending" and job.outside else job


def find(hw: Headway, run: int) -> Job:
    """The job with that number. Raises NotFound."""
    return hw.get(f"number:{run}")


def latest(hw: Headway, kind: str, known_as: str) -> Job:
    """The newest run of a job type that somebody knows by a context, an external id or its number. Raises NotFound."""
    runs = hw.jobs(type=kind, context_id=known_as, limit=1)
    if runs:
        return runs[0]
    job = hw.get(known_as)
    if job.type != kind:
        raise NotFound(f"Job {known_as[:60]!r} is of type {job.type!r}, not {kind!r:.60}.")
    return job


def shown(job: Job) -> JobRun:
    """A job as a run."""
    said = job.progress or Progress()
    percent = 100 if job.state == "completed" else said.percent or 0
    return JobRun(
        id=job.number, job_name=job.type, job_type=job.category, status=STATUSES[job.state], start_time=job.started_at,
        end_time=job.ended_at, user_id=job.labels.get("user"), metadata=job.input, job_id=job.id,
        error_message=None if job.error is None else job.error.message, progress=percent, total_items=said.total or 0,
        processed_items=said.done, failed_items=said.failed, skipped_items=said.skipped,
        status_message=said.message or "", progress_data=said.data,
    )  # fmt: skip
