"""S2, the sessions of migrations: /api/v2/session over real HTTP."""

from __future__ import annotations

import logging
import threading
from typing import Any

import httpx2
import pytest

import headway
from headway import Headway
from headway.server.serving import Serving
from tests.conformance.conftest import Browser
from tests.support import calls

BASE = "/api/v2/session"
CONFIG = {"clusters": {"LEFT": {"uri": "jdbc:hive2://old.example"}}, "dataStrategy": "HYBRID", "password": "canary"}


@pytest.fixture
def started(hw: Headway) -> threading.Event:
    """A job type whose jobs run until they are told to stop; set when one of them runs."""
    running = threading.Event()

    @headway.job("s2.migrate")
    def migrate(ctx: headway.Context) -> dict[str, Any]:
        ctx.plan("connect", "process tables")
        ctx.step("connect", lambda: None)
        ctx.warn("a table without statistics")
        running.set()
        while True:
            ctx.sleep(0.01)

    return running


@pytest.fixture
def migrations(hw: Headway) -> None:
    """A job type that ends at once, which every session launches unless it has one of its own."""

    @headway.job("s2.short")
    def short(ctx: headway.Context) -> dict[str, Any]:
        for _ in ctx.track(range(4), "process tables"):
            pass
        return {"databases": ["sales"], "session": headway.current_session(), "config": dict(ctx.config)}

    hw.save_session("default.yaml", {}, job_type="s2.short")


def test_current_is_the_callers_own(http: httpx2.Client) -> None:
    """S2.13: 200 with sessionId, concurrency, connected, runStatus, config, conversion; the same one every time."""
    first, again = (http.get(f"{BASE}/current").json() for _ in range(2))
    assert {"sessionId", "concurrency", "connected", "runStatus", "config", "conversion"} <= first.keys()
    assert (first["sessionId"], first["concurrency"], first["runStatus"]) == (again["sessionId"], 10, None)


def test_each_client_has_its_own(server: Serving) -> None:
    """S2.2, S2.4: two HTTP sessions are two workspaces, web- and something that nobody can guess."""
    found = {calls.get(f"{server.address}{BASE}/current").json()["sessionId"] for _ in range(3)}
    assert len(found) == 3
    assert all(one.startswith("web-") and len(one) == 68 for one in found)


def test_a_tab_chooses(http: httpx2.Client, hw: Headway) -> None:
    """S2.2, S2.6: the tab's own header comes before the query, that before the cookie, which tabs share."""
    hw.create_session("a")
    hw.create_session("b")
    http.get(f"{BASE}/current")
    assert http.get(f"{BASE}/current", headers={"Headway-Session": "a"}).json()["sessionId"] == "a"
    assert http.get(f"{BASE}/current?session=b").json()["sessionId"] == "b"
    assert http.get(f"{BASE}/current?session=b", headers={"Headway-Session": "a"}).json()["sessionId"] == "a"
    assert http.get(f"{BASE}/current").json()["sessionId"].startswith("web-")


def test_default_has_two_names(http: httpx2.Client) -> None:
    """S2.5: default and default.yaml are one workspace."""
    found = [
        http.get(f"{BASE}/current", headers={"Headway-Session": name}).json() for name in ("default", "default.yaml")
    ]
    assert [one["sessionId"] for one in found] == ["default.yaml", "default.yaml"]
    assert http.get(f"{BASE}/default.yaml").json()["sessionId"] == "default.yaml"


def test_info_is_always_answered(http: httpx2.Client) -> None:
    """S2.14: sessionId, connected, running, concurrency; `unknown` where the session that is named is not there."""
    told = http.get(f"{BASE}/info")
    assert told.json().keys() == {"sessionId", "connected", "running", "concurrency"}
    missing = http.get(f"{BASE}/info", headers={"Headway-Session": "nowhere"})
    assert (missing.status_code, missing.json()["sessionId"]) == (200, "unknown")


