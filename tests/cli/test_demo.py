"""`headway demo`: the web pages with live jobs."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess

import httpx2

from headway import Headway
from tests.cli.command import Cli

PATIENCE_S = 120
PERSON = {"Accept": "text/html"}
SHOWN = {"running", "pending", "paused", "interrupted", "completed", "failed", "cancelled", "rolled_back"}


def address(process: subprocess.Popen[bytes]) -> str:
    """What it prints first."""
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()


def test_it_shows_something_of_everything(cli: Cli) -> None:
    """The first line is the address of pages with jobs in all states, from a worker that was really killed, too;
    Ctrl-C ends it well and leaves nothing behind.
    """
    cli.env["TMPDIR"] = str(cli.home)
    demo = cli.start("demo", "--port", "0")
    with httpx2.Client(base_url=address(demo), timeout=PATIENCE_S) as http:
        assert "<base href=" in http.get("/", headers=PERSON).text
        while not (counts := http.get("/api/v1/counts").json()).keys() >= SHOWN:
            http.get("/api/v1/changes", params={"wait": 1})
        assert counts["interrupted"] == 3
        assert http.get("/api/v1/sessions/acme").json()["config"]["database"]["password"] == {"$secret": "***"}
    os.kill(demo.pid, signal.SIGINT)
    demo.communicate(timeout=PATIENCE_S)
    assert demo.returncode == 0
    assert not list(cli.home.glob("headway-demo-*"))


def test_a_kept_demo_goes_on(cli: Cli) -> None:
    """--seconds bounds it, --keep leaves its folder, and a second one goes on with the jobs that are there."""
    kept = cli.home / "kept"
    assert cli("demo", "--port", "0", "--seconds", "1", "--keep", str(kept)).returncode == 0
    with Headway(kept / "jobs.db") as hw:
        before = sum(hw.counts().values())
        demo = cli.start("demo", "--port", "0", "--keep", str(kept))
        address(demo)
        while sum(hw.counts().values()) == before:
            hw.changed(0, 1)
        assert before > 200
        assert len(hw.session_versions("acme")) > 3
    os.kill(demo.pid, signal.SIGINT)
    demo.communicate(timeout=PATIENCE_S)
    assert demo.returncode == 0


def test_the_command_that_it_prints_runs_as_typed(cli: Cli) -> None:
    """Who copies it into a second terminal sees the jobs, also where the program is not on the PATH."""
    cli.env["PATH"] = os.defpath
    demo = cli.start("demo", "--port", "0")
    address(demo)
    assert demo.stderr is not None
    command = next(line for raw in demo.stderr if " ls" in (line := raw.decode()))
    listed = subprocess.run(shlex.split(command), cwd=cli.home, env=cli.env, capture_output=True, check=False)
    os.kill(demo.pid, signal.SIGINT)
    demo.communicate(timeout=PATIENCE_S)
    assert listed.returncode == 0
    assert listed.stdout
