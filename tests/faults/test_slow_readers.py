"""Readers that read nothing or next to nothing (T11; G11)."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx2
import psutil
import psycopg

from headway import Headway
from tests.faults.child import Child
from tests.server.streams import Sent, numbers, opened, parsed, read

SLOW = 20
LINES, LINE = 3000, "x" * 4000
"""More than the kernel keeps for a connection, so that a reader that does not read is felt."""
MOST_GROWTH = 1 << 20


class Slow:
    """A connection to a stream that is left unread, or read a byte at a time, until `rest`."""

    def __init__(self, address: str, path: str) -> None:
        host, _, port = address.removeprefix("http://").partition(":")
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._socket.connect((host, int(port)))
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        self._got = b""

    def sip(self) -> None:
        """Reads a byte."""
        self._got += self._socket.recv(1)

    def rest(self) -> list[Sent]:
        """Everything whole that was sent before the connection was cut."""
        try:
            while data := self._socket.recv(1 << 16):
                self._got += data
        except ConnectionResetError:
            pass  # it was cut off
        self.close()
        whole = _unchunked(self._got.partition(b"\r\n\r\n")[2]).rpartition(b"\n\n")[0]
        return list(parsed(iter((whole + b"\n\n").decode().split("\n"))))

    def close(self) -> None:
        """Closes the connection."""
        self._socket.close()


def _unchunked(body: bytes) -> bytes:
    """The body of a chunked answer, as far as its chunks are whole."""
    whole = b""
    while b"\r\n" in body:
        size, _, rest = body.partition(b"\r\n")
        many = int(size, 16)
        if not many or len(rest) < many:
            break
        whole, body = whole + rest[:many], rest[many + 2 :]
    return whole


def test_slow_readers_delay_nobody_and_cost_little(url: str) -> None:
    """G11, T11: who does not read is cut off, costs at most 1 MiB, and comes back to what it missed; others get all."""
    with Headway(url) as hw, Child("tests.faults.serve_main", url, 0) as server:
        address = server.line("serving").split()[1]
        _followed(hw, address, 0)  # what the server keeps for every job that is read is none of their cost
        before = psutil.Process(server.pid).memory_info().rss
        job, slow = _followed(hw, address, SLOW)
        assert psutil.Process(server.pid).memory_info().rss - before < SLOW * MOST_GROWTH
        events = hw.get(job).events
        for one in slow:
            first = one.rest()
            assert [sent.name for sent in first].count("end") == 0
            last = [sent.id for sent in first if sent.id][-1]
            assert numbers(first) + _whole(address, job, last) == list(range(1, events + 1))


def test_who_does_not_read_a_long_history_costs_little(url: str) -> None:
    """G11: what a reader that comes late has not taken is not read ahead for it: at most 1 MiB of it is kept."""
    with Headway(url) as hw, Child("tests.faults.serve_main", url, 0) as server:
        address = server.line("serving").split()[1]
        job, _ = _followed(hw, address, 0)
        before = psutil.Process(server.pid).memory_info().rss
        slow = [Slow(address, f"/api/v1/jobs/{job}/stream?after=0") for _ in range(SLOW)]
        for one in slow:
            one.sip()
        assert _whole(address, job) == list(range(1, hw.get(job).events + 1))
        assert psutil.Process(server.pid).memory_info().rss - before < SLOW * MOST_GROWTH
        for one in slow:
            one.close()


def _followed(hw: Headway, address: str, many: int) -> tuple[str, list[Slow]]:
    """A job with one reader that gets all, beside so many slow ones, which still have their connections."""
    with ThreadPoolExecutor() as readers, hw.tracked("Chatty", show=False) as context:
        slow = [Slow(address, f"/api/v1/jobs/{context.job_id}/stream?after=0") for _ in range(many)]
        reader = readers.submit(_whole, address, context.job_id)
        for number in range(LINES):
            context.log(f"{number} {LINE}")
            if number % 100 == 0:
                for one in slow[::2]:
                    one.sip()
    assert reader.result(60) == list(range(1, hw.get(context.job_id).events + 1))
    return context.job_id, slow


def _whole(address: str, job: str, last_id: str | None = None) -> list[int]:
    """The numbers of all events to the end of a job, by a reader that comes back when it was cut off."""
    got: list[int] = []
    with httpx2.Client(base_url=f"{address}/api/v1/", timeout=60) as http:
        while True:
            with suppress(httpx2.HTTPError), opened(http, f"jobs/{job}/stream", last_id, after=0) as messages:
                for one in messages:
                    last_id = one.id or last_id
                    got += [one.data["seq"]] if one.name == "event" else []
                    if one.name == "end":
                        return got


def test_long_transactions_of_others_delay_no_stream(postgres_url: str) -> None:
    """G10, T13: 16 writers, and a transaction that stays open on another job: every stream is whole and ends."""
    with Headway(postgres_url) as hw, Child("tests.faults.serve_main", postgres_url, 0) as server:
        address = server.line("serving").split()[1]
        jobs, held = [hw.submit("t.written") for _ in range(16)], hw.submit("t.held")
        with psycopg.connect(postgres_url) as other:
            other.execute("UPDATE headway.jobs SET version = version + 1 WHERE id = %s", (held.id,))
            told: dict[str, list[Sent]] = {}
            work = [
                threading.Thread(target=given, args=(address, hw, job.id, told))
                for job in jobs
                for given in (_write, _read)
            ]
            for thread in work:
                thread.start()
            for thread in work:
                thread.join(60)
            other.rollback()
    assert [numbers(told[job.id]) for job in jobs] == [list(range(1, 43))] * 16


def _write(_address: str, hw: Headway, job: str, _told: dict[str, list[Sent]]) -> None:
    for _ in range(20):
        hw.pause(job)
        hw.resume(job)
    hw.cancel(job)


def _read(address: str, _hw: Headway, job: str, told: dict[str, list[Sent]]) -> None:
    with httpx2.Client(base_url=f"{address}/api/v1/", timeout=60) as http:
        told[job] = read(http, f"jobs/{job}/stream", after=0)
