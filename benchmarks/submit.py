"""submit: jobs written per second by one process, each committed before the caller goes on, and in bulk."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import headway
from benchmarks import limits, peers, rows
from benchmarks.contest import Contestant, Database, Goal, Measure, Place, Results
from benchmarks.rows import BULK, BULKS, INPUT


def _singly(submit: Callable[[], Any]) -> Results:
    """Submit one after the other for a while; the first few, which open and prepare, are not counted."""
    for _ in range(20):
        submit()
    return {"per_s": limits.rate(lambda _: submit())}


def _headway(database: Database, place: Place) -> Results:
    with headway.Headway(place.url(database)) as hw:
        results = _singly(lambda: hw.submit("bench.noop", INPUT))
        inputs = [INPUT] * BULK
        began = time.perf_counter()
        for _ in range(BULKS):
            hw.submit_many("bench.noop", inputs)
        return results | {"bulk_per_s": BULK * BULKS / (time.perf_counter() - began)}


def _huey(place: Place) -> Results:
    noop = peers.huey(place).task()(_nothing)
    return _singly(lambda: noop(**INPUT))


def _dbos(database: Database, place: Place, journal: str = "DELETE") -> Results:
    dbos = peers.dbos(place, database, journal)
    noop = dbos.workflow(name="noop")(_nothing)
    dbos.listen_queues(["elsewhere"])
    dbos.launch()
    dbos.register_queue(peers.QUEUE)
    results = _singly(lambda: dbos.enqueue_workflow(peers.QUEUE, noop, **INPUT))
    dbos.destroy()
    return results


def _nothing(source: str, size: int) -> None:
    """The job that nobody runs here."""


MEASURE = Measure(
    name="submit",
    figures={"per_s": "jobs/s singly", "bulk_per_s": "jobs/s in bulk"},
    contestants=(
        Contestant("Headway SQLite", partial(_headway, "sqlite"), "sqlite"),
        Contestant("bare SQLite inserts", rows.sqlite, "sqlite"),
        Contestant("Huey SQLite", _huey, "sqlite", "huey"),
        Contestant("DBOS SQLite", partial(_dbos, "sqlite"), "sqlite", "dbos"),
        Contestant("DBOS SQLite, WAL", partial(_dbos, "sqlite", journal="WAL"), "sqlite", "dbos"),
        Contestant("Headway PostgreSQL", partial(_headway, "postgresql"), "postgresql"),
        Contestant("bare PostgreSQL inserts", rows.postgres, "postgresql"),
        Contestant("DBOS PostgreSQL", partial(_dbos, "postgresql"), "postgresql", "dbos"),
    ),
    goals=(
        Goal("per_s", "Headway SQLite", "bare SQLite inserts", at_least=0.7),
        Goal("bulk_per_s", "Headway SQLite", "bare SQLite inserts", at_least=0.5),
        Goal("per_s", "Headway SQLite", "Huey SQLite"),
        Goal("per_s", "Headway SQLite", "DBOS SQLite", at_least=5),
        Goal("per_s", "Headway SQLite", "DBOS SQLite, WAL"),
        Goal("per_s", "Headway PostgreSQL", "bare PostgreSQL inserts", at_least=0.7),
        Goal("bulk_per_s", "Headway PostgreSQL", "bare PostgreSQL inserts", at_least=0.5),
        Goal("per_s", "Headway PostgreSQL", "DBOS PostgreSQL", at_least=5),
    ),
)
