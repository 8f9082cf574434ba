"""The worker process of the start measure: `python -m benchmarks.worker KIND FOLDER [POSTGRES_URL]`.

It writes "ready", then one line for each job it begins: the number and the time. It answers each line on
its standard input with the processor time it has used, and ends with its standard input.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import headway
from benchmarks import peers
from benchmarks.contest import Database, Place
from benchmarks.start import begun


@contextmanager
def _headway(database: Database, place: Place) -> Iterator[None]:
    @headway.job("bench.begun")
    def begin(ctx: headway.Context, number: int) -> None:
        begun(number)

    with headway.Headway(place.url(database)) as hw, hw.worker(slots=4):
        yield


@contextmanager
def _huey(place: Place) -> Iterator[None]:
    queue = peers.huey(place)
    queue.task(name="begun")(begun)
    with peers.huey_consumer(queue, 4):
        yield


@contextmanager
def _dbos(database: Database, place: Place) -> Iterator[None]:
    dbos = peers.dbos(place, database)
    dbos.workflow(name="begun")(begun)
    dbos.listen_queues([peers.QUEUE])
    dbos.launch()
    try:
        yield
    finally:
        dbos.destroy()


WORKERS: dict[str, Callable[[Place], AbstractContextManager[None]]] = {
    "headway-sqlite": partial(_headway, "sqlite"),
    "headway-postgresql": partial(_headway, "postgresql"),
    "huey": _huey,
    "dbos-sqlite": partial(_dbos, "sqlite"),
    "dbos-postgresql": partial(_dbos, "postgresql"),
}


def main(kind: str, folder: str, postgres: str = "") -> None:
    """Work until standard input ends, answering each of its lines with the processor time used so far."""
    with WORKERS[kind](Place(Path(folder), postgres)):
        print("ready", flush=True)
        for _ in sys.stdin:
            print(time.process_time_ns(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
