"""A job of twelve steps with an undo each, killed in and between every step and every undo (T19, G15)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from headway import Event, Headway
from tests.faults import checks
from tests.faults.child import Child
from tests.faults.jobs_undo import IN_THE_JOB, IN_THE_ROLLBACK, STEPS, places
from tests.faults.side import notes

EVERY = range(1, STEPS + 1)
SOME = (1, 2, 7, 12)
"""On PostgreSQL, where each place takes longer: first, second, one in the middle, last."""


def _kill_everywhere(url: str, side: Path, numbers: Iterable[int], *plants: str) -> None:
    with Child("tests.faults.rollback_main", url, side, *numbers, *plants) as killed:
        told = [line.split()[1:] for line in killed.rest() if line.startswith("place")]
        assert killed.process.returncode == 0
    assert [(name, int(n)) for name, n, *_ in told] == [(name, n) for n in numbers for name in places(n)]
    with Headway(url) as hw:
        for name, n, job, rollback, *done in told:
            _check(hw, notes(side), (name, int(n)), int(job), int(rollback), [int(position) for position in done])
        checks.counted_right(hw)
    checks.sound(url)


def test_a_kill_anywhere_leaves_exactly_what_was_recorded_undone(url: str, tmp_path: Path) -> None:
    """G15, T19: the undone set is the recorded suffix, in reverse, each recorded once, wherever the kill fell."""
    _kill_everywhere(url, tmp_path / "side", SOME if "://" in url else EVERY)


def test_with_an_undo_that_is_not_kept_the_check_fails(tmp_path: Path) -> None:
    """T19, planted: a rollback that would run an undo again is found out."""
    with pytest.raises(AssertionError):
        _kill_everywhere(str(tmp_path / "jobs.db"), tmp_path / "side", [2], "plant_forgotten_undo")


def _check(
    hw: Headway, world: list[tuple[str, ...]], place: tuple[str, int], number: int, rollback: int, done: list[int]
) -> None:
    name, n = place
    job = hw.get(number)
    recorded = STEPS if name in IN_THE_ROLLBACK else n - (name == "before")
    undone_at_kill = {"undone": n, **dict.fromkeys(IN_THE_JOB, STEPS + 1)}.get(name, n + 1)
    assert done == list(range(undone_at_kill, STEPS + 1)), place
    undos = list(hw.undos(job))
    assert [(undo.position, undo.input["n"], undo.state) for undo in undos] == [
        (position, position, "done") for position in range(1, recorded + 1)
    ], place
    assert (job.state, hw.get(rollback).state) == ("rolled_back", "completed"), place
    reverse = list(range(recorded, 0, -1))
    assert _steps_completed(checks.history(hw, str(rollback))) == [f"faults.unmake #{n}" for n in reverse], place
    again = [n] if name in ("unmade", "returned") else []  # its effect was there, the record of it was not
    unmade = [int(thing) for what, of, thing in world if (what, of) == ("unmade", job.id)]
    assert unmade == sorted(reverse + again, reverse=True), place
    assert {thing for what, of, thing in world if (what, of) == ("made", job.id)} <= {str(n) for n in unmade}, place
    checks.history(hw, job)


def _steps_completed(history: list[Event]) -> list[str]:
    return [event.name for event in history if event.kind == "step" and event.data["state"] == "completed"]
