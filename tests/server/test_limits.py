"""What a connection may send before there is a request, and after its answer."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress

import httpx2
import pytest

from headway.server import breaking
from headway.server.breaking import LARGEST_HEAD
from headway.server.serving import Serving

HEAD = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n"

HANDSHAKE = (
    b"GET /api/v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n"
)


@pytest.fixture
def plug(server: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], socket.socket]]:
    """Opens connections to the server, which have more time than they need."""
    monkeypatch.setattr(breaking, "HEAD_S", 200.0)
    opened: list[socket.socket] = []

    def connect() -> socket.socket:
        host, _, port = server.address.removeprefix("http://").rpartition(":")
        opened.append(socket.create_connection((host, int(port)), timeout=60))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()


@pytest.fixture
def hurried(server: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[http.client.HTTPConnection]:
    """A connection of which one request is over already: only the next ones have little time."""
    monkeypatch.setattr(server._server.config, "timeout_keep_alive", 200)
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=60)
    connection.request("GET", "/api/v1/counts")
    assert connection.getresponse().read() == b"{}"
    monkeypatch.setattr(breaking, "HEAD_S", 0.1)
    yield connection
    connection.close()


def _rest(connection: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    got = b""
    with suppress(ConnectionResetError):
        while part := connection.recv(65536):
            got += part
    return got


@pytest.mark.parametrize(
    "sent", [b"X: a\r\n" * 12_000, b"X: " + b"a" * LARGEST_HEAD * 4, b"X: " + b"a" * 70_000 + b"\r\n\r\n"]
)
def test_large_headers_are_refused(plug: Callable[[], socket.socket], sent: bytes) -> None:
    """SEC23: more than 64 KiB of headers, in many lines or in one that need not end, are refused with 431."""
    connection = plug()
    connection.sendall(HEAD + sent)
    assert _rest(connection).startswith(b"HTTP/1.1 431 ")


def test_headers_below_the_limit_are_read(http: httpx2.Client) -> None:
    """SEC23: 60 KiB of headers are read as ever."""
    assert http.get("health", headers={"X-Long": "a" * 60 * 1024}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"Cookie: a=%s\r\n" % (b"x" * 9000), b"431"), (b"X: a\r\n" * 130, b"431"),
        (b"Cookie: a=%s\r\n" % (b"x" * 8000), b"101"), (b"X: %s\r\n" % (b"a" * 70_000), b"431"),
        (b"Content-Length: 5\r\n", b"400"), (b"", b"101"),
    ],
)  # fmt: skip
def test_every_handshake_is_answered(plug: Callable[[], socket.socket], sent: bytes, status: bytes) -> None:
    """SEC23: a WebSocket whose lines are longer than 8 KiB, or more than 128, is refused with 431."""
    connection = plug()
    connection.sendall(HANDSHAKE + sent + b"\r\n")
    assert connection.recv(65536).split()[1] == status


@pytest.mark.parametrize("sent", [b"", b"\r\n", HEAD])
def test_silent_connections_are_closed(
    plug: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    """SEC23: whoever does not end the headers of a request loses the connection."""
    monkeypatch.setattr(breaking, "HEAD_S", 0.2)
    connection = plug()
    with suppress(ConnectionError):  # it may be closed already
        connection.sendall(sent)
    assert _rest(connection) == b""


def test_a_body_that_nobody_reads_holds_no_connection(hurried: http.client.HTTPConnection) -> None:
    """SEC23: after the answer the rest of its request is not waited for."""
    hurried.sock.sendall(HEAD.replace(b"GET", b"DELETE") + b"Content-Length: 9\r\n\r\n")
    assert _rest(hurried.sock).startswith(b"HTTP/1.1 405 ")


def test_a_request_under_way_is_not_cut(hurried: http.client.HTTPConnection) -> None:
    """A long poll outlasts the limit of the headers."""
    body = b'{"types": ["a.b"], "wait_s": 1, "worker": "w"}'
    hurried.request("POST", "/api/v1/claim", body, {"Content-Type": "application/json"})
    assert hurried.getresponse().status == 204


def test_two_hosts_are_refused(plug: Callable[[], socket.socket]) -> None:
    """SEC12: a request that names its host twice may mean another one to whoever has passed it on."""
    connection = plug()
    connection.sendall(HEAD + b"Host: evil.example\r\nConnection: close\r\n\r\n")
    assert _rest(connection).startswith(b"HTTP/1.1 421 ")