def test_debug_tells_how_it_was_found(http: httpx2.Client, hw: Headway) -> None:
    """S2.15: the thread's session, the browser's, the stored one; also in the worker thread; nothing of the config."""
    hw.create_session("acme", CONFIG)
    own = http.get(f"{BASE}/current").json()["sessionId"]
    told = http.get(f"{BASE}/debug", headers={"Headway-Session": "acme"})
    body = told.json()
    assert (body["threadContextSession"], body["httpSessionId"], body["resolvedBy"]) == ("acme", own, "header")
    assert (body["executeSessionFromHttp"], body["sessionManagerSession"]["sessionId"]) == (None, "acme")
    assert body["requestAttributesAvailable"] is True
    assert "canary" not in told.text
    assert "jdbc" not in told.text


def test_debug_is_guarded(hw: Headway) -> None:
    """S2.15: like every path it is only for callers with the server's token, where it has one."""
    from headway.server import create_app

    with Serving(create_app(hw, token="t" * 32), port=0) as serving:
        assert calls.get(f"{serving.address}{BASE}/debug").status_code == 401


def test_a_session_is_fetched_by_id(http: httpx2.Client, hw: Headway) -> None:
    """S2.16: 200 with the session, 404 when unknown."""
    hw.create_session("acme", {"n": 1}, concurrency=3)
    found = http.get(f"{BASE}/acme").json()
    assert (found["sessionId"], found["concurrency"], found["config"]) == ("acme", 3, {"n": 1})
    assert http.get(f"{BASE}/nowhere").status_code == 404


def test_a_session_is_created(http: httpx2.Client, hw: Headway) -> None:
    """S2.17: 201 with the session; the body is its configuration and may be left out; 400 for one that is none."""
    made = http.post(f"{BASE}/acme", json=CONFIG)
    assert (made.status_code, made.json()["sessionId"]) == (201, "acme")
    assert made.json()["config"]["dataStrategy"] == "HYBRID"
    assert "canary" not in made.text
    assert http.post(f"{BASE}/plain").status_code == 201
    assert http.post(f"{BASE}/bad", json=["no", "object"]).status_code == 400
    assert http.post(f"{BASE}/broken", content=b"{", headers={"Content-Type": "application/json"}).status_code == 400


def test_an_existing_id_is_refused(http: httpx2.Client, hw: Headway) -> None:
    """S2.7, S2.21: 409 for an id that is there, which keeps its configuration; 400 for a reserved word."""
    http.post(f"{BASE}/acme", json={"n": 1})
    assert http.post(f"{BASE}/acme", json={"n": 2}).status_code == 409
    assert hw.session("acme").config == {"n": 1}
    assert [http.post(f"{BASE}/{word}").status_code for word in ("list", "current", "info", "debug")] == [405] * 4
    assert [http.post(f"{BASE}/{word}").status_code for word in ("config", "start", "..%20")] == [400] * 3


def test_creating_binds_the_browser(browser: Browser) -> None:
    """S2.8: whoever creates a session is in it from then on; other browsers are not."""
    one, other = browser(), browser()
    one.post(f"{BASE}/acme")
    assert one.get(f"{BASE}/current").json()["sessionId"] == "acme"
    assert other.get(f"{BASE}/current").json()["sessionId"].startswith("web-")


def test_a_start_launches_work(http: httpx2.Client, hw: Headway, started: threading.Event) -> None:
    """S2.18, S2.24, S2.9: 200 with the run's status; started means that work runs; a second start is refused."""
    hw.create_session("acme", CONFIG, job_type="s2.migrate")
    with hw.worker():
        run = http.post(f"{BASE}/acme/start?concurrency=20")
        assert (run.status_code, run.json()["sessionId"], run.json()["concurrency"]) == (200, "acme", 20)
        assert run.json()["progress"] in ("STARTED", "IN_PROGRESS")
        assert started.wait(60)
        again = http.post(f"{BASE}/acme/start")
        assert (again.status_code, again.json()["job_id"]) == (400, run.json()["jobId"])
        assert http.get(f"{BASE}/acme").json()["running"] is True
        hw.cancel(run.json()["jobId"])
        hw.wait(run.json()["jobId"], timeout_s=60)
    assert len(hw.jobs(session="acme")) == 1


def test_of_many_starts_one_wins(http: httpx2.Client, server: Serving, hw: Headway, migrations: None) -> None:
    """S2.9, S2.32: of starts at the same moment one launches, and the others are refused."""
    hw.create_session("acme")
    hw.start_session("acme", job_type="s2.short")
    hw.cancel(hw.jobs(session="acme")[0])
    found: list[int] = []

    def start() -> None:
        found.append(calls.post(f"{server.address}{BASE}/acme/start").status_code)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200] + [400] * 5


