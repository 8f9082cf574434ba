"""The website mover: its manager as a Python facade, its API and its streams over HTTP."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

import examples.site_mover.website  # noqa: F401 - its job types
from headway import Headway, HeadwayError, InvalidInput, NotFound
from headway.compat import website
from headway.compat.website import Manager
from headway.live.feed import Feed
from headway.server.serving import Serving
from headway.testing import Clock
from tests.conformance import streams
from tests.conformance.streams import Sent

CONFIG = {
    "protocol": "sftp", "host": "old.example", "port": 22, "username": "ann", "password": "canary-s0",
    "root_path": "/www",
}  # fmt: skip


@pytest.fixture
def manager(hw: Headway) -> Manager:
    """The manager of a server's database."""
    return Manager(hw)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A small site, and where it is to be, as a request names them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("index.html", "a.css", "sub/b.js"):
        (tmp_path / "from" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "from" / name).write_text(name * 100)
    return {"source": _folder(tmp_path / "from"), "destination": _folder(tmp_path / "to")}


def _folder(path: Path) -> dict[str, Any]:
    return {"protocol": "file", "root_path": str(path)}


def _running(manager: Manager, kind: str = "scan") -> str:
    job_id = manager.create_job(kind, CONFIG)
    manager.update_job_status(job_id, "running")
    return job_id


def test_there_is_one_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """S0.1: every call gives the same manager, also when many come first at the same moment."""
    monkeypatch.setenv("HEADWAY_URL", str(tmp_path / "own.db"))
    monkeypatch.setattr(website, "_ONE", [])
    together = threading.Barrier(8)

    def get(_: int) -> Manager:
        together.wait()
        return website.get_manager()

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(get, range(8)))
    assert {id(one) for one in found} == {id(website.get_manager())}
    website.get_manager().hw.close()


def test_a_new_job_is_pending(manager: Manager) -> None:
    """S0.2: its id is a UUID; it is pending, and was changed last when it was created."""
    job = manager.get_job(manager.create_job("transfer", CONFIG, CONFIG))
    assert (len(job.id), job.type, job.status) == (36, "transfer", "pending")
    assert job.created_at == job.updated_at


def test_other_types_are_refused(manager: Manager) -> None:
    """S0.3: a type is scan, plan or transfer; nothing is stored of another."""
    with pytest.raises(InvalidInput, match="scan, plan, transfer"):
        manager.create_job("upload", CONFIG)
    assert manager.list_jobs() == []


def test_every_status_is_reached(manager: Manager) -> None:
    """S0.4, S0.7, S0.10: pending, running, paused, completed, failed, cancelled; the last three have an end."""
    seen = {}
    for status in ("running", "paused", "completed", "failed", "cancelled"):
        job_id = manager.create_job("scan", CONFIG)
        before = manager.get_job(job_id)
        if status not in ("running", "cancelled"):
            manager.update_job_status(job_id, "running")
        manager.update_job_status(job_id, status)
        job = manager.get_job(job_id)
        assert job.updated_at > before.updated_at
        seen[job.status] = job.completed_at is not None
    assert seen == {"running": False, "paused": False, "completed": True, "failed": True, "cancelled": True}
    with pytest.raises(InvalidInput):
        manager.update_job_status(_running(manager), "done")


def test_an_unknown_id_is_an_error(manager: Manager) -> None:
    """S0.7: whatever is asked of an id that no job has, it is an error."""
    with pytest.raises(NotFound, match="nobody"):
        manager.update_job_status("nobody", "running")
    with pytest.raises(NotFound, match="nobody"):
        manager.update_job_progress("nobody", 1)


