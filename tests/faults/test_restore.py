"""A database that is put back from a copy, and the readers who know its lost future (T24; G1, G10)."""

from __future__ import annotations

import itertools
import os
import random
import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest

from headway import Headway
from headway.errors import StoreFull
from headway.store import copies
from tests.faults import checks
from tests.faults.child import Child, worker
from tests.faults.database import run
from tests.faults.disk import disk
from tests.faults.test_backup import is_one_moment
from tests.faults.test_streams import serving
from tests.server.streams import Sent, opened
from tests.support.postgres import Databases

JOBS, KILLS = 500, 8
TABLES = ("jobs", "events", "logs", "steps", "attempts", "checkpoints", "aliases", "tallies")


def _rows(url: str) -> dict[str, list[Any]]:
    """All that a copy must have of jobs."""
    return {table: sorted(run(url, f"SELECT * FROM {table}"), key=str) for table in TABLES}  # noqa: S608 - constants


def _follow(address: str, job: str, last_id: str | None, upto: int) -> list[Sent]:
    """The stream of a job to the event with that number, or one beyond it."""
    got: list[Sent] = []
    with (
        httpx2.Client(base_url=f"{address}/api/v1/", timeout=30) as http,
        opened(http, f"jobs/{job}/stream", last_id, after=0) as messages,
    ):
        for one in messages:
            got += [one] * (one.name in ("snapshot", "event", "reset"))
            if one.name == "event" and one.data["seq"] >= upto:
                break
    return got


def _come_back(url: str, job: str, known: Sent) -> list[Sent]:
    """What a reader gets who comes back when the job has gone on beyond what that reader knows."""
    server, address = serving(url, 0)
    with server, worker(url, "jobs_telling"):
        _follow(address, job, None, known.data["seq"] + 5)
        return _follow(address, job, known.id, known.data["seq"] + 10)


def _begins_again_once(got: list[Sent]) -> None:
    """One reset with a snapshot, and from there on number by number."""
    assert [one.name for one in got[:2]] == ["snapshot", "reset"]
    assert got[1].data["reason"] == "unknown"
    numbers = [one.data["seq"] for one in got[2:]]
    assert numbers == list(range(got[1].data["after"] + 1, got[1].data["after"] + 1 + len(numbers)))


@pytest.mark.parametrize("round_", [1, 2])
def test_a_file_is_put_back_as_it_was_and_readers_begin_again(round_: int, tmp_path: Path, dice: random.Random) -> None:
    """T24, G1, G10: it equals the moment of the copy, all acknowledged before is in it, and readers get one reset."""
    url, copy, told = str(tmp_path / "jobs.db"), str(tmp_path / "copy.db"), list[str]()
    with Headway(url) as hw:
        job = hw.submit("faults.telling", {"enough": str(tmp_path / "enough")}).id
    server, address = serving(url, 0)
    with server, worker(url, "jobs_short", "jobs_telling"), Child("tests.faults.submit_main", url, 0) as submitter:
        told += [submitter.line("submitted").split()[2] for _ in range(dice.randrange(10, 60))]
        copies.back_up(url, copy)
        ((events,),) = run(copy, f"SELECT seq FROM jobs WHERE id = '{job}'")  # noqa: S608 - an id
        known = _follow(address, job, None, events + 10)[-1]
    copies.put_back(copy, url, replace=True)
    checks.sound(url)
    is_one_moment(url)
    assert _rows(url) == _rows(copy)
    assert {found for (found,) in run(url, "SELECT id FROM jobs")} >= {job, *told}
    _begins_again_once(_come_back(url, job, known))


def test_a_restore_that_is_killed_leaves_one_of_both(tmp_path: Path, dice: random.Random) -> None:
    """T24, G1: at whatever moment it is killed, the file is what it was or what the copy is, and can be opened."""
    url, copy, original = (str(tmp_path / name) for name in ("jobs.db", "copy.db", "original.db"))
    with Headway(url) as hw:
        for kept in (copy, original):
            hw.submit_many("faults.short", [{"n": n} for n in range(JOBS)])
            copies.back_up(url, kept)
    either = [_rows(copy), _rows(original)]
    for _ in range(KILLS):
        with Child("tests.faults.restore_main", copy, url) as restoring:
            restoring.line("begins")
            restoring.kill_within(dice.uniform(0, 0.06))
        checks.sound(url)
        assert _rows(url) in either
        copies.put_back(original, url, replace=True)


