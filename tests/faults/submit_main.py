"""A process that submits: URL FIRST. One job for each number from FIRST on, under a key of its own, until killed.

It says each number and job once that was acknowledged. What is not answered is asked again under the same key.
"""

from __future__ import annotations

import itertools
import sys

from headway import Headway, Job, StoreUnavailable
from tests.faults.side import say


def submit(hw: Headway, n: int) -> Job:
    """Submits job number n."""
    return hw.submit("faults.short", {"n": n}, idempotency_key=f"key-{n}", external_id=f"job-{n}")


def submit_at_last(hw: Headway, n: int) -> Job:
    """Submits job number n, however often the database has to be asked."""
    while True:
        try:
            return submit(hw, n)
        except StoreUnavailable as problem:
            say("again", n, problem.code)


def main(url: str, first: str) -> None:
    with Headway(url) as hw:
        for n in itertools.count(int(first)):
            say("submitted", n, submit_at_last(hw, n).id)


if __name__ == "__main__":
    main(*sys.argv[1:])
