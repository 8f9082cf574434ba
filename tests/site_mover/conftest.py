"""Two places for the tests of the site mover: a folder, or the same folder behind a real SFTP server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from examples.site_mover.connect import place
from examples.site_mover.places import Place
from headway import Headway
from tests.site_mover.sftp_server import Running, serve

Opener = Callable[[Path], Place]


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[Running]:
    """A server whose root is tmp_path/served."""
    with serve(tmp_path / "served", tmp_path / "keys") as server:
        yield server


@pytest.fixture(params=["local", "sftp"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """A function that opens a folder below tmp_path as a place, once as a folder and once over SFTP."""
    with ExitStack() as stack:
        base = str(tmp_path)
        server = stack.enter_context(serve(tmp_path, tmp_path / "keys")) if request.param == "sftp" else None

        def open_place(folder: Path) -> Place:
            folder.mkdir(parents=True, exist_ok=True)
            inside = str(folder).removeprefix(base) or "/"
            found = place(server.address(inside) if server else folder)
            stack.callback(found.close)
            return found

        yield open_place


@pytest.fixture
def hw(tmp_path: Path) -> Iterator[Headway]:
    """An embedded Headway whose workers run only while a test says so."""
    with Headway(str(tmp_path / "jobs.db")) as opened:
        yield opened
