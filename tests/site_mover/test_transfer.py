"""The transfer: every byte, mode and time arrives; it stops and goes on anywhere; what fails is kept and
tried again.
"""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from examples.site_mover.connect import place
from examples.site_mover.local import LocalPlace
from examples.site_mover.places import CHUNK
from headway import JobFailed
from headway.testing import Clock
from tests.site_mover.conftest import Opener
from tests.site_mover.moving import Move, journal, planned, transferred
from tests.site_mover.sftp_server import Running
from tests.site_mover.trees import AWKWARD, contents, facts, many_files, write_tree

BIG = random.Random(7).randbytes(5_000_000)


def test_everything_arrives_as_it_was(tmp_path: Path, opened: Opener) -> None:
    """Names, bytes, modes and times of files, links inside the root, and empty folders are the same at
    both ends.
    """
    write_tree(tmp_path / "from", {**AWKWARD, b"big": BIG})
    (tmp_path / "from" / "link").symlink_to("deep/er")
    (tmp_path / "from" / "outside").symlink_to("/etc")
    (tmp_path / "from" / "empty").mkdir(mode=0o711)
    os.utime(tmp_path / "from" / "empty", (1_500_000_000, 1_500_000_000))
    source, destination = opened(tmp_path / "from"), opened(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    result = transferred(tmp_path / "work", source, destination)
    expected = contents(tmp_path / "from")
    del expected[b"outside"]
    assert contents(tmp_path / "to") == expected
    assert facts(tmp_path / "to") == facts(tmp_path / "from")
    empty = (tmp_path / "to" / "empty").stat()
    assert (empty.st_mode & 0o777, int(empty.st_mtime)) == (0o711, 1_500_000_000)
    assert (result["success"], result["files"], result["skipped_files"]) == (True, len(AWKWARD) + 1, 1)


def test_the_result_says_what_was_done(tmp_path: Path) -> None:
    """S0.25: files, bytes, duration, average speed, errors, skipped, failed files, and a last look at the
    destination.
    """
    write_tree(tmp_path / "from", {b"a": b"123", b"b": b"45"})
    write_tree(tmp_path / "to", {b"b": b"45"})
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    move = Move(tmp_path / "work", source, destination)
    done = move.run()
    result, shown = done.result, done.progress
    assert (result["files"], result["bytes"], result["errors_count"], result["failed_files"]) == (1, 3, 0, [])
    assert result["verification_result"] == {
        "source_files": 2,
        "source_size": 5,
        "destination_files": 2,
        "destination_size": 5,
        "missing_count": 0,
        "missing_files": [],
    }
    assert result["average_speed"] == result["average_speed_mb_s"]
    assert shown is not None
    assert shown.data is not None
    assert (shown.done, shown.total, shown.unit, shown.data["files_transferred"]) == (3, 3, "B", 1)


def test_a_destination_that_is_not_there_is_made(sftp: Running, tmp_path: Path) -> None:
    """The destination's own folder is made with all above it, here and on a server; the plan needs none."""
    write_tree(tmp_path / "from", {b"a/b": b"1"})
    source = LocalPlace(tmp_path / "from")
    for destination in (LocalPlace(tmp_path / "new" / "site"), place(sftp.address("/new/site"))):
        planned(tmp_path / "work", source, destination)
        transferred(tmp_path / "work", source, destination)
        destination.close()
    assert contents(tmp_path / "new" / "site") == contents(sftp.folder / "new" / "site") == {b"a/b": b"1"}


@pytest.mark.parametrize("stop_at", [1_000_000, 3_500_000])
def test_a_stopped_transfer_goes_on_inside_a_big_file(tmp_path: Path, opened: Opener, stop_at: int) -> None:
    """S0.27: it stops within a chunk inside a file, goes on from the saved offset, and the bytes are right."""
    write_tree(tmp_path / "from", {b"a": b"1", b"big": BIG, b"c": b"3"})
    source, destination = opened(tmp_path / "from"), opened(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    move = Move(tmp_path / "work", source, destination)
    assert move.run(lambda path, written: written >= stop_at).state == "paused"
    assert not (tmp_path / "to" / "big").exists()
    assert move.run().state == "completed"
    assert contents(tmp_path / "to") == contents(tmp_path / "from")
    name, size, offset, word = journal(tmp_path / "work")[1]
    assert (name, size, word) == ("big", "5000000", "finished")
    assert stop_at <= int(offset) < stop_at + CHUNK


def _tear(part: Path) -> None:
    os.truncate(part, 10)


def _spoil(part: Path) -> None:
    with part.open("r+b") as file:
        file.write(b"spoiled")


@pytest.mark.parametrize("damage", [_tear, _spoil, os.unlink])
def test_a_damaged_part_is_not_gone_on_with(tmp_path: Path, opened: Opener, damage: Callable[[Path], None]) -> None:
    """A part that is too short, gone, or not what was written ends in a correct file all the same."""
    write_tree(tmp_path / "from", {b"big": BIG})
    source, destination = opened(tmp_path / "from"), opened(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    move = Move(tmp_path / "work", source, destination)
    assert move.run(lambda path, written: written >= 2_000_000).state == "paused"
    damage(tmp_path / "to" / "big.headway-part")
    done = move.run()
    assert contents(tmp_path / "to") == {b"big": BIG}
    assert (done.result["success"], journal(tmp_path / "work")) == (True, [["big", "5000000", "0", "finished"]])


def test_a_source_that_changed_meanwhile_is_copied_anew(tmp_path: Path) -> None:
    """A part of an older version of the file is not gone on with, even at the same size."""
    write_tree(tmp_path / "from", {b"big": BIG})
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    (tmp_path / "to").mkdir()
    planned(tmp_path / "work", source, destination)
    move = Move(tmp_path / "work", source, destination)
    assert move.run(lambda path, written: written >= 2_000_000).state == "paused"
    write_tree(tmp_path / "from", {b"big": BIG[::-1]})
    os.utime(tmp_path / "from" / "big", (1_800_000_000, 1_800_000_000))
    assert move.run().state == "completed"
    assert contents(tmp_path / "to") == {b"big": BIG[::-1]}
    assert journal(tmp_path / "work") == [["big", "5000000", "0", "finished"]]


def test_a_source_that_changes_during_the_copy_is_tried_again(tmp_path: Path) -> None:
    """A file written to while it is copied fails for now, and its new contents arrive at the end."""
    write_tree(tmp_path / "from", {b"big": BIG, b"z": b""})
    (tmp_path / "to").mkdir()
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    changes = [b"longer than before"]

    def change(path: str, written: int) -> None:
        if path == "big" and written >= 2_000_000 and changes:
            with (tmp_path / "from" / "big").open("ab") as file:
                file.write(changes.pop())

    move = Move(tmp_path / "work", source, destination, Clock())
    done = move.run(change)
    assert contents(tmp_path / "to") == contents(tmp_path / "from")
    assert done.progress is not None
    assert (done.result["success"], done.progress.done, done.progress.total) == (True, len(BIG) + 18, len(BIG) + 18)
    assert [item.attempts for item in move.hw.items(done, "files")] == [2, 1]


def test_a_crash_between_renaming_and_recording_copies_nothing_again(tmp_path: Path, opened: Opener) -> None:
    """S0.30: files that are there although nothing says so are found by their checksum, not copied."""
    files = many_files(30)
    write_tree(tmp_path / "from", files)
    source, destination = opened(tmp_path / "from"), opened(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    transferred(tmp_path / "work", source, destination)
    result = transferred(tmp_path / "work", source, destination)
    assert (result["files"], result["found_files"], result["success"]) == (0, 30, True)
    assert len(journal(tmp_path / "work")) == 30


def test_a_file_that_only_looks_finished_is_copied(tmp_path: Path) -> None:
    """Same size and time but other bytes at the destination: the file is copied."""
    write_tree(tmp_path / "from", {b"file": b"good"})
    write_tree(tmp_path / "to", {b"file": b"rot!"})
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    transferred(tmp_path / "work", source, destination, verify_after_transfer=False)
    assert contents(tmp_path / "to") == {b"file": b"good"}


@pytest.mark.parametrize("seed", range(3))
def test_stopped_again_and_again_it_copies_each_file_once(tmp_path: Path, opened: Opener, seed: int) -> None:
    """S0.20: stopped at many random moments, it ends with every byte, and no finished file was copied
    twice.
    """
    dice = random.Random(seed)
    write_tree(tmp_path / "from", {**many_files(60), **AWKWARD, b"m/big": BIG})
    source, destination = opened(tmp_path / "from"), opened(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    move = Move(tmp_path / "work", source, destination)
    for _ in range(10):
        writes = iter(range(dice.randrange(1, 12), 0, -1))
        if move.run(lambda path, written, writes=writes: next(writes, 0) == 0).state == "completed":  # type: ignore[misc]
            break
    assert move.run().state == "completed"
    assert contents(tmp_path / "to") == contents(tmp_path / "from")
    names = [line[0] for line in journal(tmp_path / "work")]
    assert len(names) == len(set(names)) == 60 + len(AWKWARD) + 1


def test_a_file_that_fails_is_kept_and_tried_again(tmp_path: Path, opened: Opener) -> None:
    """One file that cannot be written is told, tried three times and counted; all others arrive."""
    write_tree(tmp_path / "from", {b"a": b"1", b"b/x": b"2", b"c": b"3"})
    source, destination = opened(tmp_path / "from"), opened(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    (tmp_path / "to" / "b").write_bytes(b"a file where a folder must be")
    move = Move(tmp_path / "work", source, destination, Clock())
    done = move.run()
    result = done.result
    failed = {failure["path"]: failure["tries"] for failure in result["failed_files"]}
    assert (result["success"], result["files"], result["errors_count"]) == (False, 2, 2)
    assert failed == {"b": 3, "b/x": 3}
    assert [item.error is not None for item in move.hw.items(done, "files", state="failed")] == [True]
    assert result["verification_result"]["missing_files"] == ["b/x"]


def test_a_failure_that_passes_is_no_failure(tmp_path: Path) -> None:
    """A file that can be written at its second try is copied, and nothing is left failed."""
    write_tree(tmp_path / "from", {b"a": b"1", b"b": b"2"})
    (tmp_path / "to" / "a").mkdir(parents=True)
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, LocalPlace(tmp_path / "work"))

    def clear(path: str, written: int) -> None:
        if path == "b":
            (tmp_path / "to" / "a").rmdir()

    result = Move(tmp_path / "work", source, destination, Clock()).run(clear).result
    assert (result["success"], result["errors_count"], result["files"]) == (True, 0, 2)


def test_a_file_that_is_gone_is_a_failure_of_that_file(tmp_path: Path, opened: Opener) -> None:
    """A file that was deleted after the plan is told as gone; the rest arrives."""
    write_tree(tmp_path / "from", {b"a": b"1", b"b": b"2"})
    source, destination = opened(tmp_path / "from"), opened(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    (tmp_path / "from" / "a").unlink()
    result = transferred(tmp_path / "work", source, destination)
    assert [failure["error"] for failure in result["failed_files"]] == [
        "FileNotFoundError: a is no longer at the source"
    ]
    assert contents(tmp_path / "to") == {b"b": b"2"}


def test_too_many_failures_fail_the_transfer(tmp_path: Path) -> None:
    """S0.29: more than max_failed files fail the job, with the result of what was done all the same."""
    write_tree(tmp_path / "from", {b"a": b"1", b"b": b"2"})
    (tmp_path / "to").mkdir()
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    (tmp_path / "from" / "a").unlink()
    move = Move(tmp_path / "work", source, destination, Clock(), max_failed=0)
    move.run()
    with pytest.raises(JobFailed, match="at most 0"):
        move.hw.result(move.job)
    assert move.hw.get(move.job).result["files"] == 1


def test_a_file_between_two_tries_is_tried_again_after_a_stop(tmp_path: Path) -> None:
    """A file whose first try failed before the stop is tried again after it."""
    write_tree(tmp_path / "from", {b"a": b"1", **many_files(20)})
    (tmp_path / "to" / "a").mkdir(parents=True)
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, LocalPlace(tmp_path / "work"))
    move = Move(tmp_path / "work", source, destination)
    assert move.run(lambda path, written: len(journal(tmp_path / "work")) == 10).state == "paused"
    (tmp_path / "to" / "a").rmdir()
    done = move.run()
    assert (done.result["success"], done.result["files"]) == (True, 21)
    assert contents(tmp_path / "to") == contents(tmp_path / "from")


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    """S0.30: dry_run shows what there is to do and leaves the destination alone."""
    write_tree(tmp_path / "from", {b"a": b"1"})
    (tmp_path / "to").mkdir()
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    shown = Move(tmp_path / "work", source, destination, dry_run=True).run().progress
    assert shown is not None
    assert (contents(tmp_path / "to"), shown.total, shown.done) == ({}, 1, 0)


def test_a_cap_keeps_the_bytes_per_second(tmp_path: Path) -> None:
    """S0.30: with bandwidth_limit the waits add up to the time that the bytes may take."""
    write_tree(tmp_path / "from", {b"file": b"x" * 50_000})
    (tmp_path / "to").mkdir()
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    clock = Clock()
    move = Move(tmp_path / "work", source, destination, clock, bandwidth_limit=5_000)
    move.clock, began = {"clock": clock.boot}, clock.boot()
    move.run()
    assert clock.boot() - began == pytest.approx(9.0)  # the first second's worth is free


def test_a_lost_connection_is_opened_again(sftp: Running, tmp_path: Path) -> None:
    """Cut in the middle of a file, the transfer connects again and ends with every byte."""
    write_tree(tmp_path / "from", {b"a": b"1", b"big": BIG, b"c": b"3"})
    source, destination = LocalPlace(tmp_path / "from"), place(sftp.address("/"))
    planned(tmp_path / "work", source, destination)
    cuts = [2_000_000, 4_000_000]

    def cut(path: str, written: int) -> None:
        if cuts and written >= cuts[0]:
            cuts.pop(0)
            sftp.cut()

    move = Move(tmp_path / "work", source, destination, Clock())
    result = move.run(cut).result
    destination.close()
    assert contents(sftp.folder) == contents(tmp_path / "from")
    assert (result["success"], result["errors_count"]) == (True, 0)
    told = [event.data.get("text", "") for event in move.hw.events(move.job) if event.kind == "warning"]
    assert any("connecting again" in text for text in told)


def test_a_full_server_ends_the_transfer_and_room_heals_it(sftp: Running, tmp_path: Path) -> None:
    """No room left is no failure of one file: it ends the attempt, and the next one goes on once there is
    room.
    """
    write_tree(tmp_path / "from", {**many_files(20), b"z": BIG})
    source, destination = LocalPlace(tmp_path / "from"), place(sftp.address("/"))
    planned(tmp_path / "work", source, destination)
    sftp.room = 1_000_000
    move = Move(tmp_path / "work", source, destination)
    failed = move.run()
    assert failed.error is not None
    assert failed.error.message.startswith("PlaceFull: ")
    sftp.room = None
    move.hw.retry(move.job)
    result = move.run().result
    destination.close()
    assert (contents(sftp.folder), result["success"]) == (contents(tmp_path / "from"), True)


def test_files_are_copied_at_the_same_time(tmp_path: Path) -> None:
    """S0.20: as many files as `concurrency` says are under way at once."""
    write_tree(tmp_path / "from", {b"a": b"1", b"b": b"2", b"c": b"3"})
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    together = threading.Barrier(3, timeout=120)
    done = Move(tmp_path / "work", source, destination, concurrency=3).run(lambda path, written: together.wait() < 0)
    assert (done.state, contents(tmp_path / "to")) == ("completed", contents(tmp_path / "from"))


def test_each_file_has_its_outcome(tmp_path: Path) -> None:
    """S0.25: the ledger keeps size, SHA-256, error and tries of each file; the same content twice is told."""
    write_tree(tmp_path / "from", {b"a": b"same", b"b": b"same", b"gone": b"1"})
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    planned(tmp_path / "work", source, destination)
    (tmp_path / "from" / "gone").unlink()
    move = Move(tmp_path / "work", source, destination, Clock())
    done = move.run()
    one, two, gone = move.hw.items(done, "files")
    assert (one.size, one.hash, one.state) == (4, hashlib.sha256(b"same").hexdigest(), "done")
    assert (two.duplicate_of, done.result["duplicate_files"]) == ("a", 1)
    assert (gone.state, gone.attempts, gone.error is not None) == ("failed", 3, True)


SMALL_FILES_ONLY = """
import resource, signal, sys
from pathlib import Path
from examples.site_mover.local import LocalPlace
from tests.site_mover.moving import transferred
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
work, source, destination = map(Path, sys.argv[1:])
result = transferred(work, LocalPlace(source), LocalPlace(destination))
print(result["files"], [failure["path"] for failure in result["failed_files"]])
"""


def test_a_file_too_large_for_its_file_system_fails_alone(tmp_path: Path) -> None:
    """EFBIG concerns one file: it is kept as failed, and all others arrive."""
    write_tree(tmp_path / "from", {b"a": b"1", b"b": b"x" * 200_000, b"c": b"3"})
    (tmp_path / "to").mkdir()
    planned(tmp_path / "work", LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to"))
    command = [
        sys.executable,
        "-c",
        SMALL_FILES_ONLY,
        *(str(tmp_path / name) for name in ("work", "from", "to")),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "2 ['b']"
