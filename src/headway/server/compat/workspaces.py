"""The API of sessions that run migrations, /api/v2/session: each client has one, others are named by their path."""

from __future__ import annotations

import functools
import urllib.parse
from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, Any

import msgspec

import headway
from headway.errors import InvalidInput, NotFound
from headway.model.job import Job, Session
from headway.model.progress import Progress
from headway.server import repeats
from headway.server.asked import Nothing
from headway.server.operation import Answer, Call, Operations
from headway.server.routes.sessions import Concurrency, bound, identity, make_own, seen
from headway.server.selection import OLDER
from headway.store.workspaces import DEFAULT
from headway.tracker import websessions
from headway.tracker.ambient import current_session

WORKSPACES = Operations("older")

REFUSED: Mapping[str, int] = {"invalid_input": 400, "unstorable": 400}
RUNNING: Mapping[str, int] = {**REFUSED, "session_busy": 400}
STATES = {
    "pending": "STARTED", "paused": "STARTED", "interrupted": "STARTED", "running": "IN_PROGRESS",
    "pausing": "IN_PROGRESS", "cancelling": "IN_PROGRESS", "rolling_back": "IN_PROGRESS", "completed": "COMPLETED",
    "failed": "FAILED", "rollback_failed": "FAILED", "cancelled": "CANCELLED", "rolled_back": "CANCELLED",
}  # fmt: skip
"""What it calls the states of a job. An open job is STARTED or IN_PROGRESS: its session runs."""
STAGES = {
    "planned": "WAITING", "running": "IN_PROGRESS", "completed": "COMPLETED", "failed": "ERRORED", "skipped": "SKIPPED",
}  # fmt: skip
MOST_WARNINGS = 100
UNKNOWN = "unknown"


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """How many items a run has in all, and what became of them. issues: warnings."""

    counts: int = 0
    skipped: int = 0
    issues: int = 0
    failures: int = 0
    successes: int = 0


