"""The shell script of docs/http.md: a process that is written with nothing but curl takes part."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from headway import Headway
from headway.server import create_app
from headway.server.serving import Serving
from headway.store import sweeping
from headway.testing import Clock
from tests.support.ports import free_port

PAGE = Path(__file__).parents[2] / "docs" / "http.md"
GATE = '#!/bin/sh\nuntil [ -e "$1/$2" ]; do sleep 0.02; done\necho "$2" >> "$1/copied"\n'


class Script:
    """The script under way: each part waits for a file of its number."""

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        text = re.search(r"```sh backup.sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
        assert text is not None
        for name, content in (("backup.sh", text[1]), ("gate", GATE)):
            (folder / name).write_text(content)
            (folder / name).chmod(0o755)
        self.process = subprocess.Popen(
            ["./backup.sh", "./gate", str(folder)], cwd=folder, stdout=subprocess.PIPE, text=True,
            env={"HEADWAY_API": f"{address}/api/v1", "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.job = self.process.stdout.readline().split()[1]

    def let(self, *parts: int) -> None:
        """Lets it copy these parts."""
        for part in parts:
            (self._folder / str(part)).touch()

    def close(self) -> None:
        """Ends it."""
        self.process.kill()
        self.process.communicate()

    @property
    def copied(self) -> list[int]:
        """What it has copied."""
        return [int(line) for line in (self._folder / "copied").read_text().split()]


@pytest.fixture
def script(server: Serving, tmp_path: Path) -> Iterator[Script]:
    """The script of the page, ended after the test."""
    started = Script(tmp_path, server.address)
    yield started
    started.close()


def test_it_runs_to_its_end(script: Script, hw: Headway) -> None:
    """It registers, reports its progress and its log, and ends with a result."""
    script.let(*range(1, 11))
    job = hw.wait(script.job)
    assert (script.process.wait(), job.state, job.result) == (0, "completed", {"parts": 10})
    assert [line.data["text"] for line in hw.logs(job)] == [f"part {part} is copied" for part in range(1, 11)]


def test_it_is_paused_and_goes_on(script: Script, hw: Headway) -> None:
    """Paused over the API it stops after the part at hand; resumed it goes on as attempt 2, and repeats nothing."""
    script.let(1, 2)
    while (progress := hw.get(script.job).progress) is None or progress.done < 2:
        hw.changed(0, 0.02)
    hw.pause(script.job)
    script.let(3)
    hw.wait(script.job, until="paused")
    hw.resume(script.job)
    script.let(*range(4, 11))
    job = hw.wait(script.job)
    assert (job.state, job.attempt, script.copied) == ("completed", 2, list(range(1, 11)))


def test_it_is_cancelled(script: Script, hw: Headway) -> None:
    """Cancelled over the API it stops after the part at hand, and says that it has."""
    script.let(1)
    hw.cancel(script.job)
    script.let(2)
    assert hw.wait(script.job).state == "cancelled"
    assert script.process.wait() == 5
    assert "unconfirmed" not in hw.get(script.job).marks


@pytest.mark.parametrize("away_s", [0, 120])
def test_it_outlives_the_server(url: str, clock: Clock, tmp_path: Path, away_s: int) -> None:
    """The server goes and comes back while it works: nothing is lost or done twice, even where its lease ran out."""
    port = free_port()
    with Headway(url, clock=clock) as hw:
        with Serving(create_app(hw), port=port) as first:
            script = Script(tmp_path, first.address)
            script.let(1)
            while (progress := hw.get(script.job).progress) is None or progress.done < 1:
                hw.changed(0, 0.02)
        script.let(2)  # it ends while nobody answers
        while script.copied[:2] != [1, 2]:
            hw.changed(0, 0.02)
        clock.advance(away_s)
        sweeping.sweep(hw._database)  # before the script is heard again, or its lease would be renewed
        with Serving(create_app(hw), port=port):
            script.let(*range(3, 11))
            job = hw.wait(script.job)
            assert (script.process.wait(), job.state, job.attempt) == (0, "completed", 2 if away_s else 1)
            assert script.copied == list(range(1, 11))
            script.close()
        assert [line.data["text"] for line in hw.logs(job)] == [f"part {part} is copied" for part in range(1, 11)]
