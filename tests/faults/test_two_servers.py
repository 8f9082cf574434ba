"""Two servers and three workers on one PostgreSQL, one server killed (G10)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import cycle
from pathlib import Path

import httpx2

from headway import Headway
from tests.faults import checks
from tests.faults.child import worker
from tests.faults.test_streams import serving
from tests.server.streams import Sent, numbers, opened

WORKERS, JOBS, READERS = 3, 3, 4
SEEN = 30
"""Messages that each reader has got before its server is killed."""


class Attached(threading.Thread):
    """Reads the stream of a job to its end, at the next server whenever one is lost, from where it was."""

    def __init__(self, job: str, addresses: list[str]) -> None:
        super().__init__(daemon=True)
        self.got: list[Sent] = []
        self.begun = threading.Event()
        self.servers: list[str] = []
        self.job, self._addresses = job, cycle(addresses)
        self._pause = threading.Event()

    def run(self) -> None:
        while not (self.got and self.got[-1].name == "end"):
            address = next(self._addresses)
            last_id = next((one.id for one in reversed(self.got) if one.id), None)
            with (
                suppress(httpx2.HTTPError),
                httpx2.Client(base_url=f"{address}/api/v1/", timeout=30) as http,
                opened(http, f"jobs/{self.job}/stream", last_id, after=0) as messages,
            ):
                self.servers.append(address)
                self._read(messages)
            self._pause.wait(0.05)

    def _read(self, messages: Iterator[Sent]) -> None:
        for one in messages:
            self.got.append(one)
            if len(self.got) >= SEEN:
                self.begun.set()


def test_streams_go_on_at_the_other_server(postgres_url: str, tmp_path: Path) -> None:
    """G10: whoever read from the killed server reads on at the other: every event once, in order, without a reset."""
    enough = tmp_path / "enough"
    with Headway(postgres_url) as hw, ExitStack() as held:
        first, second = serving(postgres_url, 0), serving(postgres_url, 0)
        for child in (first[0], second[0], *(worker(postgres_url, "jobs_telling", slots=1) for _ in range(WORKERS))):
            held.enter_context(child)
        with Headway(first[1]) as remote:
            jobs = [remote.submit("faults.telling", {"enough": str(enough)}).id for _ in range(JOBS)]
        readers = [Attached(job, [at, other]) for job in jobs for at, other in _places(first[1], second[1])]
        for reader in readers:
            reader.start()
        for reader in readers:
            assert reader.begun.wait(60)
        first[0].kill()
        with Headway(second[1]) as remote:
            assert {remote.get(job).state for job in jobs} == {"running"}
            told = {job: remote.get(job).events for job in jobs}
            enough.touch()
            assert {remote.wait(job, timeout_s=60).state for job in jobs} == {"completed"}
        for reader in readers:
            reader.join(60)
        for reader in readers:
            events = checks.history(hw, reader.job)
            assert numbers(reader.got) == [event.seq for event in events]
            assert [one.name for one in reader.got].count("reset") == 0
            assert reader.servers[-1] == second[1]
        assert sum(len(reader.servers) == 2 for reader in readers) == len(readers) // 2
        assert all(hw.get(job).events > told[job] for job in jobs)
        assert {len(checks.attempts(hw, job)) for job in jobs} == {1}


def _places(first: str, second: str) -> list[tuple[str, str]]:
    """Where readers of one job begin, and where they go then: half of them at each server."""
    return [(first, second), (second, first)] * (READERS // 2)
