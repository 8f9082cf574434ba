"""stream: from a commit to thousands of readers of one server process, beside the same broadcast from memory.

The server runs in a process of its own; the readers are sockets of this one, which take no apart more than a time.
$HEADWAY_READERS sets their number.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import resource
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import headway
from benchmarks.contest import Contestant, Database, Goal, Limit, Measure, Place, Results

READERS = int(os.environ.get("HEADWAY_READERS", "5000"))
SAMPLES = 15
AT_ONCE = 100
LONGEST_S = 30.0
WRITING_S = 2.0

Tell = Callable[[], Awaitable[None]]


class Reader(asyncio.Protocol):
    """One connection to a stream. It notes when something of the stream's events came last."""

    def __init__(self, request: bytes, crowd: Crowd) -> None:
        self._request, self._crowd = request, crowd
        self.came_ns = 0
        self.begun = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self.begun and b"retry: " in data:
            self.begun = True
            self._crowd.begun()
        if b"event: event" in data and not self.came_ns:
            self.came_ns = time.monotonic_ns()
            self._crowd.came()


class Crowd:
    """All readers."""

    def __init__(self, host: str, port: int, path: str) -> None:
        self._place = host, port
        self._request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\n\r\n".encode()
        self._readers: list[Reader] = []
        self._left = 0
        self._all = asyncio.Event()

    async def connect(self) -> None:
        """Opens all connections, and returns when each has been sent its beginning."""
        loop = asyncio.get_running_loop()
        for _ in range(0, READERS, AT_ONCE):
            self._await(AT_ONCE)
            made = (loop.create_connection(lambda: Reader(self._request, self), *self._place) for _ in range(AT_ONCE))
            self._readers += [reader for _, reader in await asyncio.gather(*made)]
            await asyncio.wait_for(self._all.wait(), LONGEST_S)

    async def delays_ms(self, tell: Tell) -> list[float]:
        """Tells something; how long it took to each reader."""
        for reader in self._readers:
            reader.came_ns = 0
        self._await(len(self._readers))
        began = time.monotonic_ns()
        await tell()
        await asyncio.wait_for(self._all.wait(), LONGEST_S)
        return [(reader.came_ns - began) / 1e6 for reader in self._readers]

    def begun(self) -> None:
        """A reader was sent its beginning."""
        self._one_less()

    def came(self) -> None:
        """A reader was sent an event."""
        self._one_less()

    def _await(self, many: int) -> None:
        self._left = many
        self._all.clear()

    def _one_less(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._all.set()


async def _measured(server: subprocess.Popen[str], address: str, path: str, tell: Tell) -> Results:
    host, _, port = address.removeprefix("http://").partition(":")
    crowd = Crowd(host, int(port), path)
    before = _memory_kb(server.pid)
    await crowd.connect()
    await crowd.delays_ms(tell)
    memory, worked = (_memory_kb(server.pid) - before) / READERS, _processor_s(server.pid)
    delays = sorted([delay for _ in range(SAMPLES) for delay in await crowd.delays_ms(tell)])
    return {
        "p50_ms": delays[len(delays) // 2], "p99_ms": delays[int(len(delays) * 0.99)], "kb": memory,
        "processor_us": (_processor_s(server.pid) - worked) / len(delays) * 1e6,
    }  # fmt: skip


def _headway(database: Database, place: Place) -> Results:
    with headway.Headway(place.url(database)) as hw:
        job = hw.submit("bench.streamed")
        alone = _writes_per_s(hw, job)
        server, address = _started("headway", place.url(database))

        moves = itertools.cycle((hw.aio.pause, hw.aio.resume))

        async def move() -> None:
            await next(moves)(job)

        async def go() -> Results:
            found = await _measured(server, address, f"/api/v1/jobs/{job.id}/stream", move)
            other = hw.submit("bench.other")
            found["writes_ratio"] = await asyncio.to_thread(_writes_per_s, hw, other) / alone
            return found

        return _ended(server, go)


def _writes_per_s(hw: headway.Headway, job: headway.Job) -> float:
    """Moves of a job per second."""
    began, moves = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < WRITING_S:
        hw.pause(job)
        hw.resume(job)
        moves += 2
    return moves / passed


def _bare(_place: Place) -> Results:
    server, address = _started("bare")
    host, _, port = address.removeprefix("http://").partition(":")
    body = b"x" * 230  # about what an event is

    async def send() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /send HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await reader.readline()
        writer.close()

    return _ended(server, lambda: _measured(server, address, "/stream", send))


def _started(kind: str, *given: str) -> tuple[subprocess.Popen[str], str]:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files[1], files[1]))
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.stream_server", kind, *given],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if server.stdout is None or not (address := server.stdout.readline().strip()):
        raise RuntimeError("the server ended before it served; see standard error above")
    return server, address


def _ended(server: subprocess.Popen[str], go: Callable[[], Awaitable[Results]]) -> Results:
    async def all_of_it() -> Results:
        return await go()

    try:
        return asyncio.run(all_of_it())
    finally:
        server.kill()
        server.wait(10)


def _processor_s(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory_kb(pid: int) -> float:
    """Resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024


MEASURE = Measure(
    name="stream",
    figures={
        "p50_ms": "ms to a reader, p50", "p99_ms": "ms to a reader, p99", "kb": "KB a reader",
        "processor_us": "µs of the server's processor for each delivery",
        "writes_ratio": "writes beside those without readers",
    },
    contestants=(
        Contestant("Headway SQLite", partial(_headway, "sqlite"), "sqlite", "starlette"),
        Contestant("Headway PostgreSQL", partial(_headway, "postgresql"), "postgresql", "starlette"),
        Contestant("bare broadcast", _bare, "none", "starlette"),
    ),
    goals=(
        Goal("p99_ms", "Headway SQLite", "bare broadcast", at_most=1.5),
        Goal("p99_ms", "Headway PostgreSQL", "bare broadcast", at_most=1.5),
        Goal("processor_us", "Headway SQLite", "bare broadcast"),
    ),
    limits=(Limit("kb", "Headway SQLite", 32.0), Limit("kb", "Headway PostgreSQL", 32.0)),
)  # fmt: skip
