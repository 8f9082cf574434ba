"""Claims: jobs handed to a worker under a lease; leases renewed; and what workers there are."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypedDict

import msgspec

from headway.model.job import Worker
from headway.store import host, moving
from headway.store.contract import Database, Transaction
from headway.store.moving import TENANT
from headway.store.records import JobRow, worker_of

LEASE_S = 30.0
"""How long an attempt may write after its last heartbeat."""
HEARTBEAT_S = 10.0
SELF_STOP_S = 20.0
"""A worker that could not renew its leases for so long stops its own work, well before they run out."""
MOST_AT_ONCE = 200
"""Jobs that one claim takes."""
SEEN_S = 3 * HEARTBEAT_S
"""A worker that was seen within this time counts as alive."""


class JobTypeRow(TypedDict):
    """What is kept of a job type beside its function."""

    type: str
    recover: bool
    timeout_s: float | None
    keep_s: float | None


class Alive(NamedTuple):
    """An attempt as a heartbeat or a look at the row found it. version: tells an older finding from a newer one."""

    job: str
    attempt: int
    state: str
    version: int
    worker: str | None = None


def claim(
    database: Database, worker: str, lanes: Sequence[tuple[str, str]], n: int, root: str | None = None
) -> list[JobRow]:
    """Takes up to n ready jobs, of MOST_AT_ONCE, highest priority first, then oldest.

    lanes: (queue, type) pairs. root: only jobs of that tree.
    """
    return database.write(lambda transaction: claim_in(transaction, database.now(), worker, lanes, n, root))


def claim_in(
    transaction: Transaction, now: float, worker: str, lanes: Sequence[tuple[str, str]], n: int,
    root: str | None = None,
) -> list[JobRow]:  # fmt: skip
    """See claim; inside a transaction of the caller."""
    transaction.run("release_due", now=now)
    rows = transaction.run(
        "claim",
        worker=worker,
        now=now,
        lease_s=LEASE_S,
        n=min(n, MOST_AT_ONCE),
        root=root,
        **_lanes(lanes),
    )
    jobs = moving.claimed(transaction, rows, now)
    return sorted(jobs, key=lambda job: (-job.priority, job.id))


def anything_ready(database: Database, lanes: Sequence[tuple[str, str]], root: str | None = None) -> bool:
    """Whether a claim over these lanes would find a job."""
    return bool(database.read("anything_ready", now=database.now(), root=root, **_lanes(lanes)))


def _lanes(lanes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Lanes as the statements take them: SQLite reads JSON, PostgreSQL arrays."""
    return {
        "tenant": TENANT, "lanes": [list(lane) for lane in lanes], "lane_queues": [queue for queue, _ in lanes],
        "lane_types": [kind for _, kind in lanes],
    }  # fmt: skip


def claim_own(database: Database, worker: str, job: str) -> JobRow | None:
    """The process of an outside job takes it; None where it is not pending."""

    def work(transaction: Transaction) -> JobRow | None:
        return claim_own_in(transaction, database.now(), worker, job)

    return database.write(work)


def claim_own_in(transaction: Transaction, now: float, worker: str, job: str) -> JobRow | None:
    """See claim_own; inside a transaction of the caller. None too where its session has no room."""
    found = transaction.run("job_by_id", tenant=TENANT, id=job)
    limit = JobRow(*found[0]).limit_key if found else None
    if limit is not None and not transaction.run("take_from_limit", tenant=TENANT, key=limit):
        return None
    rows = transaction.run("claim_own", tenant=TENANT, id=job, worker=worker, now=now, lease_s=LEASE_S)
    moving.change_limits(transaction, Counter({limit: -1}) if limit is not None else Counter())
    taken = moving.claimed(transaction, rows, now)
    return taken[0] if taken else None


def claimed_by(database: Database, worker: str) -> list[JobRow]:
    """What a worker holds, for taking up a claim whose answer was lost."""
    return [JobRow(*row) for row in database.read("claimed_by", worker=worker)]


