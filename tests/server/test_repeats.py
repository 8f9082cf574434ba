"""Calls that come again: idempotency keys, entity tags, long polls."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from headway import Headway
from headway.server.serving import Serving
from headway.testing import Clock
from headway.tracker.repeats import Repeats, UnderWay
from tests.support import calls


def test_a_key_submits_once(http: httpx2.Client, hw: Headway) -> None:
    """G12: the same key and body give the same job; another body gives 422 key_reused."""
    head = {"Idempotency-Key": "night-17"}
    twice = [http.post("jobs", json={"type": "a"}, headers=head).json()["id"] for _ in range(2)]
    other = http.post("jobs", json={"type": "b"}, headers=head)
    assert twice[0] == twice[1]
    assert (other.status_code, other.json()["code"], other.json()["job_id"]) == (422, "key_reused", twice[0])
    assert len(hw.jobs()) == 1


def test_a_key_moves_once(http: httpx2.Client, hw: Headway) -> None:
    """A move under a key that has come before is not made again: its answer is the job as it is now."""
    job = hw.submit("a").id
    head = {"Idempotency-Key": "pause-17"}
    http.post(f"jobs/{job}/pause", headers=head)
    http.post(f"jobs/{job}/resume")
    assert http.post(f"jobs/{job}/pause", headers=head).json()["state"] == "pending"
    other = http.post(f"jobs/{job}/pause", json={"reason": "x"}, headers=head)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_a_key_claims_once(http: httpx2.Client, hw: Headway) -> None:
    """A claim whose answer was lost is answered with what it took."""
    hw.submit("a")
    head = {"Idempotency-Key": "claim-17"}
    twice = [http.post("claim", json={"types": ["a"]}, headers=head).json() for _ in range(2)]
    assert twice[0]["job"]["id"] == twice[1]["job"]["id"]


def test_a_key_reports_once(http: httpx2.Client, hw: Headway) -> None:
    """A report under a key that has come before is stored once."""
    job = http.post("jobs", json={"type": "a", "start": True}).json()["id"]
    head = {"Idempotency-Key": "report-17"}
    said = [http.post(f"jobs/{job}/attempts/1", json={"log": "once"}, headers=head) for _ in range(2)]
    assert [answer.status_code for answer in said] == [200, 200]
    assert len(hw.logs(job)) == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "sessions/race/start", {}),
        ("POST", "claim", {"types": ["a"]}),
        ("POST", "sessions", {}),
        ("POST", "sessions", {"id": "fresh"}),
        ("PUT", "sessions/race/config", {"config": {"n": 1}}),
    ],
)
def test_calls_at_once_under_a_key_are_one(
    http: httpx2.Client, hw: Headway, method: str, path: str, body: dict[str, Any]
) -> None:
    """G12: of calls that overlap under one key one does the work; others have its answer, or 409 under_way."""
    hw.create_session("race", job_type="a")
    hw.submit_many("a", [{} for _ in range(8)])

    def ask(_: int) -> httpx2.Response:
        return http.request(method, path, json=body, headers={"Idempotency-Key": "race-17"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    answers.append(ask(8))
    late = [answer for answer in answers if not answer.is_success]
    assert {(one.status_code, one.json()["code"], one.headers.get("retry-after")) for one in late} <= {
        (409, "under_way", "1")
    }
    assert answers[-1].is_success
    assert len(hw.jobs(state="running")) == (path == "claim")
    assert len(hw.jobs()) == 8 + path.endswith("start")
    assert len(hw.sessions()) == 2 + (path == "sessions")
    assert hw.session("race").config_version == 1 + (method == "PUT")


def test_a_call_that_came_to_nothing_frees_its_key(http: httpx2.Client, hw: Headway) -> None:
    """A key whose call was refused, or took nothing, is not used up."""
    head = {"Idempotency-Key": "free-17"}
    assert http.post("sessions/acme/start", json={}, headers=head).status_code == 404
    assert http.post("claim", json={"types": ["a"]}, headers=head).status_code == 204
    hw.create_session("acme", job_type="a")
    assert http.post("sessions/acme/start", json={}, headers=head).status_code == 201
    assert http.post("claim", json={"types": ["a"]}, headers=head).status_code == 200


def test_a_key_of_a_dead_server_is_free_again(hw: Headway, clock: Clock, url: str) -> None:
    """A call that was begun and never ended holds its key for a minute, not for a day."""
    with Headway(url, clock=clock) as moved:
        kept = Repeats(moved)
        assert kept.begin("claim", "k", 1) is None
        for passed in (0, 59):
            clock.advance(passed)
            with pytest.raises(UnderWay):
                kept.begin("claim", "k", 1)
        clock.advance(2)
        assert kept.begin("claim", "k", 1) is None


def test_parameters_are_part_of_what_a_key_stands_for(http: httpx2.Client, hw: Headway, server: Serving) -> None:
    """G12: the same key with other parameters is 422 key_reused."""
    older = f"{server.address}/api/v2/session/wk"
    hw.create_session("wk")
    head = {"Idempotency-Key": "start-17"}
    assert http.post(f"{older}/start?type=ta", headers=head).status_code == 200
    other = http.post(f"{older}/start?type=tb&concurrency=3", headers=head)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert [job.type for job in hw.jobs()] == ["ta"]


@pytest.mark.parametrize("key", ["", "x" * 1001])
def test_a_key_that_is_none_is_refused(http: httpx2.Client, hw: Headway, key: str) -> None:
    """422 on every unsafe call, and nothing is done."""
    assert http.post("jobs", json={"type": "a"}, headers={"Idempotency-Key": key}).status_code == 422
    assert hw.jobs() == []


def test_what_is_known_is_not_sent_again(http: httpx2.Client, hw: Headway) -> None:
    """If-None-Match with the ETag gives 304 until anything of the job has changed."""
    job = hw.submit("a").id
    tag = http.get(f"jobs/{job}").headers["etag"]
    assert http.get(f"jobs/{job}", headers={"If-None-Match": f'"other", W/{tag}'}).status_code == 304
    hw.pause(job)
    assert http.get(f"jobs/{job}", headers={"If-None-Match": tag}).json()["state"] == "paused"


@pytest.mark.parametrize("path", ["jobs", "jobs/active", "jobs/1/events", "jobs/1/steps", "jobs/1/checkpoint"])
def test_lists_have_tags(http: httpx2.Client, hw: Headway, path: str) -> None:
    """Every read can be asked for only if it is new: 304 until what it shows has changed."""
    http.post("jobs", json={"type": "a", "start": True})
    known = {"If-None-Match": http.get(path).headers["etag"]}
    assert http.get(path, headers=known).status_code == 304
    told = {"log": "on", "steps": [{"name": "scan", "state": "completed"}], "checkpoint": {"at": 1}}
    assert http.post("jobs/1/attempts/1", json=told).status_code == 200
    assert http.get(path, headers=known).status_code == 200


def poll(server: Serving, path: str, **options: Any) -> tuple[threading.Thread, list[httpx2.Response]]:
    """A long poll for which the server waits by now, and where its answer will be."""
    found: list[httpx2.Response] = []
    address = f"{server.address}/api/v1/{path}"
    thread = threading.Thread(target=lambda: found.append(calls.get(address, **options)))
    thread.start()
    site = server._app.site
    while thread.is_alive() and not site.changes._waiting:
        site.hw.changed(0, 0.02)
    assert found == []
    return thread, found


def test_a_long_poll_answers_a_change(http: httpx2.Client, hw: Headway, server: Serving) -> None:
    """?wait= holds the answer until the job is another one than the caller has."""
    job = hw.submit("a").id
    tag = http.get(f"jobs/{job}").headers["etag"]
    thread, found = poll(server, f"jobs/{job}", params={"wait": 25}, headers={"If-None-Match": tag})
    hw.pause(job)
    thread.join()
    assert found[0].json()["state"] == "paused"


def test_a_long_poll_ends_with_its_time(http: httpx2.Client, hw: Headway) -> None:
    """Where nothing changes it is answered with 304, or an empty page, when the time has passed."""
    job = hw.submit("a").id
    tag = http.get(f"jobs/{job}").headers["etag"]
    assert http.get(f"jobs/{job}", params={"wait": 0.1}, headers={"If-None-Match": tag}).status_code == 304
    assert http.get(f"jobs/{job}/events", params={"wait": 0.1, "after": 1}).json()["events"] == []


def test_events_are_waited_for(http: httpx2.Client, hw: Headway, server: Serving) -> None:
    """GET /events?after=&wait= answers as soon as there is a later entry; at once where the job is over."""
    job = hw.submit("a").id
    thread, found = poll(server, f"jobs/{job}/events", params={"wait": 25, "after": 1})
    hw.cancel(job)
    thread.join()
    assert [event["name"] for event in found[0].json()["events"]] == ["cancel"]
    assert http.get(f"jobs/{job}/events", params={"wait": 25, "after": 2}).json()["events"] == []


def test_large_answers_are_compressed(http: httpx2.Client, hw: Headway) -> None:
    """gzip where it pays and is asked for; short answers are sent as they are."""
    hw.submit_many("a", [{"text": "x" * 100}] * 20)
    assert http.get("jobs", headers={"Accept-Encoding": "gzip"}).headers.get("content-encoding") == "gzip"
    assert "content-encoding" not in http.get("jobs", headers={"Accept-Encoding": "identity"}).headers
    assert "content-encoding" not in http.get("counts", headers={"Accept-Encoding": "gzip"}).headers
