"""A bulk job whose worker is killed again and again: every job is asked once."""

from __future__ import annotations

import random
import signal
from collections import Counter
from pathlib import Path

from headway import Headway
from headway.store import sweeping
from tests.faults.child import Child
from tests.faults.plant_killed_bulk import KILL_AT

KILLS = 4
JOBS = 1000
MOST = 150
"""Jobs that are begun before a kill: all kills together must find some that are left."""
PLANT = "tests.faults.plant_killed_bulk"


def test_a_killed_bulk_job_repeats_nothing(tmp_path: Path, dice: random.Random) -> None:
    """ux 20: a bulk restart that is killed and resumed begins each job again exactly once."""
    url = str(tmp_path / "jobs.db")
    worker = ("headway", "worker", "--url", url, "--slots", "1", "--import", "tests.faults.jobs_short")
    with Headway(url) as hw:
        hw.submit_many("nobody", [{}] * JOBS)
        bulk = hw.submit("headway.bulk", {"verb": "restart", "q": "type:nobody"})
        for _ in range(KILLS):
            with Child(*worker, "--import", PLANT, env={KILL_AT: str(dice.randrange(10, MOST))}) as child:
                child.rest()
                assert child.process.returncode == -signal.SIGKILL
            sweeping.sweep(hw._database)
            if hw.get(bulk).state == "failed":  # killed thrice before anything more was stored
                hw.retry(bulk)
        with Child(*worker):
            ended = hw.wait(bulk, timeout_s=120)
        assert len(hw.attempts(bulk)) > KILLS
        begun = Counter(job.restarted_from for job in hw.jobs(type="nobody", limit=1000).all())
    assert (ended.state, ended.result["done"], ended.result["newcomers"]["count"]) == ("completed", JOBS, 0)
    assert begun.pop(None) == JOBS
    assert set(begun.values()) == {1}
    assert len(begun) == JOBS
