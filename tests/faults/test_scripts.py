"""Scripts with a tracked loop that are killed, interrupted, paused and cancelled: no worker, no server (S1.25)."""

from __future__ import annotations

import os
import signal

import pytest

from headway import Headway
from tests.faults import checks
from tests.faults.child import Child

COUNT = 8


def _script(url: str, how: str = "bare") -> Child:
    return Child("tests.faults.loop_main", url, "loop", COUNT, how)


def _advance(script: Child, first: int, last: int) -> None:
    """Lets it go on from inside one member until it is inside another."""
    script.line(f"at {first}")
    for n in range(first + 1, last + 1):
        script.tell()
        script.line(f"at {n}")


def _wait_until_stored(hw: Headway, done: int) -> None:
    """Waits until so many members are stored as done."""
    while (progress := hw.get("loop").progress) is None or progress.done != done:
        os.sched_yield()


def _wait_until_told(hw: Headway) -> None:
    """Waits until the script knows what was asked of it."""
    assert any(event.name == "delivered" for event in hw.watch("loop"))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_script_is_seen_as_interrupted_at_once_and_goes_on(url: str, number: signal.Signals) -> None:
    """G1, S1.25: the next process finds it interrupted, and the same script goes on after the last stored member."""
    with _script(url) as script, Headway(url) as hw:
        _advance(script, 0, 5)
        _wait_until_stored(hw, 5)
        assert hw.get("loop").state == "running"
        script.send(number)
        script.rest()
    with Headway(url) as hw:
        found = hw.get("loop")
        assert (found.state, found.progress.done if found.progress else None) == ("interrupted", 5)
        with _script(url) as script:
            _advance(script, 5, COUNT - 1)
            script.tell()
            assert script.rest() == ["over"]
        ended = hw.get("loop")
        assert (ended.id, ended.state, ended.attempt) == (found.id, "completed", 2)
        assert checks.moves(hw, ended) == ["submit", "claim", "lose", "resume", "claim", "finish"]


def test_an_interrupted_script_has_the_right_count(url: str) -> None:
    """Ctrl-C inside a member: interrupted, and that member does not count as done."""
    for how in ("bare", "with"):
        with _script(url, how) as script:
            _advance(script, 0, 3)
            script.send(signal.SIGINT)
            script.rest()
            assert script.process.returncode == -signal.SIGINT
        with Headway(url) as hw:
            left = hw.get("loop")
            assert (left.state, left.progress.done if left.progress else None) == ("interrupted", 3)
            assert checks.outcomes(hw, left) == ["leave"]
            hw.cancel(left)


@pytest.mark.parametrize(
    ("how", "word", "state", "done"),
    [
        ("bare", "break", "interrupted", 2),
        ("with", "break", "completed", 3),
        ("bare", "raise", "interrupted", 2),
        ("with", "raise", "failed", 2),
    ],
)
def test_break_and_exception_are_told_apart(url: str, how: str, word: str, state: str, done: int) -> None:
    """In a `with` break completes and an exception fails; a bare loop knows only that it was left early."""
    with _script(url, how) as script:
        _advance(script, 0, 2)
        script.tell(word)
        script.rest()
    with Headway(url) as hw:
        job = hw.get("loop")
        assert job.state == state
        assert job.progress is not None
        assert job.progress.done == done


def test_an_exhausted_loop_is_completed(url: str) -> None:
    """A loop that went over all members is completed, with or without `with`."""
    for how in ("bare", "with"):
        with _script(url, how) as script:
            _advance(script, 0, COUNT - 1)
            script.tell()
            assert script.rest() == ["over"]
        with Headway(url) as hw:
            job = hw.get("loop")
            assert job.progress is not None
            assert (job.state, job.progress.done, job.progress.percent) == ("completed", COUNT, 100.0)


def test_a_second_run_beside_the_first_is_refused(url: str) -> None:
    """An external id whose job is alive is not begun again: one line names the job; the first goes on."""
    with _script(url) as first, Headway(url) as hw:
        first.line("at 0")
        with _script(url) as second:
            assert second.rest() == []
            assert second.process.returncode == 1
            assert f"'Loop' is running already as job {hw.get('loop').number}" in second.errors
        first.tell()
        first.line("at 1")
        assert hw.get("loop").attempt == 1


def test_a_pause_waits_inside_the_script(url: str) -> None:
    """Section 2: a paused script stays where it is and writes nothing; after the resume it alone goes on."""
    with _script(url) as script, Headway(url) as hw:
        script.line("at 0")
        hw.pause("loop")
        _wait_until_told(hw)
        script.tell()
        paused = hw.wait("loop", until="paused", timeout_s=60)
        script.tell()
        with Headway(url) as other:
            assert (other.get("loop").state, other.get("loop").version) == ("paused", paused.version)
        hw.resume("loop")
        script.line("at 1")
        script.line("at 2")
        assert (hw.get("loop").state, hw.get("loop").attempt) == ("running", 2)
        for n in range(3, COUNT):
            script.tell()
            script.line(f"at {n}")
        script.tell()
        assert script.rest() == ["over"]
        assert checks.outcomes(hw, "loop") == ["halt", "finish"]


def test_a_cancel_ends_the_script_with_one_line(url: str) -> None:
    """A script whose loop was cancelled ends with exit code 5, says so in one line, and does not go on."""
    with _script(url) as script, Headway(url) as hw:
        _advance(script, 0, 2)
        hw.cancel("loop")
        _wait_until_told(hw)
        script.tell()
        assert script.rest() == []
        assert script.process.returncode == 5
        assert script.errors == "headway: stopped here (cancel); what was done is kept.\n"
        assert hw.get("loop").state == "cancelled"
