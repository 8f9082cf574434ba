"""How long jobs stay: deleted by a person, gone by themselves after a time, or pinned."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from headway.clock import DAY_S, Clock
from headway.model.retention import Retention, RetentionRule, WouldGo
from headway.store import moving
from headway.store.contract import Database, Transaction
from headway.store.moving import TENANT

BATCH = 200
"""Jobs that go in one transaction, each with what is below it."""
ROUNDS = 5
"""Transactions of a kind that one sweep makes at most: whoever sweeps must hear of pauses meanwhile."""
CHUNK = 1000
"""Rows of one table that one transaction deletes at most."""
SHARE_S, AGAIN_S = 0.4, 0.8
"""How long whoever sweeps goes on deleting, and when it does so again, while more is left than one sweep takes."""
HELD_BACK_S = 3600.0
"""When a job that something below keeps is looked at again."""
COUNTED = 100_000
"""Jobs that are looked at to tell how many go."""
TOLD = 200
"""Sessions with a rule of their own that are told of, and rules in all."""


class Member(NamedTuple):
    """A job of a tree. top: the job at which the tree was asked for."""

    top: str
    id: str
    number: int
    name: str
    state: str
    is_open: bool
    pinned: bool


def delete(transaction: Transaction, tops: Sequence[str], now: float) -> dict[str, Member]:
    """Marks ended jobs deleted, each with all that is below it; what keeps those that have to stay, by top.

    A tree stays as a whole while anything in it is open or pinned.
    """
    transaction.lock([member.id for member in trees(transaction, tops)])
    members = trees(transaction, tops)  # as they are now that nobody else can move them
    kept = {member.top: member for member in members if member.is_open or member.pinned}
    ids = sorted({member.id for member in members if member.top not in kept})
    rows = transaction.run("mark_deleted", tenant=TENANT, ids=ids, now=now)
    moving.count(transaction, [(session, state, -1) for _, state, session in rows])
    return kept


def trees(transaction: Transaction, tops: Sequence[str]) -> list[Member]:
    """These jobs with all that is below each, read level by level."""
    level = [Member(*row) for row in transaction.run("members", tenant=TENANT, ids=list(tops))]
    members = {member.id: member for member in level}
    while level:
        rows = transaction.run("members_below", tenant=TENANT, ids=[member.id for member in level])
        level = [Member(members[above].top, *row) for above, *row in rows if row[0] not in members]
        members |= {member.id: member for member in level}
    return list(members.values())


def pin(transaction: Transaction, job: str, pinned: bool, now: float, why: dict[str, Any]) -> None:
    """Pins a job or takes the pin away, and tells of it; nothing where it is so already."""
    move = "pin" if pinned else "unpin"
    rows = transaction.run(move, tenant=TENANT, id=job)
    transaction.each(
        "add_events", [moving.event_row(job, seq, now, "control", move, attempt, why) for seq, attempt in rows]
    )


def told(database: Database, now: float) -> Retention:
    """How long types and sessions keep ended jobs, and how many go now and within a day."""
    rules = {
        (kind, name): RetentionRule(kind=kind, name=name, keep_s=keep_s)
        for kind, name, keep_s in database.read("retention_rules", tenant=TENANT, limit=TOLD)
    }
    looked_at = 0
    for kind, name, keep_s, due, soon in database.read(
        "jobs_going", tenant=TENANT, now=now, until=now + DAY_S, limit=COUNTED
    ):
        looked_at += soon
        if keep_s is not None:  # else the rule has just ended, and the sweep lets these jobs stay
            rules[kind, name] = RetentionRule(kind=kind, name=name, keep_s=keep_s, due=due, within_day=soon)
    pinned = int(database.read("jobs_pinned", tenant=TENANT, limit=COUNTED)[0][0])
    listed = sorted(rules.values(), key=lambda one: (-one.due, -one.within_day, one.kind == "session", one.name))
    return Retention(
        rules=listed[:TOLD], due=sum(one.due for one in listed), within_day=sum(one.within_day for one in listed),
        pinned=pinned, more=looked_at >= COUNTED or len(listed) > TOLD,
    )  # fmt: skip


def would_go(database: Database, before: float, kind: str | None, session: str | None) -> WouldGo:
    """How many jobs of a type, in sessions without a rule of their own, or of a session have ended by then."""
    rows = database.read(
        "jobs_ended_before", tenant=TENANT, before=before, type=kind, session=session, limit=COUNTED + 1
    )
    seen, going = rows[0]
    return WouldGo(jobs=int(going), more=int(seen) > COUNTED)


def sweep(database: Database, now: float) -> None:
    """Brings the ends of kept jobs up to date, deletes what has expired, and takes a chunk of it out of the tables.

    Nothing is deleted by a date that may be an old one.
    """
    if _ends(lambda: _renew(database)):
        _ends(lambda: _expire(database, now))
    _ends(lambda: _purge(database))


def go_on(database: Database, clock: Clock) -> bool:
    """After a sweep: deletes for a share of the time what has expired or was deleted; whether more is left."""
    began = clock.precise()
    while clock.precise() - began < SHARE_S:
        left = _renew(database) or _expire(database, database.now())
        if not _purge(database) and not left:
            return False
    return True


def _ends(work: Callable[[], bool]) -> bool:
    """Works until nothing is left; False where that takes more than the share of one sweep."""
    return any(not work() for _ in range(ROUNDS))


def _renew(database: Database) -> bool:
    """After a change of how long a type or session keeps jobs: those that have ended follow, a chunk at a time."""
    changed = database.read("kept_otherwise")
    for kind, name, after in changed:
        jobs = database.read("ended_jobs", tenant=TENANT, after=after, limit=CHUNK, **{kind: name})
        ids = [row[0] for row in jobs]

        place = {"name": name, "seen": after, "until": ids[-1] if len(ids) == CHUNK else None}
        database.write(functools.partial(_renew_chunk, f"{kind}_kept", place, ids), ring=False)
    return bool(changed)


def _renew_chunk(mark: str, place: dict[str, Any], ids: list[str], transaction: Transaction) -> None:
    if transaction.run(mark, tenant=TENANT, **place):  # else it was changed again, or another process has done it
        transaction.lock(ids)
        transaction.run("renew_expiry", tenant=TENANT, ids=ids)


def _expire(database: Database, now: float) -> bool:
    tops = [row[0] for row in database.read("expired_jobs", now=now, limit=BATCH)]

    def work(transaction: Transaction) -> None:
        kept = delete(transaction, tops, now)
        if kept:
            transaction.run("hold_back", tenant=TENANT, ids=sorted(kept), later=now + HELD_BACK_S)

    if tops:
        database.write(work)
    return bool(tops)


def _purge(database: Database) -> bool:
    """Takes what was deleted out of the tables; the rows of jobs go last."""
    jobs = [row[1] for row in database.read("deleted_jobs", limit=BATCH)]

    def work(transaction: Transaction) -> None:
        transaction.lock(jobs)
        for table in ("items", "logs", "events"):
            if len(transaction.run(f"purge_{table}", tenant=TENANT, jobs=jobs, limit=CHUNK)) == CHUNK:
                return
        for table in ("ledgers", "undos", "steps", "checkpoints", "artifacts", "aliases", "labels", "attempts", "jobs"):
            transaction.run(f"purge_{table}", tenant=TENANT, jobs=jobs)

    if jobs:
        database.write(work, ring=False)
    return bool(jobs)
