"""Families: children that are spawned once, and the waiting of a parent that holds no place meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from headway.model.moves import EXECUTING, STATES
from headway.store import keeping, moving, records
from headway.store.contract import CommitUnknown, Database, Transaction
from headway.store.keeping import NewJob
from headway.store.moving import TENANT
from headway.store.records import JobRow


class Child(NamedTuple):
    """A child as its parent sees it while it waits. percent: None where it is unknown."""

    id: str
    type: str
    queue: str
    state: str
    ended: bool
    weight: float
    percent: float | None
    due_at: float | None
    outside: bool


class Fence(NamedTuple):
    """What an attempt that would spawn or wait found its job to be; no state: it may write no more."""

    state: str | None
    version: int = 0


class NoPlace(Exception):
    """The limit of a job that would go on is reached; what was written beside is rolled back."""


def spawn(transaction: Transaction, new: NewJob, attempt: int, now: float) -> tuple[Fence, JobRow | None]:
    """Brings a child into being, or finds the one of that key; none where its parent may not spawn now."""
    rows = transaction.run("may_spawn", tenant=TENANT, id=new.parent, attempt=attempt)
    fence = Fence(*rows[0]) if rows else Fence(None)
    if fence.state != "running":
        return fence, None
    known = transaction.run("spawned", tenant=TENANT, parent=new.parent, spawn_key=new.spawn_key)
    if known:
        return fence, JobRow(*known[0])
    return fence, keeping.add(transaction, [new], now, returns=True)[0]


def begin_waiting(database: Database, job: str, attempt: int) -> bool:
    """The place of the job under its limit is free for others; False where the attempt may not wait now."""

    def work(transaction: Transaction) -> bool:
        rows = transaction.run("begin_waiting", tenant=TENANT, id=job, attempt=attempt)
        moving.change_limits(transaction, Counter(key for (key,) in rows), -1)
        return bool(rows)

    return _changed(database, job, attempt, work, waiting=True)


def end_waiting(database: Database, job: str, attempt: int) -> bool:
    """The job has its place again; False where the attempt may not go on. Raises NoPlace."""

    def work(transaction: Transaction) -> bool:
        rows = transaction.run("end_waiting", tenant=TENANT, id=job, attempt=attempt)
        for (key,) in rows:
            if key is not None and not transaction.run("take_from_limit", tenant=TENANT, key=key):
                raise NoPlace(key)
        return bool(rows)

    return _changed(database, job, attempt, work, waiting=False)


def _changed(database: Database, job: str, attempt: int, work: Callable[[Transaction], bool], waiting: bool) -> bool:
    """Makes a change of the mark. After an answer that was lost the row tells whether it was made."""
    while True:
        try:
            made: bool | None = database.write(work)
        except CommitUnknown:
            made = None
        if not made:
            row = keeping.by_id(database, job)
            if row is not None and row.attempt == attempt and row.state == "running" and bool(row.waiting) == waiting:
                return True
        if made is not None:
            return made


def want_place(database: Database, job: str, attempt: int) -> None:
    """The job gets the next place under its limit, before new jobs begin."""
    database.write(lambda transaction: transaction.run("want_place", tenant=TENANT, id=job, attempt=attempt))


def of(database: Database, parent: str) -> list[Child]:
    """The children of a job, highest priority first, then oldest."""
    return [Child(*row) for row in database.read("family", tenant=TENANT, parent=parent)]


def rows(database: Database, jobs: Sequence[str]) -> dict[str, JobRow]:
    """These jobs by their ids."""
    found = records.job_rows(database.read("jobs_by_ids", tenant=TENANT, ids=list(jobs)))
    return {row.id: row for row in found}


def page(database: Database, parent: str, after: str | None, limit: int) -> list[JobRow]:
    """The children of a job after one of them, oldest first."""
    return records.job_rows(database.read("children_page", tenant=TENANT, parent=parent, after=after, limit=limit))


def levels(database: Database, root: JobRow) -> list[list[JobRow]]:
    """A job and all that is below it, level by level, oldest first."""
    found = [[root]]
    while below := keeping.children(database, [row.id for row in found[-1]]):
        found.append(below)
    return found


def waits(database: Database, jobs: Sequence[JobRow], has_worker: Callable[[str, str], bool]) -> dict[str, str]:
    """What those that wait for their children wait for, by job: "children: 2 running, 1 pending".

    has_worker: whether anybody works on a type from a queue; what nobody does is named.
    """
    waiting = [row.id for row in jobs if row.waiting and (row.state in EXECUTING or _is_put_off(row))]
    if not waiting:
        return {}
    counted: dict[str, Counter[str]] = {job: Counter() for job in waiting}
    lacking: dict[str, set[str]] = {job: set() for job in waiting}
    for parent, state, kind, queue, number in database.read("family_states", tenant=TENANT, parents=waiting):
        counted[parent][state] += int(number)
        if kind is not None and not has_worker(kind, queue):
            lacking[parent].add(kind)
    return {job: _told(states, sorted(lacking[job])) for job, states in counted.items()}


def _is_put_off(row: JobRow) -> bool:
    """Whether it would wait, and is away because its worker has too many that do."""
    return row.state == "pending" and row.due_at is not None


def _told(states: Counter[str], lacking: Sequence[str]) -> str:
    said = ", ".join(f"{states[state]} {state.replace('_', ' ')}" for state in STATES if states[state])
    types = ", ".join(map(repr, lacking[:MOST_NAMED])) + (", ..." if len(lacking) > MOST_NAMED else "")
    nobody = f"; no worker has {types}" if lacking else ""
    return f"children: {said}{nobody}" if said else "a slot, its children have ended"


MOST_NAMED = 3
"""Types that are named in a mark at most."""
