"""`headway serve`: the API and workers in one command."""

from __future__ import annotations

import json
import os
import signal
import subprocess

import httpx2
import pytest

from headway import Headway
from tests.cli.command import Cli

PATIENCE_S = 120


def address(process: subprocess.Popen[bytes]) -> str:
    """What the server prints first."""
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()


def test_it_serves_and_works(each_cli: Cli) -> None:
    """A job that is submitted over HTTP is run by the workers of the same command."""
    server = each_cli.start("serve", "--port", "0", "--import", "jobs.py")
    with httpx2.Client(base_url=f"{address(server)}/api/v1/", timeout=PATIENCE_S) as http:
        job = http.post("jobs", json={"type": "quick"}).json()["id"]
        while (found := http.get(f"jobs/{job}", params={"wait": 5})).json()["state"] != "completed":
            assert found.json()["state"] in ("pending", "running")
        assert http.get("health").json()["status"] == "ok"
    os.kill(server.pid, signal.SIGTERM)
    _, said = server.communicate()
    assert server.returncode == 0
    told = [json.loads(line) for line in said.splitlines() if line.startswith(b"{")]
    assert [one["event"] for one in told if one.get("job") == job] == ["began", "completed"]


def test_it_acts_on_many_jobs_whatever_its_slots(each_cli: Cli) -> None:
    """Acting on many jobs is a job of Headway's own, and has a slot where no other job has one."""
    url = address(each_cli.start("serve", "--port", "0", "--slots", "0", "--import", "jobs.py"))
    with Headway(each_cli.url) as hw:
        one = hw.submit("quick")
        given = {"type": "headway.bulk", "input": {"verb": "cancel", "ids": [one.id]}}
        bulk = httpx2.post(f"{url}/api/v1/jobs", json=given, timeout=PATIENCE_S).json()["id"]
        assert hw.wait(bulk, timeout_s=PATIENCE_S).state == "completed"
        assert hw.get(one).state == "cancelled"


def test_it_says_what_it_runs(cli: Cli) -> None:
    """Without modules it runs what Headway itself does, and says so, and how it would run more."""
    server = cli.start("serve", "--port", "0")
    assert server.stderr is not None
    said = next(line for line in server.stderr if line.startswith(b"Headway at"))
    assert b"of jobs only headway.bulk is run here (types of yours: --import jobs.py)" in said


def test_without_slots_it_says_who_runs_what_it_knows(cli: Cli) -> None:
    """Types that were given and have no slot are for workers, and no modules are asked for again."""
    server = cli.start("serve", "--port", "0", "--slots", "0", "--import", "jobs.py")
    assert server.stderr is not None
    said = next(line for line in server.stderr if line.startswith(b"Headway at"))
    assert b"(--slots 0 leaves broken, gate, quick to workers: headway worker)" in said


def test_it_stops_at_a_checkpoint(cli: Cli) -> None:
    """SIGTERM lets jobs halt at their next checkpoint and go back to the queue; exit code 0."""
    server = cli.start("serve", "--port", "0", "--import", "jobs.py")
    address(server)
    with Headway(cli.url) as hw:
        job = hw.submit("gate", {"path": str(cli.home / "never")})
        next(event for event in hw.watch(job) if event.kind == "step")  # its code is at work
        os.kill(server.pid, signal.SIGTERM)
        _, said = server.communicate()
        assert (server.returncode, hw.get(job).state) == (0, "pending")
    assert b"Stopping at the next checkpoint of 1 job." in said


def test_other_machines_need_a_token(cli: Cli) -> None:
    """SEC1: beyond loopback it binds only with a token, and says how to give one."""
    done = cli("serve", "--host", "192.0.2.1", "--port", "0")
    assert done.returncode == 2
    assert "--token-file" in done.stderr


@pytest.mark.parametrize("verb", ["serve", "ls"])
def test_an_empty_address_is_refused(cli: Cli, verb: str) -> None:
    """Jobs are never served from memory because somebody's variable was not set."""
    done = cli("--url", "", verb)
    assert done.returncode == 2
    assert "The address of the database is empty" in done.stderr


@pytest.mark.parametrize("words", [["--allow-origin", "foo"], ["--allow-host", "http://x/y"]])
def test_callers_that_can_not_be_are_refused_at_the_start(cli: Cli, words: list[str]) -> None:
    """What is no origin or no name of a host is not taken in silence, as if pages could then call."""
    done = cli("serve", "--port", "0", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{words[1]!r} is no " in done.stderr


def test_a_slash_makes_no_other_origin(cli: Cli) -> None:
    """A page of the origin that was allowed may call it, however it was written."""
    url = address(cli.start("serve", "--port", "0", "--slots", "0", "--allow-origin", "https://Tools.example/"))
    headers = {"Origin": "https://tools.example", "Sec-Fetch-Site": "cross-site"}
    assert httpx2.post(f"{url}/api/v1/jobs", json={"type": "a"}, headers=headers, timeout=PATIENCE_S).is_success


@pytest.mark.parametrize("content", ["", "short", "sixteen or more\nin two lines"])
def test_a_token_that_is_none_is_refused(cli: Cli, content: str) -> None:
    """A file without a token is refused before anything is bound."""
    (cli.home / "token").write_text(content)
    done = cli("serve", "--port", "0", "--token-file", "token")
    assert done.returncode == 2
    assert "token_urlsafe" in done.stderr


def test_a_token_file_is_asked_for(cli: Cli) -> None:
    """Callers send what the file holds."""
    (cli.home / "token").write_text("0123456789abcdef-token\n")
    url = address(cli.start("serve", "--port", "0", "--slots", "0", "--token-file", "token"))
    assert httpx2.get(f"{url}/api/v1/jobs", timeout=PATIENCE_S).status_code == 401
    bearer = {"Authorization": "Bearer 0123456789abcdef-token"}
    answer = httpx2.get(f"{url}/api/v1/jobs", headers=bearer, timeout=PATIENCE_S)
    assert answer.status_code == 200


def test_a_port_that_is_taken_is_named(cli: Cli) -> None:
    """It says which address can not be bound, and what to do."""
    port = address(cli.start("serve", "--port", "0")).rpartition(":")[2]
    done = cli("serve", "--port", port)
    assert done.returncode == 1
    assert f"127.0.0.1 port {port} can not be bound" in done.stderr
    assert "--port" in done.stderr


def test_its_log_is_json(cli: Cli) -> None:
    """SEC26: lines are JSON with the request's id; what a path holds can not make a line of its own."""
    server = cli.start("serve", "--port", "0")
    httpx2.get(f"{address(server)}/a%0ab%1b", headers={"X-Request-ID": "mine"}, timeout=PATIENCE_S)
    os.kill(server.pid, signal.SIGINT)
    _, said = server.communicate()
    (line,) = [line for line in said.decode().splitlines() if '"request_id": "mine"' in line]
    assert '"path": "/a\\nb\\u001b"' in line
    assert b"\x1b" not in said
