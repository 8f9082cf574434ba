"""Readers of live streams that are cut, and servers and writers that are killed (T12; G10)."""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from pathlib import Path

import httpx2

from headway import Headway, Job
from tests.faults import checks
from tests.faults.child import Child, worker
from tests.server.streams import Sent, numbers, opened
from tests.support.ports import free_port

READERS = 10
CUTS = 200
KILLS = 5


class Reader(threading.Thread):
    """Reads the stream of a job to its end; it cuts its connection again and again and goes on with its last id."""

    def __init__(self, address: str, job: str, cut: threading.Semaphore, seed: int) -> None:
        super().__init__(daemon=True)
        self.numbers: list[int] = []
        self.resets = self.broken = 0
        self.ended = False
        self.wrong: str | None = None
        self._http = httpx2.Client(base_url=f"{address}/api/v1/", timeout=30)
        self._path, self._cut, self._dice = f"jobs/{job}/stream", cut, random.Random(seed)
        self._last_id: str | None = None
        self._pause = threading.Event()

    def run(self) -> None:
        while not self.ended and self.wrong is None:
            try:
                self._read(self._dice.randrange(1, 30))
            except (httpx2.HTTPError, StopIteration):  # no server, or one that stops
                self.broken += 1
                self._pause.wait(0.05)
            except AssertionError as wrong:
                self.wrong = str(wrong)
        self._http.close()

    def _read(self, many: int) -> None:
        with opened(self._http, self._path, self._last_id, after=0) as messages:
            for _ in range(many):
                self._take(next(messages))
                if self.ended:
                    break
        self._cut.release()

    def _take(self, one: Sent) -> None:
        if one.name == "event":
            self.numbers.append(one.data["seq"])
        self._last_id = one.id or self._last_id
        self.resets += one.name == "reset"
        self.ended = one.name == "end"


def serving(url: str, port: int) -> tuple[Child, str]:
    """A server process, and its address."""
    child = Child("tests.faults.serve_main", url, port)
    return child, child.line("serving").split()[1]


def test_readers_see_every_event_once_whatever_is_killed(url: str, tmp_path: Path, dice: random.Random) -> None:
    """G10, T12: 200 reconnects at random moments, servers and writers killed: no number is missing or comes twice."""
    enough, cut = tmp_path / "enough", threading.Semaphore(0)
    with Headway(url) as hw:
        job = hw.submit("faults.telling", {"enough": str(enough)})
        port = free_port()
        server, address = serving(url, port)
        readers = [Reader(address, job.id, cut, dice.randrange(1 << 32)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        for round_ in range(KILLS):
            with server, worker(url, "jobs_telling") as writer:
                for _ in range(CUTS // KILLS):
                    assert cut.acquire(timeout=60)
                _has_done_something(hw, job, round_ + 1)
                writer.kill_within(dice.uniform(0, 0.1))
                if round_ % 2:
                    server.finish()
            server, _ = serving(url, port)
        enough.touch()
        with server, worker(url, "jobs_telling"):
            ended = hw.wait(job, timeout_s=60)
            for reader in readers:
                reader.join(60)
        assert [reader.wrong for reader in readers] == [None] * READERS
        assert [reader.ended for reader in readers] == [True] * READERS
        assert [reader.resets for reader in readers] == [0] * READERS
        for reader in readers:
            assert reader.numbers == list(range(1, ended.events + 1))
        assert sum(reader.broken for reader in readers) > 0
        assert checks.moves(hw, job).count("lose") == KILLS


def _has_done_something(hw: Headway, job: Job, attempt: int) -> None:
    """Waits until an attempt has stored a step: killed thrice before, the job would wait for a person."""
    seen = 0
    done = f"of attempt {attempt}"
    while not any(step.name.endswith(done) and step.state == "completed" for step in hw.steps(job)):
        seen = hw.changed(seen, 1.0)


def test_a_reader_goes_on_at_another_server(url: str, tmp_path: Path) -> None:
    """G10: an id of one server holds at every other one of the same database, also when the first was killed."""
    enough, got = tmp_path / "enough", list[Sent]()
    with Headway(url) as hw, worker(url, "jobs_telling"):
        job = hw.submit("faults.telling", {"enough": str(enough)})
        first, second = serving(url, 0), serving(url, 0)
        with first[0] as killed, second[0]:
            for _, address in (first, second):
                with httpx2.Client(base_url=f"{address}/api/v1/", timeout=30) as http, suppress(httpx2.HTTPError):
                    last_id = next((one.id for one in reversed(got) if one.id), None)
                    with opened(http, f"jobs/{job.id}/stream", last_id, after=0) as messages:
                        for one in messages:
                            got.append(one)
                            if len(got) == 30:
                                killed.kill()
                                enough.touch()
        events = hw.get(job).events
    assert numbers(got) == list(range(1, events + 1))
    assert [one.name for one in got].count("snapshot") == 2
    assert got[-1].name == "end"
