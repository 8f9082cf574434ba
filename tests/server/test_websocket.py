"""The same content over a WebSocket, both ways."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator, MutableMapping
from contextlib import suppress
from typing import Any

import httpx2
import msgspec
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.typing import Origin

from headway import Headway
from headway.server import create_app
from headway.server.serving import Serving
from headway.server.websocket import MOST_A_MINUTE
from headway.testing import Clock
from tests.support import calls


@pytest.fixture
def address(server: Serving) -> str:
    """Where the socket is."""
    return server.address.replace("http", "ws", 1) + "/api/v1/ws"


@pytest.fixture
def socket(address: str) -> Iterator[ClientConnection]:
    """A connection of a program: it sends no Origin."""
    with calls.connect(address, compression=None) as connection:
        yield connection


def ask(socket: ClientConnection, **command: Any) -> None:
    """Sends a message."""
    socket.send(msgspec.json.encode(command).decode())


def heard(socket: ClientConnection) -> Any:
    """The next message, but for progress."""
    while True:
        said = msgspec.json.decode(socket.recv(timeout=60))
        if said["name"] != "progress":
            return said


def until(socket: ClientConnection, name: str) -> list[Any]:
    """Messages up to the first of that name."""
    got = [heard(socket)]
    while got[-1]["name"] != name:
        got.append(heard(socket))
    return got


def _ended(hw: Headway) -> str:
    job = hw.submit("t.stream")
    hw.pause(job)
    hw.resume(job)
    return hw.cancel(job).id


def test_a_job_is_followed_with_the_token_of_its_stream(socket: ClientConnection, hw: Headway) -> None:
    """Snapshot, numbered events with the ids that server-sent events have, and the end (S0.38, G10)."""
    job = _ended(hw)
    ask(socket, subscribe={"job": job, "after": 0})
    got = until(socket, "end")
    ask(socket, subscribe={"job": job, "after": got[2]["id"]}, key="again")
    again = until(socket, "end")
    assert [one["data"]["seq"] for one in got if one["name"] == "event"] == [1, 2, 3, 4]
    assert [one["data"]["seq"] for one in again if one["name"] == "event"] == [3, 4]
    assert ({one["key"] for one in got}, {one["key"] for one in again}) == ({job}, {"again"})


def test_several_subscriptions_share_a_socket(socket: ClientConnection, hw: Headway) -> None:
    """Two jobs and a listing over one connection, told apart by their keys."""
    first, second = hw.submit("t.a"), hw.submit("t.b")
    ask(socket, subscribe={"job": first.id}, key="a")
    ask(socket, subscribe={"job": second.number}, key="b")
    ask(socket, subscribe={"jobs": {"type": "t.a"}}, key="list")
    assert {heard(socket)["key"] for _ in range(3)} == {"a", "b", "list"}
    hw.cancel(first)
    assert [(one["key"], one["name"]) for one in until(socket, "end") if one["key"] == "a"] == [
        ("a", "event"), ("a", "end"),
    ]  # fmt: skip


def test_subscriptions_are_counted_by_health(socket: ClientConnection, http: httpx2.Client, hw: Headway) -> None:
    """What is followed over a WebSocket is a live stream like any other: a job and a listing are two."""
    ask(socket, subscribe={"job": hw.submit("t.a").id}, key="job")
    ask(socket, subscribe={"jobs": {"active": True, "limit": 1}}, key="list")
    assert {heard(socket)["key"] for _ in range(2)} == {"job", "list"}
    (streams,) = [check for check in http.get("health").json()["checks"] if check["name"] == "streams"]
    assert streams["found"] == "2 subscriptions to jobs and lists in this server, over SSE and WebSockets"


def test_all_below_a_root_are_followed(socket: ClientConnection, hw: Headway) -> None:
    """A tree is followed over a WebSocket as it is over a stream (S0.38)."""
    root = hw.submit("t.root")
    child = hw.submit("t.child", parent=root)
    ask(socket, subscribe={"jobs": {"root": root.id}}, key="tree")
    first = heard(socket)
    grandchild = hw.submit("t.child", parent=child)
    second = heard(socket)
    assert [one["id"] for one in first["data"]["jobs"]] == [child.id]
    assert (second["name"], second["data"]["id"]) == ("job", grandchild.id)


def test_jobs_are_controlled(socket: ClientConnection, hw: Headway) -> None:
    """pause, resume and cancel act as the verbs do, and the history says that it came over HTTP (S0.38)."""
    job = hw.submit("t.stream")
    for verb, state in (("pause", "paused"), ("resume", "pending"), ("cancel", "cancelled")):
        ask(socket, **{verb: job.id, "reason": "a test"})
        answer = heard(socket)
        assert (answer["name"], answer["data"]["state"]) == ("done", state)
    last = hw.events(job)[-1].data
    assert (last["reason"], last["via"]) == ("a test", "http")


def test_an_unsubscribed_job_is_told_no_more(socket: ClientConnection, hw: Headway) -> None:
    """After the answer to unsubscribe nothing of that key comes; the same key may be used again."""
    job = hw.submit("t.stream")
    ask(socket, subscribe={"job": job.id}, key="k")
    assert heard(socket)["name"] == "snapshot"
    ask(socket, unsubscribe="k")
    assert heard(socket) == {"key": "k", "name": "done", "data": None}
    hw.cancel(job)
    ask(socket, subscribe={"job": job.id}, key="k")
    assert [one["name"] for one in until(socket, "end")] == ["snapshot", "end"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ({"subscribe": {"job": "nowhere"}}, "not_found"),
        ({"pause": "nowhere"}, "not_found"),
        ({"resume": "1"}, "illegal_move"),
        ({"subscribe": {}}, "invalid_input"),
        ({"subscribe": {"jobs": {"colour": "red"}}}, "invalid_input"),
        ({"subscribe": {"jobs": {"limit": 100000}}}, "invalid_input"),
        ({"unsubscribe": "nothing"}, "invalid_input"),
        ({"explode": "1"}, "invalid_input"),
        ({"pause": "1", "cancel": "1"}, "invalid_input"),
        ({}, "invalid_input"),
    ],
)
def test_errors_are_answers(socket: ClientConnection, hw: Headway, command: dict[str, Any], code: str) -> None:
    """A message that can not be obeyed is answered with a problem, and the connection goes on."""
    hw.cancel(hw.submit("t.stream"))
    ask(socket, **command)
    assert (refused := heard(socket))["name"] == "error"
    assert refused["data"]["code"] == code
    ask(socket, ping=1, key="p")
    assert heard(socket) == {"key": "p", "name": "pong", "data": 1}


@pytest.mark.parametrize("text", ["", "[]", "nonsense", '{"ping":' + "[" * 100 + "]" * 100 + "}"])
def test_nonsense_is_answered(socket: ClientConnection, text: str) -> None:
    """What is no message is refused, and the connection goes on."""
    socket.send(text)
    assert heard(socket)["data"]["code"] == "invalid_input"


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "null", "{own}.evil.example", "http://127.0.0.1", "https://app.example.evil"],
)
def test_pages_of_other_origins_get_no_socket(server: Serving, address: str, origin: str) -> None:
    """A foreign, empty or look-alike Origin is refused at the handshake with 403 (SEC13)."""
    given = origin.replace("{own}", server.address)
    with pytest.raises(InvalidStatus) as refused, calls.connect(address, origin=Origin(given)):
        pass
    assert refused.value.response.status_code == 403


def test_own_and_allowed_origins_get_a_socket(hw: Headway) -> None:
    """Pages of the server itself and of the exact origins that were allowed (SEC13)."""
    with Serving(create_app(hw, origins=["https://app.example"]), port=0) as server:
        address = server.address.replace("http", "ws", 1) + "/api/v1/ws"
        for origin in (server.address, "https://app.example"):
            with calls.connect(address, origin=Origin(origin)) as socket:
                ask(socket, ping="here")
                assert heard(socket)["data"] == "here"
        with pytest.raises(InvalidStatus), calls.connect(address, origin=Origin("https://app.example.evil")):
            pass


def test_a_socket_needs_the_token(hw: Headway) -> None:
    """Where the server has a token, a socket without it is refused; it goes in the header, never in the address."""
    with Serving(create_app(hw, token="secret-token"), port=0) as server:
        address = server.address.replace("http", "ws", 1) + "/api/v1/ws"
        for refused in (address, address + "?token=secret-token"):
            with pytest.raises(InvalidStatus) as why, calls.connect(refused):
                pass
            assert why.value.response.status_code == 401
        with calls.connect(address, additional_headers={"Authorization": "Bearer secret-token"}) as socket:
            ask(socket, ping=1)
            assert heard(socket)["name"] == "pong"


def test_large_messages_close_the_socket(socket: ClientConnection) -> None:
    """More than 64 KiB in a message: closed with 1009; what is just as large is answered (SEC13)."""
    for more, told in ((0, True), (1, False)):
        text = f'{{"ping":"{"x" * (64 * 1024 - 11 + more)}"}}'
        assert len(text) == 64 * 1024 + more
        socket.send(text)
        assert not told or heard(socket)["name"] == "pong"
    with pytest.raises(ConnectionClosed):
        heard(socket)
    assert socket.close_code == 1009


def test_hasty_clients_are_closed(socket: ClientConnection) -> None:
    """More than 100 messages a minute: closed with 1008 at the next one (SEC13)."""
    for number in range(101):
        ask(socket, ping=number)
    assert [heard(socket)["data"] for _ in range(100)] == list(range(100))
    with pytest.raises(ConnectionClosed):
        heard(socket)
    assert socket.close_code == 1008


def test_after_a_minute_there_are_as_many_again(url: str, clock: Clock) -> None:
    """Who keeps to 100 messages a minute is heard for ever (SEC13)."""
    with (
        Headway(url, clock=clock) as hw,
        Serving(create_app(hw), port=0) as server,
        calls.connect(f"ws{server.address[4:]}/api/v1/ws", compression=None) as socket,
    ):
        for _ in range(3):
            for number in range(100):
                ask(socket, ping=number)
            assert [heard(socket)["data"] for _ in range(100)] == list(range(100))
            clock.advance(60)


@pytest.fixture(params=["/api/v1/ws", "/ws/scrape/somebody", "/api/sessions/{job}/ws"])
def each(request: pytest.FixtureRequest, server: Serving, hw: Headway) -> Iterator[ClientConnection]:
    """A connection to each of the sockets."""
    job = hw.submit("website.scan", category="website")
    with calls.connect(f"ws{server.address[4:]}{request.param.format(job=job.id)}", compression=None) as connection:
        yield connection


@pytest.mark.parametrize(("message", "times", "code"), [("{}", MOST_A_MINUTE + 1, 1008), (b"{}", 1, 1003)])
def test_all_sockets_have_the_same_limits(each: ClientConnection, message: str | bytes, times: int, code: int) -> None:
    """SEC13: more than 100 messages a minute end any connection with 1008, and one that is no text with 1003."""
    with suppress(ConnectionClosed):
        for _ in range(times):
            each.send(message)
        while True:
            each.recv(timeout=60)
    assert each.close_code == code


def test_subscriptions_of_a_socket_are_bounded(socket: ClientConnection, hw: Headway) -> None:
    """A connection has at most 20 subscriptions; the next is refused, and the others go on (SEC14)."""
    job = hw.submit("t.stream")
    for number in range(21):
        ask(socket, subscribe={"job": job.id}, key=f"k{number}")
    got = {one["key"]: one["name"] for one in (heard(socket) for _ in range(21))}
    assert got == {f"k{number}": "snapshot" for number in range(20)} | {"k20": "error"}


def test_sockets_are_told_that_the_server_stops(server: Serving, socket: ClientConnection, hw: Headway) -> None:
    """A server that stops closes its sockets with 1012: come back."""
    ask(socket, subscribe={"job": hw.submit("t.stream").id})
    heard(socket)
    server.stop()
    with pytest.raises(ConnectionClosed):
        heard(socket)
    assert socket.close_code == 1012


def test_a_socket_is_no_page(http: httpx2.Client) -> None:
    """A plain GET of the socket's address is no stream."""
    assert http.get("ws").status_code == 404