def test_a_start_that_can_not_be_is_refused(http: httpx2.Client, hw: Headway) -> None:
    """S2.18: 404 for an unknown session, 400 where there is nothing to start or the concurrency is none."""
    hw.create_session("acme")
    assert http.post(f"{BASE}/nowhere/start").status_code == 404
    assert http.post(f"{BASE}/acme/start").status_code == 400
    assert http.post(f"{BASE}/acme/start?concurrency=0&type=copy").status_code == 400


def test_sessions_run_side_by_side(http: httpx2.Client, hw: Headway) -> None:
    """S2.22, S2.1: two sessions started with different concurrency run at once, and neither changes the other."""
    for name, most in (("a", 4), ("b", 8)):
        hw.create_session(name, {"of": name}, job_type="copy")
        assert http.post(f"{BASE}/{name}/start?concurrency={most}").status_code == 200
    found = {name: http.get(f"{BASE}/{name}").json() for name in ("a", "b")}
    assert {name: (one["concurrency"], one["config"]) for name, one in found.items()} == {
        "a": (4, {"of": "a"}),
        "b": (8, {"of": "b"}),
    }
    assert all(one["running"] for one in found.values())


def test_the_named_session_starts(browser: Browser, hw: Headway) -> None:
    """S2.23, S2.25: from a browser bound to b, start and save by id act on a, and no id changes."""
    hw.create_session("a", job_type="copy")
    client = browser()
    client.post(f"{BASE}/b")
    run = client.post(f"{BASE}/a/start").json()
    assert (run["sessionId"], [job.session for job in hw.jobs()]) == ("a", ["a"])
    assert run["jobId"] != "a"
    assert client.get(f"{BASE}/a").json()["sessionId"] == "a"
    assert client.put(f"{BASE}/b/config", json={"n": 2}).json() is True
    assert (hw.session("a").config, hw.session("b").config) == ({}, {"n": 2})


def test_a_configuration_is_saved(http: httpx2.Client, hw: Headway) -> None:
    """S2.19, S2.10: 200 true, maxThreads with it; a blank password keeps the stored one; 400 and 404."""
    http.post(f"{BASE}/acme", json=CONFIG)
    saved = http.put(f"{BASE}/acme/config?maxThreads=7", json={**CONFIG, "password": ""})
    assert (saved.status_code, saved.json()) == (200, True), saved.text
    assert (hw.session("acme").concurrency, hw.session("acme").config_version) == (7, 2)
    assert hw.session("acme").config["password"] not in ("", None)
    assert http.put(f"{BASE}/acme/config", json=3).status_code == 400
    assert http.put(f"{BASE}/nowhere/config", json={}).status_code == 404


def test_a_running_session_is_not_saved(http: httpx2.Client, hw: Headway) -> None:
    """S2.10: refused with 400 while it runs; the configuration stays."""
    hw.create_session("acme", {"n": 1})
    hw.submit("copy", session="acme")
    assert http.put(f"{BASE}/acme/config", json={"n": 2}).status_code == 400
    assert hw.session("acme").config == {"n": 1}


def test_a_session_is_deleted(http: httpx2.Client, hw: Headway) -> None:
    """S2.20, S2.11: 204, also for one that is not there; the default one stays; running: 409, and it is there."""
    hw.create_session("acme")
    job = hw.submit("copy", session="acme")
    assert http.delete(f"{BASE}/acme").status_code == 409
    assert http.get(f"{BASE}/acme").status_code == 200
    hw.cancel(job)
    assert [http.delete(f"{BASE}/{name}").status_code for name in ("acme", "acme", "default.yaml")] == [204] * 3
    assert [http.get(f"{BASE}/{name}").status_code for name in ("acme", "default.yaml")] == [404, 200]


def test_who_deletes_their_session_gets_another(browser: Browser) -> None:
    """S2.20: a browser whose session is gone is not left without one."""
    client = browser()
    client.post(f"{BASE}/acme")
    client.delete(f"{BASE}/acme")
    assert client.get(f"{BASE}/current").json()["sessionId"].startswith("web-")


