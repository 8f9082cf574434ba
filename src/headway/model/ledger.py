"""How many items there are, and what became of them."""

from __future__ import annotations

from headway.model.job import Record


class Counts(Record, frozen=True, kw_only=True):
    """What became of the items of a map, those of earlier attempts included."""

    done: int = 0
    failed: int = 0
    skipped: int = 0


class LedgerCounts(Record, frozen=True, kw_only=True):
    """A ledger in figures. size: of all its items, in the unit in which sizes were given, mostly bytes.

    size_done: of those that are done, failed or skipped. duplicates: done items with the content of an earlier one;
    size_saved: their size.
    """

    job_id: str
    ledger: str
    total: int = 0
    pending: int = 0
    done: int = 0
    failed: int = 0
    skipped: int = 0
    duplicates: int = 0
    size: float = 0.0
    size_done: float = 0.0
    size_saved: float = 0.0
