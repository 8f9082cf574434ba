"""Ledgers as they are kept: their totals, and the items that are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from headway.model.ledger import LedgerCounts
from headway.store import records
from headway.store.contract import Database, Reads, Transaction
from headway.store.moving import TENANT

CHUNK = 5000
"""Items that are changed in one transaction: longer ones would hold up every other writer."""


class Totals(msgspec.Struct):
    """A row of `ledgers`: what the one attempt that works on a ledger counts. position: the last one given."""

    ledger: str
    total: int = 0
    done: int = 0
    failed: int = 0
    skipped: int = 0
    duplicates: int = 0
    size: float = 0.0
    size_done: float = 0.0
    size_saved: float = 0.0
    position: int = 0

    @property
    def passed(self) -> int:
        """How many items are done, failed or skipped."""
        return self.done + self.failed + self.skipped

    def counts(self, job: str) -> LedgerCounts:
        """The snapshot of it."""
        return LedgerCounts(
            job_id=job, ledger=self.ledger, total=self.total, pending=self.total - self.passed, done=self.done,
            failed=self.failed, skipped=self.skipped, duplicates=self.duplicates, size=self.size,
            size_done=self.size_done, size_saved=self.size_saved,
        )  # fmt: skip


class KeptItem(NamedTuple):
    """An item as a runner needs it to go on; the order is that of items_left.sql and items_named.sql.

    tries: those of its attempts that count, since a user's retry begins them anew.
    """

    key: str
    position: int
    state: str
    attempts: int
    value: str | None
    size: float | None
    hash: str | None
    status_code: int | None
    duplicate_of: str | None
    data: str
    tries: int


def totals(database: Reads, job: str, ledger: str) -> Totals:
    """The totals of a ledger; counted where it has none yet."""
    rows = database.read("ledgers_of", tenant=TENANT, job=job, ledger=ledger)
    return Totals(*rows[0]) if rows else _counted(database, job, ledger)


def every(database: Reads, job: str) -> list[Totals]:
    """The ledgers of a job by name, also the keys of its loops."""
    known = {row[0]: Totals(*row) for row in database.read("ledgers_of", tenant=TENANT, job=job)}
    names = {str(row[0]) for row in database.read("ledger_names", tenant=TENANT, job=job)}
    counted = {name: _counted(database, job, name) for name in names - known.keys()}
    return [found for _, found in sorted((known | counted).items())]


def left(database: Reads, job: str, ledger: str, after: int, limit: int) -> list[KeptItem]:
    """What is pending behind a position, in the order in which it was added."""
    rows = database.read("items_left", tenant=TENANT, job=job, ledger=ledger, after=after, limit=limit)
    return list(map(KeptItem._make, rows))


def named(database: Reads, job: str, ledger: str, keys: Sequence[str]) -> dict[str, KeptItem]:
    """The items with these keys that are stored, by key."""
    rows = database.read("items_named", tenant=TENANT, job=job, ledger=ledger, keys=list(keys))
    return {row[0]: KeptItem(*row) for row in rows}


def with_hash(database: Reads, job: str, ledger: str, digest: str) -> str | None:
    """The key of the first stored item with this content."""
    rows = database.read("item_with_hash", tenant=TENANT, job=job, ledger=ledger, hash=digest)
    return str(rows[0][0]) if rows else None


def retry_failed(database: Database, job: str, limit: int = CHUNK) -> int:
    """Makes the failed items of a failed job pending again, a chunk in each transaction; how many there were."""
    retried = 0
    for known in every(database, job):
        while known.failed and (some := _retry_some(database, job, known.ledger, limit)):
            retried += some
    return retried


def _retry_some(database: Database, job: str, ledger: str, limit: int) -> int:
    def work(transaction: Transaction) -> int:
        transaction.lock([job])
        rows = records.job_rows(transaction.run("job_by_id", tenant=TENANT, id=job))
        if not rows or rows[0].state != "failed":
            return 0  # somebody else has sent it on, and its attempt counts now
        place = {"tenant": TENANT, "job": job, "ledger": ledger}
        sizes = [row[0] for row in transaction.run("retry_items", limit=limit, now=database.now(), **place)]
        transaction.run("count_retried", items=len(sizes), size=float(sum(sizes)), **place)
        return len(sizes)

    retried: int = database.write(work)
    return retried


def copy(database: Database, job: str, to_job: str, ledger: str, limit: int = CHUNK) -> None:
    """Gives another job a copy of a ledger, a chunk in each transaction: its failed items are pending there."""
    place: dict[str, Any] = {"tenant": TENANT, "job": job, "ledger": ledger}
    after: str | None = None
    while True:
        ends = database.read("nth_item", after=after, n=limit - 1, **place)
        upto = str(ends[0][0]) if ends else None
        _copy_some(database, place | {"to_job": to_job, "after": after, "upto": upto})
        if upto is None:
            break
        after = upto
    database.write(lambda transaction: transaction.run("copy_ledger", to_job=to_job, **place))


def _copy_some(database: Database, place: dict[str, Any]) -> None:
    database.write(lambda transaction: transaction.run("copy_items", **place))


def _counted(database: Reads, job: str, ledger: str) -> Totals:
    found = Totals(ledger)
    rows: Sequence[tuple[Any, ...]] = database.read("count_items", tenant=TENANT, job=job, ledger=ledger)
    for state, count, size, position in rows:
        found.total += count
        found.size += size
        found.position = max(found.position, position)
        if state != "pending":
            setattr(found, state, count)
            found.size_done += size
    return found