def heartbeat(
    database: Database, worker: str, held: Iterable[tuple[str, int]], wall: float | None = None
) -> list[Alive]:
    """Renews the leases of these (job, attempt) pairs; those that are not returned are lost.

    wall: what the worker's own clock says, to tell how far it is from the database's.
    """
    rows = [{"tenant": TENANT, "id": job, "attempt": attempt, "lease_s": LEASE_S} for job, attempt in held]

    def work(transaction: Transaction) -> list[Alive]:
        if len(rows) > 1:
            transaction.lock([str(row["id"]) for row in rows])
        transaction.run("see_worker", id=worker, now=database.now(), wall=wall)
        return [Alive(*row) for row in transaction.each("heartbeat", rows, returns=True)]

    return database.write(work, ring=False)


def asked(database: Database, jobs: Sequence[str]) -> list[Alive]:
    """The attempt and state that these jobs have now: what has been asked of them."""
    return [Alive(*row) for row in database.read("asked", tenant=TENANT, ids=list(jobs))]


def enlist(database: Database, worker: str, slots: int, queues: Sequence[str], types: Sequence[JobTypeRow]) -> None:
    """Makes a worker known, with what it can run. types: what the sweep must know of them."""
    pid = os.getpid()
    row = {
        "tenant": TENANT, "id": worker, "host": host.name(), "pid": pid, "place": host.place(),
        "born": host.born(pid) or "", "slots": slots, "queues": msgspec.json.encode(list(queues)).decode(),
        "types": msgspec.json.encode([kind["type"] for kind in types]).decode(), "now": database.now(),
    }  # fmt: skip

    def work(transaction: Transaction) -> None:
        transaction.run("enlist_worker", **row)
        transaction.each("know_types", [{"tenant": TENANT, **kind} for kind in types])

    database.write(work)


def enlist_outside(database: Database, worker: str, host: str, queues: Sequence[str], types: Sequence[str]) -> None:
    """Makes a runner known that is no process of this machine or any: it is seen when it claims, and by its leases."""
    row = {
        "tenant": TENANT, "id": worker, "host": host, "pid": 0, "place": "", "born": "", "slots": 1,
        "queues": msgspec.json.encode(list(queues)).decode(), "types": msgspec.json.encode(list(types)).decode(),
        "now": database.now(),
    }  # fmt: skip

    def work(transaction: Transaction) -> None:
        transaction.run("enlist_worker", **row)
        transaction.each("know_new_types", [{"tenant": TENANT, "type": kind} for kind in types])

    database.write(work, ring=False)


def renew_in(transaction: Transaction, job: str, attempt: int) -> bool:
    """Renews the lease of one attempt, whose row the transaction holds from here on; whether it may still write."""
    rows = [{"tenant": TENANT, "id": job, "attempt": attempt, "lease_s": LEASE_S}]
    return bool(transaction.each("heartbeat", rows, returns=True))


def dismiss(database: Database, worker: str) -> None:
    """The worker has stopped."""
    database.write(lambda transaction: transaction.run("stop_worker", id=worker, now=database.now()))


def is_known(database: Database, worker: str) -> bool:
    """Whether the worker stands in the list: one that was not seen for a day is forgotten, though it may go on."""
    return bool(database.read("worker_known", id=worker))


def types_known(database: Database) -> list[str]:
    """The types that a worker has ever said to have."""
    return [str(name) for (name,) in database.read("types_known", tenant=TENANT)]


def workers(database: Database, since_s: float = SEEN_S) -> list[Worker]:
    """The workers that were seen lately, newest first; not those of which a look tells that their process has ended."""
    rows = database.read("workers_seen", tenant=TENANT, since=database.now() - since_s)
    return [worker_of(row) for row in rows if row[8] is not None or not host.has_ended(row[2], *row[10:])]
