"""Every test of this folder talks to a real server, over a socket, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from headway import Headway
from headway.server import create_app
from headway.server.serving import Serving
from headway.testing import Clock


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    return str(request.getfixturevalue("postgres_url") if request.param == "postgres" else tmp_path / "jobs.db")


@pytest.fixture
def hw(url: str) -> Iterator[Headway]:
    """The verbs that the server calls."""
    with Headway(url) as verbs:
        yield verbs


@pytest.fixture
def server(hw: Headway) -> Iterator[Serving]:
    """A server on a free port of the loopback."""
    with Serving(create_app(hw), port=0) as serving:
        yield serving


@pytest.fixture
def http(server: Serving) -> Iterator[httpx2.Client]:
    """A client of the native API."""
    with httpx2.Client(base_url=f"{server.address}/api/v1/", timeout=60) as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    """Time that a test moves."""
    return Clock()
