"""A transfer is taken back: what it has made goes, and nothing else."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import headway
from examples.site_mover import jobs
from examples.site_mover.connect import place
from examples.site_mover.local import LocalPlace
from examples.site_mover.pool import Ends
from examples.site_mover.transfer import Options, Transfer
from headway import Headway, Item, Job
from tests.site_mover.moving import planned, planned_by_jobs
from tests.site_mover.sftp_server import PASSWORD, Running
from tests.site_mover.trees import AWKWARD, contents, many_files, write_tree


def _transferred(hw: Headway, tmp_path: Path, destination: str | None = None) -> Job:
    plan = planned_by_jobs(hw, tmp_path / "from", destination or tmp_path / "to", tmp_path / "work")
    job = hw.submit(jobs.transfer, {"plan": plan, "tries": 1})
    hw.work_until_idle()
    return hw.get(job)


def _rolled_back(hw: Headway, job: Job) -> Job:
    rollback = hw.rollback(job)
    hw.work_until_idle()
    assert hw.get(job).state == "rolled_back"
    return hw.get(rollback)


def _kept(hw: Headway, rollback: Job) -> dict[str, str]:
    """What the rollback has left, and why."""
    items: list[Item] = [
        item for ledger in hw.ledgers(rollback) for item in hw.items(rollback, ledger.ledger, state="skipped").all()
    ]
    return {item.key: item.error.message for item in items if item.error}


def test_what_was_made_goes(hw: Headway, tmp_path: Path) -> None:
    """S0.44: files, links and folders that the transfer has made are removed, whatever their names."""
    write_tree(tmp_path / "from", {**AWKWARD, **many_files(30), b"dup": b"1"})
    (tmp_path / "from" / "link").symlink_to("deep/er")
    (tmp_path / "to").mkdir()
    job = _transferred(hw, tmp_path)
    assert contents(tmp_path / "to") == contents(tmp_path / "from")
    rollback = _rolled_back(hw, job)
    assert os.listdir(tmp_path / "to") == []
    assert (rollback.result["undone"][0]["type"], rollback.warnings) == ("site.transfer.undo", 0)


def test_what_was_made_on_a_server_goes(hw: Headway, sftp: Running, tmp_path: Path) -> None:
    """S0.44: the same over SFTP."""
    write_tree(tmp_path / "from", {**AWKWARD, **many_files(10)})
    job = _transferred(hw, tmp_path, sftp.address("/"))
    assert contents(sftp.folder) == contents(tmp_path / "from")
    _rolled_back(hw, job)
    assert os.listdir(sftp.folder) == []


def test_the_rollback_has_the_password_of_the_destination(hw: Headway, sftp: Running, tmp_path: Path) -> None:
    """S0.44, SEC21: a transfer that was given a password hands it on to its undo, sealed."""
    write_tree(tmp_path / "from", {b"a": b"1"})
    address = sftp.address("/", host_key=sftp.fingerprint())
    with closing(place(address, PASSWORD)) as there:
        planned(tmp_path / "work", LocalPlace(tmp_path / "from"), there)
    plan = tmp_path / "work" / "plan"
    plan.write_text(plan.read_text().replace('"destination":"to"', f'"destination":"{address}"'))
    job = hw.submit(_with_password, {"address": address, "plan": str(plan), "password": headway.Secret(PASSWORD)})
    hw.work_until_idle()
    assert (hw.get(job).state, contents(sftp.folder)) == ("completed", {b"a": b"1"})
    rollback = _rolled_back(hw, hw.get(job))
    assert (rollback.warnings, contents(sftp.folder)) == (0, {})
    assert not any(PASSWORD.encode() in file.read_bytes() for file in tmp_path.glob("jobs.db*"))


@headway.job("test.transfer-with-password")
def _with_password(ctx: headway.Context, address: str, plan: str, password: headway.Secret) -> dict[str, Any]:
    source = Path(plan).parent.parent / "from"

    def connect() -> Ends:
        return Ends(LocalPlace(source), place(address, password.reveal()))

    return Transfer(ctx, connect, Path(plan), Options(), password=password).run()


def test_what_was_there_before_stays(hw: Headway, tmp_path: Path) -> None:
    """S0.44: folders and equal files of before stay; an overwritten file stays as it is now, and that is told."""
    write_tree(tmp_path / "from", {b"a/same": b"1", b"a/other": b"new", b"b/new": b"2"})
    write_tree(tmp_path / "to", {b"a/same": b"1", b"a/other": b"older", b"mine": b"3"})
    rollback = _rolled_back(hw, _transferred(hw, tmp_path))
    assert contents(tmp_path / "to") == {b"a/same": b"1", b"a/other": b"new", b"mine": b"3"}
    assert not (tmp_path / "to" / "b").exists()
    [(path, reason)] = _kept(hw, rollback).items()
    assert (path, "overwritten" in reason, rollback.warnings) == ("a/other", True, 1)


def test_what_has_changed_since_stays(hw: Headway, tmp_path: Path) -> None:
    """S0.44: a file that was written to since is kept and told, and so is the folder that it is in."""
    write_tree(tmp_path / "from", {b"a/x": b"1", b"a/y": b"2", b"b/z": b"3"})
    job = _transferred(hw, tmp_path)
    (tmp_path / "to" / "a" / "x").write_bytes(b"mine now")
    rollback = _rolled_back(hw, job)
    assert contents(tmp_path / "to") == {b"a/x": b"mine now"}
    assert set(_kept(hw, rollback)) == {"a/x", "a"}


def test_a_cancelled_transfer_leaves_no_part(hw: Headway, tmp_path: Path) -> None:
    """S0.28, S0.44: a transfer that was cancelled inside a file can be undone, the unfinished part with it."""
    write_tree(tmp_path / "from", {b"a": b"1", b"big": b"x" * 40_000_000})
    plan = planned_by_jobs(hw, tmp_path / "from", tmp_path / "to", tmp_path / "work")
    job = hw.submit(jobs.transfer, {"plan": plan, "bandwidth_limit": 1_000_000})
    with hw.worker(slots=1):
        while not (tmp_path / "to" / "big.headway-part").exists():
            with pytest.raises(TimeoutError):
                hw.wait(job, timeout_s=0.02)
        hw.cancel(job)
        hw.wait(job, timeout_s=120)
    _rolled_back(hw, job)
    assert os.listdir(tmp_path / "to") == []


def test_a_retry_of_failed_items_is_undone_for_itself(hw: Headway, tmp_path: Path) -> None:
    """S0.30, S0.44: failed files are retried in a new job; its rollback removes what that job has copied alone."""
    write_tree(tmp_path / "from", {b"a": b"1", b"b": b"22"})
    (tmp_path / "to" / "b").mkdir(parents=True)
    plan = planned_by_jobs(hw, tmp_path / "from", tmp_path / "empty", tmp_path / "work")
    Path(plan).write_text(Path(plan).read_text().replace(str(tmp_path / "empty"), str(tmp_path / "to")))
    job = hw.submit(jobs.transfer, {"plan": plan, "tries": 1})
    hw.work_until_idle()
    assert hw.get(job).result["files"] == 1
    (tmp_path / "to" / "b").rmdir()
    again = hw.retry(job, items="failed")
    hw.work_until_idle()
    assert (hw.result(again)["files"], hw.result(again)["bytes"]) == (2, 3)
    _rolled_back(hw, again)
    assert contents(tmp_path / "to") == {b"a": b"1"}
    _rolled_back(hw, hw.get(job))
    assert contents(tmp_path / "to") == {}


def test_a_rollback_can_be_paused(hw: Headway, tmp_path: Path) -> None:
    """S0.44: a paused rollback stands still, and goes on to its end when it is resumed."""
    write_tree(tmp_path / "from", many_files(50))
    rollback = hw.rollback(_transferred(hw, tmp_path))
    hw.pause(rollback)
    hw.work_until_idle()
    assert contents(tmp_path / "to") == contents(tmp_path / "from")
    hw.resume(rollback)
    hw.work_until_idle()
    assert (hw.get(rollback).state, contents(tmp_path / "to")) == ("completed", {})


def test_what_cannot_be_removed_fails_the_rollback(hw: Headway, sftp: Running, tmp_path: Path) -> None:
    """G15, S0.44: an error leaves rollback_failed with what is left; asked again, the rollback goes on there."""
    write_tree(tmp_path / "from", many_files(10))
    job = _transferred(hw, tmp_path, sftp.address("/"))
    sftp.locked = "f00003.php"
    rollback = hw.rollback(job)
    hw.work_until_idle()
    failed = hw.get(rollback)
    assert (hw.get(job).state, len(failed.result["left"])) == ("rollback_failed", 1)
    assert b"d03/s0/f00003.php" in contents(sftp.folder)
    sftp.locked = None
    hw.rollback(job)
    hw.work_until_idle()
    assert (hw.get(job).state, os.listdir(sftp.folder)) == ("rolled_back", [])
