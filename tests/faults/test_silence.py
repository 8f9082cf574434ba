"""A database that neither answers nor hangs up: a frozen server, or a network that loses every packet (T9, T10)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from headway import Headway
from headway.cli.exitcodes import REFUSED
from headway.clock import SystemClock
from headway.server import create_app
from headway.server.serving import Serving
from headway.store.postgres import Postgres
from tests.faults.child import Child, worker
from tests.faults.jobs_cut_off import WAYS
from tests.faults.wire import Wire
from tests.support import calls


@pytest.fixture
def wire(postgres_url: str) -> Iterator[Wire]:
    """A way to the database that a test can silence."""
    with Wire(postgres_url) as found:
        yield found


def test_a_worker_that_is_cut_off_stops_before_its_jobs_are_taken(postgres_url: str, wire: Wire) -> None:
    """G3, T9: whatever a job does, it is told to stop by this machine's clock while its lease lasts, and only then can
    another worker take it."""
    ways = {*WAYS, "task"}
    with Headway(postgres_url) as hw, worker(wire.url, "jobs_cut_off", slots=len(ways)) as first:
        jobs = [hw.submit("cut.async" if way == "task" else "cut.sync", {"way": way}) for way in ways]
        assert {first.line("begun").split()[1] for _ in ways} == ways
        wire.silence()
        with worker(postgres_url, "jobs_cut_off", slots=len(ways)) as second:
            stopped = {first.line("stopped").split()[1] for _ in ways}
            assert (stopped, {hw.get(job).attempt for job in jobs}) == (ways, {1})
            assert {second.line("begun").split(maxsplit=2)[1] for _ in ways} == ways
            ended = [hw.wait(job, timeout_s=60) for job in jobs]
    assert {(job.state, job.attempt) for job in ended} == {("completed", 2)}


def test_a_command_that_is_cut_off_ends_with_its_program(wire: Wire) -> None:
    """G3, T9: nothing of it is left at work, and its program does not wait for an answer that never comes."""
    with Child("headway", "run", "--url", wire.url, "--", "sh", "-c", "echo begun; exec sleep 600") as program:
        program.line("begun")
        wire.silence()
        assert program.rest() == []
    assert program.process.returncode == REFUSED
    assert "stopped (lease_lost)" in program.errors


def test_health_tells_of_a_silent_database(wire: Wire) -> None:
    """G16, T9: whoever probes a server hears that its database gives no answer, however it is asked."""
    with Headway(wire.url) as hw, Serving(create_app(hw), port=0) as serving:
        address = f"{serving.address}/api/v1/health"
        assert calls.get(address).status_code == 200
        wire.silence()
        for cookie in ({}, {"Cookie": "headway=x", "Sec-Fetch-Site": "same-origin"}):
            told = calls.get(address, headers=cookie)
            assert (told.status_code, told.json()["status"]) == (503, "failing")
            assert [check["name"] for check in told.json()["checks"]] == ["database"]
        wire.speak()


@pytest.mark.parametrize(("said", "expected"), [("", 15_000), ("?tcp_user_timeout=4000", 4000)])
def test_a_session_notices_that_its_packets_are_lost(postgres_url: str, said: str, expected: int) -> None:
    """T10: what is sent is acknowledged within 15 s, unless the address says otherwise, or the session is given up."""
    with closing(Postgres(postgres_url + said, SystemClock())) as database, database.transaction() as transaction:
        held = socket.socket(fileno=socket.dup(transaction.connection.fileno()))
        with held:
            assert held.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == expected
            assert held.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