def test_the_wire_names(manager: Manager, http: httpx2.Client) -> None:
    """S0.5, S0.9: names and values as the site's pages read them; the result stands under the job's own type."""
    job_id = _running(manager)
    manager.update_job_progress(job_id, {"files_scanned": 3, "percent_complete": 30})
    manager.set_job_result(job_id, {"files": 7}, "scan")
    manager.update_job_status(job_id, "completed")
    job = http.get(f"/api/sessions/{job_id}").json()
    wanted = {
        "id",
        "type",
        "status",
        "created_at",
        "updated_at",
        "completed_at",
        "source_config",
        "scan_result",
        "progress",
    }
    assert job.keys() == wanted
    assert (job["scan_result"], job["progress"]["files_scanned"]) == ({"files": 7}, 3)
    assert job["created_at"].endswith("Z")


def test_passwords_are_never_shown(manager: Manager, http: httpx2.Client) -> None:
    """S0.6: both ends have their config; password and key are *** in every answer."""
    job_id = manager.create_job("transfer", CONFIG, CONFIG | {"ssh_key": "canary-s0-key"})
    job = http.get(f"/api/sessions/{job_id}").json()
    assert job["source_config"] == CONFIG | {"password": "***"}
    assert job["dest_config"]["ssh_key"] == "***"
    for path in ("/api/sessions", "/api/sessions/active", f"/api/v1/jobs/{job_id}", f"/api/v1/jobs/{job_id}/events"):
        assert "canary" not in http.get(path).text


def test_secrets_of_other_names_are_never_shown(http: httpx2.Client) -> None:
    """S0.6, SEC21: what looks like a secret is one: by its name, nested, and in an address."""
    source = {
        "host": "h", "passphrase": "canary1", "private_key": "canary2", "Password": "canary3", "token": "canary4",
        "auth": {"user": "ann", "password": "canary5"}, "url": "sftp://u:canary6@h/", "apiKeys": ["canary7"],
        "text": "-----BEGIN PRIVATE KEY-----canary8", "pwd": 4711,
    }  # fmt: skip
    planned = http.post("/api/plan", json={"source": source, "destination": {"api_key": "canary9"}})
    job_id = planned.json()["id"]
    hidden = dict.fromkeys(source, "***") | {"host": "h", "auth": {"user": "ann", "password": "***"}}
    assert (planned.status_code, planned.json()["source_config"]) == (202, hidden | {"apiKeys": ["***"]})
    paths = ("sessions", f"sessions/{job_id}", "v1/jobs", f"v1/jobs/{job_id}", f"v1/website/{job_id}/status")
    answers = [planned.text, *(http.get(f"/api/{path}").raise_for_status().text for path in paths)]
    assert not any("canary" in text or "4711" in text for text in answers)


def test_progress_is_replaced(manager: Manager) -> None:
    """S0.8: the new value is all there is, whatever it is, and the job was changed at that moment."""
    job_id = _running(manager)
    for value in ({"a": 1}, {"b": [1, 2]}, "half", 17):
        before = manager.get_job(job_id).updated_at
        manager.update_job_progress(job_id, value)
        assert manager.get_job(job_id).progress == value
        assert manager.get_job(job_id).updated_at > before


def test_a_result_of_another_kind_is_refused(manager: Manager) -> None:
    """S0.9: the result of a scan can not be that of a transfer: an error, not silence."""
    job_id = _running(manager, "transfer")
    with pytest.raises(InvalidInput, match="transfer"):
        manager.set_job_result(job_id, {"files": 1}, "scan")
    manager.set_job_result(job_id, {"files": 2}, "transfer")
    assert manager.get_job(job_id).transfer_result == {"files": 2}


def test_parallel_calls_lose_nothing(manager: Manager) -> None:
    """S0.11: jobs created, updated, listed and deleted by many threads are all there, as they were left."""

    def live(number: int) -> str:
        job_id = _running(manager)
        manager.update_job_progress(job_id, number)
        manager.list_jobs()
        manager.update_job_status(job_id, "completed")
        if number % 2:
            manager.delete_job(job_id)
        return job_id

    with ThreadPoolExecutor(6) as threads:
        ids = list(threads.map(live, range(18)))
    assert {job.id: job.progress for job in manager.list_jobs("completed")} == {ids[n]: n for n in range(0, 18, 2)}


