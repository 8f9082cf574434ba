"""`headway doctor`, `headway db`, `headway completion`, `headway demo`: care for the installation."""

from __future__ import annotations

import json

import psycopg
import pytest

from headway import Headway
from tests.cli.command import Cli
from tests.faults.database import run
from tests.support.postgres import Server


def levels(cli: Cli, code: int = 0) -> dict[str, str]:
    return {check["name"]: check["status"] for check in cli.json("doctor", code=code)["checks"]}


def test_doctor_finds_nothing_on_a_good_file(cli: Cli, hw: Headway) -> None:
    """All lines are ok, and the exit code is 0."""
    hw.cancel(hw.submit("gate"))
    assert set(levels(cli).values()) == {"ok"}


def test_doctor_knows_a_server_that_would_lose_jobs(cli: Cli, own_postgres: Server) -> None:
    """A PostgreSQL server is well with fsync on, and bad with synchronous_commit off."""
    url = own_postgres.create_database()
    Cli(url, cli.home)("submit", "quick")
    Cli(url, cli.home)("cancel", "1")
    assert set(levels(Cli(url, cli.home)).values()) == {"ok"}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER ROLE headway SET synchronous_commit = off")
    assert levels(Cli(url, cli.home), code=1)["synchronous_commit"] == "failing"


def test_doctor_of_a_database_that_is_not_there_yet(cli: Cli) -> None:
    """It says so, and does not make one."""
    assert levels(cli)["database"] == "ok"
    assert not (cli.home / "jobs.db").exists()


def test_doctor_names_jobs_that_nobody_can_run(cli: Cli, hw: Headway) -> None:
    """A pending job whose type no worker has is a warning with what to do."""
    hw.submit("gate")
    assert levels(cli)["queue"] == "warning"
    assert "headway worker --import MODULE" in cli("doctor").stdout


def test_doctor_names_commands_on_the_database_that_it_looked_at(cli: Cli) -> None:
    """What --url named stands in the commands that it tells, so that they reach the same database and not another."""
    place = str(cli.home / "other jobs.db")
    with Headway(place) as other:
        other.submit("gate")
    said = cli("doctor", "--url", place).stdout
    assert f"Start one: headway worker --url '{place}' --import MODULE." in said
    assert "--url" not in cli("doctor", env={"HEADWAY_URL": place}).stdout


def test_doctor_misses_a_key_that_is_needed(cli: Cli) -> None:
    """Without the key of a secret that is still to be opened something is bad, and what to do is said."""
    assert cli("session", "config", "--secret", "password", stdin="four\n").returncode == 0
    assert levels(cli)["keys"] == "ok"
    keys = cli.home / ".config" / "headway" / "keys"
    keys.rename(keys.with_name("elsewhere"))
    assert levels(cli, code=1)["keys"] == "failing"
    assert "add that key" in cli("doctor").stdout


def test_doctor_finds_a_damaged_file(cli: Cli, hw: Headway) -> None:
    """A file with a page that is not as it should be is bad, and the exit code is 1."""
    hw.submit_many("gate", [{"text": "x" * 500}] * 50)
    hw.close()
    file = cli.home / "jobs.db"
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 4096] = b"\xff" * 4096
    file.write_bytes(content)
    assert "failing" in levels(cli, code=1).values()


def test_doctor_of_something_else_than_a_database(cli: Cli) -> None:
    """A file that is no database is bad, and stays as it is."""
    (cli.home / "jobs.db").write_text("my notes, which are longer than a header would be" * 10)
    assert levels(cli, code=1)["database"] == "failing"
    assert (cli.home / "jobs.db").read_text().startswith("my notes")


def test_db_status_and_upgrade(each_cli: Cli) -> None:
    """A fresh database is upgraded by `db upgrade`, which may be called twice; status then ends with 0, and with 1
    where the database is of another release.
    """
    for _ in range(2):
        upgraded = each_cli.json("db", "upgrade")
        assert upgraded["found"] == upgraded["wanted"]
    assert each_cli("db", "status").returncode == 0
    run(each_cli.url, "UPDATE meta SET value = '9999' WHERE name = 'schema'")
    assert each_cli.json("db", "status", code=1)["found"] == 9999


