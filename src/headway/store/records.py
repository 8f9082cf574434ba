"""Rows of the database turned into the snapshots that the verbs hand out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from headway.model.job import (
    Artifact,
    Attempt,
    Checkpoint,
    Error,
    Event,
    Item,
    Job,
    Session,
    SessionVersion,
    Step,
    Undo,
    Worker,
)
from headway.model.job import moment as exact_moment
from headway.model.moves import possible
from headway.model.progress import Progress
from headway.model.value import decode
from headway.secret import shown_text
from headway.store.contract import Row
from headway.store.sql import JOB_COLUMNS


class JobRow(NamedTuple):
    """A row of `jobs` as it is stored; the order is that of sql.JOB_COLUMNS."""

    number: int
    id: str
    type: str
    name: str
    state: str
    category: str
    session: str
    context_id: str | None
    one_per_context: bool
    parent: str | None
    root: str
    restarted_from: str | None
    rollback_of: str | None
    owner: str | None
    queue: str
    priority: int
    input: str
    labels: str
    outside: bool
    retries: int
    timeout_s: float | None
    previous: str | None
    state_since: float
    attempt: int
    worker: str | None
    lease_until: float | None
    active_since: float | None
    active_s: float
    delivered_at: float | None
    serial: int
    seq: int
    version: int
    retries_used: int
    losses: int
    warnings: int
    progress: str | None
    result: str | None
    error: str | None
    due_at: float | None
    unconfirmed_until: float | None
    created_at: float
    started_at: float | None
    ended_at: float | None
    deleted_at: float | None
    config_version: int | None
    launched: bool
    limit_key: str | None
    waiting: bool
    spawn_key: str | None
    weight: float
    undos: int
    pinned: bool
    expires_at: float | None


if list(JobRow._fields) != JOB_COLUMNS:
    raise ImportError("JobRow and JOB_COLUMNS must name the same columns in the same order")


def job_of(
    row: JobRow, ids: dict[str, list[str]], now: float, waiting_for: str | None = None, found_by: str | None = None,
    in_part: str | None = None,
) -> Job:  # fmt: skip
    """The snapshot of a job.

    ids: its external ones by namespace, oldest first; now: for the marks; waiting_for: what keeps a pending job, where
    that is known; in_part: how far it is rolled back, where that is not all the way.
    """
    return Job(
        id=row.id, number=row.number, type=row.type, name=row.name, state=row.state, category=row.category,
        session=row.session, config_version=row.config_version, context_id=row.context_id, aliases=_aliases(row, ids),
        external_ids={kind: texts[-1] for kind, texts in ids.items()}, parent_id=row.parent,
        root_id=row.root, restarted_from=row.restarted_from, rollback_of=row.rollback_of, owner=row.owner,
        queue=row.queue, priority=row.priority, input=shown_text(row.input), result=decode(row.result),
        error=error_of(row.error), progress=_shown_progress(row), labels=decode(row.labels),
        attempt=row.attempt, warnings=row.warnings, outside=bool(row.outside), timeout_s=row.timeout_s,
        marks=_marks(row, now, waiting_for, in_part), moves=moves_of(row), created_at=known_moment(row.created_at),
        state_since=known_moment(row.state_since), started_at=moment(row.started_at), ended_at=moment(row.ended_at),
        due_at=moment(row.due_at), pinned=bool(row.pinned), expires_at=moment(row.expires_at),
        active_s=row.active_s, undos=row.undos, events=row.seq, version=row.version, found_by=found_by,
    )  # fmt: skip


def _aliases(row: JobRow, ids: dict[str, list[str]]) -> list[str]:
    """Every other id in its exact form."""
    named = [f"{kind}:{text}" for kind, texts in sorted(ids.items()) for text in texts]
    return [*named, f"context:{row.context_id}"] if row.context_id else named


def moves_of(row: JobRow) -> list[str]:
    """What a person may do with the job now. A rollback job is taken up again by a rollback of its original."""
    never = ("retry", "rollback") if row.rollback_of is not None else () if row.undos else ("rollback",)
    return [move for move in possible(row.state) if move not in never]


def labels_of(row: JobRow) -> dict[str, str]:
    """The labels of a job."""
    labels: dict[str, str] = decode(row.labels)
    return labels


def progress_of(text: str | None) -> Progress | None:
    """The stored progress; None where there is none, or none that this release can read."""
    try:
        return None if text is None else _PROGRESS.decode(text)
    except msgspec.DecodeError:
        return None


def _shown_progress(row: JobRow) -> Progress | None:
    """A completed job shows 100, also where its last words came from a process that had joined it."""
    progress = progress_of(row.progress)
    if progress is not None and progress.percent is not None and row.state == "completed":
        return msgspec.structs.replace(progress, percent=100)
    return progress


def attempt_of(job: str, row: Row) -> Attempt:
    """A row of attempts_of.sql."""
    number, worker, started, ended, outcome, error = row
    return Attempt(
        job_id=job, attempt=number, worker=worker, started_at=known_moment(started), ended_at=moment(ended),
        outcome=outcome, error=error_of(error),
    )  # fmt: skip


def event_of(job: str, row: Row) -> Event:
    """A row of events_page.sql or logs_page.sql."""
    seq, at, kind, name, attempt, data = row
    return Event(job_id=job, seq=seq, at=known_moment(at), kind=kind, name=name, attempt=attempt, data=decode(data))


def step_of(job: str, row: Row) -> Step:
    """A row of steps_of.sql."""
    name, position, state, weight, optional, attempt, started, ended, result, error = row
    return Step(
        job_id=job, name=name, position=position, state=state, weight=weight, optional=bool(optional),
        attempt=attempt, started_at=moment(started), ended_at=moment(ended), result=decode(result),
        error=error_of(error),
    )  # fmt: skip


def checkpoint_of(job: str, row: Row) -> Checkpoint:
    """A row of `checkpoints_told`."""
    kind, name, value, attempt, saved_at = row
    return Checkpoint(
        job_id=job, kind=kind, name=name, value=decode(value), attempt=attempt, saved_at=known_moment(saved_at),
        size=len(value.encode()),
    )  # fmt: skip


def artifact_of(job: str, row: Row) -> Artifact:
    """A row of `artifacts_of`."""
    name, size, saved_at = row
    return Artifact(job_id=job, name=name, size=size, saved_at=known_moment(saved_at))


def undo_of(job: str, row: Row) -> Undo:
    """A row of undos_page.sql or undos_left.sql."""
    position, _, kind, given, step, state, error, recorded, ended = row
    return Undo(
        job_id=job, position=position, type=kind, input=shown_text(given), step=step, state=state,
        error=error_of(error), recorded_at=known_moment(recorded), ended_at=moment(ended),
    )  # fmt: skip


def item_of(job: str, row: Row) -> Item:
    """A row of items_page.sql."""
    key, state, attempts, value, size, digest, data, error, updated, ledger, status_code, duplicate_of, _ = row
    return Item(
        job_id=job, ledger=ledger, key=key, state=state, attempts=attempts, value=decode(value), size=size,
        hash=digest, status_code=status_code, duplicate_of=duplicate_of, data=decode(data) or {},
        error=error_of(error), updated_at=moment(updated),
    )  # fmt: skip


def worker_of(row: Row) -> Worker:
    """A row of workers_seen.sql."""
    identity, host, pid, slots, queues, types, started, seen, stopped, skew = row[:10]
    return Worker(
        id=identity, host=host, pid=pid, slots=slots, queues=decode(queues), types=decode(types),
        started_at=known_moment(started), seen_at=known_moment(seen), stopped_at=moment(stopped), clock_skew_s=skew,
    )  # fmt: skip


def session_of(row: Row) -> Session:
    """A row of sessions_page.sql."""
    identity, owner, config, version, job_type, concurrency, running, unended, created, used, idle_s, keep_s = row
    return Session(
        id=identity, owner=owner, config=shown_text(config), config_version=version, job_type=job_type,
        concurrency=concurrency, running=max(0, running), open_jobs=max(0, unended), created_at=known_moment(created),
        used_at=known_moment(max(used, created)), idle_s=idle_s, keep_s=keep_s,
    )  # fmt: skip


def version_of(row: Row) -> SessionVersion:
    """A row of session_versions.sql."""
    session, version, config, author, note, saved = row
    return SessionVersion(
        session=session,
        version=version,
        config=shown_text(config),
        author=author,
        note=note,
        saved_at=known_moment(saved),
    )


def external_ids(rows: Iterable[Row]) -> dict[str, dict[str, list[str]]]:
    """Rows of aliases_of.sql as {job: {namespace: external ids}}."""
    found: dict[str, dict[str, list[str]]] = {}
    for job, kind, text in rows:
        found.setdefault(job, {}).setdefault(kind, []).append(text)
    return found


def job_rows(rows: Sequence[Row]) -> list[JobRow]:
    """Rows that begin with the job's columns."""
    return [JobRow(*row) for row in rows]


