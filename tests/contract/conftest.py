"""Every test of this folder runs on each kind of database, and those of the verbs over a server too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from headway import Headway, current_context
from headway.testing import Clock
from headway.tracker.wire import is_server
from tests.contract.behind import KINDS, OVER_HTTP, Turning
from tests.contract.traces import Trace


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Gives each test the kinds of addresses that it runs on; some run over a server as well."""
    own = {name for mark in metafunc.definition.iter_markers("parametrize") for name in _names(mark.args[0])}
    module = metafunc.module.__name__.rpartition(".")[2]
    remote = module in OVER_HTTP and "beside_the_store" not in metafunc.fixturenames
    for fixture in [name for name in KINDS if name in metafunc.fixturenames and name not in own]:
        metafunc.parametrize(fixture, [*KINDS[fixture], *["server"] * remote], indirect=True)


def _names(given: str | Sequence[str]) -> list[str]:
    return [name.strip() for name in given.split(",")] if isinstance(given, str) else list(given)


def _address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if kind == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    if kind == "server":
        turning: Turning = request.getfixturevalue("turning")
        return turning.serving.address
    return ":memory:" if kind == "memory" else str(tmp_path / "jobs.db")


@pytest.fixture(scope="session")
def turning() -> Iterator[Turning]:
    """A server whose database is another one in each test."""
    made = Turning()
    with made.serving:
        yield made


@pytest.fixture
def beside_the_store() -> None:
    """For tests that are about this process beside its database: they do not run over a server."""


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database that several processes may open."""
    return _address(request.param, request, tmp_path)


@pytest.fixture
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of any kind."""
    return _address(request.param, request, tmp_path)


@contextmanager
def _verbs(address: str, clock: Clock | None, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Headway]:
    if is_server(address):
        turning: Turning = request.getfixturevalue("turning")
        with turning.verbs(Headway(tmp_path / "jobs.db", clock=clock)) as verbs:
            yield verbs
    else:
        with Headway(address, clock=clock) as verbs:
            yield verbs


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
def hw(address: str, clock: Clock, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Headway]:
    """The verbs on an empty database, with a clock that stands still."""
    with _verbs(address, clock, request, tmp_path) as verbs:
        yield verbs


@pytest.fixture
def live(url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Headway]:
    """The verbs on an empty database that other processes may open too, with the machine's own clock."""
    with _verbs(url, None, request, tmp_path) as verbs:
        yield verbs


@pytest.fixture
def trace(hw: Headway, clock: Clock) -> Trace:
    """Moves and reports at the store."""
    return Trace(hw, clock)
