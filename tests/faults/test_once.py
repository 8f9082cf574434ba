"""Many short jobs and two workers: each is done exactly once (G3)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from headway import Headway
from tests.faults import checks
from tests.faults.child import worker
from tests.faults.jobs_short import SIDE
from tests.faults.side import notes

JOBS = 2000


def _each_runs_once(url: str, side: Path, jobs: int, *plants: str, patience_s: float = 60) -> None:
    """Two workers take these jobs from each other's hands; neither has anything to complain of."""
    with Headway(url) as hw:
        ids = hw.submit_many("faults.short", [{"n": n} for n in range(jobs)])
        modules = ("jobs_short", *plants)
        with worker(url, *modules, slots=4) as first, worker(url, *modules, slots=4) as second:
            for job in ids:
                hw.wait(job, timeout_s=patience_s)
            assert (first.finish(), second.finish()) == (0, 0)
            first.rest(), second.rest()
            assert (first.errors, second.errors) == ("", "")
        assert Counter(notes(side)) == {("ran", str(n)): 1 for n in range(jobs)}
        assert hw.counts()["completed"] == jobs
        checks.counted_right(hw)
    checks.sound(url)


@pytest.fixture(autouse=True)
def side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that each run is told to."""
    path = tmp_path / "side"
    monkeypatch.setenv(SIDE, str(path))
    return path


def test_two_workers_do_each_of_2000_jobs_once(url: str, side: Path) -> None:
    """G3: no job is run twice, none is left out, and no worker writes an error."""
    _each_runs_once(url, side, JOBS)


def test_with_claims_of_running_jobs_the_check_fails(url: str, side: Path) -> None:
    """G3, planted: workers that claim what runs already are found out."""
    with pytest.raises((AssertionError, TimeoutError)):
        _each_runs_once(url, side, 200, "plant_double_claim", patience_s=10)
