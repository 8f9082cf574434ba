"""How a person gets in where the server has a token: with the token once, then by a cookie that is not it."""

from __future__ import annotations

import base64
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.cookies import Morsel, SimpleCookie
from pathlib import Path

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from headway import Headway
from headway.server import create_app, signin
from headway.server.serving import Serving
from headway.testing import Clock
from tests.support import calls

TOKEN = "a token of thirty-two characters"
PAGE = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0"}


@pytest.fixture
def hw(tmp_path: Path, clock: Clock) -> Iterator[Headway]:
    """The verbs that the server calls; no sign-in depends on the kind of database."""
    with Headway(tmp_path / "jobs.db", clock=clock) as verbs:
        yield verbs


@pytest.fixture
def server(hw: Headway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    """A server with a token, whose wrong answers come without delay."""
    monkeypatch.setattr(signin, "WRONG_S", 0)
    with Serving(create_app(hw, token=TOKEN), port=0) as serving:
        yield serving


@pytest.fixture
def browser(server: Serving) -> Iterator[httpx2.Client]:
    """A browser with a page of the server open; it keeps cookies."""
    with httpx2.Client(base_url=f"{server.address}/api/v1/", headers=PAGE, timeout=60) as client:
        yield client


def sign_in(browser: httpx2.Client) -> Morsel[str]:
    """Signs in, and gives the cookie of that."""
    answer = browser.post("login", json={"token": TOKEN})
    assert answer.status_code == 204
    cookies = [SimpleCookie(one) for one in answer.headers.get_list("set-cookie")]
    [found] = [one for jar in cookies for name, one in jar.items() if name.startswith("headway_sign_in_")]
    return found


def test_the_token_is_shown_once(browser: httpx2.Client) -> None:
    """SEC1: without it 401; with it once, the pages may read and change, and know that they are signed in."""
    assert browser.get("jobs").status_code == 401
    assert browser.get("login").json() == {"needed": True, "signed_in": False}
    sign_in(browser)
    assert browser.post("jobs", json={"type": "a"}).status_code == 201
    assert browser.get("login").json() == {"needed": True, "signed_in": True}


def test_the_cookie_is_for_the_server_alone(browser: httpx2.Client) -> None:
    """SEC10: no script reads it, no other site sends it, it is over after 8 hours, and it is not the token."""
    cookie = sign_in(browser)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Strict", "/", "28800")
    assert TOKEN not in cookie.value
    assert base64.urlsafe_b64encode(TOKEN.encode()).decode() not in cookie.value


def test_the_cookie_of_a_page_over_https_stays_there(browser: httpx2.Client) -> None:
    """SEC10: also behind a proxy that has TLS, where only the page's origin tells of it."""
    answer = browser.post("login", json={"token": TOKEN}, headers={"Origin": f"https://{browser.base_url.host}"})
    assert "; Secure" in next(one for one in answer.headers.get_list("set-cookie") if "sign_in" in one)


def test_each_sign_in_is_another(browser: httpx2.Client) -> None:
    """SEC10: a new cookie at each sign-in."""
    assert sign_in(browser).value != sign_in(browser).value


def test_a_wrong_token_lets_nobody_in(browser: httpx2.Client) -> None:
    """A guess is answered 401, and leaves no cookie of a sign-in."""
    answer = browser.post("login", json={"token": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert "headway_sign_in" not in str(answer.headers)


@pytest.mark.parametrize("change", ["{value}x", "9{value}", "name.{mac}", "..", "", "99999999999.a.{mac}"])
def test_a_forged_cookie_lets_nobody_in(browser: httpx2.Client, change: str) -> None:
    """SEC10: a cookie that was not given out for this token, or was changed, is none."""
    cookie = sign_in(browser)
    forged = change.format(value=cookie.value, mac=cookie.value.rpartition(".")[2])
    answer = calls.get(f"{browser.base_url}jobs", headers={**PAGE, "Cookie": f"{cookie.key}={forged}"})
    assert answer.status_code == 401


def test_a_sign_in_ends(browser: httpx2.Client, clock: Clock) -> None:
    """SEC10: after 8 hours the token is asked for again."""
    sign_in(browser)
    clock.advance(signin.LASTS_S - 60)
    assert browser.get("jobs").status_code == 200
    clock.advance(60)
    assert browser.get("jobs").status_code == 401


def test_another_token_ends_every_sign_in(browser: httpx2.Client, server: Serving) -> None:
    """SEC10: who changes the token has signed everybody out."""
    sign_in(browser)
    server._app.site.token = "another token of the server"
    assert browser.get("jobs").status_code == 401


def test_who_signs_out_is_out(browser: httpx2.Client) -> None:
    """SEC10: the browser has no sign-in any more; its session stays."""
    sign_in(browser)
    assert browser.delete("login").status_code == 204
    assert browser.get("jobs").status_code == 401


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_foreign_pages_borrow_no_sign_in(browser: httpx2.Client, site: str, hw: Headway) -> None:
    """SEC11: a change by cookie needs a page of the server itself; so does signing in and out."""
    sign_in(browser)
    for method, path in (("POST", "jobs"), ("POST", "login"), ("DELETE", "login")):
        told = {"Sec-Fetch-Site": site, "Origin": "https://evil.example"}
        answer = browser.request(method, path, json={"type": "a"}, headers=told)
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")
    assert hw.jobs() == []


def test_a_cookie_without_origin_changes_nothing(browser: httpx2.Client) -> None:
    """SEC11: a browser that does not say whose page asks may read by its cookie, and not change."""
    cookie = sign_in(browser)
    silent = {"Cookie": f"{cookie.key}={cookie.value}"}
    assert calls.get(f"{browser.base_url}jobs", headers=silent).status_code == 200
    assert calls.post(f"{browser.base_url}jobs", json={"type": "a"}, headers=silent).status_code == 401


WAYS = {
    "login": 'POST /api/v1/login HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 13\r\n{}{{"token":"x"}}',
    "header": "GET /api/v1/jobs HTTP/1.1\r\nAuthorization: Bearer x\r\n{}",
    "state": "GET /api/v1/login HTTP/1.1\r\nAuthorization: Bearer x\r\n{}",
    "socket": "GET /api/v1/ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\nSec-WebSocket-Protocol: headway, bearer.eA\r\n{}",
}
"""Wrong tokens, as they are sent; {} stands for the rest of the headers."""


def guess(server: Serving, way: str = "login", address: str = "127.0.0.1") -> socket.socket:
    """A wrong token is sent from an address of this machine."""
    port = int(server.address.rpartition(":")[2])
    made = socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(address, 0))
    made.sendall(WAYS[way].format(f"Host: 127.0.0.1:{port}\r\n\r\n").encode())
    return made


def status(connection: socket.socket) -> int:
    """What is answered."""
    return int(connection.recv(65536).split()[1])


@pytest.fixture
def crowded(server: Serving, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], socket.socket]]:
    """What sends two wrong tokens where one may wait: it gives the one that waits, for very long."""
    monkeypatch.setattr(signin, "WRONG_S", 600.0)
    monkeypatch.setattr(signin, "MOST_WAITING", 1)
    with ExitStack() as held:

        def crowd(way: str) -> socket.socket:
            sent = [held.enter_context(guess(server, way)) for _ in range(2)]
            [answered] = select.select(sent, [], [], 60)[0]
            assert status(answered) == 429
            return next(one for one in sent if one is not answered)

        yield crowd


