"""What tests ask about real processes."""

from __future__ import annotations

import os

from headway.runtime.proc import process_at


def wait_for_state(pid: int, states: str) -> None:
    """Wait for a signal to take effect, which is soon, not at once; the time limit of the test is the end."""
    while (process := process_at(pid)) is None or process.state not in states:
        if process is not None and process.state in "ZX":
            raise AssertionError(f"process {pid} has ended; it was expected to reach one of the states {states}")
        os.sched_yield()


def lives(pid: int) -> bool:
    """True while a process runs or is stopped, false when it has ended, reaped or not."""
    process = process_at(pid)
    return process is not None and process.state not in "ZX"
