"""The verbs over HTTP, where that is another thing than the verbs themselves: tokens, lost answers, what is not there.

That they do what the verbs do is held by the tests of the verbs, which run over a server too.
"""

from __future__ import annotations

import inspect
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from headway import Deleted, Headway, InvalidInput, Job, NotFound, NotPermitted, NotSupported, Secret
from headway.errors import StoreUnavailable, StoreUnusable
from headway.server import create_app
from headway.server.serving import Serving
from headway.tracker.remote import Remote
from tests.support.ports import free_port

TOKEN = "a token of thirty-two characters"
BUILT_ON_OTHERS = {"result", "wait", "pause", "resume", "cancel", "pin", "unpin", "aio"}
"""They call others of the verbs, or what stands behind these, and need nothing of their own."""


@pytest.fixture
def remote(server: Serving) -> Iterator[Headway]:
    """The verbs of the server."""
    with Headway(server.address) as verbs:
        yield verbs


def test_every_verb_is_there_with_the_same_signature() -> None:
    """A verb that is added is added remotely too, and takes what it takes elsewhere."""
    verbs = {name for name in dir(Headway) if not name.startswith("_")}
    own = {name for part in Remote.__mro__ if part not in Headway.__mro__ for name in vars(part)}
    assert verbs - BUILT_ON_OTHERS - {"track"} - own == set()
    for name in verbs - {"aio"}:
        found, given = (inspect.signature(getattr(one, name)).parameters for one in (Remote, Headway))
        assert found == given


