"""progress: what one report of progress costs its caller, and the commits that a flood of them causes."""

from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import headway
from benchmarks import limits, peers
from benchmarks.contest import Contestant, Goal, Limit, Measure, Place, Results

CALLS = 1_000_000
FLOOD_JOBS, FLOOD_S, BURST = 4, 3.0, 100


def _cheap(report: Callable[[], Any]) -> Results:
    """Microseconds per call of something that takes about one."""
    began = time.perf_counter()
    for _ in range(CALLS):
        report()
    return {"call_us": (time.perf_counter() - began) / CALLS * 1e6}


def _dear(report: Callable[[int], Any]) -> Results:
    """Microseconds per call of something that commits."""
    return {"call_us": 1e6 / limits.rate(report)}


def _headway(place: Place) -> Results:
    results: list[Results] = []

    @headway.job("bench.report")
    def report(ctx: headway.Context) -> None:
        results.append(_cheap(lambda: ctx.progress(add=1)))

    with headway.Headway(place.url("sqlite")) as hw:
        job = hw.submit(report)
        with hw.worker(slots=1):
            hw.result(job)
    return results[0]


def _headway_flood(place: Place) -> Results:
    """Commits per second while several jobs of one process report without pause, in bursts of a hundred."""
    running = threading.Barrier(FLOOD_JOBS + 1)
    over = threading.Event()

    @headway.job("bench.flood")
    def flood(ctx: headway.Context) -> None:
        running.wait(30.0)
        while not over.is_set():
            for _ in range(BURST):
                ctx.progress(add=1)
            time.sleep(0.001)

    with headway.Headway(place.url("sqlite")) as hw:
        hw.submit_many(flood, [{}] * FLOOD_JOBS)
        with hw.worker(slots=FLOOD_JOBS):
            running.wait(30.0)
            before = commits(place.folder / "jobs.db")
            over.wait(FLOOD_S)
            after = commits(place.folder / "jobs.db")
            over.set()
    return {"commits_per_s": (after - before) / FLOOD_S}


def commits(database: Path) -> int:
    """How many transactions a SQLite file in WAL mode has had since its WAL index was made.

    Source: the WAL-index header's `iChange`, 4 bytes in the machine's order at offset 8 of the -shm file
    (https://www.sqlite.org/walformat.html).
    """
    with open(f"{database}-shm", "rb") as index:
        header = index.read(12)
    return int(struct.unpack("=3I", header)[2])


def _tqdm(_place: Place) -> Results:
    from tqdm import tqdm

    with open(os.devnull, "w") as nowhere, tqdm(total=CALLS, file=nowhere) as bar:
        return _cheap(lambda: bar.update(1))


def _huey(place: Place) -> Results:
    """Huey has no progress; its users write it under a key of their own."""
    queue = peers.huey(place)
    return _dear(lambda number: queue.put("progress", number))


def _dbos(place: Place) -> Results:
    results: list[Results] = []
    dbos = peers.dbos(place, "sqlite")

    @dbos.workflow(name="report")  # type: ignore[untyped-decorator, unused-ignore]  # absent where mypy runs
    def report() -> None:
        results.append(_dear(lambda number: dbos.set_event("progress", number)))

    dbos.launch()
    report()
    dbos.destroy()
    return results[0]


MEASURE = Measure(
    name="progress",
    figures={"call_us": "µs a call", "commits_per_s": "commits/s"},
    contestants=(
        Contestant("Headway SQLite", _headway, "sqlite"),
        Contestant("Headway SQLite, four jobs", _headway_flood, "sqlite"),
        Contestant("tqdm.update (kept nowhere)", _tqdm, package="tqdm"),
        Contestant("Huey put", _huey, "sqlite", "huey"),
        Contestant("DBOS set_event", _dbos, "sqlite", "dbos"),
    ),
    goals=(
        Goal("call_us", "Headway SQLite", "tqdm.update (kept nowhere)"),
        Goal("call_us", "Headway SQLite", "Huey put"),
        Goal("call_us", "Headway SQLite", "DBOS set_event"),
    ),
    limits=(
        Limit("call_us", "Headway SQLite", at_most=1.0),
        Limit("commits_per_s", "Headway SQLite, four jobs", at_most=10.0),
    ),
)
