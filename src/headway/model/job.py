"""What the verbs hand out: frozen snapshots of jobs and of what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar, get_args

import msgspec

from headway.model.progress import Progress

T = TypeVar("T")

Level = Literal["debug", "info", "warning", "error", "critical"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""Levels of log lines, each louder than the one before it."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all snapshots."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values only, as the HTTP answers carry them: times as RFC 3339 text in UTC."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain


class Error(Record, frozen=True, kw_only=True):
    """Why a job or a step failed. code: a stable word; trace: the traceback, where there was one."""

    code: str
    message: str
    trace: str | None = None


class Job(Record, frozen=True, kw_only=True):
    """One tracked piece of work, as it was when it was read.

    external_ids: by namespace, the newest of each; aliases: all of them and the context, in the exact forms by which
    the job is found ("gui:17"). expires_at: when it goes by itself; None where it is kept, as pinned ones are.
    """

    id: str
    number: int
    type: str
    name: str
    state: str
    category: str = "general"
    session: str = "default.yaml"
    config_version: int | None = None
    context_id: str | None = None
    external_ids: dict[str, str] = {}
    aliases: list[str] = []
    parent_id: str | None = None
    root_id: str
    restarted_from: str | None = None
    rollback_of: str | None = None
    owner: str | None = None
    queue: str = "default"
    priority: int = 0
    input: Any = None
    result: Any = None
    error: Error | None = None
    progress: Progress | None = None
    labels: dict[str, str] = {}
    attempt: int = 0
    warnings: int = 0
    outside: bool = False
    timeout_s: float | None = None
    marks: dict[str, str] = {}
    moves: list[str] = []
    created_at: datetime
    state_since: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    due_at: datetime | None = None
    pinned: bool = False
    expires_at: datetime | None = None
    active_s: float = 0.0
    undos: int = 0
    events: int = 0
    version: int = 0
    found_by: str | None = None

    def __repr__(self) -> str:
        """Short, as people look at it; to_dict() has everything."""
        percent = "" if self.progress is None or self.progress.percent is None else f", {self.progress.percent}%"
        return f"<Job {self.number} {self.name!r:.80}: {self.state}{percent}>"

    @property
    def ended(self) -> bool:
        """Whether the job is over: only a person's retry or rollback changes it now."""
        return self.ended_at is not None


class Attempt(Record, frozen=True, kw_only=True):
    """One try at a job by one runner. outcome: the move that ended it; None while it lasts."""

    job_id: str
    attempt: int
    worker: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    error: Error | None = None


class Step(Record, frozen=True, kw_only=True):
    """A named unit inside a job. state: planned, running, completed, failed or skipped."""

    job_id: str
    name: str
    position: int
    state: str
    weight: float = 1.0
    optional: bool = False
    attempt: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    result: Any = None
    error: Error | None = None


class Undo(Record, frozen=True, kw_only=True):
    """A recorded compensation. step: in which it was recorded. state: recorded, done or failed."""

    job_id: str
    position: int
    type: str
    input: Any = None
    step: str | None = None
    state: str = "recorded"
    error: Error | None = None
    recorded_at: datetime
    ended_at: datetime | None = None


class Checkpoint(Record, frozen=True, kw_only=True):
    """Something that a job has saved to go on from. kind: its state, or the cursor of the loop called `name`.

    attempt: which saved it last. size: bytes, as JSON.
    """

    job_id: str
    kind: Literal["state", "cursor"]
    name: str
    value: Any = None
    attempt: int
    saved_at: datetime
    size: int


class Artifact(Record, frozen=True, kw_only=True):
    """A file that a job has handed over. size: bytes."""

    job_id: str
    name: str
    size: int
    saved_at: datetime


class Item(Record, frozen=True, kw_only=True):
    """One member of a collection that a job works through. state: pending, done, failed or skipped.

    attempts: how often it was tried. hash: of its content; duplicate_of: the key of the first item with the same one.
    status_code: of the answer it got. error: why it failed, or was skipped.
    """

    job_id: str
    ledger: str
    key: str
    state: str
    attempts: int = 0
    value: Any = None
    size: float | None = None
    hash: str | None = None
    status_code: int | None = None
    duplicate_of: str | None = None
    data: dict[str, Any] = {}
    error: Error | None = None
    updated_at: datetime | None = None


class Event(Record, frozen=True, kw_only=True):
    """An entry of a job's numbered history. kind: move, control, step, warning, log or note."""

    job_id: str
    seq: int
    at: datetime
    kind: str
    name: str
    attempt: int
    data: dict[str, Any] = {}


class LogMatches(Record, frozen=True, kw_only=True):
    """The numbers of the log lines that a search has found, in order. total: how many there are in the whole log; next:
    where to go on, None at the end.
    """

    total: int
    matches: list[int] = []
    next: str | None = None


class Worker(Record, frozen=True, kw_only=True):
    """A process that claims jobs under leases. clock_skew_s: how far its own clock is ahead of the database's, in
    seconds; None until it has said so, and for runners that report over HTTP.
    """

    id: str
    host: str
    pid: int
    slots: int
    queues: list[str]
    types: list[str]
    started_at: datetime
    seen_at: datetime
    stopped_at: datetime | None = None
    clock_skew_s: float | None = None


class Session(Record, frozen=True, kw_only=True):
    """A durable workspace with its configuration, secrets masked.

    concurrency: how many of its jobs run at once; running: how many do; open_jobs: those that wait included.
    idle_s: it is closed when nobody has used it for so long; keep_s: its ended jobs go after so long.
    """

    id: str
    owner: str | None = None
    config: dict[str, Any] = {}
    config_version: int = 1
    job_type: str | None = None
    concurrency: int = 10
    running: int = 0
    open_jobs: int = 0
    created_at: datetime
    used_at: datetime
    idle_s: float | None = None
    keep_s: float | None = None


class SessionVersion(Record, frozen=True, kw_only=True):
    """One save of a session's configuration, secrets masked. Jobs name the version that they run with."""

    session: str
    version: int
    config: dict[str, Any] = {}
    author: str | None = None
    note: str | None = None
    saved_at: datetime


class Branch(Record, frozen=True, kw_only=True):
    """A job with all that is below it. children: oldest first."""

    job: Job
    children: list[Branch] = []

    @property
    def all_jobs(self) -> Iterator[Job]:
        """The job and every one below it, each before its children."""
        left = [self]
        while left:
            branch = left.pop()
            yield branch.job
            left += reversed(branch.children)


class Page(list[T], Generic[T]):
    """One page of a listing. It is a list; `.next` is the cursor of the page after it, None on the last."""

    def __init__(self, rows: list[T], next: str | None = None, fetch: Any = None) -> None:
        super().__init__(rows)
        self.next = next
        self._fetch = fetch

    def all(self) -> Any:
        """Walks on, page after page, to the end of the listing."""
        page: Page[T] = self
        while True:
            yield from page
            if page.next is None:
                return
            page = self._fetch(page.next)


def moment(seconds: float | None) -> datetime | None:
    """Seconds since the epoch as an aware time in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