@pytest.mark.parametrize("way", WAYS)
def test_wrong_tokens_are_answered_late(crowded: Callable[[str], socket.socket], way: str) -> None:
    """SEC16: by sign-in, header and WebSocket alike; where too many of an address wait already, the next is told so."""
    assert select.select([crowded(way)], [], [], 0)[0] == []


def test_the_right_token_waits_for_nobody(
    browser: httpx2.Client, crowded: Callable[[str], socket.socket], server: Serving
) -> None:
    """SEC16: guesses, however many, keep nobody out: who has the token signs in and calls at once."""
    crowded("login")
    sign_in(browser)
    assert calls.get(f"{browser.base_url}jobs", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_each_address_guesses_for_itself(
    crowded: Callable[[str], socket.socket], server: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEC16: too many guesses of one address are no other address's business."""
    crowded("login")
    monkeypatch.setattr(signin, "WRONG_S", 0)
    with guess(server, address="127.0.0.2") as other:
        assert status(other) == 401


@pytest.mark.parametrize("way", WAYS)
def test_who_has_left_waits_no_more(
    crowded: Callable[[str], socket.socket], server: Serving, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """SEC16: a caller that closes its connection gives its place back."""
    crowded(way).close()
    monkeypatch.setattr(signin, "WRONG_S", 0)
    found = 429
    while found == 429:
        with guess(server) as next_one:
            found = status(next_one)
    assert found == 401


def test_without_a_token_nobody_signs_in(hw: Headway) -> None:
    """A server for callers of its own machine says that no sign-in is needed."""
    with (
        Serving(create_app(hw), port=0) as serving,
        httpx2.Client(base_url=serving.address, headers=PAGE, timeout=60) as browser,
    ):
        assert browser.get("/api/v1/login").json() == {"needed": False, "signed_in": True}
        assert browser.post("/api/v1/login", json={"token": "any"}).status_code == 204
        assert browser.delete("/api/v1/login").status_code == 204


def test_a_socket_of_a_page_takes_the_cookie(browser: httpx2.Client, server: Serving) -> None:
    """SEC13: a WebSocket of the server's own page is let in by the cookie; of another page, or of none, it is not."""
    cookie = sign_in(browser)
    address = server.address.replace("http", "ws", 1) + "/api/v1/ws"
    held = {"Cookie": f"{cookie.key}={cookie.value}"}
    with calls.connect(address, additional_headers=held, origin=Origin(server.address)) as socket:
        socket.send('{"ping": 1}')
        assert '"pong"' in socket.recv(timeout=60)
    for origin, status in ((Origin("https://evil.example"), 403), (None, 401)):
        with pytest.raises(InvalidStatus) as refused, calls.connect(address, additional_headers=held, origin=origin):
            pass
        assert refused.value.response.status_code == status


def offered(token: str) -> list[Subprotocol]:
    """What a browser offers that gives a WebSocket a token."""
    return [
        Subprotocol("headway"),
        Subprotocol("bearer." + base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")),
    ]


def test_a_socket_takes_the_token_as_a_subprotocol(server: Serving) -> None:
    """SEC14: pages of other origins, which can give a socket no header, offer the token; it is never in an address."""
    address = server.address.replace("http", "ws", 1) + "/api/v1/ws"
    with calls.connect(address, subprotocols=offered(TOKEN)) as socket:
        assert socket.subprotocol == "headway"
        socket.send('{"ping": 1}')
        assert '"pong"' in socket.recv(timeout=60)


@pytest.mark.parametrize("wrong", [offered("wrong"), offered(""), [Subprotocol("headway"), Subprotocol("bearer.!")]])
def test_a_wrong_subprotocol_opens_no_socket(server: Serving, wrong: list[Subprotocol]) -> None:
    """SEC1: another token, an empty one, or what is no base64url, is refused with 401."""
    address = server.address.replace("http", "ws", 1) + "/api/v1/ws"
    with pytest.raises(InvalidStatus) as refused, calls.connect(address, subprotocols=wrong):
        pass
    assert refused.value.response.status_code == 401
