"""A transfer whose worker is killed again and again: every byte arrives, no file is copied twice, and its rollback
leaves what was there before.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from examples.site_mover import jobs
from headway import Headway, Job
from headway.store import sweeping
from tests.faults.site_leash import HELD, LEASH
from tests.site_mover.moving import journal, planned_by_jobs
from tests.site_mover.trees import contents, facts, many_files, write_tree

KILLS = 20
FILES = 3000
LEEWAY = 40
"""So much more may be done until the kill comes: twenty of them must find the work unfinished."""
SEED = int(os.environ.get("HEADWAY_SEED") or random.randrange(1 << 32))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return str(tmp_path / "jobs.db")


def _worker(url: str, held: Path, units: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "headway", "worker", "--url", url, "--slots", "1"]
    modules = ["--import", "examples.site_mover.jobs", "--import", "tests.faults.site_leash"]
    leash = {LEASH: str(units), HELD: str(held)}
    return subprocess.Popen([*command, *modules], env={**os.environ, **leash}, start_new_session=True)


def _done(destination: Path, work: Path) -> int:
    """How much is done: small files, and 100 kB of the big one each count one."""
    lines = (work / "journal").read_bytes().count(b"\n") if (work / "journal").exists() else 0
    # The part first: once it is not there any more, the file is.
    return lines + max(_size(destination / "big.headway-part"), _size(destination / "big")) // 100_000


def _files(folder: Path) -> int:
    return sum(len(names) for _, _, names in os.walk(folder))


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _run_and_kill(hw: Headway, job: Job, held: Path, done: Callable[[], int], more: int, seconds: float) -> None:
    """A worker that gets SIGKILL a moment after it has done so much more: at the latest where its leash ends."""
    held.unlink(missing_ok=True)
    worker = _worker(hw.url, held, more + LEEWAY)
    until = done() + more
    try:
        # A rollback may be over before the kill; a part that was begun anew is smaller than before.
        while done() < until and not held.exists() and hw.get(job).state != "completed":
            _lives_on(worker, 0.01)
        _lives_on(worker, seconds)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    sweeping.sweep(hw._database)  # else the next worker finds that it was lost, and may fail it
    if hw.get(job).state == "failed":  # three kills before the first save: that waits for a person
        hw.retry(job)


def _lives_on(worker: subprocess.Popen[bytes], seconds: float) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(seconds)


@pytest.mark.timeout(300)
def test_killed_twenty_times_it_copies_each_file_once(url: str, tmp_path: Path) -> None:
    """G1, G6, T1, S0.30: kill -9 at random moments; the trees are equal, and the history tells every loss."""
    print(f"seed {SEED}: repeat with HEADWAY_SEED={SEED}")
    dice = random.Random(SEED)
    source, destination, work = tmp_path / "from", tmp_path / "to", tmp_path / "work"
    write_tree(source, {**many_files(FILES, SEED), b"big": dice.randbytes(50_000_000)})
    with Headway(url) as hw:
        plan = planned_by_jobs(hw, source, destination, work)
        job = hw.submit(jobs.transfer, {"plan": plan, "journal": str(work / "journal")})
        held, done = tmp_path / "held", partial(_done, destination, work)
        for _ in range(KILLS):
            _run_and_kill(hw, job, held, done, dice.randrange(1, 150), dice.uniform(0, 0.02))
        hw.work_until_idle()
        _check(hw, job, work)
    assert contents(destination) == contents(source)
    assert facts(destination) == facts(source)


def _check(hw: Headway, job: Job, work: Path) -> None:
    done = hw.get(job)
    assert (done.state, done.result["success"]) == ("completed", True)
    assert done.result["files"] + done.result["found_files"] == FILES + 1
    names = [line[0] for line in journal(work)]
    offsets = {line[0]: int(line[2]) for line in journal(work)}
    assert offsets["big"] > 0
    assert len(names) == len(set(names))
    assert len(names) >= FILES + 1 - KILLS  # a kill between renaming and writing the line costs one
    lost = [event for event in hw.events(job, limit=1000) if event.name == "lose"]
    attempts = hw.attempts(job, limit=1000)
    assert (len(lost), done.attempt, len(attempts)) == (KILLS, KILLS + 1, KILLS + 1)
    assert [attempt.outcome for attempt in attempts] == ["lose"] * KILLS + ["finish"]


@pytest.mark.timeout(300)
def test_killed_it_is_taken_back_whole(url: str, tmp_path: Path) -> None:
    """G1, G15, S0.44: killed amid copying, cancelled, and killed amid its rollback, it leaves what was there before."""
    print(f"seed {SEED}: repeat with HEADWAY_SEED={SEED}")
    dice = random.Random(SEED)
    source, destination, work = tmp_path / "from", tmp_path / "to", tmp_path / "work"
    write_tree(source, {**many_files(1000, SEED), b"big": dice.randbytes(5_000_000), b"d01/s1/new": b"1"})
    write_tree(destination, {b"d01/mine": b"2", b"mine": b"3"})
    before = contents(destination)
    with Headway(url) as hw:
        plan = planned_by_jobs(hw, source, destination, work)
        job = hw.submit(jobs.transfer, {"plan": plan, "journal": str(work / "journal")})
        held, done = tmp_path / "held", partial(_done, destination, work)
        for _ in range(3):
            _run_and_kill(hw, job, held, done, dice.randrange(1, 100), dice.uniform(0, 0.05))
        hw.cancel(job)
        assert hw.wait(job, timeout_s=60).state == "cancelled"
        rollback = hw.rollback(job)
        for _ in range(2):
            _run_and_kill(hw, rollback, held, lambda: -_files(destination), dice.randrange(1, 40), 0.0)
        hw.work_until_idle()
        assert (hw.get(rollback).state, hw.get(rollback).warnings) == ("completed", 0)
    assert contents(destination) == before
    assert sorted(path.name for path in destination.rglob("*") if path.is_dir()) == ["d01"]