def test_a_snapshot_does_not_change(manager: Manager) -> None:
    """S0.11: what was read stays as it was read, whatever becomes of the job."""
    job_id = _running(manager)
    manager.update_job_progress(job_id, {"n": 1})
    before = manager.get_job(job_id)
    manager.update_job_progress(job_id, {"n": 2})
    manager.update_job_status(job_id, "completed")
    assert (before.status, before.progress) == ("running", {"n": 1})


def test_finished_jobs_expire_after_a_day(manager: Manager) -> None:
    """S0.12: a job goes 24 hours after its end, by itself; one that is active never does."""
    done, active = _running(manager), _running(manager)
    manager.update_job_status(done, "completed")
    expires = manager.hw.get(done).expires_at
    assert expires is not None
    assert round((expires - (manager.get_job(done).completed_at or expires)).total_seconds()) == 86_400
    assert manager.hw.get(active).expires_at is None


def test_jobs_survive_the_server(url: str) -> None:
    """S0.13: whoever opens the database next finds all jobs as they were."""
    with Headway(url) as hw:
        job_id = Manager(hw).create_job("plan", CONFIG)
    with Headway(url) as hw:
        assert Manager(hw).get_job(job_id).status == "pending"


def test_the_list_is_newest_first(manager: Manager, http: httpx2.Client, hw: Headway) -> None:
    """S0.14: all jobs of the website mover and no others, always in the same order."""
    hw.submit("other")
    ids = [manager.create_job("scan", CONFIG) for _ in range(5)]
    answer = http.get("/api/sessions")
    assert (answer.status_code, [job["id"] for job in answer.json()]) == (200, ids[::-1])


def test_clearing_leaves_active_jobs(manager: Manager, http: httpx2.Client, hw: Headway) -> None:
    """S0.15: completed, failed and cancelled ones go and are counted; active ones and other people's stay."""
    other = hw.cancel(hw.submit("other"))
    for status in ("completed", "failed", "cancelled"):
        manager.update_job_status(_running(manager), status)
    active = _running(manager)
    assert http.delete("/api/sessions").json() == {"deleted": 3}
    assert [job["id"] for job in http.get("/api/sessions").json()] == [active]
    assert hw.get(other).state == "cancelled"


def test_active_jobs_are_listed(manager: Manager, http: httpx2.Client) -> None:
    """S0.16, S0.34: an empty list where there is none; pending, running and paused ones, newest first."""
    assert http.get("/api/sessions/active").json() == []
    ids = [manager.create_job("scan", CONFIG), _running(manager), _running(manager)]
    manager.update_job_status(ids[2], "paused")
    manager.update_job_status(_running(manager), "completed")
    assert [job["status"] for job in http.get("/api/sessions/active").json()] == ["paused", "running", "pending"]


def test_one_job_and_no_other_words(manager: Manager, http: httpx2.Client, hw: Headway) -> None:
    """S0.17: 200 for a job, 404 for an unknown id, another's job and the empty id; 405 for other methods."""
    job_id = manager.create_job("scan", CONFIG)
    assert http.get(f"/api/sessions/{job_id}").status_code == 200
    for unknown in ("nobody", hw.submit("other").id, ""):
        assert http.get(f"/api/sessions/{unknown}").status_code == 404
    assert isinstance(http.get("/api/sessions/active").json(), list)
    assert http.put(f"/api/sessions/{job_id}", json={}).status_code == 405
    assert http.post("/api/sessions", json={}).status_code == 405


def test_delete_cancels_then_removes(manager: Manager, http: httpx2.Client) -> None:
    """S0.18, S0.28: an active job is cancelled, a second DELETE removes it; an unknown id is 404."""
    job_id = manager.create_job("scan", CONFIG)
    assert "message" in http.delete(f"/api/sessions/{job_id}").json()
    assert http.get(f"/api/sessions/{job_id}").json()["status"] == "cancelled"
    assert http.delete(f"/api/sessions/{job_id}").status_code == 200
    assert http.get(f"/api/sessions/{job_id}").status_code == 410
    assert http.delete("/api/sessions/nobody").status_code == 404


