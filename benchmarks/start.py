"""start: from an idle submit in one process to the first line of the job in another, and what idling costs.

The other process is benchmarks/worker.py. Both read the monotonic clock, which all processes share.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import headway
from benchmarks import peers
from benchmarks.contest import Contestant, Database, Goal, Limit, Measure, Place, Results

Submit = Callable[[int], Any]

SAMPLES, DBOS_SAMPLES = 60, 4
WARM_UP = 2
IDLE_S = 2.0
GAP_S = (0.02, 0.08)


class Worker:
    """The worker process as the submitter sees it."""

    def __init__(self, kind: str, place: Place) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", kind, str(place.folder), place.postgres],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def line(self) -> str:
        """The next line it wrote."""
        if self._process.stdout is None:
            raise RuntimeError("the worker was started without a pipe for its output")
        line = self._process.stdout.readline().strip()
        if not line:
            raise RuntimeError("the worker ended before it answered; see standard error above")
        return line

    def processor_ns(self) -> int:
        """Processor time it has used so far."""
        self._write("time\n")
        return int(self.line())

    def close(self) -> None:
        """End it."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(30.0)

    def _write(self, text: str) -> None:
        if self._process.stdin is None:
            raise RuntimeError("the worker was started without a pipe for its input")
        self._process.stdin.write(text)
        self._process.stdin.flush()


def _measured(kind: str, place: Place, submit: Submit, samples: int) -> Results:
    """Latencies one by one, each after a pause of random length, then the cost of idling."""
    worker = Worker(kind, place)
    try:
        if worker.line() != "ready":
            raise RuntimeError(f"the worker for {kind} did not say that it is ready")
        for number in range(WARM_UP):
            _latency_ms(worker, submit, number)
        latencies = sorted(_latency_ms(worker, submit, number) for number in range(WARM_UP, WARM_UP + samples))
        return _quantiles(latencies) | {"idle_percent": _idle_percent(worker)}
    finally:
        worker.close()


def _latency_ms(worker: Worker, submit: Submit, number: int) -> float:
    time.sleep(random.uniform(*GAP_S))
    submitted = time.monotonic_ns()
    submit(number)
    begun_number, begun = worker.line().split()
    if int(begun_number) != number:
        raise RuntimeError(f"job {begun_number} began where job {number} was expected")
    return (int(begun) - submitted) / 1e6


def _quantiles(latencies: list[float]) -> Results:
    """p50, and the p99, which is the worst of fewer than a hundred samples."""
    return {"p50_ms": statistics.median(latencies), "p99_ms": latencies[int(len(latencies) * 0.99)]}


def _idle_percent(worker: Worker) -> float:
    before, began = worker.processor_ns(), time.monotonic_ns()
    time.sleep(IDLE_S)
    return (worker.processor_ns() - before) / (time.monotonic_ns() - began) * 100


def begun(number: int) -> None:
    """What each job does: say that it has begun, and when."""
    sys.stdout.write(f"{number} {time.monotonic_ns()}\n")
    sys.stdout.flush()


def _headway(database: Database, place: Place) -> Results:
    with headway.Headway(place.url(database)) as hw:
        return _measured(
            f"headway-{database}", place, lambda number: hw.submit("bench.begun", {"number": number}), SAMPLES
        )


def _huey(place: Place) -> Results:
    return _measured("huey", place, peers.huey(place).task(name="begun")(begun), SAMPLES)


def _dbos(database: Database, place: Place) -> Results:
    dbos = peers.dbos(place, database)
    workflow = dbos.workflow(name="begun")(begun)
    dbos.listen_queues(["elsewhere"])
    dbos.launch()
    dbos.register_queue(peers.QUEUE)
    try:
        return _measured(
            f"dbos-{database}", place, lambda n: dbos.enqueue_workflow(peers.QUEUE, workflow, n), DBOS_SAMPLES
        )
    finally:
        dbos.destroy()


MEASURE = Measure(
    name="start",
    figures={"p50_ms": "ms, p50", "p99_ms": "ms, p99", "idle_percent": "% of a core, idle"},
    contestants=(
        Contestant("Headway SQLite", partial(_headway, "sqlite"), "sqlite"),
        Contestant("Huey SQLite", _huey, "sqlite", "huey"),
        Contestant("DBOS SQLite", partial(_dbos, "sqlite"), "sqlite", "dbos"),
        Contestant("Headway PostgreSQL", partial(_headway, "postgresql"), "postgresql"),
        Contestant("DBOS PostgreSQL", partial(_dbos, "postgresql"), "postgresql", "dbos"),
    ),
    goals=(
        Goal("p50_ms", "Headway SQLite", "Huey SQLite"),
        Goal("p50_ms", "Headway SQLite", "DBOS SQLite"),
        Goal("p50_ms", "Headway PostgreSQL", "DBOS PostgreSQL"),
    ),
    limits=tuple(
        Limit(figure, ours, at_most)
        for ours in ("Headway SQLite", "Headway PostgreSQL")
        for figure, at_most in (("p50_ms", 5.0), ("p99_ms", 25.0), ("idle_percent", 1.0))
    ),
    rounds=1,
)
