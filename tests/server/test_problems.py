"""Refusals: problem documents with a stable code, and nothing that callers need not know."""

from __future__ import annotations

import logging
import socket
from typing import Any

import httpx2
import pytest

from headway import Headway
from headway.server import create_app
from headway.server.serving import Serving
from tests.support import calls


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def test_an_unknown_id_is_not_found(http: httpx2.Client, url: str) -> None:
    """Rule 10: 404 not_found, with all members of RFC 9457 and the request's id; the database's address is not told."""
    answer = http.get("jobs/4711", headers={"X-Request-ID": "mine"})
    told = answer.json()
    assert code(answer) == (404, "not_found")
    assert (told["type"], told["status"], told["request_id"]) == ("urn:headway:problem:not_found", 404, "mine")
    assert answer.headers["x-request-id"] == "mine"
    assert url not in answer.text


def test_an_ambiguous_id_names_the_jobs(http: httpx2.Client, hw: Headway) -> None:
    """Rule 10: an id that means two jobs is refused with both."""
    first = hw.submit("a")
    second = hw.submit("a", external_id=str(first.number))
    answer = http.get(f"jobs/{first.number}")
    assert code(answer) == (409, "ambiguous")
    assert {job for _, job in answer.json()["candidates"]} == {first.id, second.id}


@pytest.mark.parametrize("part", ["logs", "logs/matches"])
def test_a_level_that_there_is_not_is_refused(http: httpx2.Client, hw: Headway, part: str) -> None:
    """An empty answer would say that the log has no such line: those that there are stand in the problem."""
    answer = http.get(f"jobs/{hw.submit('a').number}/{part}?level=error&level=loud")
    assert code(answer) == (422, "invalid_input")
    assert "level='loud': expected debug, info" in answer.json()["detail"]


@pytest.mark.parametrize("query", ["colour=red", "limit=0", "limit=x", "active=perhaps", "limit=1&limit=2", "text=%ff"])
def test_parameters_that_do_not_fit_are_refused(http: httpx2.Client, query: str) -> None:
    """Unknown, doubled and broken parameters are refused, and the problem names them."""
    answer = http.get(f"jobs?{query}")
    assert code(answer) == (422, "invalid_input")
    assert query.partition("=")[0] in answer.json()["detail"] or "query" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"type": 3}', b'{"type": "a", "state": "completed"}', b'{"type": "a", "tenant": 7}']
)
def test_bodies_that_do_not_fit_are_refused(http: httpx2.Client, hw: Headway, body: bytes) -> None:
    """SEC29: members that are no input, such as state and tenant, are refused; nothing is stored."""
    answer = http.post("jobs", content=body, headers={"Content-Type": "application/json"})
    assert code(answer) == (422, "invalid_input")
    assert hw.jobs() == []


def test_a_body_that_is_no_json_is_refused(http: httpx2.Client) -> None:
    """SEC11: a form, which a foreign page could send, is refused with 415."""
    assert code(http.post("jobs", data={"type": "a"})) == (415, "unsupported_media")


@pytest.mark.parametrize("announced", [True, False])
def test_a_large_body_is_refused(http: httpx2.Client, announced: bool) -> None:
    """SEC23: more than 1 MiB is 413, whether it says so or is only found out; exactly that much is not."""
    head, tail = b'{"type": "a", "input": {"x": "', b'"}}'

    def sent(size: int) -> httpx2.Response:
        body = head + b"x" * (size - len(head) - len(tail)) + tail
        given = body if announced else iter([body[:500_000], body[500_000:]])
        return http.post("jobs", content=given, headers={"Content-Type": "application/json"})

    assert sent(1024 * 1024).status_code == 201
    assert code(sent(1024 * 1024 + 1)) == (413, "too_large")


def test_deep_json_is_refused(http: httpx2.Client) -> None:
    """SEC23: 64 levels are read, more are refused; brackets inside texts do not count."""
    deep: Any = 1
    for _ in range(62):
        deep = [deep]
    assert http.post("jobs", json={"type": "a", "input": {"x": deep}}).status_code == 201
    assert http.post("jobs", json={"type": "a", "input": {"x": "[{" * 100}}).status_code == 201
    assert code(http.post("jobs", json={"type": "a", "input": {"x": [deep]}})) == (422, "invalid_input")


@pytest.mark.parametrize("sign", ["[", '{"a":'])
def test_deep_json_in_a_query_is_refused(http: httpx2.Client, sign: str) -> None:
    """SEC23: labels in a query are read as deep as a body."""
    answer = http.get("jobs", params={"labels": sign * 3000})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_long_numbers_are_refused(http: httpx2.Client) -> None:
    """SEC23: numbers of thousands of digits are refused like others that do not fit, and are no bug."""
    http.post("sessions", json={"id": "acme"})
    long = "9" * 4400
    saved = http.put("sessions/acme/config", json={"config": {}}, headers={"If-Match": f'"{long}"'})
    paged = [http.get("sessions/acme/versions", params={"after": after}) for after in (long, "\u0663")]
    reported = http.post(f"jobs/1/attempts/{long}", json={})
    assert [answer.status_code for answer in (saved, *paged, reported)] == [422, 422, 422, 404]


