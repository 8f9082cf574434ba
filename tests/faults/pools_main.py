"""A program for the tests that waits for a job which it works on itself: URL. Ctrl-C ends it as it would a script."""

from __future__ import annotations

import contextlib
import sys

import tests.faults.jobs_pools  # noqa: F401  # registers its jobs
from headway import Headway


def main(url: str) -> None:
    with contextlib.suppress(KeyboardInterrupt), Headway(url) as hw, hw.worker():
        hw.result(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
