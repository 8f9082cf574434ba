"""Sessions over HTTP: made, saved, started, closed; all their jobs asked at once."""

from __future__ import annotations

from typing import Any

import httpx2

from headway import Headway


def test_a_session_is_made(http: httpx2.Client, hw: Headway) -> None:
    """The answer is the session as the library has it; a second one of that id is refused (S2.7)."""
    told = {"id": "acme", "config": {"mode": "HYBRID"}, "job_type": "copy", "concurrency": 3}
    answer = http.post("sessions", json=told)
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/v1/sessions/acme"
    assert hw.session("acme").to_dict() | {"used_at": None} == answer.json() | {"used_at": None}
    assert http.post("sessions", json=told).json()["code"] == "conflict"


def test_reserved_words_are_no_sessions(http: httpx2.Client) -> None:
    """A word that stands for something else in an address is refused (S2.21)."""
    for word in ("list", "current", "info", "debug"):
        answer = http.post("sessions", json={"id": word})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


def test_the_default_session_is_never_closed(http: httpx2.Client, hw: Headway) -> None:
    """S2: it takes no idle_s, by neither name; 0, which ends one, and keep_s are taken."""
    for name in ("default", "default.yaml"):
        answer = http.put(f"sessions/{name}/config", json={"config": {}, "idle_s": 0.5})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
        answer = http.post("sessions", json={"id": name, "idle_s": 0.5})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert hw.session("default").config_version == 1
    assert http.put("sessions/default/config", json={"config": {}, "idle_s": 0, "keep_s": 60}).status_code == 200


def test_sessions_are_listed_in_pages(http: httpx2.Client, hw: Headway) -> None:
    """Open sessions come by id, the default one among them (S2.12)."""
    for name in ("a", "b"):
        hw.create_session(name)
    first = http.get("sessions", params={"limit": 2}).json()
    rest = http.get("sessions", params={"after": first["next"]}).json()
    assert [one["id"] for page in (first, rest) for one in page["sessions"]] == ["a", "b", "default.yaml"]


def test_a_save_takes_if_match(http: httpx2.Client, hw: Headway) -> None:
    """A save by the ETag of what was read makes the next version; by an older one it is 412 and nothing is stored."""
    hw.create_session("acme", {"n": 1})
    tag = http.get("sessions/acme").headers["etag"]
    saved = http.put("sessions/acme/config", json={"config": {"n": 2}}, headers={"If-Match": tag})
    stale = http.put("sessions/acme/config", json={"config": {"n": 3}}, headers={"If-Match": tag})
    assert (saved.status_code, saved.json()["config_version"]) == (200, 2)
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert hw.session("acme").config == {"n": 2}


def test_a_save_compares_the_whole_tag(http: httpx2.Client, hw: Headway) -> None:
    """An ETag that the session never had is refused, though its version is the current one; a bare version is taken."""
    hw.create_session("acme", {"n": 1})
    path, body = "sessions/acme/config", {"config": {"n": 2}}
    wrong = http.put(path, json=body, headers={"If-Match": '"1-wrong"'})
    assert (wrong.status_code, hw.session("acme").config) == (412, {"n": 1})
    assert http.put(path, json=body, headers={"If-Match": '"1"'}).status_code == 200


def test_a_save_by_version_is_refused_as_by_the_library(http: httpx2.Client, hw: Headway) -> None:
    """`version` in the body is that of the verb: 409 conflict where it is not the current one."""
    hw.create_session("acme")
    answer = http.put("sessions/acme/config", json={"config": {}, "version": 7})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_secrets_are_masked(http: httpx2.Client, hw: Headway) -> None:
    """A password in a configuration never comes back, neither from a save nor from a list (S2.21, SEC21)."""
    http.post("sessions", json={"id": "acme", "config": {"password": "canary"}})
    answer = http.put("sessions/acme/config", json={"config": {"password": "***", "n": 1}})
    assert answer.json()["config"]["n"] == 1
    assert "canary" not in answer.text + http.get("sessions/acme/versions").text + http.get("sessions").text


def test_a_start_launches_the_named_session(http: httpx2.Client, hw: Headway) -> None:
    """It is the session of the path that starts, not the caller's own; the same key starts once (S2.23)."""
    for name in ("a", "b"):
        hw.create_session(name, job_type="copy")
    headers = {"Headway-Session": "b", "Idempotency-Key": "once"}
    asked = {"input": {"n": 1}, "context_id": "vm-1", "labels": {"site": "x"}}
    first, again = (http.post("sessions/a/start", json=asked, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()["session"], first.json()["context_id"]) == (201, "a", "vm-1")
    assert first.json()["id"] == again.json()["id"]
    assert [job.session for job in hw.jobs()] == ["a"]


def test_all_jobs_are_asked(http: httpx2.Client, hw: Headway) -> None:
    """Pause, resume and cancel reach every open job of the session, and no other."""
    hw.create_session("acme")
    inside, outside = [hw.submit("copy", session="acme").id for _ in range(2)], hw.submit("copy")
    for move, state in (("pause", "paused"), ("resume", "pending"), ("cancel", "cancelled")):
        jobs: Any = http.post(f"sessions/acme/{move}", json={"reason": "test"}).json()["jobs"]
        assert sorted((job["id"], job["state"]) for job in jobs) == sorted((job, state) for job in inside)
    assert hw.get(outside.id).state == "pending"


def test_a_running_session_is_not_closed(http: httpx2.Client, hw: Headway) -> None:
    """409 with the job, as long as one is open; then it is closed and unknown (S2.11)."""
    hw.create_session("acme")
    job = hw.submit("copy", session="acme")
    busy = http.delete("sessions/acme")
    assert (busy.status_code, busy.json()["code"], busy.json()["job_id"]) == (409, "session_busy", job.id)
    hw.cancel(job)
    assert http.delete("sessions/acme").status_code == 200
    assert http.get("sessions/acme").status_code == 404