def test_the_address_decides(server: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """Headway("http://...") is a Headway like any other, also by $HEADWAY_URL and below a path."""
    monkeypatch.setenv("HEADWAY_URL", server.address)
    with Headway() as verbs, Headway(f"{server.address}/") as same:
        assert isinstance(verbs, Headway)
        job = verbs.submit("a")
        assert same.get(job.number) == job.__class__(**{**_fields(job), "found_by": "number"})


def _fields(job: Job) -> dict[str, Any]:
    return {name: getattr(job, name) for name in job.__struct_fields__}


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http://[",
        "https://h:99999",
        "http://u:c4n4ry@h",
        "http://c4n4ry@h",
        "http://h/?token=c4n4ry",
        "http://h#x",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    """SEC21: at once; a token in an address is refused, and not repeated."""
    with pytest.raises(InvalidInput) as refused:
        Headway(url)
    assert "c4n4ry" not in str(refused.value)


def test_a_token_is_sent_and_not_shown(hw: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """token= or $HEADWAY_TOKEN opens a server that asks for one; without it NotPermitted says what is missing."""
    with Serving(create_app(hw, token=TOKEN), port=0) as server:
        with Headway(server.address, token=TOKEN) as verbs:
            assert verbs.submit("a").state == "pending"
            assert TOKEN not in repr(verbs) + verbs.url
        for wrong in (None, "another"):
            with Headway(server.address, token=wrong) as verbs, pytest.raises(NotPermitted, match="Bearer"):
                verbs.jobs()
        monkeypatch.setenv("HEADWAY_TOKEN", f"{TOKEN}\n")
        with Headway(server.address) as verbs:
            assert len(verbs.jobs()) == 1


def test_a_database_takes_no_token() -> None:
    """It would be taken for a protection that is none."""
    with pytest.raises(InvalidInput, match="address of a server"):
        Headway(":memory:", token=TOKEN)


def test_what_needs_the_database_says_what_to_do_instead(remote: Headway) -> None:
    """NotSupported, not a half of it."""
    asked: list[Callable[[], object]] = [
        remote.worker, remote.work_until_idle, lambda: remote.tracked("a"), lambda: list(remote.track([1], show=False)),
    ]  # fmt: skip
    for one in asked:
        with pytest.raises(NotSupported, match=r"headway worker|a worker|POST /jobs"):
            one()


def test_nobody_there_is_told_as_such() -> None:
    """StoreUnavailable, which is worth trying again; a server of something else is StoreUnusable."""
    with Headway(f"http://127.0.0.1:{free_port()}") as verbs, pytest.raises(StoreUnavailable, match="headway serve"):
        verbs.get(1)


def test_a_server_of_something_else_is_told_as_such(hw: Headway, server: Serving) -> None:
    """What answers, but not as Headway does, is no database that could come back."""
    with Headway(f"{server.address}/somewhere/else") as verbs, pytest.raises(StoreUnusable, match="Nothing stands"):
        verbs.get(1)


def test_a_password_travels_in_the_body_alone(hw: Headway, remote: Headway) -> None:
    """SEC21: a Secret is sent to be sealed there, and comes back as ***."""
    job = remote.submit("a", {"password": Secret("c4n4ry-c4n4ry"), "other": Secret.env("NAME")})
    assert job.input == hw.get(job.id).input == {"password": {"$secret": "***"}, "other": {"$secret": {"env": "NAME"}}}
    session = remote.create_session("acme", {"password": "c4n4ry-c4n4ry"})
    assert session.config == {"password": {"$secret": "***"}}
    assert remote.save_session("acme", session.config, if_changed=True).config_version == 1


@contextmanager
def losing(address: str, answers: int, method: bytes = b"") -> Iterator[str]:
    """A way to a server on which the first so many answers are lost, after the server has done what was asked.

    method: only those to requests of it.
    """
    host, port = address.removeprefix("http://").split(":")
    listening = socket.create_server(("127.0.0.1", 0))

    def forward(left: int) -> None:
        with suppress(OSError):
            while True:
                client = listening.accept()[0]
                with client, socket.create_connection((host, int(port))) as behind:
                    asked = threading.Event()
                    threading.Thread(target=_ask, args=(client, behind, method, asked), daemon=True).start()
                    left -= _answer(behind, client, asked if left else None)

    thread = threading.Thread(target=forward, args=(answers,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def _ask(client: socket.socket, behind: socket.socket, method: bytes, asked: threading.Event) -> None:
    with suppress(OSError):
        while data := client.recv(65536):
            if data.startswith(method):
                asked.set()
            behind.sendall(data)
        behind.shutdown(socket.SHUT_WR)


def _answer(behind: socket.socket, client: socket.socket, asked: threading.Event | None) -> bool:
    """Passes on what is answered; whether the connection ended with an answer that was lost."""
    with suppress(OSError):
        while data := behind.recv(65536):
            if asked is not None and asked.is_set():
                client.shutdown(socket.SHUT_RDWR)
                return True
            client.sendall(data)
        client.shutdown(socket.SHUT_WR)
    return False


CHANGES: dict[str, tuple[Callable[[Headway, Job], Any], int]] = {
    "submit": (lambda verbs, job: verbs.submit("b"), 1),
    "submit_many": (lambda verbs, job: verbs.submit_many("b", [{"n": 1}, {"n": 2}]), 2),
    "restart": (lambda verbs, job: verbs.restart(job.id), 1),
    "start": (lambda verbs, job: verbs.start_session("acme", context_id="c", one_per_context=True), 1),
    "pause": (lambda verbs, job: verbs.pause("id:" + job.id), 0),
    "session": (lambda verbs, job: verbs.create_session("other"), 0),
    "save": (lambda verbs, job: verbs.save_session("acme", {"a": 2}, version=1), 0),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_call_whose_answer_was_lost_is_done_once(hw: Headway, server: Serving, name: str) -> None:
    """It is sent again under the same Idempotency-Key, and answered as if nothing had happened."""
    job = hw.submit("a")
    hw.create_session("acme", job_type="b")
    change, more = CHANGES[name]
    with losing(server.address, 2) as way, Headway(way) as verbs:
        change(verbs, job)
    assert len(hw.jobs()) == 1 + more
    assert [event.name for event in hw.events(job)].count("pause") == (name == "pause")
    assert hw.session("acme").config_version == 1 + (name == "save")


def test_a_deletion_whose_answer_was_lost_is_none_the_less_one(hw: Headway, server: Serving) -> None:
    """G12: asked again it is not refused as unknown; the job that it returns is the one that is gone."""
    job = hw.cancel(hw.submit("a"))
    with losing(server.address, 2, b"DELETE ") as way, Headway(way) as verbs:
        assert verbs.delete(job).id == job.id
        with pytest.raises(Deleted):
            verbs.get(job)
    with pytest.raises(NotFound):
        hw.get(job.id)


def test_watching_goes_on_at_a_server_that_was_started_again(hw: Headway) -> None:
    """G10: every event once and in order, whatever server they came from."""
    job = hw.submit("a")
    port = free_port()
    with Headway(f"http://127.0.0.1:{port}") as verbs:
        with Serving(create_app(hw), port=port):
            watching = verbs.watch(job)
            seen = [next(watching).name]
        hw.pause(job)
        with Serving(create_app(hw), port=port):
            seen.append(next(watching).name)
            hw.cancel(job)
            seen += [event.name for event in watching]
    assert seen == ["submit", "pause", "cancel"]


def test_importing_headway_brings_no_client_of_http() -> None:
    """What is only needed for servers is loaded with the first call of one."""
    code = "import sys, headway; headway.Headway('http://localhost:1'); print('httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_without_its_extra_it_says_how_to_get_it() -> None:
    """One sentence that names the extra."""
    code = "import sys; sys.modules['httpx2'] = None; import headway; headway.Headway('http://localhost:1').get(1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "NotSupported" in done.stderr
    assert "pip install 'headway[client]'" in done.stderr
