"""`python -m examples.site_mover`: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from headway import Headway
from tests.site_mover.trees import contents, many_files, write_tree


def _program(tmp_path: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "examples.site_mover", *map(str, arguments), "--url", str(tmp_path / "jobs.db")]
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=240, check=False)


def test_a_move_shows_how_far_it_is(tmp_path: Path) -> None:
    """The result is on standard output, as JSON; how far each job is, and how to take it back, beside it."""
    write_tree(tmp_path / "from", many_files(5))
    done = _program(tmp_path, tmp_path / "from", tmp_path / "to")
    assert (done.returncode, json.loads(done.stdout)["files"]) == (0, 5)
    assert contents(tmp_path / "to") == contents(tmp_path / "from")
    shown = done.stderr.splitlines()
    assert [line.split()[0] for line in shown if "completed" in line] == ["Scan", "Plan", "Transfer"]
    assert "headway rollback 3 --dry-run" in shown[-1]


def test_a_wrong_address_is_one_line(tmp_path: Path) -> None:
    """An address that cannot be used is told in one line, before anything is submitted."""
    done = _program(tmp_path, "ftp://host/", tmp_path / "to")
    _, said = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (1, "")
    assert said.startswith("site_mover: a place is a folder or sftp://")
    with Headway(tmp_path / "jobs.db") as hw:
        assert hw.jobs() == []


def test_a_job_that_fails_is_one_line(tmp_path: Path) -> None:
    """A source that is not there fails the scan, and its error is told without a traceback."""
    done = _program(tmp_path, tmp_path / "nothing", tmp_path / "to")
    assert done.returncode == 1
    assert "No such file" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
