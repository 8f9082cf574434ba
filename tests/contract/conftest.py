"""Every test of this folder runs on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from headway import Headway, current_context
from headway.testing import Clock
from tests.contract.traces import Trace


def _address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if kind == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return ":memory:" if kind == "memory" else str(tmp_path / "jobs.db")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database that several processes may open."""
    return _address(request.param, request, tmp_path)


@pytest.fixture(params=["sqlite", "memory", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of any kind."""
    return _address(request.param, request, tmp_path)


@pytest.fixture(autouse=True)
def _no_job_is_left() -> Iterator[None]:
    """A test that leaves its job current would lend it to the next one."""
    yield
    assert current_context() is None


@pytest.fixture
def clock() -> Clock:
    """Time that a test moves."""
    return Clock()


@pytest.fixture
def hw(address: str, clock: Clock) -> Iterator[Headway]:
    """The verbs on an empty database, with a clock that stands still."""
    with Headway(address, clock=clock) as verbs:
        yield verbs


@pytest.fixture
def live(url: str) -> Iterator[Headway]:
    """The verbs on an empty database that other processes may open too, with the machine's own clock."""
    with Headway(url) as verbs:
        yield verbs


@pytest.fixture
def trace(hw: Headway, clock: Clock) -> Trace:
    """Moves and reports at the store."""
    return Trace(hw, clock)