def test_a_socket_is_closed_when_its_permission_is_taken_back(server: Serving, socket: ClientConnection) -> None:
    """Every message of a client asks for the permission anew (SEC13, SEC14)."""
    server._app.site.token = "given out since"
    ask(socket, ping=1)
    with pytest.raises(ConnectionClosed):
        heard(socket)
    assert socket.close_code == 1008


def test_a_silent_socket_is_closed_when_its_permission_is_taken_back(
    server: Serving, socket: ClientConnection, hw: Headway
) -> None:
    """So does every beat of a subscription (SEC14)."""
    server._app.site.feed.beat_s = 0.05
    ask(socket, subscribe={"job": hw.submit("t.stream").id})
    heard(socket)
    server._app.site.token = "given out since"
    with pytest.raises(ConnectionClosed):
        heard(socket)
    assert socket.close_code == 1008


def test_a_reader_that_has_gone_is_no_error(hw: Headway) -> None:
    """What several subscriptions would still send to a connection that is closed is dropped without a complaint."""
    commands = [{"type": "websocket.connect"}]
    for _ in range(3):
        job = hw.submit("t.stream").id
        commands.append({"type": "websocket.receive", "text": f'{{"subscribe": {{"job": "{job}"}}}}'})
    complaints: list[Any] = []
    asyncio.run(_closed_early(hw, commands, complaints))
    assert complaints == []


