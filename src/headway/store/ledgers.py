"""Ledgers as they are kept: their totals, and the items that are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from headway.model.ledger import LedgerCounts
from headway.store.contract import Reads
from headway.store.moving import TENANT


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


def has_unsized(database: Reads, job: str, ledger: str) -> bool:
    """Whether anything that is pending has no size yet."""
    return bool(database.read("items_unsized", tenant=TENANT, job=job, ledger=ledger))


def named(database: Reads, job: str, ledger: str, keys: Sequence[str]) -> dict[str, KeptItem]:
    """The items with these keys that are stored, by key."""
    rows = database.read("items_named", tenant=TENANT, job=job, ledger=ledger, keys=list(keys))
    return {row[0]: KeptItem(*row) for row in rows}


def with_hash(database: Reads, job: str, ledger: str, digest: str) -> str | None:
    """The key of the first stored item with this content."""
    rows = database.read("item_with_hash", tenant=TENANT, job=job, ledger=ledger, hash=digest)
    return str(rows[0][0]) if rows else None


def end_of_chunk(database: Reads, job: str, ledger: str, after: str | None, items: int) -> str | None:
    """The last key of so many items behind a key; None where there are fewer."""
    rows = database.read("nth_item", tenant=TENANT, job=job, ledger=ledger, after=after, n=items - 1)
    return str(rows[0][0]) if rows else None


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
