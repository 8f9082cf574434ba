"""loop: what a tracked loop adds to each trivial iteration, beside progress bars that keep nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from functools import partial

import headway
from benchmarks.contest import Contestant, Goal, Measure, Place, Results

ITERATIONS = 5_000_000

Walk = Callable[[range], Iterable[int]]


def _added(walk: Walk) -> Results:
    """Nanoseconds added per iteration: the tracked loop less the plain one, timed before and after it."""
    before = _seconds(lambda members: members)
    tracked = _seconds(walk)
    plain = (before + _seconds(lambda members: members)) / 2
    return {"added_ns": (tracked - plain) / ITERATIONS * 1e9}


def _seconds(walk: Walk) -> float:
    began = time.perf_counter()
    for _ in walk(range(ITERATIONS)):
        pass
    return time.perf_counter() - began


def _tqdm(_place: Place) -> Results:
    from tqdm import tqdm

    with open(os.devnull, "w") as nowhere:
        return _added(lambda members: tqdm(members, file=nowhere))


def _rich(_place: Place) -> Results:
    from rich.console import Console
    from rich.progress import track

    with open(os.devnull, "w") as nowhere:
        return _added(lambda members: track(members, console=Console(file=nowhere)))


def _headway_outside(place: Place) -> Results:
    """`track` in a plain script: it makes a job of its own, durable like any other."""
    with headway.Headway(place.url("sqlite")) as hw:
        return _added(lambda members: hw.track(members, "Loop"))


def _headway_inside(place: Place) -> Results:
    """`ctx.track` within a job that a worker runs."""
    results: list[Results] = []

    @headway.job("bench.loop")
    def loop(ctx: headway.Context) -> None:
        results.append(_added(partial(ctx.track, label="Loop")))

    with headway.Headway(place.url("sqlite")) as hw:
        job = hw.submit(loop)
        with hw.worker(slots=1):
            hw.result(job)
    return results[0]


MEASURE = Measure(
    name="loop",
    figures={"added_ns": "ns added per iteration"},
    contestants=(
        Contestant("Headway, own job", _headway_outside, "sqlite"),
        Contestant("Headway, in a job", _headway_inside, "sqlite"),
        Contestant("tqdm", _tqdm, package="tqdm"),
        Contestant("rich", _rich, package="rich"),
    ),
    goals=(
        Goal("added_ns", "Headway, own job", "tqdm", at_most=0.5),
        Goal("added_ns", "Headway, in a job", "tqdm", at_most=0.5),
        Goal("added_ns", "Headway, own job", "rich"),
    ),
)
