"""Fixtures of all tests: PostgreSQL, started once in each process of pytest."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.postgres import Databases, Server, find
from tests.support.postgres_programs import NoPostgres

# A shell that starts the tests in the background leaves SIGINT and SIGHUP ignored, and every program they start would
# inherit that: a test that sends Ctrl-C would wait for ever. A handler here means the default there.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# The servers of the tests are on this machine: no proxy leads there.
os.environ["no_proxy"] = os.environ["NO_PROXY"] = "*"

# Made-up input is the same in every run, and nothing depends on how fast the machine is. With other input each time:
# pytest --hypothesis-profile=default
settings.register_profile(
    "repeatable", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """A server shared by the tests of this process; each makes databases of its own in it."""
    try:
        server = find()
    except NoPostgres as reason:
        pytest.exit(f"the tests need PostgreSQL: {reason}", returncode=1)
    yield server
    if isinstance(server, Server):
        server.close()


@pytest.fixture
def postgres_url(postgres: Databases) -> Iterator[str]:
    """The address of an empty database, gone after the test."""
    with postgres.database() as url:
        yield url


@pytest.fixture
def own_postgres() -> Iterator[Server]:
    """A server for one test, with fsync on, which the test may kill, crash and start again."""
    server = Server()
    server.start()
    yield server
    server.close()
