"""Sessions of the website mover: jobs of the types scan, plan and transfer, with its words for state and progress."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec

from headway.clock import DAY_S
from headway.compat.outside import OutsideJobs
from headway.errors import Conflict, InvalidInput, NotFound
from headway.model.job import Job, moment
from headway.model.progress import Progress
from headway.secret import HIDDEN, replaced
from headway.store.configs import mark_secrets
from headway.tracker.headway import Headway
from headway.tracker.telling import ProgressSaid, Told

CATEGORY = "website"
"""What all jobs of this kind have in common, and nothing else has."""
SESSION = "website-mover"
"""The workspace of those that are brought into being here: its ended jobs go after a day."""
AT_ONCE = 1000
KINDS = ("scan", "plan", "transfer")
STATUSES = {
    "pending": "pending", "running": "running", "pausing": "running", "cancelling": "running", "paused": "paused",
    "interrupted": "paused", "completed": "completed", "failed": "failed", "cancelled": "cancelled",
    "rolling_back": "running", "rolled_back": "cancelled", "rollback_failed": "failed",
}  # fmt: skip
_MB = 1_000_000


class WebsiteJob(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A job as the website mover shows it. Passwords and keys are `***`; progress is any value."""

    id: str
    type: str
    status: str
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None
    source_config: dict[str, Any] | None = None
    dest_config: dict[str, Any] | None = None
    scan_result: Any = None
    plan_result: Any = None
    transfer_result: Any = None
    progress: Any = None
    error_message: str | None = None


class Manager:
    """Creates, moves and lists the jobs. Thread-safe; everything is stored when a call returns.

    Jobs that are created here are the caller's own work: it says when they run, how far they are and how they end.
    """

    def __init__(self, hw: Headway) -> None:
        self.hw = hw
        self._outside = OutsideJobs(hw)

    def create_job(self, kind: str, source: Mapping[str, Any], dest: Mapping[str, Any] | None = None) -> str:
        """A pending job; its id. source, dest: connection configs. Raises InvalidInput for another kind."""
        given = {"source": sealed(source), "destination": None if dest is None else sealed(dest)}
        ensure_session(self.hw)
        return self._outside.submit(type_of(kind), given, category=CATEGORY, session=SESSION, name=kind.title()).id

    def update_job_status(self, id: str, status: str) -> None:
        """Moves a job: running, paused, completed, failed or cancelled. Raises NotFound, IllegalMove, InvalidInput.

        What was set as its result goes with it. A job whose cancel was asked for ends cancelled, whatever is said here.
        """
        job = find(self.hw, id)
        if status not in set(STATUSES.values()) - {"pending"}:
            raise InvalidInput(f"status={status!r:.60}: expected running, paused, completed, failed or cancelled.")
        if status == "running":
            self._outside.begin(job)
        else:
            self._outside.end(job, status, self._outside.saved(job).get("result"))

    def update_job_progress(self, id: str, value: Any) -> str | None:
        """Replaces the progress by any JSON value; `percent_complete` in it is the job's percentage.

        Returns what is asked of the work by now: "pause" or "cancel", else None. Raises NotFound, Conflict.
        """
        said = value.get("percent_complete") if isinstance(value, Mapping) else None
        percent = said if isinstance(said, int | float) and not isinstance(said, bool) and 0 <= said <= 100 else None
        data = {"value": value, "at": self.hw.now()}
        return self._outside.tell(find(self.hw, id), Told(progress=ProgressSaid(percent=percent, data=data))).asked

    def set_job_result(self, id: str, result: Any, kind: str | None = None) -> None:
        """Keeps the result of a job that runs, whole or in part; kind: of what it is the result, if that is known.

        Raises InvalidInput for that of another kind than the job's, NotFound, Conflict.
        """
        job = find(self.hw, id)
        if kind is not None and kind != kind_of(job):
            raise InvalidInput(f"Job {id} is a {kind_of(job)}; a result of kind {kind!r:.60} can not be its own.")
        self._outside.tell(job, Told(checkpoint={"result": result}))

    def set_job_error(self, id: str, error: str) -> None:
        """Ends a job as failed, with its error; what was set as its result is kept."""
        job = find(self.hw, id)
        self._outside.end(job, "failed", self._outside.saved(job).get("result"), error)

    def get_job(self, id: str) -> WebsiteJob:
        """A snapshot. Raises NotFound."""
        return shown(self.hw, find(self.hw, id))

    def list_jobs(self, status: str | None = None) -> list[WebsiteJob]:
        """All jobs, newest first; status: only these."""
        return [job for job in listed(self.hw) if status is None or job.status == status]

    def get_active_jobs(self) -> list[WebsiteJob]:
        """Those that are pending, running or paused, newest first."""
        return list(listed(self.hw, active=True))

    def cancel_job(self, id: str) -> None:
        """Asks a job to stop; it is shown as running until its work has, and ends cancelled. Raises IllegalMove."""
        self.hw.cancel(find(self.hw, id).id)

    def delete_job(self, id: str) -> None:
        """Removes a job that is over. Raises NotFound, IllegalMove."""
        self.hw.delete(find(self.hw, id).id)


