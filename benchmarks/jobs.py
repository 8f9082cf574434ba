"""jobs: no-op jobs per second, end to end with the result stored, by one worker process with four threads."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import headway
from benchmarks import peers
from benchmarks.contest import Contestant, Database, Goal, Measure, Place, Results

SLOTS = 4
HEADWAY_JOBS, HUEY_JOBS, DBOS_JOBS = 6_000, 2_000, 200


class Tally:
    """Counts the bodies of the jobs as they run, from any thread; the clock starts with the first one.

    From there, not from the worker's start: who polls once a second is not charged for the first poll.
    """

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._numbers = itertools.count(1)
        self._began = 0.0
        self._last = threading.Event()

    def body(self) -> int:
        """What each job does; the number it returns is its result."""
        number = next(self._numbers)
        if number == 1:
            self._began = time.perf_counter()
        if number == self._expected:
            self._last.set()
        return number

    def per_second(self, left: Callable[[], bool]) -> Results:
        """Wait for the last body, then until nothing is `left` without a stored result."""
        if not self._last.wait(60.0):
            raise TimeoutError(f"fewer than {self._expected} jobs ran within 60 s")
        while left():
            time.sleep(0.001)
        return {"per_s": self._expected / (time.perf_counter() - self._began)}


def _headway(database: Database, place: Place) -> Results:
    tally = Tally(HEADWAY_JOBS)

    @headway.job("bench.noop")
    def noop(ctx: headway.Context) -> int:
        return tally.body()

    with headway.Headway(place.url(database)) as hw:
        hw.submit_many(noop, [{}] * HEADWAY_JOBS)
        with hw.worker(slots=SLOTS):
            return tally.per_second(left=lambda: len(hw.jobs(active=True, limit=1)) > 0)


def _huey(place: Place) -> Results:
    queue = peers.huey(place)
    tally = Tally(HUEY_JOBS)
    noop = queue.task()(tally.body)
    for _ in range(HUEY_JOBS):
        noop()
    with peers.huey_consumer(queue, SLOTS):
        return tally.per_second(left=lambda: queue.result_count() < HUEY_JOBS)


def _dbos(database: Database, place: Place, journal: str = "DELETE") -> Results:
    """The jobs are queued by a first launch, which listens to another queue, and run by a second."""
    tally = Tally(DBOS_JOBS)
    dbos, noop = _dbos_launched(database, place, journal, "elsewhere", tally)
    dbos.register_queue(peers.QUEUE)
    for _ in range(DBOS_JOBS):
        dbos.enqueue_workflow(peers.QUEUE, noop)
    dbos.destroy()
    dbos, _ = _dbos_launched(database, place, journal, peers.QUEUE, tally)
    open_states = ["ENQUEUED", "PENDING"]
    results = tally.per_second(left=lambda: bool(dbos.list_workflows(status=open_states, limit=1)))
    dbos.destroy()
    return results


def _dbos_launched(database: Database, place: Place, journal: str, queue: str, tally: Tally) -> tuple[Any, Any]:
    """DBOS listening to one queue, and its no-op workflow."""
    dbos = peers.dbos(place, database, journal)

    @dbos.workflow(name="noop")  # type: ignore[untyped-decorator, unused-ignore]  # absent where mypy runs
    def noop() -> int:
        return tally.body()

    dbos.listen_queues([queue])
    dbos.launch()
    return dbos, noop


MEASURE = Measure(
    name="jobs",
    figures={"per_s": "jobs/s"},
    contestants=(
        Contestant("Headway SQLite", partial(_headway, "sqlite"), "sqlite"),
        Contestant("Huey SQLite", _huey, "sqlite", "huey"),
        Contestant("DBOS SQLite", partial(_dbos, "sqlite"), "sqlite", "dbos"),
        Contestant("DBOS SQLite, WAL", partial(_dbos, "sqlite", journal="WAL"), "sqlite", "dbos"),
        Contestant("Headway PostgreSQL", partial(_headway, "postgresql"), "postgresql"),
        Contestant("DBOS PostgreSQL", partial(_dbos, "postgresql"), "postgresql", "dbos"),
    ),
    goals=(
        Goal("per_s", "Headway SQLite", "Huey SQLite", at_least=3),
        Goal("per_s", "Headway SQLite", "DBOS SQLite", at_least=25),
        Goal("per_s", "Headway SQLite", "DBOS SQLite, WAL"),
        Goal("per_s", "Headway PostgreSQL", "DBOS PostgreSQL", at_least=5),
    ),
)