def _marks(row: JobRow, now: float, waiting_for: str | None, in_part: str | None) -> dict[str, str]:
    marks: dict[str, str] = {} if in_part is None else {"in_part": in_part}
    if row.state == "pending" and row.due_at is not None and row.due_at > now:
        what = "the end of a runner that may still be at work" if row.attempt == 0 and row.rollback_of else "its time"
        what = waiting_for if row.waiting and waiting_for else what  # it makes room for its children meanwhile
        marks["waiting_for"] = f"{what}, {known_moment(row.due_at).isoformat()}"
    elif waiting_for:
        marks["waiting_for"] = waiting_for
    if row.state in ("pausing", "cancelling"):
        marks["not_answering_since"] = known_moment(row.state_since).isoformat()
    if row.unconfirmed_until is not None and row.unconfirmed_until > now:
        marks["unconfirmed"] = (
            f"until {known_moment(row.unconfirmed_until).isoformat()} its last runner may still be at work"
        )
    if row.warnings:
        marks["with_warnings"] = str(row.warnings)
    progress = progress_of(row.progress)
    if progress is None and row.progress is not None:
        marks["unreadable"] = "its progress was not written by this release"
    if row.state == "running" and progress is not None and progress.stalled_since is not None:
        marks["stalled_since"] = known_moment(progress.stalled_since).isoformat()
    return marks


def moment(seconds: float | None) -> datetime | None:
    """A stored time. One that no calendar has shows as its first or last day: a bad row must not hide the others."""
    return None if seconds is None else exact_moment(min(max(seconds, _FIRST), _LAST))


def known_moment(seconds: float) -> datetime:
    """A stored time that every row has."""
    found = moment(seconds)
    if found is None:
        raise ValueError("a time is missing that every row has")
    return found


def error_of(text: Any) -> Error | None:
    """An error as it is stored."""
    try:
        return None if text is None else _ERROR.decode(text)
    except msgspec.DecodeError:
        return Error(code="unreadable", message=f"it was not written by this release: {str(text)[:200]}")


_FIRST, _LAST = -62_135_510_400.0, 253_402_214_400.0  # a day inside the years 1 and 9999, for every time zone

_PROGRESS = msgspec.json.Decoder(Progress)
_ERROR = msgspec.json.Decoder(Error)
