"""`headway db backup`, `restore` and `new-epoch`: copies, and what keeps people from losing jobs by them."""

from __future__ import annotations

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


@pytest.mark.parametrize("spoil", ["foreign", "newer", "damaged", "notes"])
def test_what_is_no_good_copy_is_not_put_back(cli: Cli, hw: Headway, copy: str, spoil: str) -> None:
    """Tables of another program, a newer release, damage, or no database: refused, and the jobs are as they were."""
    connection = apsw.Connection(copy)
    if spoil == "foreign":
        connection.execute("ALTER TABLE jobs RENAME TO others")
    elif spoil == "newer":
        connection.execute("UPDATE meta SET value = '9999' WHERE name = 'schema'")
    connection.close()
    file, size = cli.home / "copy.db", (cli.home / "copy.db").stat().st_size
    if spoil == "damaged":
        file.write_bytes(file.read_bytes()[: size // 2] + b"\xff" * (size - size // 2))
    elif spoil == "notes":
        file.write_text("my notes " * 200)
    done = cli("db", "restore", copy, "--replace")
    assert (done.returncode, "copy.db" in done.stderr) == (1, True)
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
