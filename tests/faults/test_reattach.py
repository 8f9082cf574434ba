"""A transfer whose client and server are killed: it goes on, and another client comes back to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import msgspec

from headway import Headway
from tests.conformance import streams
from tests.faults.child import Child
from tests.faults.site_leash import HELD, LEASH, opened
from tests.site_mover.trees import contents, many_files, write_tree
from tests.support.ports import free_port

FILES = 40
SIZE = 60_000
SOME = 20
"""Percent of the transfer that are done when it is cut."""


def _server(url: str, port: int, work: Path, units: int) -> tuple[Child, str]:
    """A server with workers for the website mover, held by a leash so long, and its address."""
    command = ["serve", "--url", url, "--port", port, "--slots", 2, "--import", "examples.site_mover.website"]
    env = {"XDG_CACHE_HOME": str(work), LEASH: str(units), HELD: str(work / "held")}
    child = Child("headway", *command, "--import", "tests.faults.site_leash", env=env)
    return child, child.line("http")


def _body(tmp_path: Path) -> dict[str, Any]:
    tree = {name: content.ljust(SIZE, b".") for name, content in many_files(FILES, 1).items()}
    write_tree(tmp_path / "from", tree)
    ends = {"source": tmp_path / "from", "destination": tmp_path / "to"}
    return {name: {"protocol": "file", "root_path": str(path)} for name, path in ends.items()} | {
        "bandwidth_limit": 400_000
    }


def _until_some_arrived(client: Child) -> None:
    """Reads what the client got until a part of the site was there."""
    said: dict[str, Any] = {}
    while (said.get("percent_complete") or 0) < SOME:
        said = msgspec.json.decode(client.line("progress").partition(" ")[2])


def test_a_transfer_survives_its_client_and_its_server(url: str, tmp_path: Path) -> None:
    """S0.13, S0.22, S0.31, S0.36: killed, both of them; the job goes on where it was, and a new client sees its end."""
    port = free_port()
    server, address = _server(url, port, tmp_path, FILES)
    with server, Child("tests.faults.stream_main", address, msgspec.json.encode(_body(tmp_path)).decode()) as client:
        job = msgspec.json.decode(client.line("job_created").partition(" ")[2])["job_id"]
        _until_some_arrived(client)
        client.kill()
        server.kill()
    again, address = _server(url, port, tmp_path, 1)
    with again, httpx2.Client(base_url=address, timeout=60) as http:
        assert [one["id"] for one in http.get("/api/sessions/active").json()] == [job]
        with streams.opened(http, "GET", f"/api/sessions/{job}/stream") as (_, sent):
            got = [next(sent), next(sent)]
            opened(tmp_path / "held").touch()
            got += sent
    assert (got[0].data, got[-1].name) == ({"job_id": job}, "complete")
    shown = [one.data["percent_complete"] for one in got[1:-1]]
    assert shown[0] >= SOME
    assert shown == sorted(shown)
    assert got[-1].data["success"]
    assert contents(tmp_path / "to") == contents(tmp_path / "from")
    with Headway(url) as hw:
        assert [attempt.outcome for attempt in hw.attempts(job)] == ["lose", "finish"]
        assert hw.get(job).result["files"] + hw.get(job).result["found_files"] == FILES
