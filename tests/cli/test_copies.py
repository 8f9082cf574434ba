"""`headway db backup`, `restore` and `new-epoch`: copies, and what keeps people from losing jobs by them."""

from __future__ import annotations

import fcntl

import apsw
import pytest

from headway import Headway
from headway.store import epoch
from tests.cli.command import Cli
from tests.faults.database import run


def _epoch(url: str) -> str:
    with Headway(url) as hw:
        return epoch.epoch(hw._database)


@pytest.fixture
def copy(cli: Cli, hw: Headway) -> str:
    """A copy of the database when it had one job; it has two now, and nobody has it open."""
    hw.submit("gate")
    copy = str(cli.home / "copy.db")
    assert cli("db", "backup", copy).returncode == 0
    hw.submit("gate")
    hw.close()
    return copy


def test_a_copy_is_put_back(cli: Cli, hw: Headway, copy: str) -> None:
    """The jobs are those of the copy, and the epoch is another one than before, each time (T24)."""
    epochs = [_epoch(cli.url)]
    for _ in range(2):
        assert cli.json("db", "restore", copy, "--replace")["copy"] == copy
        epochs.append(_epoch(cli.url))
    assert len(hw.jobs()) == 1
    assert len(set(epochs)) == 3


def test_a_copy_is_a_file_of_its_own(cli: Cli, copy: str) -> None:
    """Nothing stands beside it, it can be read by whoever could read the original, and it can be put anywhere (T24)."""
    assert [file.name for file in sorted(cli.home.glob("*copy.db*"))] == ["copy.db"]
    assert (cli.home / "copy.db").stat().st_mode == (cli.home / "jobs.db").stat().st_mode
    elsewhere = str(cli.home / "elsewhere.db")
    assert cli("db", "restore", copy, "--url", elsewhere).returncode == 0
    assert len({_epoch(url) for url in (cli.url, copy, elsewhere)}) == 3


def test_a_restored_file_is_no_more_open_than_its_copy(cli: Cli, copy: str) -> None:
    """A new file has the rights of the copy, and its owner can write it; one that was there keeps its own (SEC)."""
    elsewhere = cli.home / "elsewhere.db"
    for rights, found in ((0o600, 0o600), (0o440, 0o640)):
        (cli.home / "copy.db").chmod(rights)
        elsewhere.unlink(missing_ok=True)
        assert cli("db", "restore", copy, "--url", str(elsewhere)).returncode == 0
        assert elsewhere.stat().st_mode & 0o777 == found
    elsewhere.chmod(0o604)
    assert cli("db", "restore", copy, "--replace", "--url", str(elsewhere)).returncode == 0
    assert elsewhere.stat().st_mode & 0o777 == 0o604


def test_a_backup_clears_what_killed_ones_left(cli: Cli, copy: str) -> None:
    """Their unfinished files go with the next backup of that name; one that somebody writes stays."""
    left, held, other = (cli.home / f".next.db.{end}" for end in ("abcd0123.part", "hold0123.part", "mine"))
    for file in (left, held, other, left.with_name(f"{left.name}-journal")):
        file.write_bytes(b"x")
    with held.open("rb") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        assert cli("db", "backup", str(cli.home / "next.db")).returncode == 0
    assert sorted(file for file in cli.home.glob(".next.db.*")) == [held, other]


def test_a_log_that_was_left_is_neither_taken_for_the_copys_nor_lost(cli: Cli, copy: str) -> None:
    """Where only the database was moved away, the restore is refused: what lies beside may hold jobs of that one."""
    log = cli.home / "gone.db-wal"
    log.write_bytes(b"x" * 100)
    done = cli("db", "restore", copy, "--url", str(cli.home / "gone.db"))
    assert (done.returncode, "gone.db-wal is left" in done.stderr) == (2, True)
    assert (log.read_bytes(), (cli.home / "gone.db").exists()) == (b"x" * 100, False)


