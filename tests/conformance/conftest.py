"""Every test of this folder talks to a real server, over a socket, on each kind of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx2
import pytest

from headway.server.serving import Serving
from tests.server.conftest import clock, hw, server, url

__all__ = ["clock", "hw", "server", "url"]

Browser = Callable[[], httpx2.Client]


@pytest.fixture
def browser(server: Serving) -> Iterator[Browser]:
    """Makes clients that keep cookies and send what a browser does; each is another browser."""
    made: list[httpx2.Client] = []

    def another() -> httpx2.Client:
        headers = {"User-Agent": "Mozilla/5.0", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
        made.append(httpx2.Client(base_url=server.address, headers=headers, timeout=60))
        return made[-1]

    yield another
    for client in made:
        client.close()


@pytest.fixture
def http(server: Serving) -> Iterator[httpx2.Client]:
    """A client of the older APIs: paths begin at the root."""
    with httpx2.Client(base_url=server.address, timeout=60) as client:
        yield client