async def _closed_early(hw: Headway, commands: list[dict[str, Any]], complaints: list[Any]) -> None:
    """A connection whose other side has gone when it is first told something."""
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
    app, gone = create_app(hw), asyncio.Event()

    async def receive() -> dict[str, Any]:
        if commands:
            return commands.pop(0)
        await gone.wait()
        while app.site.feed.hub.count():
            await asyncio.sleep(0)
        return {"type": "websocket.disconnect", "code": 1006}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "websocket.send":
            gone.set()
            raise OSError("nobody is there")

    headers = [(b"host", b"localhost")]
    scope = {"type": "websocket", "path": "/api/v1/ws", "headers": headers, "query_string": b"", "subprotocols": []}
    await app(scope, receive, send)
    app.site.leave()
    gc.collect()


def test_a_slow_socket_is_cut_off(server: Serving, address: str, socket: ClientConnection, hw: Headway) -> None:
    """A client that takes nothing loses its connection, and comes back with the id that it got last (G11)."""
    feed = server._app.site.feed
    with hw.tracked("Chatty", show=False) as context:
        ask(socket, subscribe={"job": context.job_id, "after": 0}, key="k")
        lines = 0
        while not feed.hub.count():
            hw.changed(0, 0.02)
        while topics := feed.hub.jobs():
            for _ in range(100):
                context.log("x" * 8000)
            context.checkpoint()
            lines += 100
            while feed.hub.count() and topics[context.job_id].head.events < lines:
                hw.changed(0, 0.02)  # the feed comes along, however busy the machine is
            assert lines < 20_000
    got = list[Any]()
    with suppress(ConnectionClosed):
        while True:
            got.append(heard(socket))
    assert "end" not in [one["name"] for one in got]
    with calls.connect(address, compression=None) as again:
        ask(again, subscribe={"job": context.job_id, "after": [one["id"] for one in got if one["name"] == "event"][-1]})
        got += until(again, "end")
    numbers = [one["data"]["seq"] for one in got if one["name"] == "event"]
    assert numbers == list(range(1, hw.get(context.job_id).events + 1))