def test_no_restore_that_is_killed_leaves_the_epoch_of_the_copy(tmp_path: Path) -> None:
    """T24, G10: killed before any of its statements, the jobs are the old ones, or the copy's without its epoch."""
    url, raw, original = (str(tmp_path / name) for name in ("jobs.db", "raw.db", "original.db"))
    with Headway(url) as hw:
        hw.submit("faults.short", {"n": 1})
    shutil.copy(url, raw)
    with Headway(url) as hw:
        hw.submit("faults.short", {"n": 2})
    copies.back_up(url, original)
    store = "SELECT value FROM meta WHERE name = 'store'"
    for nth in itertools.count():
        copies.put_back(original, url, replace=True)
        with Child("tests.faults.restore_main", raw, url, nth) as restoring:
            said = " ".join(restoring.rest())
        assert _rows(url) == _rows(original) or (run(url, store), _rows(url)) == ([], _rows(raw))
        if "done" in said:
            break
    assert nth > 5
    assert _rows(url) == _rows(raw)


def test_a_restore_that_does_not_fit_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """T24, T12: where the disk gets full meanwhile, the file is what it was at once, and a new one is not there."""
    small, large = str(tmp_path / "disk" / "jobs.db"), str(tmp_path / "large.db")
    with Headway(large) as hw:
        hw.submit_many("faults.short", [{"pad": "x" * 1000} for _ in range(20_000)])
    with disk("limited", tmp_path / "disk") as full:
        with Headway(small) as hw:
            hw.submit("faults.short", {"n": 1})
        copies.back_up(small, str(full.folder / "copy.db"))
        copies.put_back(str(full.folder / "copy.db"), small, replace=True)
        before = {file.name: file.read_bytes() for file in full.folder.iterdir()}
        full.fill(os.getpid())
        for url in (small, str(full.folder / "new.db")):
            with pytest.raises(StoreFull):
                copies.put_back(large, url, replace=True)
        full.free(os.getpid())
        assert {file.name: file.read_bytes() for file in full.folder.iterdir()} == before


def test_a_file_that_keeps_its_epoch_is_found_out(tmp_path: Path) -> None:
    """T24, planted: a reader of the lost future goes on in another one, as if nothing had happened."""
    url, copy = tmp_path / "jobs.db", tmp_path / "copy.db"
    with Headway(url) as hw:
        job = hw.submit("faults.telling", {"enough": str(tmp_path / "enough")}).id
    copy.write_bytes(url.read_bytes())
    server, address = serving(str(url), 0)
    with server, worker(str(url), "jobs_telling"):
        known = _follow(address, job, None, 20)[-1]
    for file in tmp_path.glob("jobs.db-*"):
        file.unlink()
    url.write_bytes(copy.read_bytes())
    with pytest.raises(AssertionError):
        _begins_again_once(_come_back(str(url), job, known))


def test_a_server_is_told_of_a_new_epoch(postgres: Databases, postgres_url: str, tmp_path: Path) -> None:
    """T24, G10: on PostgreSQL its own copies are put back; `headway db new-epoch` is what tells readers."""
    url, copy = postgres_url, f"{postgres_url}_copy"
    with Headway(url) as hw:
        job = hw.submit("faults.telling", {"enough": str(tmp_path / "enough")}).id
    postgres.copy_database(url, copy)
    server, address = serving(url, 0)
    with server, worker(url, "jobs_telling"):
        known = _follow(address, job, None, 20)[-1]
    postgres.drop_database(url)
    postgres.copy_database(copy, url)
    with Child("headway", "db", "new-epoch", "--url", url) as command:
        assert "a new epoch" in command.rest()[0]
    _begins_again_once(_come_back(url, job, known))
    postgres.drop_database(copy)