@pytest.mark.parametrize(("name", "code"), [("nothing.db", 2), ("empty.db", 1)])
def test_only_a_database_is_backed_up(cli: Cli, name: str, code: int) -> None:
    """A file that is not there, or that has none of our tables, is named in one line, and no copy is made."""
    (cli.home / "empty.db").touch()
    done = cli("db", "backup", str(cli.home / "copy.db"), "--url", str(cli.home / name))
    assert (done.returncode, name in done.stderr, done.stderr.count("\n")) == (code, True, 1)
    assert not (cli.home / "copy.db").exists()


def test_a_backup_overwrites_nothing(cli: Cli, copy: str) -> None:
    """What is there stays, and nothing is left beside it."""
    before = (cli.home / "copy.db").read_bytes()
    done = cli("db", "backup", copy)
    assert (done.returncode, "overwrites nothing" in done.stderr) == (2, True)
    assert (cli.home / "copy.db").read_bytes() == before


def test_jobs_are_given_up_only_when_that_is_said(cli: Cli, hw: Headway, copy: str) -> None:
    """Without --replace a database that is there stays as it is."""
    done = cli("db", "restore", copy)
    assert (done.returncode, "--replace" in done.stderr) == (2, True)
    assert len(hw.jobs()) == 2


def test_nothing_is_put_back_under_a_process(cli: Cli, hw: Headway, copy: str) -> None:
    """As long as somebody has the file open it is refused: that process would write into another past (G2)."""
    assert len(hw.jobs()) == 2
    done = cli("db", "restore", copy, "--replace")
    assert (done.returncode, "open in another process" in done.stderr) == (1, True)
    assert len(hw.jobs()) == 2


@pytest.mark.parametrize("spoil", ["foreign", "newer", "damaged", "notes", "no schema", "odd schema"])
def test_what_is_no_good_copy_is_not_put_back(cli: Cli, hw: Headway, copy: str, spoil: str) -> None:
    """Tables of another program, a newer release, damage, or no database: refused, and the jobs are as they were."""
    connection = apsw.Connection(copy)
    if spoil == "foreign":
        connection.execute("ALTER TABLE jobs RENAME TO others")
    elif spoil == "newer":
        connection.execute("UPDATE meta SET value = '9999' WHERE name = 'schema'")
    elif spoil == "no schema":
        connection.execute("DELETE FROM meta WHERE name = 'schema'")
    elif spoil == "odd schema":
        connection.execute("UPDATE meta SET value = 'x' WHERE name = 'schema'")
    connection.close()
    file, size = cli.home / "copy.db", (cli.home / "copy.db").stat().st_size
    if spoil == "damaged":
        file.write_bytes(file.read_bytes()[: size // 2] + b"\xff" * (size - size // 2))
    elif spoil == "notes":
        file.write_text("my notes " * 200)
    done = cli("db", "restore", copy, "--replace")
    assert (done.returncode, "copy.db" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    assert len(hw.jobs()) == 2


def test_a_server_copies_by_its_own_means(cli: Cli) -> None:
    """For PostgreSQL it names the programs that do it, without the password."""
    for verb in (["backup", "x"], ["restore", "x"]):
        done = cli("db", *verb, "--url", "postgresql://me:secret@localhost/jobs")
        assert (done.returncode, "PostgreSQL has its own means: pg_" in done.stderr) == (1, True)
        assert "secret" not in done.stderr


def test_a_new_epoch_is_begun(each_cli: Cli) -> None:
    """Event ids are told apart from then on, and the attempts of the copy are over (T24)."""
    with Headway(each_cli.url) as hw:
        before = epoch.epoch(hw._database)
        hw.submit("gate")
        run(each_cli.url, "UPDATE jobs SET state = 'running', lease_until = 9e9")
        assert each_cli("db", "new-epoch").returncode == 0
        assert epoch.epoch(hw._database) != before
    assert run(each_cli.url, "SELECT lease_until FROM jobs") == [(0.0,)]
