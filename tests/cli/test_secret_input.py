"""Secrets on the command line: by reference, by question, from a pipe; never among the arguments (SEC21)."""

from __future__ import annotations

import json
from pathlib import Path

from headway import Headway
from tests.cli.command import Cli

CANARY = "c4n4ry-of-a-test"

LOGIN = f"""
import os
import headway

@headway.job("login")
def login(ctx: headway.Context, user: str, password: headway.Secret) -> bool:
    ctx.log(f"{{user}} has {{password.reveal()}}")
    return password.reveal() == {CANARY[::-1]!r}[::-1]
"""


def work(cli: Cli, **variables: str) -> None:
    """Runs what is due in another process."""
    (cli.home / "login.py").write_text(LOGIN)
    done = cli("worker", "--import", "login.py", "--until-idle", env=variables)
    assert done.returncode == 0, done
    assert CANARY not in done.stdout + done.stderr


def test_a_variable_of_the_worker_is_named(each_cli: Cli) -> None:
    """password=@env:NAME: the value is read where the job runs."""
    job = each_cli.json("submit", "login", "user=anna", "password=@env:A_TEST_PW")["job"]
    assert job["input"]["password"] == {"$secret": {"env": "A_TEST_PW"}}
    work(each_cli, A_TEST_PW=CANARY)
    assert each_cli.json("show", "1")["job"]["result"] is True
    assert each_cli("logs", "1").stdout.rstrip().endswith("anna has ***")


def test_a_secret_comes_from_a_pipe(each_cli: Cli) -> None:
    """--secret NAME reads a line of standard input where nobody sits at a terminal."""
    done = each_cli("submit", "login", "user=anna", "--secret", "password", "--json", stdin=f"{CANARY}\n")
    assert json.loads(done.stdout)["job"]["input"]["password"] == {"$secret": "***"}
    work(each_cli)
    assert each_cli.json("show", "1")["job"]["result"] is True


def test_a_secret_is_asked_for_without_echo(cli: Cli, hw: Headway) -> None:
    """At a terminal the name is the question, and what is typed is not shown."""
    terminal = cli.terminal("submit", "login", "user=anna", "--secret", "password")
    terminal.until("password")
    terminal.press(f"{CANARY}\r")
    assert terminal.end() == 0
    assert CANARY not in terminal.drawn
    work(cli)
    assert hw.result(1) is True


def test_marked_json_is_a_secret(cli: Cli) -> None:
    """The JSON form is taken from a file and from a pair, where it does not matter who sees it."""
    (cli.home / "input.json").write_text(json.dumps({"user": "anna", "password": {"$secret": CANARY}}))
    shown = cli("submit", "login", "--input", "input.json", "--json")
    assert CANARY not in shown.stdout
    assert cli("submit", "login", "user=anna", f'password:={{"$secret": "{CANARY}"}}').returncode == 0
    work(cli)
    assert [job["result"] for job in cli.json("ls", "--all")["jobs"]] == [True, True]


def test_each_secret_needs_a_line(cli: Cli) -> None:
    """Too few lines, or an input from the same pipe, are refused before anything is stored."""
    assert cli("submit", "login", "--secret", "a", "--secret", "b", stdin="one\n").returncode == 2
    assert cli("submit", "login", "--secret", "a", "--input", "-", stdin="{}").returncode == 2
    assert cli.json("ls", "--all")["jobs"] == []


def test_a_command_and_its_output_are_kept_without_passwords(each_cli: Cli) -> None:
    """SEC21: what looks like a password in a command, its environment and its address is not in its record."""
    script = 'echo "$@ $DB_PASSWORD $0"'
    words = ["sh", "-c", script, "sh", f"ftp://anna:{CANARY}@host/", "--password", f"1{CANARY}", f"API_TOKEN=2{CANARY}"]
    done = each_cli("run", "--", *words, env={"DB_PASSWORD": f"3{CANARY}"})
    assert done.stdout.count(CANARY) == 4  # the terminal shows what it always did
    told = each_cli("show", "1", "--json").stdout + each_cli("logs", "1").stdout + each_cli("events", "1").stdout
    assert "***" in told
    assert CANARY not in told
    with Headway(each_cli.url) as hw:
        assert hw.get(1).input["command"][4:] == ["ftp://anna:***@host/", "--password", "***", "API_TOKEN=***"]


def test_the_key_is_the_users_alone(cli: Cli) -> None:
    """The key is made at first use, outside the database, in a file that nobody else can read."""
    cli("submit", "login", "--secret", "password", stdin=f"{CANARY}\n")
    keys = Path(cli.home / ".config" / "headway" / "keys")
    assert (keys.stat().st_mode & 0o777, len(keys.read_text().split())) == (0o600, 1)
    keys.chmod(0o644)
    refused = cli("submit", "login", "--secret", "password", stdin=f"{CANARY}\n")
    assert refused.returncode != 0
    assert "chmod 600" in refused.stderr


def test_a_configuration_is_shown_without_its_passwords(each_cli: Cli) -> None:
    """S0.6, S2.21: a file with passwords is saved once, shown masked everywhere, and what was shown can be saved."""
    (each_cli.home / "move.yaml").write_text(f"db:\n  password: {CANARY}\nurl: ftp://anna:{CANARY}@host/\n")
    (each_cli.home / "broken.yaml").write_text(f"password: {CANARY}: [\n")
    broken = each_cli("session", "create", "work", "--config", "broken.yaml")
    done = [each_cli("session", "create", "work", "--config", "move.yaml", "--json")]
    done += [each_cli("session", *words) for words in (["show", "work"], ["ls", "--json"], ["config", "work"])]
    (each_cli.home / "shown.json").write_text(done[-1].stdout)
    done.append(each_cli("session", "config", "work", "--file", "shown.json", "--set", "n=1"))
    done.append(each_cli("session", "config", "work", "--secret", "api.token", stdin=f"{CANARY}\n"))
    done.append(each_cli("session", "config", "work", "--versions", "--json"))
    assert ([one.returncode for one in done], broken.returncode) == ([0] * 7, 2)
    assert not [one for one in (*done, broken) if CANARY in one.stdout + one.stderr]
    with Headway(each_cli.url) as hw:
        shown = hw.session("work").config
    assert shown["db"] == {"password": {"$secret": "***"}}
    assert (shown["url"], shown["api"]["token"]) == ({"$secret": "ftp://anna:***@host/"}, {"$secret": "***"})


def test_a_plain_password_is_told_of(cli: Cli) -> None:
    """Whoever gives one in clear hears that it is stored as it is, and what to write instead."""
    done = cli("submit", "login", "user=anna", f"password={CANARY}")
    assert (done.returncode, "--secret password" in done.stderr) == (0, True)
    assert "--secret" not in cli("submit", "login", "user=anna", "--secret", "password", stdin="x\n").stderr
