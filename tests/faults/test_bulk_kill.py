"""A bulk job whose worker is killed again and again: every job is asked once."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

from headway import Headway
from tests.faults.child import Child

KILLS = 4
JOBS = 1000


def test_a_killed_bulk_job_repeats_nothing(tmp_path: Path) -> None:
    """ux 20: a bulk restart that is killed and resumed begins each job again exactly once."""
    url = str(tmp_path / "jobs.db")
    worker = ("headway", "worker", "--url", url, "--slots", "1", "--import", "tests.faults.jobs_short")
    with Headway(url) as hw:
        hw.submit_many("nobody", [{}] * JOBS)
        bulk = hw.submit("headway.bulk", {"verb": "restart", "q": "type:nobody"})
        for attempt in range(1, KILLS + 1):
            with Child(*worker) as child:
                seen = 0
                while hw.get(bulk).attempt < attempt:
                    seen = hw.changed(seen, 1.0)
                child.kill_within(random.uniform(0.05, 0.4))
        with Child(*worker):
            ended = hw.wait(bulk, timeout_s=120)
        assert len(hw.attempts(bulk)) > KILLS
        begun = Counter(job.restarted_from for job in hw.jobs(type="nobody", limit=1000).all())
    assert (ended.state, ended.result["done"], ended.result["newcomers"]["count"]) == ("completed", JOBS, 0)
    assert begun.pop(None) == JOBS
    assert set(begun.values()) == {1}
    assert len(begun) == JOBS