def test_all_are_listed(http: httpx2.Client, hw: Headway) -> None:
    """S2.21, S2.12: a map of ids to sessions, the default and the caller's own included; no password comes back."""
    hw.create_session("acme", CONFIG)
    own = http.get(f"{BASE}/current").json()["sessionId"]
    answer = http.get(f"{BASE}/list")
    assert answer.json().keys() == {"acme", "default.yaml", own}
    assert all(one["sessionId"] == name for name, one in answer.json().items())
    assert "canary" not in answer.text


def test_a_run_is_told(http: httpx2.Client, hw: Headway, migrations: None) -> None:
    """S2.34, S2.36, S2.27: start, end, counts and the return code of a run, which had its session and configuration."""
    hw.create_session("acme", {"dataStrategy": "SCHEMA_ONLY"})
    http.post(f"{BASE}/acme/start")
    hw.work_until_idle()
    told = http.get(f"{BASE}/acme").json()
    run = told["runStatus"]
    assert (run["progress"], run["returnCode"], run["percent"], told["running"]) == ("COMPLETED", 0, 100, False)
    assert run["operationStatistics"]["counts"] == run["operationStatistics"]["successes"] == 4
    assert told["conversion"] == {
        "databases": ["sales"],
        "session": "acme",
        "config": {"dataStrategy": "SCHEMA_ONLY"},
    }
    assert run["start"] <= run["end"]


def test_stages_and_warnings_are_told(http: httpx2.Client, hw: Headway, started: threading.Event) -> None:
    """S2.33, S2.35: stages WAITING to SKIPPED in their order, warnings by their text; cancelled, it is CANCELLED."""
    hw.create_session("acme", job_type="s2.migrate")
    with hw.worker():
        job = http.post(f"{BASE}/acme/start").json()["jobId"]
        assert started.wait(60)
        hw.cancel(job)
        hw.wait(job, timeout_s=60)
    run = http.get(f"{BASE}/acme").json()["runStatus"]
    assert list(run["stages"].items()) == [("connect", "COMPLETED"), ("process tables", "WAITING")]
    assert (run["progress"], run["returnCode"]) == ("CANCELLED", 1)
    assert run["warningMessages"] == ["a table without statistics"]


def test_connected_means_a_worker(http: httpx2.Client, hw: Headway, migrations: None) -> None:
    """S2.31: pools and services belong to workers, which all sessions share; a session says whether one is there."""
    hw.create_session("a", job_type="s2.short")
    hw.create_session("b", job_type="nobody.has")
    with hw.worker():
        hw.wait(hw.start_session("a"), timeout_s=60)
        assert [http.get(f"{BASE}/{name}").json()["connected"] for name in ("a", "b")] == [True, False]


def test_paths_are_not_doubled(http: httpx2.Client) -> None:
    """S2.38: each documented path, put behind the address of the server, reaches its endpoint."""
    document = http.get("/openapi.json").json()
    paths = [path for path in document["paths"] if path.startswith(BASE)]
    assert len(paths) == 7
    assert document["servers"] == [{"url": "/"}]
    assert not [path for path in document["paths"] if "/api/api" in path]
    for path in ("current", "info", "debug", "list"):
        assert http.get(f"{BASE}/{path}").status_code == 200


def test_the_log_tells_the_session(browser: Browser, hw: Headway, caplog: pytest.LogCaptureFixture) -> None:
    """S2.39: each request's line says which session it had and by what; making one for a browser has a line."""
    caplog.set_level(logging.INFO, "headway.server")
    client = browser()
    client.get(f"{BASE}/current", headers={"Headway-Session": "default"})
    own = client.get(f"{BASE}/current").json()["sessionId"]
    client.post("/api/v1/jobs", json={"type": "copy"})
    told = [(line.told["session"], line.told["session_by"]) for line in caplog.records if hasattr(line, "told")]
    assert ("default.yaml", "header") in told
    assert (f"{own[:12]}...", "cookie") in told
    assert any("was made for a browser" in line.getMessage() for line in caplog.records)


def test_s2_41_nothing_has_to_be_moved(http: httpx2.Client, hw: Headway) -> None:
    """S2.41, S2.3: programs that know of no sessions work in the default one, over HTTP as in the library."""
    job = http.post("/api/v1/jobs", json={"type": "copy"}).json()
    assert job["session"] == hw.submit("copy").session == "default.yaml"
