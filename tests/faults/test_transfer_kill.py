"""A transfer whose worker is killed again and again: every byte arrives, and no file is copied twice."""

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
from tests.site_mover.moving import journal
from tests.site_mover.trees import contents, facts, many_files, write_tree

KILLS = 20
FILES = 3000
SEED = int(os.environ.get("HEADWAY_SEED") or random.randrange(1 << 32))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return str(tmp_path / "jobs.db")


def _planned(hw: Headway, source: Path, destination: Path, work: Path) -> str:
    given = {"source": str(source), "exclusions": [], "work_folder": str(work)}
    scanned = hw.submit(jobs.scan, given)
    hw.work_until_idle()
    given = {"manifest": hw.result(scanned)["manifest"], "destination": str(destination)}
    planned = hw.submit(jobs.plan, {**given, "work_folder": str(work)})
    hw.work_until_idle()
    return str(hw.result(planned)["plan"])


def _worker(url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "headway", "worker", "--url", url, "--slots", "1"]
    return subprocess.Popen([*command, "--import", "examples.site_mover.jobs"], start_new_session=True)


def _done(destination: Path, work: Path) -> int:
    """How much is done: small files, and 100 kB of the big one each count one."""
    lines = (work / "journal").read_bytes().count(b"\n") if (work / "journal").exists() else 0
    # The part first: once it is not there any more, the file is.
    return lines + max(_size(destination / "big.headway-part"), _size(destination / "big")) // 100_000


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _run_and_kill(hw: Headway, job: Job, done: Callable[[], int], more: int, seconds: float) -> None:
    """A worker that gets SIGKILL a moment after it has done so much more."""
    worker = _worker(hw.url)
    until = done() + more
    try:
        while done() < until:
            _lives_on(worker, 0.01)
            if hw.get(job).state == "failed":  # three kills before the first save: that waits for a person
                hw.retry(job)
        _lives_on(worker, seconds)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


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
        plan = _planned(hw, source, destination, work)
        job = hw.submit(jobs.transfer, {"plan": plan, "journal": str(work / "journal")})
        for _ in range(KILLS):
            _run_and_kill(hw, job, partial(_done, destination, work), dice.randrange(1, 150), dice.uniform(0, 0.02))
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
