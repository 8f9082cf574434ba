"""The three jobs of a move: tied together, paused and resumed, refused, and without a secret in any row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import headway
from examples.site_mover import jobs
from examples.site_mover.bandwidth import Bandwidth
from examples.site_mover.move import move
from headway import Headway, Job
from tests.site_mover.moving import journal, planned_by_jobs
from tests.site_mover.sftp_server import PASSWORD, Running
from tests.site_mover.trees import AWKWARD, contents, many_files, write_tree

BIG = bytes(range(256)) * 160_000
"""At a megabyte a second it is under way until a test has stopped it, however busy the machine is."""


def _transfer(hw: Headway, tmp_path: Path, plan: str, **options: Any) -> Job:
    return hw.submit(jobs.transfer, {"plan": plan, "journal": str(tmp_path / "work" / "journal"), **options})


def _until_done(hw: Headway, job: Job, done: int) -> None:
    """Return when the job says that so many bytes are done."""
    while (shown := hw.get(job).progress) is None or (shown.done or 0) < done:
        with pytest.raises(TimeoutError):
            hw.wait(job, timeout_s=0.05)


def test_a_move_is_three_jobs_under_one_id(hw: Headway, tmp_path: Path) -> None:
    """S0.19, S0.20, S0.26: scan, plan and transfer complete, share the move's id, and every byte arrives."""
    write_tree(tmp_path / "from", {**many_files(40), **AWKWARD})
    with hw.worker(slots=2):
        done = move(
            hw,
            str(tmp_path / "from"),
            str(tmp_path / "to"),
            move_id="moving-day",
            work_folder=str(tmp_path / "work"),
        )
    assert contents(tmp_path / "to") == contents(tmp_path / "from")
    found = hw.jobs(context_id="moving-day")
    assert sorted(job.type for job in found) == ["site.plan", "site.scan", "site.transfer"]
    assert {job.state for job in found} == {"completed"}
    assert done.progress is not None
    assert (done.result["files"], done.progress.percent) == (40 + len(AWKWARD), 100)


def test_a_move_that_is_called_again_does_nothing_again(hw: Headway, tmp_path: Path) -> None:
    """The same move id finds the same jobs, as after a crash of the program that had submitted them."""
    write_tree(tmp_path / "from", many_files(5))
    ends = (str(tmp_path / "from"), str(tmp_path / "to"))
    with hw.worker(slots=1):
        first = move(hw, *ends, move_id="once", work_folder=str(tmp_path / "work"))
        again = move(hw, *ends, move_id="once", work_folder=str(tmp_path / "work"))
    assert (again.id, len(hw.jobs(context_id="once"))) == (first.id, 3)


