"""The command line, with an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from headway import Headway
from tests.cli.command import Cli


@pytest.fixture
def cli(tmp_path: Path) -> Iterator[Cli]:
    """The command on an empty SQLite file."""
    command = Cli(str(tmp_path / "jobs.db"), tmp_path)
    yield command
    command.close()


@pytest.fixture(params=["sqlite", "postgres"])
def each_cli(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cli]:
    """The command on an empty database of each kind."""
    postgres = request.param == "postgres"
    command = Cli(request.getfixturevalue("postgres_url") if postgres else str(tmp_path / "jobs.db"), tmp_path)
    yield command
    command.close()


@pytest.fixture
def hw(cli: Cli) -> Iterator[Headway]:
    """The verbs on the command's SQLite file."""
    with Headway(cli.url) as verbs:
        yield verbs


@pytest.fixture
def working(cli: Cli) -> Iterator[Headway]:
    """The same, with a worker in another process that has the types of command.JOBS."""
    worker = cli.start("worker", "--import", "jobs.py")
    assert worker.stderr is not None
    assert b"Worker" in worker.stderr.readline()
    with Headway(cli.url) as verbs:
        yield verbs
    worker.terminate()
    worker.communicate()
