"""A worker process whose clock is wrong: URL SECONDS. It works until SIGTERM and then stops in good order."""

from __future__ import annotations

import signal
import sys

import tests.browser.jobs_away
from headway import Headway
from headway.clock import SystemClock
from tests.faults.side import say

assert tests.browser.jobs_away.__name__  # imported for what it registers


class Skewed(SystemClock):
    """The machine's clocks, with its time of day set wrong."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def wall(self) -> float:
        return super().wall() + self._seconds


def main(url: str, seconds: str) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    with Headway(url, clock=Skewed(float(seconds))) as hw, hw.worker(slots=1, types=["browser.away"]):
        say("working")
        signal.sigwait({signal.SIGTERM})
    say("stopped")


if __name__ == "__main__":
    main(*sys.argv[1:])
