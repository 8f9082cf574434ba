"""Signals that reach a worker and the children of its pools at once: the terminal's Ctrl-C, a service manager's end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from headway import Headway
from tests.faults import checks
from tests.faults.child import Child

JOBS = "tests.faults.jobs_pools"
STARTS = {
    "worker": lambda url: Child("headway", "--url", url, "worker", "--import", JOBS),
    "serve": lambda url: Child("headway", "--url", url, "serve", "--port", "0", "--import", JOBS),
    "library": lambda url: Child("tests.faults.pools_main", url),
}


@pytest.mark.parametrize("kind", ["faults.pool", "faults.own_pool"])
@pytest.mark.parametrize(
    ("start", "number", "method"),
    [
        ("worker", signal.SIGINT, "fork"),
        ("worker", signal.SIGINT, "spawn"),
        ("worker", signal.SIGTERM, "fork"),
        ("worker", signal.SIGTERM, "spawn"),
        ("serve", signal.SIGTERM, "fork"),
        ("library", signal.SIGINT, "fork"),
    ],
)
def test_a_stop_wins_over_what_breaks_because_of_it(
    tmp_path: Path, start: str, number: signal.Signals, method: str, kind: str
) -> None:
    """Section 2, halt: a job whose pool ended from the stop of its worker halts, and fails neither itself nor items."""
    url = str(tmp_path / "jobs.db")
    with Headway(url) as hw:
        job = hw.submit(kind, {"method": method})
        with STARTS[start](url) as child:
            for _ in range(4):
                child.line("slow")
            os.killpg(child.pid, number)
            child.rest()
        stopped = hw.get(job)
        assert (stopped.state, stopped.error) == ("pending", None)
        assert checks.moves(hw, job) == ["submit", "claim", "halt"]
        assert [ledger.failed for ledger in hw.ledgers(job)] == [0] * (kind == "faults.pool")
