"""Moves: the only place where a job's state changes. Row, event, attempt and count change in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from headway.model.moves import ENDED, EXECUTING, Actor
from headway.store.contract import Row, Transaction
from headway.store.records import JobRow

TENANT = 0
"""The only tenant until there are users; it is part of every key from the start."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A move that is asked for. Where it leads is the table's business.

    why: what the event tells beside from, to and by. attempt, serial: a runner's fence. seen_lease: the lease that
    the sweep saw, so that a heartbeat in between keeps the job. heard_at: the last sign of life of a runner that is
    lost, until which it counts as active.
    """

    job: str
    actor: Actor
    move: str
    why: dict[str, Any] = {}
    attempt: int | None = None
    serial: int | None = None
    seen_lease: float | None = None
    heard_at: float | None = None
    result: str | None = None
    error: str | None = None
    progress: str | None = None
    due_at: float | None = None
    unconfirmed_until: float | None = None


class Moved(NamedTuple):
    """A move that was made."""

    job: str
    attempt: int
    seq: int
    previous: str
    state: str
    session: str
    limit_key: str | None
    waiting: bool
    rollback_of: str | None


def apply(transaction: Transaction, changes: Sequence[Change], now: float) -> dict[str, Moved]:
    """Makes the moves that the table permits; a job that is not in the answer did not move."""
    if not changes:
        return {}
    # A statement that waited for a row tests it again, but not against another row of the table of moves: without the
    # lock first, a move that meets another one would be lost although the new state permits it.
    transaction.lock([change.job for change in changes])
    rows = transaction.each("move", [_parameters(change, now) for change in changes], returns=True)
    moved = {row[0]: Moved(*row) for row in rows}
    by_job = {change.job: change for change in changes if _made(change, moved)}
    transaction.each("add_events", [_event(by_job[move.job], move, now) for move in moved.values()])
    transaction.each("end_attempts", [_end(by_job[move.job], move, now) for move in moved.values() if _ends(move)])
    count_moves(transaction, [(move.session, move.previous, move.state) for move in moved.values()])
    change_limits(transaction, Counter(move.limit_key for move in moved.values() if _frees_a_place(move)), -1)
    apply(transaction, [_of_original(by_job[move.job], move) for move in moved.values() if _ends_rollback(move)], now)
    return moved


def claimed(transaction: Transaction, rows: Sequence[Row], now: float) -> list[JobRow]:
    """Tells of a claim that was made: attempt, event and count. rows: what the claim returned."""
    jobs = [JobRow(*row) for row in rows]
    transaction.each(
        "start_attempts",
        [
            {"tenant": TENANT, "job": job.id, "attempt": job.attempt, "worker": job.worker, "started_at": now}
            for job in jobs
        ],
    )
    why = {"from": "pending", "to": "running", "by": "claimer"}
    transaction.each(
        "add_events",
        [event_row(job.id, job.seq, now, "move", "claim", job.attempt, {**why, "worker": job.worker}) for job in jobs],
    )
    count_moves(transaction, [(job.session, "pending", "running") for job in jobs])
    change_limits(transaction, Counter(job.limit_key for job in jobs))
    return jobs


def change_limits(transaction: Transaction, jobs: Counter[str | None], sign: int = 1) -> None:
    """So many more jobs run under each limit; fewer with sign=-1. Limit rows are locked after job rows, by key."""
    rows = [{"tenant": TENANT, "key": key, "change": sign * n} for key, n in jobs.items() if key is not None and n]
    transaction.each("change_limits", sorted(rows, key=lambda row: str(row["key"])))


def count_moves(transaction: Transaction, moves: Iterable[tuple[str, str, str]]) -> None:
    """Counts jobs of a session that are no longer in one state but in another."""
    count(transaction, [change for session, left, to in moves for change in ((session, left, -1), (session, to, 1))])


def count(transaction: Transaction, changes: Iterable[tuple[str, str, int]]) -> None:
    """Appends changes of how many jobs a session has in a state."""
    totals: Counter[tuple[str, str]] = Counter()
    for session, state, change in changes:
        totals[session, state] += change
    transaction.each(
        "add_tallies",
        [{"tenant": TENANT, "session": session, "state": state, "change": n} for (session, state), n in totals.items()],
    )


def event_row(
    job: str, seq: int, at: float, kind: str, name: str, attempt: int, data: dict[str, Any]
) -> dict[str, Any]:
    """An event as add_events.sql takes it."""
    return {
        "tenant": TENANT, "job": job, "seq": seq, "at": at, "kind": kind, "name": name, "attempt": attempt,
        "data": msgspec.json.encode(data).decode(),
    }  # fmt: skip


def _made(change: Change, moved: dict[str, Moved]) -> bool:
    """Whether a change may be the one that was made: of two attempts of a job, only one can have moved it."""
    return change.job in moved and change.attempt in (None, moved[change.job].attempt)


def _parameters(change: Change, now: float) -> dict[str, Any]:
    return {
        "tenant": TENANT, "id": change.job, "actor": change.actor, "move": change.move, "at": now, "events": 1,
        "attempt": change.attempt, "serial": change.serial, "seen_lease": change.seen_lease,
        "heard_at": change.heard_at, "result": change.result, "error": change.error, "progress": change.progress,
        "due_at": change.due_at, "unconfirmed_until": change.unconfirmed_until,
    }  # fmt: skip


def _event(change: Change, moved: Moved, now: float) -> dict[str, Any]:
    data: dict[str, Any] = {"from": moved.previous, "to": moved.state, "by": change.actor, **change.why}
    if change.error is not None:
        data["error"] = msgspec.Raw(change.error.encode())
    if change.due_at is not None:
        data["due_at"] = change.due_at
    return event_row(change.job, moved.seq, now, "move", change.move, moved.attempt, data)


def _ends(move: Moved) -> bool:
    return move.previous in EXECUTING and move.state not in EXECUTING


def _frees_a_place(move: Moved) -> bool:
    """Who waits for children has given its place back before."""
    return _ends(move) and move.limit_key is not None and not move.waiting


def _ends_rollback(move: Moved) -> bool:
    return move.rollback_of is not None and move.state in ENDED


def _of_original(change: Change, move: Moved) -> Change:
    """The end of a rollback job is that of the rollback; one that is cancelled has failed."""
    end = "finish" if move.state == "completed" else "fail"
    return Change(job=str(move.rollback_of), actor="rollback", move=end, why={"rollback": move.job, **change.why})


def _end(change: Change, moved: Moved, now: float) -> dict[str, Any]:
    return {
        "tenant": TENANT, "job": moved.job, "attempt": moved.attempt, "ended_at": change.heard_at or now,
        "outcome": change.move, "error": change.error,
    }  # fmt: skip
