"""Jobs that a script works off in its own thread (G4, G9)."""

from __future__ import annotations

from pathlib import Path

from headway import Headway
from tests.faults.child import Child
from tests.faults.database import run

LEASE = "SELECT lease_until FROM jobs"


def test_a_job_of_work_until_idle_keeps_its_lease(tmp_path: Path) -> None:
    """G4: its lease is renewed while it runs, so that nobody takes it for lost, however long it runs."""
    url, enough = str(tmp_path / "jobs.db"), tmp_path / "enough"
    with Headway(url) as hw:
        job = hw.submit("faults.counting", {"enough": str(enough)})
        with Child("tests.faults.idle_main", url, "tests.faults.jobs_counting") as script:
            script.line("counted")
            first = run(url, LEASE)
            while run(url, LEASE) == first:
                script.line("counted")
            enough.touch()
            assert script.rest()[-1] == "ran 1"
        assert hw.get(job).state == "completed"


def test_a_job_of_work_until_idle_hears_of_a_cancel(tmp_path: Path) -> None:
    """G9: it halts when that is asked from another process, though it says nothing meanwhile."""
    url = str(tmp_path / "jobs.db")
    with Headway(url) as hw:
        job = hw.submit("faults.by_hand", {"enough": str(tmp_path / "enough")})
        with Child("tests.faults.idle_main", url, "tests.faults.jobs_patient") as script:
            script.line("by hand in 1")
            hw.cancel(job)
            assert script.rest() == ["ran 1"]
        assert hw.get(job).state == "cancelled"