def test_a_cancel_is_never_overwritten(manager: Manager, http: httpx2.Client) -> None:
    """S0.28: shown as running until the work has stopped; told at its next report; never completed afterwards."""
    job_id = _running(manager, "transfer")
    http.delete(f"/api/sessions/{job_id}")
    assert manager.get_job(job_id).status == "running"
    assert manager.update_job_progress(job_id, {"files_transferred": 3}) == "cancel"
    manager.set_job_result(job_id, {"files": 3})
    manager.update_job_status(job_id, "completed")
    assert (manager.get_job(job_id).status, manager.get_job(job_id).transfer_result) == ("cancelled", {"files": 3})


def test_an_error_with_a_partial_result_is_a_failure(manager: Manager) -> None:
    """S0.29: failed, with its message, and what was done until then."""
    job_id = _running(manager, "transfer")
    manager.set_job_result(job_id, {"files": 2})
    manager.set_job_error(job_id, "connection refused")
    job = manager.get_job(job_id)
    assert (job.status, job.error_message, job.transfer_result) == ("failed", "connection refused", {"files": 2})
    with pytest.raises(HeadwayError):
        manager.update_job_status(job_id, "completed")


def test_a_scan_streams_to_its_result(http: httpx2.Client, hw: Headway, site: dict[str, Any]) -> None:
    """S0.19, S0.21, S0.23, S0.25: job_created and X-Job-ID first, then progress without a name, complete at last."""
    with hw.worker(), streams.opened(http, "POST", "/api/scan/stream", {"source": site["source"]}) as (answer, sent):
        got = list(sent)
    assert got[0] == Sent("job_created", {"job_id": answer.headers["x-job-id"]})
    assert {one.name for one in got[1:-1]} == {""}
    assert (got[-1].name, got[-1].data["files"]) == ("complete", 3)
    job = http.get(f"/api/sessions/{got[0].data['job_id']}").json()
    assert (job["status"], job["scan_result"]["statistics"]["files"]) == ("completed", 3)


def test_a_transfer_is_a_job(http: httpx2.Client, hw: Headway, site: dict[str, Any], tmp_path: Path) -> None:
    """S0.20, S0.21, S0.24, S0.25: it moves the site, tells how far it is, and keeps both ends and its result."""
    with hw.worker(), streams.opened(http, "POST", "/api/transfer/stream", site) as (_, sent):
        got = list(sent)
    told = {name for one in got if one.name == "" for name in one.data}
    assert {"status", "percent_complete", "speed", "eta"} <= told
    assert (got[-1].name, got[-1].data["success"], got[-1].data["files"]) == ("complete", True, 3)
    job = http.get(f"/api/sessions/{got[0].data['job_id']}").json()
    assert (job["type"], job["transfer_result"]["files"]) == ("transfer", 3)
    assert (job["source_config"], job["dest_config"]) == (site["source"], site["destination"])
    assert (tmp_path / "to" / "sub" / "b.js").read_text() == "sub/b.js" * 100