_ONE: list[Manager] = []
_LOCK = threading.Lock()


def get_manager() -> Manager:
    """The one manager of this process, on the user's own database."""
    with _LOCK:
        if not _ONE:
            _ONE.append(Manager(Headway()))
        return _ONE[0]


def find(hw: Headway, id: str) -> Job:
    """The job with any id, if it is one of the website mover's. Raises NotFound."""
    job = hw.get(id)
    if job.category != CATEGORY:
        raise NotFound(f"Job {id[:80]!r} is none of the website mover: its category is {job.category!r}.")
    return job


def listed(hw: Headway, active: bool | None = None) -> Iterator[WebsiteJob]:
    """All jobs as they are shown, newest first. active: only open ones; False: only those that are over."""
    for job in hw.jobs(category=CATEGORY, active=active, limit=1000).all():
        with suppress(NotFound):  # deleted since it was listed
            yield shown(hw, job)


def ensure_session(hw: Headway) -> None:
    """Makes the workspace of these jobs, if nobody has yet."""
    try:
        hw.session(SESSION)
    except NotFound:
        try:
            hw.create_session(SESSION, concurrency=AT_ONCE, keep_s=DAY_S)
        except Conflict:
            return  # made by somebody else at this moment


def type_of(kind: str) -> str:
    """The job type of a kind. Raises InvalidInput."""
    if kind not in KINDS:
        raise InvalidInput(f"type={kind!r:.60}: expected {', '.join(KINDS)}.")
    return f"{CATEGORY}.{kind}"


def kind_of(job: Job) -> str:
    """The kind of a job: the last part of its type."""
    return job.type.rpartition(".")[2]


def sealed(config: Mapping[str, Any]) -> dict[str, Any]:
    """A connection config with secrets for what looks like one: by its name at any depth, or in an address."""
    return {name: mark_secrets(value, str(name)) for name, value in config.items()}


def shown(hw: Headway, job: Job) -> WebsiteJob:
    """A job in the words of the website mover."""
    given = job.input if isinstance(job.input, dict) else {}
    known: dict[str, Any] = {f"{kind_of(job)}_result": _result(hw, job)} if kind_of(job) in KINDS else {}
    return WebsiteJob(
        id=job.id, type=kind_of(job), status=STATUSES[job.state], created_at=job.created_at,
        updated_at=_updated(job), completed_at=job.ended_at, source_config=_config(given.get("source")),
        dest_config=_config(given.get("destination")), progress=progress_of(job),
        error_message=None if job.error is None else job.error.message, **known,
    )  # fmt: skip


def progress_of(job: Job) -> Any:
    """What is shown of how far a job is: what its own program says, or the figures of a worker's progress."""
    said = job.progress
    if said is None:
        return None
    if job.outside and said.data is not None and "value" in said.data:
        return said.data["value"]
    state = STATUSES[job.state]
    own = {} if state == "running" else {"status": state}
    return {"status": state} | (said.data or {}) | own | _figures(job, said)


def _figures(job: Job, said: Progress) -> dict[str, Any]:
    """Percent, megabytes per second, seconds left, as far as they are known."""
    speed = said.rate / _MB if said.rate is not None and said.unit == "B" else None
    return {
        "percent_complete": said.percent, "speed": speed, "eta": None if said.eta is None else said.eta.high,
        "message": said.message, "start_time": None if job.started_at is None else job.started_at.isoformat(),
    }  # fmt: skip


def _result(hw: Headway, job: Job) -> Any:
    """The job's result; of one whose own program still runs, what that has set so far."""
    if job.result is None and job.outside and job.attempt and not job.ended:
        return hw.checkpoint(f"id:{job.id}")["state"].get("result")
    return job.result


def _updated(job: Job) -> datetime:
    said = job.progress
    told = said.data.get("at") if said is not None and job.outside and said.data else None
    moved = said.last_progress_at if said is not None else None
    times = [moment(at) for at in (told, moved) if isinstance(at, int | float)]
    return max([job.state_since, *(at for at in times if at is not None)]).astimezone(UTC)


def _config(given: Any) -> dict[str, Any] | None:
    if not isinstance(given, dict):
        return None
    return {name: replaced(value, lambda *_: HIDDEN) for name, value in sealed(given).items()}