@pytest.mark.parametrize(("path", "body"), [("v1/sessions", {"id": "\U0001d4b3"}), ("v2/session/%F0%9D%92%B3", {})])
def test_an_id_of_any_signs_has_an_address(server: Serving, path: str, body: dict[str, str]) -> None:
    """Where a new session is found is told in ASCII, whatever its id."""
    made = calls.post(f"{server.address}/api/{path}", json=body)
    assert (made.status_code, made.headers["location"].rpartition("/")[2]) == (201, "%F0%9D%92%B3")


def test_a_string_without_an_end_stops_nobody(http: httpx2.Client) -> None:
    """SEC23: the depth of a body is found in one pass, whatever quotes and backslashes it has: 1 MiB is refused."""
    for tail in (b'\\"' * 500_000, b'\\"' * 500_000 + b"\\"):
        raw = b"[]" * 65 + b'"' + tail
        answer = http.post("jobs", content=raw, headers={"Content-Type": "application/json"})
        assert code(answer) == (422, "invalid_input")


def test_other_methods_are_named(http: httpx2.Client) -> None:
    """SEC28: 405 names the methods of the path; nothing overrides a method."""
    answer = http.put("jobs", headers={"X-HTTP-Method-Override": "GET"})
    assert code(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_a_path_that_is_not_there(http: httpx2.Client) -> None:
    """404 no_such_path says where the paths are listed."""
    assert code(http.get("nowhere")) == (404, "no_such_path")


def test_a_bug_tells_nothing(hw: Headway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """SEC26: 500 carries the request's id alone; the trace is in the log under it."""

    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("/secret/path SELECT")

    monkeypatch.setattr(hw, "counts", broken)
    with Serving(create_app(hw), port=0) as serving, caplog.at_level(logging.ERROR, "headway.server"):
        answer = calls.get(f"{serving.address}/api/v1/counts", headers={"X-Request-ID": "mine"})
    assert code(answer) == (500, "internal")
    assert "secret" not in answer.text
    assert "SELECT" not in answer.text
    assert [record.told["request_id"] for record in caplog.records if hasattr(record, "told")] == ["mine"]


def test_a_client_that_goes_away_is_no_bug(server: Serving, hw: Headway, caplog: pytest.LogCaptureFixture) -> None:
    """A body that is cut off is not taken, and not an error of the server."""
    head = (
        b"POST /api/v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
    )
    with caplog.at_level(logging.INFO, "headway.server"):
        address = server.address.rpartition("//")[2].split(":")
        with socket.create_connection((address[0], int(address[1]))) as connection:
            connection.sendall(head + b'{"type": "a"')
        while not caplog.records:
            hw.changed(0, 0.02)
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert hw.jobs() == []


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "127.0.0.1.evil.example:80"])
def test_a_foreign_name_is_misdirected(http: httpx2.Client, host: str) -> None:
    """SEC12: a Host that is not this server's is refused with 421, on every path."""
    for path in ("jobs", "nowhere", "stream"):
        assert code(http.get(path, headers={"Host": host})) == (421, "misdirected")


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
    ],
)
def test_pages_of_other_origins_change_nothing(
    http: httpx2.Client, hw: Headway, headers: dict[str, str], passes: bool
) -> None:
    """SEC11: what a foreign page makes a browser send is refused before it reaches a verb."""
    answer = http.post("jobs", json={"type": "a"}, headers=headers)
    assert (answer.status_code == 201) is passes
    assert len(hw.jobs()) == passes


def test_every_answer_has_its_headers(http: httpx2.Client) -> None:
    """SEC9: answers and refusals carry the headers that keep browsers from guessing and keeping."""
    for path in ("jobs", "nowhere", "jobs/1"):
        headers = http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers


def test_a_token_is_asked_everywhere(hw: Headway) -> None:
    """SEC1: with a token configured nothing answers without it, whatever its path looks like."""
    with Serving(create_app(hw, token="right"), port=0) as serving:
        for path in ("/api/v1/jobs", "/api/v1/health", "/x-health", "/%2e/health", "/openapi.json", "/api/v1/stream"):
            assert code(calls.get(serving.address + path)) == (401, "unauthorized")
            assert code(calls.get(serving.address + path, headers={"Authorization": "Bearer wrong"}))[0] == 401
        answer = calls.get(f"{serving.address}/api/v1/jobs", headers={"Authorization": "Bearer right"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("jobs/1/attempts/1", {"end": "done"}, "Allowed are completed, failed, halted, interrupted."),
        ("jobs", {"typ": "a"}, " Did you mean type?"),
        ("jobs/1/attempts/1", {"steps": [{"name": "a", "state": "complete"}]}, " Did you mean completed?"),
        ("jobs/1/attempts/1", {"progress": {"don": 1}}, " Did you mean done?"),
        ("jobs", {"type": "headway.bulk", "input": {"verb": "cancl", "q": ""}}, " unpin. Did you mean cancel?"),
        ("jobs?idz=1", {"type": "a"}, "has no parameter 'idz'"),
    ],
)
def test_a_refusal_lists_what_is_allowed(http: httpx2.Client, path: str, body: dict[str, Any], said: str) -> None:
    """Who gives another word reads which there are, and which is near, wherever in the body it stands."""
    answer = http.post(path, json=body)
    assert (answer.status_code, said in answer.json()["detail"]) == (422, True), answer.json()["detail"]
