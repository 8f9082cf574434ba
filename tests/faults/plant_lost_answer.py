"""Planted in a worker: the answer to its first claim that finds jobs is lost, as when the connection breaks."""

from __future__ import annotations

from collections.abc import Sequence

from headway.store import claiming
from headway.store.contract import CommitUnknown, Database
from headway.store.records import JobRow
from tests.faults.side import say

_claim = claiming.claim


def _lose_the_answer(
    database: Database, worker: str, lanes: Sequence[tuple[str, str]], n: int, root: str | None = None
) -> list[JobRow]:
    jobs = _claim(database, worker, lanes, n, root)
    if jobs:
        claiming.claim = _claim
        say("lost the answer")
        raise CommitUnknown("The connection broke.")
    return jobs


claiming.claim = _lose_the_answer