class RunStatus(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A run of a session: a job. progress: its state in the words of this API; returnCode: null while it is open."""

    job_id: str
    session_id: str
    progress: str
    start: str | None
    end: str | None
    duration_seconds: float
    comment: str
    concurrency: int
    percent: int | None
    return_code: int | None
    error_messages: list[str]
    warning_messages: list[str]
    config_messages: list[str]
    stages: dict[str, str]
    in_progress_tables: list[str]
    operation_statistics: Statistics
    report_name: str
    app_version: str


class Workspace(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A session. connected: a worker that has its job type was seen lately; conversion: what its last run has found."""

    session_id: str
    concurrency: int
    connected: bool
    running: bool
    run_status: RunStatus | None
    config: dict[str, Any]
    conversion: dict[str, Any]


class Info(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The least that a page shows of its session."""

    session_id: str
    connected: bool
    running: bool
    concurrency: int


class Debug(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How the session of this request was found: by what, in the thread that answers, and in the database."""

    thread_context_session: str
    http_session_id: str | None
    execute_session_from_http: str | None
    session_manager_session: Info | None
    request_attributes_available: bool
    resolved_by: str
    resolved_session: str


class Starting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to start. type: what to launch, where the session has no job type."""

    concurrency: Concurrency | None = None
    type: str | None = None


class Saving(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many jobs of the session may run at once."""

    maxThreads: Annotated[int, msgspec.Meta(ge=1, lt=1 << 31)] | None = None


add = functools.partial(WORKSPACES.add, below=OLDER, statuses=REFUSED)


@add("GET", "/current", answers={200: Workspace}, refusals=("not_found",))
def current_workspace(call: Call[Nothing, None]) -> Answer:
    """The session of the caller: the one that it names, else its own."""
    return Answer(_workspace(call, seen(call, bound(call).id)))


@add("GET", "/info", answers={200: Info})
def workspace_info(call: Call[Nothing, None]) -> Answer:
    """The same in short; sessionId is `unknown` where the one that the caller names is not there."""
    try:
        return Answer(_info(call, seen(call, bound(call).id)))
    except NotFound:
        return Answer(Info(session_id=UNKNOWN, connected=False, running=False, concurrency=0))


@add("GET", "/debug", answers={200: Debug})
def workspace_debug(call: Call[Nothing, None]) -> Answer:
    """By what the session of this request was found, and whether it is stored. Nothing of its configuration."""
    found = bound(call)
    return Answer(
        Debug(
            thread_context_session=current_session(), http_session_id=found.own,
            execute_session_from_http=_stored(call, found.own), session_manager_session=_managed(call, found.id),
            request_attributes_available=True, resolved_by=found.by, resolved_session=found.id,
        )
    )  # fmt: skip


@add("GET", "/list", answers={200: dict[str, Workspace]})
def list_workspaces(call: Call[Nothing, None]) -> Answer:
    """All sessions by their ids, the default one and the caller's own among them."""
    told = {one.id: _workspace(call, one) for one in call.hw.sessions().all()}
    own = bound(call).own
    if own is not None and own not in told:
        with suppress(NotFound):
            told[own] = _workspace(call, seen(call, own))
    return Answer(told)


@add("GET", "/{session_id}", answers={200: Workspace}, refusals=("not_found",))
def get_workspace(call: Call[Nothing, None]) -> Answer:
    """A session by its id."""
    return Answer(_workspace(call, seen(call, identity(call))))


@add("POST", "/{session_id}", takes=dict[str, Any], answers={201: Workspace}, example={"dataStrategy": "HYBRID"},
     refusals=("conflict", "session_busy", "key_reused", "not_found"))  # fmt: skip
def create_workspace(call: Call[Nothing, dict[str, Any]]) -> Answer:
    """Makes a session with that configuration, and binds the caller's browser to it. One that is there is refused."""
    create = functools.partial(call.hw.create_session, identity(call), call.body)
    made = repeats.once_about(call, "create_workspace", create, lambda new: new.id, call.hw.session)
    bound(call).bind(made.id)
    root = call.request.scope.get("root_path", "")
    return Answer(_workspace(call, made), 201, {"Location": f"{root}{OLDER}/{urllib.parse.quote(made.id, safe='')}"})


@add("POST", "/{session_id}/start", query=Starting, answers={200: RunStatus}, statuses=RUNNING,
     refusals=("not_found", "session_busy", "conflict", "key_reused"))  # fmt: skip
def start_workspace(call: Call[Starting, None]) -> Answer:
    """Launches the session's job type, its own or else that of the default session, and answers the run.

    Refused while a run of the session is open. It is the named session that starts, whatever the caller's own is.
    """
    name, asked = identity(call), call.query
    make_own(call, name)
    kind = asked.type or call.hw.session(name).job_type or call.hw.session(DEFAULT).job_type
    if kind is None:
        raise InvalidInput(
            f"Session {name!r} has no job type to start, and neither has the default session. Name one with ?type=, or "
            "give the default session one: headway session config default.yaml --type TYPE."
        )
    start = functools.partial(call.hw.start_session, name, None, asked.concurrency, job_type=kind, alone=True)
    job = repeats.once(call, "start_workspace", start)
    return Answer(_run_status(call, call.hw.session(name), job))


@add("PUT", "/{session_id}/config", query=Saving, takes=dict[str, Any], answers={200: bool}, statuses=RUNNING,
     example={"dataStrategy": "SCHEMA_ONLY"}, shows=True,
     refusals=("not_found", "session_busy", "conflict", "key_reused"))  # fmt: skip
def save_workspace(call: Call[Saving, dict[str, Any]]) -> Answer:
    """Stores a configuration; a blank password keeps the stored one. Refused while the session runs."""
    name = identity(call)

    def save() -> Session:
        make_own(call, name)
        return call.hw.save_session(name, call.body, concurrency=call.query.maxThreads)

    repeats.once_about(call, "save_workspace", save, lambda saved: saved.id, call.hw.session)
    return Answer(True)


@add("DELETE", "/{session_id}", answers={204: None}, refusals=("session_busy",))
def close_workspace(call: Call[Nothing, None]) -> Answer:
    """Closes a session, also one that is not there; the default one stays. Refused while it runs."""
    name, session = identity(call), bound(call)
    with suppress(NotFound):
        call.hw.close_session(name)
    if session.own == name and not session.is_own(name):
        session.bind(websessions.new_id())
    return Answer()


def _workspace(call: Call[Any, Any], session: Session) -> Workspace:
    job = _newest_run(call, session)
    result = job.result if job is not None else None
    return Workspace(
        session_id=session.id, concurrency=session.concurrency, connected=_connected(call, session),
        running=_runs(job), run_status=None if job is None else _run_status(call, session, job),
        config=session.config, conversion=result if isinstance(result, dict) else {},
    )  # fmt: skip


def _info(call: Call[Any, Any], session: Session) -> Info:
    return Info(
        session_id=session.id, connected=_connected(call, session), running=_runs(_newest_run(call, session)),
        concurrency=session.concurrency,
    )  # fmt: skip


def _run_status(call: Call[Any, Any], session: Session, job: Job) -> RunStatus:
    return RunStatus(
        job_id=job.id, session_id=session.id, progress=_state(job), start=_moment(job, "started_at"),
        end=_moment(job, "ended_at"), duration_seconds=job.active_s, comment=job.name, concurrency=session.concurrency,
        percent=job.progress.percent if job.progress is not None else None, return_code=_return_code(job),
        error_messages=[] if job.error is None else [job.error.message], warning_messages=_warnings(call, job),
        config_messages=[], stages={step.name: STAGES[step.state] for step in call.hw.steps(job)},
        in_progress_tables=_at_hand(job), operation_statistics=_statistics(job),
        report_name=f"{session.id}-{job.number}", app_version=headway.__version__,
    )  # fmt: skip


def _newest_run(call: Call[Any, Any], session: Session) -> Job | None:
    """The newest job that has the type which the session launches."""
    found = call.hw.jobs(session=session.id, type=session.job_type, limit=1) if session.job_type else []
    return found[0] if found else None


def _runs(job: Job | None) -> bool:
    return job is not None and not job.ended


def _state(job: Job) -> str:
    """A stop that nobody has confirmed is told as one that has failed so far."""
    stopping = job.state in ("cancelling", "cancelled") and bool(
        {"unconfirmed", "not_answering_since"} & set(job.marks)
    )
    return "CANCEL_FAILED" if stopping else STATES[job.state]


def _return_code(job: Job) -> int | None:
    return int(job.state != "completed") if job.ended else None


def _warnings(call: Call[Any, Any], job: Job) -> list[str]:
    if not job.warnings:
        return []
    told = (event.data.get("text", "") for event in call.hw.events(job).all() if event.kind == "warning")
    return [str(text) for text, _ in zip(told, range(MOST_WARNINGS), strict=False)]


def _at_hand(job: Job) -> list[str]:
    message = job.progress.message if job.progress is not None else None
    return [message] if message is not None and STATES[job.state] == "IN_PROGRESS" else []


def _statistics(job: Job) -> Statistics:
    progress = job.progress or Progress()
    passed = progress.done - progress.failed - progress.skipped
    return Statistics(
        counts=progress.done if progress.total is None else progress.total, skipped=progress.skipped,
        issues=job.warnings, failures=progress.failed, successes=max(0, passed),
    )  # fmt: skip


def _connected(call: Call[Any, Any], session: Session) -> bool:
    return any(session.job_type in worker.types for worker in call.hw.workers() if worker.stopped_at is None)


def _stored(call: Call[Any, Any], name: str | None) -> str | None:
    """The id of a session, where it is stored."""
    with suppress(NotFound):
        return None if name is None else call.hw.session(name).id
    return None


def _managed(call: Call[Any, Any], name: str) -> Info | None:
    with suppress(NotFound):
        return _info(call, call.hw.session(name))
    return None


def _moment(job: Job, name: str) -> str | None:
    told = job.to_dict().get(name)
    return None if told is None else str(told)
