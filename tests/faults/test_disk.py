"""Disks that are full or fail under an SQLite file (T3, T8; G1, G16)."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from headway import Headway
from headway.errors import StoreFull
from tests.faults import checks
from tests.faults.child import Child, worker
from tests.faults.disk import Disk, disk, kinds
from tests.faults.submit_main import submit

ROUNDS = 3


@pytest.fixture(params=kinds())
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """A disk that can be filled."""
    with disk(request.param, tmp_path / "disk") as found:
        yield found


def _submit_until_full(hw: Headway, first: int) -> dict[str, str]:
    """External id and id of every job that was acknowledged before the disk was full."""
    told: dict[str, str] = {}
    with pytest.raises(StoreFull, match="room"):
        told.update((f"job-{n}", submit(hw, n).id) for n in count(first))
    return told


def test_a_full_disk_loses_nothing_and_heals(small: Disk) -> None:
    """T8, G16: a submit that does not fit says what to do; what was acknowledged is there; then writing goes on."""
    url = str(small.folder / "jobs.db")
    told: dict[str, str] = {}
    with Headway(url) as hw:
        submit(hw, 0)
        for n in range(ROUNDS):
            small.fill(os.getpid())
            told |= _submit_until_full(hw, first=n * 100_000)
            assert {text: hw.get(text).id for text in told} == told
            assert len(list(hw.jobs(limit=1000).all())) == len(told)
            small.free(os.getpid())
            told[f"job-{n * 100_000 + 99_999}"] = submit(hw, n * 100_000 + 99_999).id
        assert {text: hw.get(text).id for text in told} == told
        checks.counted_right(hw)
    checks.sound(url)


def test_a_running_job_goes_on_when_there_is_room_again(small: Disk, tmp_path: Path) -> None:
    """T8, G16: work that runs on a full disk keeps its attempt, and its progress is stored afterwards."""
    url, enough = str(small.folder / "jobs.db"), tmp_path / "enough"
    with Headway(url) as hw, worker(url, "jobs_counting") as busy:
        job = hw.submit("faults.counting", {"enough": str(enough)})
        busy.line("counted 50")
        small.fill(os.getpid(), busy.pid)
        _submit_until_full(hw, first=0)
        stored = hw.get(job).version
        small.free(os.getpid(), busy.pid)
        while hw.get(job).version == stored:
            busy.line("counted")
        enough.touch()
        ended = hw.wait(job, timeout_s=60)
        assert (ended.state, ended.attempt) == ("completed", 1)
        assert ended.progress is not None
        assert ended.progress.done == ended.result
        said = [line.data["text"] for line in hw.logs(job, limit=1000).all()]
        assert said == [f"counted {n}" for n in range(1, ended.result + 1)]
        checks.history(hw, job)


def test_a_disk_that_fails_to_sync_loses_nothing(tmp_path: Path, dice: random.Random) -> None:
    """T3, G1: where fdatasync answers EIO, the write is not acknowledged, and all that was is there."""
    url = str(tmp_path / "jobs.db")
    told: dict[str, str] = {}
    for _ in range(ROUNDS):
        Headway(url).close()
        fault = f"inject=fdatasync,fsync:error=EIO:when={dice.randrange(4, 30)}+{dice.randrange(5, 12)}"
        strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", fault]
        with Child("tests.faults.submit_main", url, len(told), prefix=strace) as submitter:
            many, lines = dice.randrange(20, 80), list[str]()
            while len(lines) < many or not any(line.startswith("again") for line in lines):
                lines.append(submitter.line())
            submitter.kill()
            lines += submitter.rest()
        assert any(line.startswith("again") and line.endswith("store_full") for line in lines)
        told |= {f"job-{n}": job for kind, n, job in map(str.split, lines) if kind == "submitted"}
        with Headway(url) as hw:
            assert {text: hw.get(text).id for text in told} == told
            checks.counted_right(hw)
        checks.sound(url)