def test_the_last_progress_comes_before_the_end(
    http: httpx2.Client, hw: Headway, site: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """S0.20: a move that is over before anybody looks at it tells nevertheless how far it came, and then its end."""
    over, look = threading.Event(), Feed.look
    monkeypatch.setattr(Feed, "look", lambda feed: over.wait(60) and look(feed))
    with streams.opened(http, "POST", "/api/transfer/stream", site) as (_, sent):
        assert [next(sent).name, next(sent).data] == ["job_created", {"status": "pending"}]
        hw.work_until_idle()
        over.set()
        got = list(sent)
    assert [one.name for one in got] == ["", "complete"]
    assert got[0].data["percent_complete"] == 100


def test_a_plan_is_a_job(http: httpx2.Client, hw: Headway, site: dict[str, Any]) -> None:
    """S0.26: planning creates a job like the others, and its result is the plan's."""
    job = http.post("/api/plan", json=site)
    assert (job.status_code, job.json()["type"], job.json()["status"]) == (202, "plan", "pending")
    with hw.worker():
        hw.wait(job.json()["id"], timeout_s=60)
    assert http.get(f"/api/sessions/{job.json()['id']}").json()["plan_result"]["files"] == 3


def test_a_refused_connection_fails(http: httpx2.Client, hw: Headway, site: dict[str, Any], tmp_path: Path) -> None:
    """S0.21, S0.29: the last message is error with the reason; the job is failed."""
    nowhere = {"source": site["source"] | {"root_path": str(tmp_path / "nothing")}}
    with hw.worker(), streams.opened(http, "POST", "/api/scan/stream", nowhere) as (answer, sent):
        got = list(sent)
    assert (got[-1].name, "nothing" in got[-1].data["error"]) == ("error", True)
    assert http.get(f"/api/sessions/{answer.headers['x-job-id']}").json()["status"] == "failed"


@pytest.mark.parametrize("wrong", [{}, {"source": 7}, {"source": {}, "colour": "red"}])
def test_a_wrong_body_creates_no_job(http: httpx2.Client, wrong: dict[str, Any]) -> None:
    """S0.21: what does not fit is refused before anything is stored."""
    assert http.post("/api/transfer/stream", json=wrong).status_code == 422
    assert http.get("/api/sessions").json() == []


def _follow(http: httpx2.Client, path: str) -> list[Sent]:
    with streams.opened(http, "GET", path) as (_, sent):
        return list(sent)


def test_the_work_outlives_its_reader(http: httpx2.Client, hw: Headway, site: dict[str, Any]) -> None:
    """S0.22, S0.31, S0.36: a reader leaves before anything ran; another one comes back by the id and sees the end."""
    with streams.opened(http, "POST", "/api/transfer/stream", site) as (_, sent):
        job_id = next(sent).data["job_id"]
    with hw.worker():
        got = _follow(http, f"/api/sessions/{job_id}/stream")
    assert (got[0], got[-1].name) == (Sent("job_created", {"job_id": job_id}), "complete")
    assert [one.name for one in _follow(http, f"/api/sessions/{job_id}/stream")] == ["job_created", "", "complete"]
    assert http.get("/api/sessions/nobody/stream").status_code == 404


def test_a_deleted_job_ends_its_stream(manager: Manager, http: httpx2.Client) -> None:
    """S0.21: whoever follows a job that is deleted is told, and the stream ends."""
    job_id = manager.create_job("scan", CONFIG)
    with streams.opened(http, "GET", f"/api/sessions/{job_id}/stream") as (_, sent):
        next(sent)
        manager.update_job_status(job_id, "cancelled")
        manager.delete_job(job_id)
        *_, last = sent
    assert last.name == "error"


def test_a_migration_tells_its_log(manager: Manager, http: httpx2.Client) -> None:
    """S0.22: output, stats, complete; a late reader gets the last 100 lines; 404 once it is over."""
    with manager.hw.tracked("Move", type="website.transfer", category="website", show=False) as context:
        for number in range(150):
            context.log(f"line {number}")
        context.progress(done=1, total=2)
        context.checkpoint()
        with streams.opened(http, "GET", f"/api/migrations/{context.job_id}/stream") as (_, sent):
            got = [next(sent)]
            while got[-1].data != {"line": "line 149"}:
                got.append(next(sent))
    assert [one.data["line"] for one in got if one.name == "output"] == [f"line {number}" for number in range(50, 150)]
    assert next(one.data["percent_complete"] for one in got if one.name == "stats") == 50
    assert http.get(f"/api/migrations/{context.job_id}/stream").status_code == 404


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
def test_the_work_is_paused_resumed_and_cancelled(manager: Manager, http: httpx2.Client, verb: str) -> None:
    """S0.20, S0.27, S0.28: each has a route; the work is told, and the state is the one that was asked for."""
    job_id = _running(manager, "transfer")
    if verb == "resume":
        http.post(f"/api/v1/jobs/{job_id}/pause")
        assert manager.update_job_progress(job_id, {}) == "pause"
        manager.update_job_status(job_id, "paused")
        assert http.post(f"/api/v1/jobs/{job_id}/resume").json()["state"] == "pending"
        manager.update_job_status(job_id, "running")
    else:
        http.post(f"/api/v1/jobs/{job_id}/{verb}")
        manager.update_job_status(job_id, {"pause": "paused", "cancel": "cancelled"}[verb])
    wanted = {"pause": "paused", "resume": "running", "cancel": "cancelled"}[verb]
    assert manager.get_job(job_id).status == wanted


def test_a_finished_move_is_begun_again(http: httpx2.Client, hw: Headway, site: dict[str, Any]) -> None:
    """S0.30, S0.32: a restart has a new id and the same configs; what is there and the same is not copied again."""
    with hw.worker():
        with streams.opened(http, "POST", "/api/transfer/stream", site) as (_, sent):
            first, *_, last = sent
        assert last.name == "complete"
        again = http.post(f"/api/v1/jobs/{first.data['job_id']}/restart").json()["id"]
        got = _follow(http, f"/api/sessions/{again}/stream")
    job = http.get(f"/api/sessions/{again}").json()
    assert (again != first.data["job_id"], job["source_config"], job["dest_config"]) == (
        True,
        site["source"],
        site["destination"],
    )
    assert (got[-1].name, got[-1].data["files"]) == ("complete", 0)


def test_every_action_is_in_the_history(manager: Manager, http: httpx2.Client) -> None:
    """S0.37: each transition and each control action, with its time and who asked."""
    job_id = _running(manager)
    http.post(f"/api/v1/jobs/{job_id}/pause", json={"reason": "lunch"})
    manager.update_job_status(job_id, "paused")
    http.delete(f"/api/sessions/{job_id}")
    events = http.get(f"/api/v1/jobs/{job_id}/events").json()["events"]
    assert [event["name"] for event in events if event["kind"] == "move"] == [
        "submit",
        "claim",
        "pause",
        "halt",
        "cancel",
    ]
    assert all(event["at"] for event in events)
    assert next(event for event in events if event["name"] == "pause")["data"]["reason"] == "lunch"


def test_a_job_is_followed_over_a_websocket(manager: Manager, server: Serving) -> None:
    """S0.38: the same messages as over server-sent events, to the same end."""
    job_id = _running(manager)
    with streams.socket(server, f"/api/sessions/{job_id}/ws") as receive:
        got = [receive(), receive()]
        manager.update_job_progress(job_id, {"files_scanned": 4})
        while got[-1]["data"] != {"files_scanned": 4}:
            got.append(receive())
        manager.update_job_status(job_id, "completed")
        while got[-1]["event"] != "complete":
            got.append(receive())
    assert got[0] == {"event": "job_created", "data": {"job_id": job_id}}
    assert {one["event"] for one in got[1:-1]} == {"progress"}


def test_ids_are_kept_by_the_page(manager: Manager, http: httpx2.Client) -> None:
    """S0.33, S0.35: an id that a page kept finds its job, with all that its history shows of it."""
    job_id = manager.create_job("transfer", CONFIG, CONFIG)
    manager.set_job_error(job_id, "no space left")
    job = http.get(f"/api/sessions/{job_id}").json()
    assert {"id", "created_at", "completed_at", "source_config", "dest_config", "error_message"} <= job.keys()


def test_silence_is_no_end(url: str, clock: Clock) -> None:
    """S0.19: a job that says nothing for minutes runs on while the process that began it lives."""
    with Headway(url, clock=clock) as hw:
        manager = Manager(hw)
        job_id = _running(manager)
        for _ in range(4):
            clock.advance(20)
            hw._office.recorder.beat()
        hw._sweep_when_due()
        assert manager.get_job(job_id).status == "running"
        manager.update_job_status(job_id, "completed")
        assert not hw._office.recorder.busy
