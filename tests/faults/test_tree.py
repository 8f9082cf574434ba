"""A family of 200 children over three levels: paused as a whole, resumed, and told as one percentage."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

from headway import Headway, Job
from headway.model.moves import EXECUTING
from tests.faults import checks
from tests.faults.child import worker
from tests.faults.database import run
from tests.faults.jobs_family import BRANCHES, LEAVES, MEMBERS
from tests.faults.side import notes

ALL = BRANCHES * LEAVES
SAMPLED = {
    "sqlite": """
        CREATE TABLE samples (n INTEGER PRIMARY KEY, percent INTEGER);
        CREATE TRIGGER sampled AFTER UPDATE OF progress ON jobs WHEN new.parent IS NULL AND new.type = 'faults.root'
        BEGIN INSERT INTO samples (percent) VALUES (new.progress ->> 'percent'); END""",
    "postgres": """
        CREATE TABLE samples (n bigint GENERATED ALWAYS AS IDENTITY, percent integer);
        CREATE FUNCTION sample() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO samples (percent) VALUES ((new.progress ->> 'percent')::integer); RETURN new; END $$;
        CREATE TRIGGER sampled AFTER UPDATE OF progress ON jobs FOR EACH ROW
        WHEN (new.parent IS NULL AND new.type = 'faults.root') EXECUTE FUNCTION sample()""",
}
"""The database itself keeps what each commit makes of the root's percentage: nothing happens between two samples."""


def _rows(url: str) -> list[Any]:
    """All that a write of any kind would change."""
    return run(url, "SELECT id, state, attempt, seq, version, serial, lease_until FROM jobs ORDER BY id")


def _settled(hw: Headway, root: Job) -> Counter[str]:
    """Waits until what was asked of the tree is answered; how many of it are in each state."""
    for job in hw.tree(root).all_jobs:
        if job.state in EXECUTING:
            hw.wait(job, until="paused", timeout_s=60)
    return Counter(job.state for job in hw.tree(root).all_jobs)


def _gate(path: Path) -> Path:
    """Until this file is there the family does not come to its end."""
    return Path(f"{path}.gate")


def _wait_for_notes(hw: Headway, path: Path, many: int) -> None:
    """Waits until so much was noted."""
    seen = 0
    while len(notes(path)) < many:
        seen = hw.changed(seen, 0.05)


def test_a_tree_is_paused_and_resumed_as_a_whole(url: str, tmp_path: Path) -> None:
    """G7, G8, S4.26: paused, no attempt of 201 jobs runs and nothing is noted; resumed, each is done once.

    The session has fewer places than the workers have slots, and fewer than there are waiting parents. The percentage
    of the root never falls, in no commit of any process.
    """
    path = tmp_path / "notes"
    with Headway(url) as hw:
        session = hw.create_session(concurrency=5)
        run(url, SAMPLED["postgres" if "://" in url else "sqlite"])
        modules = ("jobs_family", "jobs_short")
        with worker(url, *modules, slots=4), worker(url, *modules, slots=4):
            root = hw.submit("faults.root", {"path": str(path)}, session=session.id)
            _wait_for_notes(hw, path, 200)
            hw.pause(root)
            states = _settled(hw, root)
            assert hw.get(root).state == "paused"
            assert set(states) <= {"paused", "completed"}
            assert run(url, "SELECT count(*) FROM attempts WHERE ended_at IS NULL")[0][0] == 0
            assert run(url, "SELECT used FROM limits")[0][0] == 0
            still = notes(path), _rows(url)
            assert [hw.result(hw.submit("faults.short", {"n": n}), timeout_s=60) for n in range(10)] == list(range(10))
            assert (notes(path), [row for row in _rows(url) if row[0] in {known[0] for known in still[1]}]) == still
            _gate(path).touch()
            hw.resume(root)
            assert hw.result(root, timeout_s=120) == sum(range(ALL))
    _all_done_once(url, root, path)


def test_a_tree_survives_its_workers(url: str, tmp_path: Path, dice: random.Random) -> None:
    """G1, G4, G14: workers are killed while parents wait: no child is spawned twice, no place is lost."""
    path = tmp_path / "notes"
    with Headway(url) as hw:
        session = hw.create_session(concurrency=3)
        run(url, SAMPLED["postgres" if "://" in url else "sqlite"])
        root = hw.submit("faults.root", {"path": str(path)}, session=session.id)
        for n in range(2):
            with worker(url, "jobs_family", slots=4):
                _wait_for_notes(hw, path, n * 120 + dice.randrange(20, 120))
        _gate(path).touch()
        with worker(url, "jobs_family", slots=4):
            assert hw.result(root, timeout_s=120) == sum(range(ALL))
    _all_done_once(url, root, path)


def _all_done_once(url: str, root: Job, path: Path) -> None:
    with Headway(url) as hw:
        jobs = list(hw.tree(root).all_jobs)
        assert Counter(job.type for job in jobs) == {"faults.root": 1, "faults.branch": BRANCHES, "faults.leaf": ALL}
        assert {job.state for job in jobs} == {"completed"}
        for job in jobs:
            checks.attempts(hw, job)
        checks.counted_right(hw)
    assert set(notes(path)) == {(job.id, str(n)) for job in jobs if job.type == "faults.leaf" for n in range(MEMBERS)}
    assert run(url, "SELECT used FROM limits")[0][0] == 0
    samples = [percent for (percent,) in run(url, "SELECT percent FROM samples ORDER BY n") if percent is not None]
    assert len(samples) > 10
    assert all(before <= after for before, after in pairwise(samples))
    checks.sound(url)
