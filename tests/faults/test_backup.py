"""Copies of an SQLite file that is written all the while (T24; G1)."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from headway import Headway
from headway.store import copies
from tests.faults import checks
from tests.faults.child import Child, worker
from tests.faults.database import run

COPIES = 4


def _by_pages(source: apsw.Connection, copy: str) -> None:
    """SQLite's backup call, a few pages at a time, so that writers come in between."""
    target = apsw.Connection(copy)
    with target.backup("main", source, "main") as backup:
        while not backup.done:
            backup.step(20)
    target.close()


def _into(source: apsw.Connection, copy: str) -> None:
    """The statement VACUUM INTO."""
    source.execute("VACUUM INTO ?", (copy,))


def _by_command(source: apsw.Connection, copy: str) -> None:
    """What `headway db backup` does."""
    copies.back_up(source.filename, copy)


def is_one_moment(copy: str) -> None:
    """Row, history, counts and steps of each job belong together: no transaction is in the copy in part."""
    counted = "(SELECT count(*) FROM events WHERE job = jobs.id) + (SELECT count(*) FROM logs WHERE job = jobs.id)"
    assert run(copy, f"SELECT id, seq FROM jobs WHERE seq <> {counted}") == []  # noqa: S608 - a constant
    tallied = run(copy, "SELECT state, sum(change) FROM tallies GROUP BY state HAVING sum(change) <> 0 ORDER BY state")
    assert tallied == run(copy, "SELECT state, count(*) FROM jobs GROUP BY state ORDER BY state")
    told = "SELECT data ->> 'to' FROM events WHERE job = jobs.id AND kind = 'move' ORDER BY seq DESC LIMIT 1"
    assert run(copy, f"SELECT id FROM jobs WHERE state <> ({told})") == []  # noqa: S608 - a constant


@pytest.mark.parametrize("make", [_by_pages, _into, _by_command])
def test_a_copy_of_a_live_file_is_a_committed_moment(
    make: Callable[[apsw.Connection, str], None], tmp_path: Path, dice: random.Random
) -> None:
    """T24, G1: what was acknowledged before the copy began is in it, nothing in part; and it is worked to the end."""
    url, copy, enough = str(tmp_path / "jobs.db"), "", tmp_path / "enough"
    with Headway(url) as hw:
        hw.submit("faults.steps", {"side": str(tmp_path / "side"), "enough": str(enough)})
    with worker(url, "jobs_short", "jobs_steps") as busy, Child("tests.faults.submit_main", url, 0) as submitter:
        source, told = apsw.Connection(url), {}
        source.set_busy_timeout(10_000)
        for number in range(COPIES):
            for _ in range(dice.randrange(10, 60)):
                _, n, job = submitter.line("submitted").split()
                told[f"job-{n}"] = job
            copy = str(tmp_path / f"copy-{number}.db")
            make(source, copy)
            checks.sound(copy)
            is_one_moment(copy)
            assert {job for (job,) in run(copy, "SELECT id FROM jobs")} >= set(told.values())
        source.close()
        busy.kill()
    enough.touch()
    with Headway(copy) as hw, worker(copy, "jobs_short", "jobs_steps"):
        for job in hw.jobs(limit=1000).all():
            assert hw.wait(job, timeout_s=60).state == "completed"
            checks.history(hw, job)


@pytest.mark.parametrize("table", ["jobs", "events", "tallies"])
def test_a_copy_that_lacks_a_row_is_found_out(table: str, tmp_path: Path) -> None:
    """T24, planted: a copy with a transaction in part is none of a committed moment."""
    url = str(tmp_path / "jobs.db")
    with Headway(url) as hw:
        hw.submit("faults.short", {"n": 1})
    is_one_moment(url)
    run(url, f"DELETE FROM {table}")  # noqa: S608 - a constant
    with pytest.raises(AssertionError):
        is_one_moment(url)
