"""Jobs for the benchmark of the pages, run by a process of its own: URL KIND NUMBER.

live: so many jobs that tell ten times a second how far they are, until the process is told to stop. history: so many
jobs that have ended. log: one job with so many lines.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator

import headway
from headway import Headway

PERIOD_S = 0.1
TOTAL = 100_000
BATCH = 2_000
WORDS = ("fetched", "moved", "checked", "indexed", "compressed")


@headway.job("bench.live")
def live(ctx: headway.Context) -> None:
    """Tells how far it is, ten times a second."""
    done = 0
    while True:
        done += 7
        ctx.progress(done=done % TOTAL, total=TOTAL, unit="rows")
        ctx.sleep(PERIOD_S)


@headway.job("bench.ended")
def ended(ctx: headway.Context, n: int) -> int:
    """One in forty fails."""
    if n % 40 == 0:
        raise ConnectionError("the target closed the connection")
    return n


@headway.job("bench.log")
def log(ctx: headway.Context, lines: int) -> int:
    """Says so many lines."""
    for n in range(1, lines + 1):
        ctx.log(f"{WORDS[n % 5]} /srv/www/pages/{n % 997}/{n}.html", level="warning" if n % 500 == 0 else "info")
    return lines


def main(url: str, kind: str, number: str) -> None:
    """Makes them and says so on a line: `ready`, with the id of the newest job."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    many = int(number)
    with Headway(url) as hw:
        if kind == "live":
            _live(hw, many)
        elif kind == "history":
            _history(hw, many)
        else:
            _ready(hw.submit(log, {"lines": many}, name=f"A log of {many:,} lines").id)
            hw.work_until_idle()
            print("stored", flush=True)


def _live(hw: Headway, many: int) -> None:
    ids = hw.submit_many(live, [{}] * many)
    with hw.worker(slots=many):
        begun = threading.Event()
        for one in ids:
            while hw.get(one).state != "running":
                begun.wait(PERIOD_S)
        _ready(ids[-1])
        signal.sigwait({signal.SIGTERM})


def _history(hw: Headway, many: int) -> None:
    with hw.worker(slots=4):
        ids = list[str]()
        for inputs in _batches(many):
            ids += hw.submit_many(ended, inputs)
            print("submitted", len(ids), flush=True)
        for done, one in enumerate(ids):
            hw.wait(one)
            if done % BATCH == 0:
                print("done", done, flush=True)  # whoever waits knows that it goes on
    _ready(ids[-1])


def _batches(many: int) -> Iterator[list[dict[str, int]]]:
    for first in range(0, many, BATCH):
        yield [{"n": n} for n in range(first, min(first + BATCH, many))]


def _ready(newest: str) -> None:
    print("ready", newest, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