def test_a_pause_stops_bytes_and_a_resume_goes_on_inside_the_file(
    hw: Headway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S0.27: paused in the middle of a big file no byte moves; resumed, it goes on from where it was."""
    write_tree(tmp_path / "from", {b"big": BIG})
    plan = planned_by_jobs(hw, tmp_path / "from", tmp_path / "to", tmp_path / "work")
    job = _transfer(hw, tmp_path, plan, bandwidth_limit=1_000_000)
    with hw.worker(slots=1):
        _until_done(hw, job, 1_000_000)
        hw.pause(job)
        hw.wait(job, until="paused", timeout_s=120)
    part = tmp_path / "to" / "big.headway-part"
    held = part.stat().st_size
    monkeypatch.setattr(Bandwidth, "take", lambda cap, size: None)  # nobody has to stop the rest
    hw.resume(job)
    hw.work_until_idle()
    assert hw.get(job).state == "completed"
    assert contents(tmp_path / "to") == {b"big": BIG}
    [(_, _, offset, _)] = journal(tmp_path / "work")
    assert 1_000_000 <= int(offset) <= held < len(BIG)


def test_a_cancel_stops_the_work_and_stays(hw: Headway, tmp_path: Path) -> None:
    """S0.28: after a cancel nothing more is published, and the state stays cancelled."""
    write_tree(tmp_path / "from", {b"big": BIG})
    plan = planned_by_jobs(hw, tmp_path / "from", tmp_path / "to", tmp_path / "work")
    job = _transfer(hw, tmp_path, plan, bandwidth_limit=1_000_000)
    with hw.worker(slots=1):
        _until_done(hw, job, 500_000)
        hw.cancel(job)
        hw.wait(job, timeout_s=120)
    assert hw.get(job).state == "cancelled"
    assert not (tmp_path / "to" / "big").exists()


def test_a_refused_connection_fails_the_job(hw: Headway, sftp: Running, tmp_path: Path) -> None:
    """S0.29: a server that cannot be reached fails the scan with the reason."""
    address = sftp.address("/").replace(f":{sftp.port}/", ":1/")
    job = hw.submit(jobs.scan, {"source": address, "work_folder": str(tmp_path / "work")})
    hw.work_until_idle()
    with pytest.raises(headway.JobFailed, match="no connection to sftp://"):
        hw.result(job)


def test_each_thread_has_its_connection(hw: Headway, sftp: Running, tmp_path: Path) -> None:
    """S0.20: files go over several connections at once, never more than asked for."""
    write_tree(tmp_path / "from", many_files(40))
    plan = planned_by_jobs(hw, tmp_path / "from", sftp.address("/"), tmp_path / "work")
    sftp.connections.clear()
    job = _transfer(hw, tmp_path, plan, concurrency=4)
    hw.work_until_idle()
    assert (hw.result(job)["files"], contents(sftp.folder)) == (40, contents(tmp_path / "from"))
    assert 1 < len(sftp.connections) <= 4


def test_a_retry_tries_what_has_failed(hw: Headway, tmp_path: Path) -> None:
    """S0.29, S0.30: too many failed files fail the job; a retry copies only them."""
    write_tree(tmp_path / "from", many_files(10))
    plan = planned_by_jobs(hw, tmp_path / "from", tmp_path / "to", tmp_path / "work")
    blocked = tmp_path / "to" / "d03" / "s0" / "f00003.php"
    blocked.mkdir(parents=True)
    job = _transfer(hw, tmp_path, plan, max_failed=0, tries=2)
    hw.work_until_idle()
    assert (hw.get(job).state, len(journal(tmp_path / "work"))) == ("failed", 9)
    blocked.rmdir()
    hw.retry(job)
    hw.work_until_idle()
    result = hw.result(job)
    assert (result["success"], result["files"], len(journal(tmp_path / "work"))) == (True, 10, 10)


def test_files_that_fail_are_warnings(hw: Headway, tmp_path: Path) -> None:
    """S0.25: with any number of failures allowed, the job completes with warnings that name the file and
    its error.
    """
    write_tree(tmp_path / "from", {b"a": b"1", b"b": b"2"})
    plan = planned_by_jobs(hw, tmp_path / "from", tmp_path / "to", tmp_path / "work")
    (tmp_path / "from" / "a").unlink()
    job = _transfer(hw, tmp_path, plan)
    hw.work_until_idle()
    done = hw.get(job)
    assert (done.state, done.result["failed_files"][0]["path"], done.warnings > 0) == ("completed", "a", True)


def test_no_password_is_kept_anywhere(
    hw: Headway, sftp: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC21: a password that a worker takes from its environment is in no row, manifest or plan."""
    monkeypatch.setenv("SITE_PW", PASSWORD)
    write_tree(sftp.folder, many_files(5))
    source = sftp.address("/", host_key=sftp.fingerprint(), password_env="SITE_PW")
    plan = planned_by_jobs(hw, source, tmp_path / "to", tmp_path / "work")
    job = _transfer(hw, tmp_path, plan)
    hw.work_until_idle()
    assert hw.result(job)["files"] == 5
    kept = [*tmp_path.glob("jobs.db*"), *(tmp_path / "work").iterdir()]
    assert len(kept) > 2
    assert not any(PASSWORD.encode() in file.read_bytes() for file in kept)
