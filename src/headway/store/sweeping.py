"""The sweep: what must happen although nobody asks for it. Any process may do it; several do no harm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from headway.clock import DAY_S
from headway.model.value import decode
from headway.store import host, moving, records, retention, upkeep
from headway.store.claiming import LEASE_S, SELF_STOP_S
from headway.store.contract import Database, Transaction
from headway.store.moving import TENANT, Change, Moved

SWEEP_S = 5.0
"""How often a process with work sweeps."""
GRACE_S = 30.0
"""How long a runner that knows of a cancel may go on before its writes are refused."""
UNTOLD_GRACE_S = 60.0
"""The same for a runner that may not even know."""
LOSSES = 3
"""A job that was lost so often without new durable progress is not started again without a person."""
CHUNK = 1000


def sweep(database: Database) -> list[Moved]:
    """Ends leases, deadlines and graces that are over, resumes what recovers by itself, deletes what
    has been kept long enough, closes idle sessions, counts limits anew, and tidies up.

    Returns the moves that were made. Reads first, so that an idle sweep writes nothing.
    """
    now = database.now()
    moved = _move(database, _vanished(database, now), now)
    moved += _move(database, _lost(database, now), now)
    moved += _move(database, _expired(database, now), now)
    moved += _move(database, _recovered(database), now)
    moved += _left_rolling_back(database, now)
    _fold(database)
    retention.sweep(database, now)
    upkeep.sweep(database, now)
    return moved


def release_due(database: Database) -> float | None:
    """Makes ready what was put off until now; returns when the next one is due."""
    rows = database.read("next_due")
    due = rows[0][0] if rows else None
    if due is not None and due <= database.now():
        database.write(lambda transaction: transaction.run("release_due", now=database.now()))
        return release_due(database)
    return None if due is None else float(due)


def forget_old(database: Database) -> None:
    """Drops idempotency keys of more than a day, workers that have not been seen for one, and sessions that were
    closed a day ago and have no job any more.
    """
    before = database.now() - DAY_S

    def work(transaction: Transaction) -> None:
        transaction.run("forget_requests", before=before)
        transaction.run("forget_workers", before=before)

    database.write(work, ring=False)
    upkeep.forget_closed(database, before)


def _vanished(database: Database, now: float) -> list[Change]:
    """Jobs of processes of this machine that have ended: nobody has to wait for such a lease to run out."""
    ended = [
        row for row in database.read("holders_here", place=host.place()) if host.has_ended(row[5], host.place(), row[6])
    ]
    heard = _last_heard(database, {row[0]: row[3] for row in ended}, now)
    return [
        Change(
            job=job, actor="sweep", move="lose", attempt=attempt, seen_lease=lease, heard_at=heard[job],
            error=_error("lost", f"the process of worker {worker} has ended"), why={"worker": worker},
        )
        for job, attempt, lease, _, worker, _, _ in ended
    ]  # fmt: skip


def _lost(database: Database, now: float) -> list[Change]:
    rows = database.read("out_of_lease", limit=CHUNK)
    heard = _last_heard(database, {row[1]: row[5] for row in rows}, now)
    return [
        Change(
            job=job, actor="sweep", move="lose", attempt=attempt, seen_lease=lease, heard_at=heard[job],
            error=_error("lost", f"worker {worker} stopped renewing its lease"), unconfirmed_until=now + SELF_STOP_S,
            why={"worker": worker},
        )
        for _, job, attempt, lease, worker, _ in rows
    ]  # fmt: skip


def _last_heard(database: Database, over: Mapping[str, float], now: float) -> dict[str, float]:
    """The last sign of life of each runner: a heartbeat or what it said. over: for how long its lease is over."""
    heard = {job: now - LEASE_S - seconds for job, seconds in over.items()}
    for job, progress, *told in database.read("last_heard", tenant=TENANT, jobs=list(over)) if over else ():
        shown = records.progress_of(progress)
        times = [heard[job], *told, None if shown is None else shown.last_progress_at]
        heard[job] = min(now, max(at for at in times if at is not None))
    return heard


def _expired(database: Database, now: float) -> list[Change]:
    late = database.read("past_deadline", limit=CHUNK)
    stuck = database.read("past_grace", told_before=now - GRACE_S, asked_before=now - UNTOLD_GRACE_S, limit=CHUNK)
    timeout = _error("timeout", "its deadline in active time has passed")
    return [
        Change(
            job=row[1], actor="sweep", move="expire", attempt=row[2], error=error,
            unconfirmed_until=now + LEASE_S + SELF_STOP_S,
        )
        for rows, error in ((late, timeout), (stuck, None))
        for row in rows
    ]  # fmt: skip


def _recovered(database: Database) -> list[Change]:
    rows = database.read("interrupted", limit=CHUNK)
    crash_loop = _error("crash_loop", f"lost {LOSSES} times without new durable progress; a retry starts it again")
    return [
        Change(job=job, actor="sweep", move="fail", error=crash_loop)
        if losses >= LOSSES
        else Change(job=job, actor="sweep", move="resume", why={"losses": losses, **_by_rule(rule)})
        for _, job, _, losses, rule in rows
    ]


def _by_rule(told: str | None) -> dict[str, Any]:
    """What the history says of a resume by a person's rule: who made it, and why."""
    if told is None:
        return {}
    by = decode(told)
    reason = "a rule resumes interrupted jobs of this type" + (f": {by['reason']}" if by.get("reason") else "")
    return {"rule": by, "who": by.get("who"), "via": "rule", "reason": reason}


def _left_rolling_back(database: Database, now: float) -> list[Moved]:
    """A job whose rollback has ended without saying so, in a release that knew of none, can be rolled back again."""
    found = [str(row[0]) for row in database.read("left_rolling_back", tenant=TENANT, limit=CHUNK)]

    def work(transaction: Transaction) -> list[Moved]:
        transaction.lock(found)
        still = {row[0] for row in transaction.run("left_rolling_back", tenant=TENANT, limit=CHUNK)}
        told = {"why": "no rollback of it is open"}
        ends = [Change(job=job, actor="rollback", move="fail", why=told) for job in found if job in still]
        return list(moving.apply(transaction, ends, now).values())

    return database.write(work) if found else []


def _move(database: Database, changes: Sequence[Change], now: float) -> list[Moved]:
    if not changes:
        return []

    return database.write(lambda transaction: list(moving.apply(transaction, changes, now).values()))


def _fold(database: Database) -> None:
    if int(database.read("tallies_length")[0][0]) < CHUNK:
        return

    def work(transaction: Transaction) -> None:
        totals: Counter[tuple[str, str]] = Counter()
        for _, session, state, change in transaction.run("take_tallies"):
            totals[session, state] += change
        moving.count(transaction, [(session, state, n) for (session, state), n in totals.items() if n])

    database.write(work, ring=False)


def _error(code: str, message: str) -> str:
    error: dict[str, Any] = {"code": code, "message": message}
    return msgspec.json.encode(error).decode()