def test_db_status_makes_no_database(cli: Cli) -> None:
    """Asked for a file that is not there, it says so and makes none."""
    done = cli("db", "status")
    assert done.returncode == 2
    assert "There is no database" in done.stderr
    assert not (cli.home / "jobs.db").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(cli: Cli, shell: str) -> None:
    """Each shell gets a script that asks headway itself."""
    script = cli("completion", shell).stdout
    assert "_HEADWAY_COMPLETE" in script
    assert f"{shell}_complete" in script


def test_bash_completes_verbs(cli: Cli) -> None:
    """What the script asks is answered with the verbs that fit."""
    env = {"_HEADWAY_COMPLETE": "bash_complete", "COMP_WORDS": "headway wa", "COMP_CWORD": "1"}
    assert {line.split(",")[1] for line in cli(env=env).stdout.splitlines()} == {"watch", "wait"}


def test_a_shell_completes_ids(cli: Cli, hw: Headway) -> None:
    """The numbers of the jobs that the verb can be asked for, newest first; another id once it is begun."""
    hw.submit("gate", external_id="gui-17")
    hw.cancel(hw.submit("gate"))
    for typed, offered in (("pause ", ["1"]), ("show ", ["2", "1"]), ("show gui", ["gui-17"]), ("wait x", [])):
        env = {"_HEADWAY_COMPLETE": "bash_complete", "COMP_WORDS": f"headway {typed}", "COMP_CWORD": "2"}
        done = cli(env=env)
        assert ([line.split(",")[1] for line in done.stdout.split()], done.stderr) == (offered, "")


def test_the_demo_of_the_terminal_moves_a_real_folder(cli: Cli) -> None:
    """It scans, plans and copies in a database of its own, says how to pause and undo it, and cleans up."""
    done = cli("demo", "--terminal", "--seconds", "1", env={"TMPDIR": str(cli.home)})
    assert done.returncode == 0
    assert "✔ site.transfer  completed" in done.stdout
    assert "pause 3" in done.stderr
    assert "rollback 3" in done.stderr
    assert "site.transfer.undo" in done.stderr
    assert not list(cli.home.glob("headway-demo-*"))


def test_python_m_headway(cli: Cli) -> None:
    """`python -m headway` is the same command."""
    done = cli("run", "--", "python3", "-c", "print('ok')")
    assert done.stdout == "ok\n"


def test_doctor_writes_a_bundle(each_cli: Cli) -> None:
    """ux Settings: one file for somebody who helps, with what was found; --bundle says that it should be looked at."""
    with Headway(each_cli.url) as hw:
        hw.cancel(hw.submit("gate", {"file": "c4n4ry"}))
    file = each_cli.home / "bundle.json"
    done = each_cli("doctor", "--bundle", str(file))
    told = json.loads(file.read_text())
    assert "Look through it before you send it" in done.stderr
    assert told["counts"] == {"cancelled": 1}
    assert {"schema", "workers"} <= {check["name"] for check in told["checks"]}
    assert "c4n4ry" not in file.read_text()


def test_a_bundle_of_what_is_not_there(cli: Cli) -> None:
    """Where there is no database it tells of this machine alone, and makes none."""
    file = cli.home / "bundle.json"
    assert cli("doctor", "--bundle", str(file)).returncode == 0
    assert (json.loads(file.read_text())["counts"], (cli.home / "jobs.db").exists()) == (None, False)


def test_a_bundle_overwrites_nothing(cli: Cli) -> None:
    """Whatever has that name already, the database itself or a link, stays as it was; a new one is the owner's."""
    with Headway(cli.url) as hw:
        hw.submit("gate")
    link = cli.home / "link.json"
    link.symlink_to(cli.home / "jobs.db")
    for taken in (cli.home / "jobs.db", link):
        done = cli("doctor", "--bundle", str(taken))
        assert (done.returncode != 0, "is there already" in done.stderr) == (True, True)
    with Headway(cli.url) as hw:
        assert hw.counts() == {"pending": 1}
    cli("doctor", "--bundle", str(cli.home / "new.json"))
    assert (cli.home / "new.json").stat().st_mode & 0o777 == 0o600
