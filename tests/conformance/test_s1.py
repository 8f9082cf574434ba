"""The web scraper: its session manager as a Python facade, its API and its socket over HTTP, on real pages."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

import examples.crawler.jobs  # noqa: F401 - its job type
from headway import Headway, HeadwayError, IllegalMove, InvalidInput
from headway.compat import scraping
from headway.compat.scraping import Manager
from headway.server import create_app
from headway.server.serving import Serving
from tests.crawler.site import Site, documents, served
from tests.support import calls

CONFIG = {"url": "https://docs.example/a", "max_pages": 5}


@pytest.fixture
def manager(hw: Headway) -> Manager:
    """The manager of a server's database."""
    return Manager(hw)


@pytest.fixture
def site() -> Iterator[Site]:
    """The documents of this project, on a free port."""
    with served() as site:
        documents(site)
        yield site


@pytest.fixture
def config(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A crawl of a few of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return {"url": site.address, "max_pages": 4, "delay": 0}


def _new(manager: Manager, status: str = "pending") -> str:
    """A session of the caller's own in a state."""
    session = manager.create_session(CONFIG).id
    for step in {"pending": (), "running": ("running",)}.get(status, ("running", status)):
        assert manager.transition_session_state(session, step)
    return session


@contextmanager
def _socket(server: Serving, session: str) -> Iterator[tuple[ClientConnection, Callable[[], Any]]]:
    with calls.connect(
        server.address.replace("http", "ws", 1) + f"/ws/scrape/{session}", compression=None
    ) as connection:
        yield connection, lambda: json.loads(connection.recv(timeout=60))


def _until(receive: Callable[[], Any], name: str) -> list[Any]:
    told = [receive()]
    while told[-1]["type"] != name:
        told.append(receive())
    return told


def test_a_session_has_the_fields_of_then_and_now(manager: Manager) -> None:
    """S1.1, S1.13, S1.33: a new session has a UUID, is pending, with zeroed progress and the domain of its address."""
    session = manager.create_session(CONFIG, user_id="anonymous")
    assert (len(session.id), session.status, session.domain) == (36, "pending", "docs.example")
    assert (session.progress.pages_scraped, session.progress.urls_found, session.progress.errors_count) == (0, 0, 0)
    assert (session.target_url, session.url, session.user_id) == (CONFIG["url"], CONFIG["url"], "anonymous")
    assert session.created_at == session.last_updated == session.updated_at
    assert session.end_time is session.completed_at is session.start_time is session.summary_results is None


def test_impossible_configurations_are_refused(manager: Manager) -> None:
    """S1.12: 1 to 10,000 pages, a delay of 0 to 60 s, an address of the web; nothing is stored of others."""
    for wrong in (
        {"max_pages": 0},
        {"max_pages": 10_001},
        {"delay": 61},
        {"delay": -1},
        {"url": "ftp://x"},
        {"url": "http://["},
        {"page": 1},
    ):
        with pytest.raises(InvalidInput):
            manager.create_session({**CONFIG, **wrong})
    assert list(scraping.jobs(manager.hw)) == []
    stored = manager.create_session({"url": "http://a"}).config
    assert (stored.get("max_pages", 10), stored.get("depth", 3), stored.get("concurrency", 1)) == (10, 3, 1)


@pytest.mark.parametrize("start", scraping.ALLOWED)
def test_only_allowed_transitions_are_made(manager: Manager, start: str) -> None:
    """S1.2, S1.8, S1.14: exactly the transitions of the list; false for others, and the state stays."""
    for target in scraping.ALLOWED:
        session = _new(manager, start)
        allowed = target in scraping.ALLOWED[start]
        assert manager.transition_session_state(session, target) is allowed, (start, target)
        found = manager.get_session(session)
        assert found is not None
        assert found.status == (target if allowed else start)


def test_a_refused_transition_names_both_states(manager: Manager) -> None:
    """S1.7: the error names the states; an unknown session is not found, and false in the facade."""
    with pytest.raises(IllegalMove, match="is pending and can not become completed"):
        manager.move(_new(manager), "completed")
    assert manager.transition_session_state("nobody", "running") is False
    with pytest.raises(InvalidInput, match="pending, running"):
        manager.move(_new(manager), "cancelled")


def test_ends_have_a_time_until_the_session_goes_on(manager: Manager) -> None:
    """S1.7, S1.9: completed and failed set the end time; failed to running takes it away again."""
    completed, failed = (manager.get_session(_new(manager, state)) for state in ("completed", "failed"))
    assert completed is not None
    assert failed is not None
    assert completed.end_time is not None
    assert failed.end_time is not None
    assert manager.transition_session_state(failed.id, "running")
    again = manager.get_session(failed.id)
    assert again is not None
    assert again.end_time is None


def test_progress_is_merged(manager: Manager) -> None:
    """S1.9, S1.10, S1.15: transitions and checkpoints merge into what is kept; last_checkpoint tells when."""
    session = _new(manager)
    assert manager.transition_session_state(session, "running", {"pages_scraped": 1, "urls_found": 7})
    assert manager.checkpoint_session_progress(session, {"pages_scraped": 2, "discovered_urls": ["/x"], "own": 1})
    assert manager.transition_session_state(session, "paused", {"errors_count": 3})
    found = manager.get_session(session)
    assert found is not None
    told = found.progress
    assert (told.pages_scraped, told.urls_found, told.errors_count, told.discovered_urls) == (2, 7, 3, ["/x"])
    assert (told.more, told.last_checkpoint is not None) == ({"own": 1}, True)
    assert manager.checkpoint_session_progress("nobody", {}) is False


@pytest.mark.parametrize(("start", "targets"), [("pending", ["running"]), ("running", ["completed", "failed"])])
def test_of_racing_transitions_one_wins(manager: Manager, start: str, targets: list[str]) -> None:
    """S1.9: read and write are one: of two racing transitions exactly one is made, and its state stands."""
    for _ in range(5):
        session = _new(manager, start)
        together = threading.Barrier(4)

        def race(target: str, session: str = session, together: threading.Barrier = together) -> str | None:
            together.wait()
            return target if manager.transition_session_state(session, target) else None

        with ThreadPoolExecutor(4) as threads:
            won = [target for target in threads.map(race, (targets * 4)[:4]) if target]
        found = manager.get_session(session)
        assert found is not None
        assert won == [found.status]


def test_only_interrupted_and_paused_sessions_resume(manager: Manager) -> None:
    """S1.16: resume gives the session, running; null for any other state and for an unknown id."""
    for state in ("paused", "interrupted"):
        resumed = manager.resume_session(_new(manager, state))
        assert resumed is not None
        assert resumed.status == "running"
    for state in ("pending", "running", "completed", "failed"):
        assert manager.resume_session(_new(manager, state)) is None
    assert manager.resume_session("nobody") is None


def test_interrupted_sessions_are_listed(manager: Manager) -> None:
    """S1.18, S1.16: interrupted and paused ones, those that changed last first; what is stored is what is told."""
    first, second = _new(manager, "paused"), _new(manager, "interrupted")
    _new(manager, "running")
    assert [session.id for session in manager.get_interrupted_sessions()] == [second, first]
    manager.resume_session(second)
    assert [session.id for session in Manager(manager.hw).get_interrupted_sessions()] == [first]


def test_cleanup_forgets_only_what_is_over(manager: Manager) -> None:
    """S1.17: completed and failed sessions go; active ones stay."""
    for state in ("pending", "running", "paused", "interrupted"):
        session = _new(manager, state)
        assert manager.cleanup_session(session) is False
        assert manager.get_session(session) is not None
    for state in ("completed", "failed"):
        session = _new(manager, state)
        assert manager.cleanup_session(session) is True
        assert manager.get_session(session) is None
    assert manager.cleanup_session("nobody") is False


def test_sessions_are_upserted(manager: Manager) -> None:
    """S1.18: a session that is unknown is created, one that is known moves to what is given."""
    made = manager.upsert_session({"target_url": CONFIG["url"], "status": "running", "progress": {"urls_found": 2}})
    assert (made.status, made.progress.urls_found) == ("running", 2)
    same = manager.upsert_session(
        {"id": made.id, "target_url": made.url, "status": "running", "progress": {"errors_count": 1}}
    )
    assert (same.id, same.progress.urls_found, same.progress.errors_count) == (made.id, 2, 1)
    assert manager.upsert_session({"id": made.id, "url": made.url, "status": "completed"}).status == "completed"
    assert manager.get_session("nobody") is None


@pytest.mark.parametrize(("old", "status"), [("starting", "pending"), ("error", "failed"), ("stopped", "failed")])
def test_old_sessions_are_taken_and_given_back(manager: Manager, old: str, status: str) -> None:
    """S1.31, S1.2: old fields and words are read; there and back keep id, address and counts."""
    session = manager.upsert_session({"url": CONFIG["url"], "status": old, "pages_scraped": 3, "urls_found": 9})
    assert session.status == status
    told = scraping.to_legacy(session)
    assert (told["id"], told["url"]) == (session.id, CONFIG["url"])
    assert scraping.from_legacy(told)["status"] == status
    if status == "failed":
        assert (told["pages_scraped"], told["urls_found"], session.pages_scraped) == (3, 9, 3)


def test_a_failed_write_is_seen(tmp_path: Path) -> None:
    """S1.19: what could not be stored is an error of the caller, never only a line of the log."""
    place = tmp_path / "away"
    place.mkdir()
    with Headway(place / "jobs.db") as hw:
        hw.jobs()
        (place / "jobs.db").unlink()
        place.rename(tmp_path / "gone")
    place.write_text("a file where the folder was")
    with Headway(place / "jobs.db") as hw, pytest.raises(HeadwayError):
        Manager(hw).create_session(CONFIG)


def test_a_crawl_is_begun_and_asked_for(http: httpx2.Client, hw: Headway, config: dict[str, Any], site: Site) -> None:
    """S1.23, S1.24, S1.36: /start crawls; status, result and sessions tell what was done, page by page."""
    started = http.post("/api/scrape/start", json=config).json()
    session = started["session_id"]
    assert started == {"session_id": session, "status": "pending"}
    assert [one["id"] for one in http.get("/api/scrape/sessions").json()["active_sessions"]] == [session]
    hw.work_until_idle()
    status = http.get(f"/api/scrape/status/{session}").json()
    assert (status["status"], status["pages_scraped"], status["urls_found"] > 4) == ("completed", 4, True)
    result = http.get(f"/api/scrape/result/{session}", params={"limit": 500}).json()
    scraped = [page for page in result["pages"] if page["status"] == "scraped"]
    assert (len(scraped), result["result"]["unique"], result["next"]) == (4, 4, None)
    assert {page["http_status"] for page in scraped} == {200}
    assert len(site.fetched()) == 4
    told = http.get("/api/scrape/sessions").json()
    assert ([], [session]) == (told["active_sessions"], [one["id"] for one in told["completed_sessions"]])


def test_a_session_of_any_input_is_listed(http: httpx2.Client, hw: Headway) -> None:
    """S1.23: what no door of the scraper would have taken hides no other session."""
    job = hw.submit(scraping.TYPE, {"url": "http://["}, category=scraping.CATEGORY)
    (listed,) = http.get("/api/scrape/sessions").json()["active_sessions"]
    assert (listed["id"], listed["domain"]) == (job.id, "")


def test_wrong_calls_are_refused(http: httpx2.Client, hw: Headway) -> None:
    """S1.12, S1.23: what does not fit creates nothing; an unknown session is not found."""
    for wrong in ({}, {"url": "file:///x"}, {**CONFIG, "max_pages": 0}, {**CONFIG, "more": 1}):
        assert http.post("/api/scrape/start", json=wrong).status_code == 422
    assert list(scraping.jobs(hw)) == []
    for call in ("pause", "resume", "stop"):
        assert http.post(f"/api/scrape/{call}/nobody").status_code == 404
    for read in ("status", "result"):
        assert http.get(f"/api/scrape/{read}/nobody").status_code == 404


def test_a_crawl_over_the_socket_is_controlled(
    server: Serving, http: httpx2.Client, hw: Headway, config: dict[str, Any], site: Site
) -> None:
    """S1.22, S1.24, S1.28: begun over a socket, it outlives it, is paused, resumed over HTTP, and looked at again."""
    reached, go_on = threading.Event(), threading.Event()

    def hold(path: str) -> None:
        if path == "/guide.html":
            reached.set()
            go_on.wait(60)

    site.hold = hold
    with hw.worker(slots=1):
        with _socket(server, "crawl-7") as (connection, receive):
            assert receive() == {"type": "connection_established", "data": {"session_id": "crawl-7", "status": None}}
            connection.send(json.dumps({"type": "start", "config": config | {"max_pages": 500, "depth": 9}}))
            told = _until(receive, "content_downloaded")
            assert {"status_update"} >= {one["type"] for one in told[:-1]}
        assert reached.wait(60)
        assert http.post("/api/scrape/pause/crawl-7").json() == {"session_id": "crawl-7", "status": "running"}
        go_on.set()
        hw.wait("crawl-7", until="paused", timeout_s=60)
        assert http.get("/api/scrape/status/crawl-7").json()["status"] == "paused"
        with _socket(server, "crawl-7") as (connection, receive):
            assert receive()["data"] == {"session_id": "crawl-7", "status": "paused"}
            assert http.post("/api/scrape/resume/crawl-7").json()["status"] == "pending"
            told = _until(receive, "scrape_complete")
    last = [one["data"] for one in told if one["type"] == "status_update"][-1]
    assert (last["status"], last["pages_scraped"], last["ended_at"] is not None) == ("completed", len(site.pages), True)
    assert told[-1]["data"]["result"]["pages_scraped"] == len(site.pages)
    assert len(site.fetched()) == len(set(site.fetched()))


def test_a_stopped_crawl_is_not_completed(
    server: Serving, http: httpx2.Client, hw: Headway, config: dict[str, Any], site: Site
) -> None:
    """S1.24: stop ends a crawl as failed, never as completed; its socket is told so."""
    reached = threading.Event()
    site.hold = lambda path: reached.set() if path != "/robots.txt" else None
    with hw.worker(slots=1), _socket(server, "s") as (connection, receive):
        receive()
        connection.send(json.dumps(config | {"delay": 60}))
        assert reached.wait(60)
        connection.send(json.dumps({"type": "stop"}))
        told = _until(receive, "error")[-1]["data"]
    assert (told["status"], told["error"]) == ("failed", "it was stopped")
    assert http.get("/api/scrape/status/s").json()["status"] == "failed"
    assert http.post("/api/scrape/resume/s").status_code == 409


def test_the_socket_answers_what_it_is_told(server: Serving, hw: Headway) -> None:
    """S1.22: a heartbeat is answered; what does not fit is an error, and the connection stays."""
    with _socket(server, "s") as (connection, receive):
        assert receive()["type"] == "connection_established"
        for wrong in ("no json", '{"type": "dance"}', '{"type": "start"}', '{"url": "ftp://x"}', '{"type": "pause"}'):
            connection.send(wrong)
            assert receive()["type"] == "error"
        connection.send('{"type": "heartbeat"}')
        assert receive() == {"type": "heartbeat", "data": {"session_id": "s"}}
    assert list(scraping.jobs(hw)) == []


def test_a_stop_that_was_asked_for_wins(manager: Manager) -> None:
    """S1.24, S1.14: a session that somebody has stopped never completes; who says so is told that it did not."""
    session = _new(manager, "running")
    manager.hw.cancel(session)
    assert manager.transition_session_state(session, "completed") is False
    found = manager.get_session(session)
    assert found is not None
    assert found.status == "failed"


def test_who_talks_too_much_is_cut_off(server: Serving, hw: Headway) -> None:
    """S1.22: a hundred messages a minute are heard, no more."""
    with _socket(server, "s") as (connection, receive):
        receive()
        for _ in range(100):
            connection.send('{"type": "heartbeat"}')
            assert receive()["type"] == "heartbeat"
        connection.send('{"type": "heartbeat"}')
        with pytest.raises(ConnectionClosed):
            receive()
    assert list(scraping.jobs(hw)) == []


def test_a_session_id_means_one_open_crawl(http: httpx2.Client, config: dict[str, Any]) -> None:
    """S1.23, S1.24: a second start of an open session is refused and begins nothing; a repeated request is answered."""
    named = config | {"session_id": "mine"}
    assert http.post("/api/scrape/start", json=named).json()["session_id"] == "mine"
    assert http.post("/api/scrape/start", json=named).status_code == 409
    headers = {"Idempotency-Key": "k"}
    first, second = (http.post("/api/scrape/start", json=config, headers=headers).json() for _ in range(2))
    assert first == second
    assert len(http.get("/api/scrape/sessions").json()["active_sessions"]) == 2


def test_failed_pages_are_no_scraped_ones(http: httpx2.Client, hw: Headway, config: dict[str, Any], site: Site) -> None:
    """S1.26, S1.3: per page its status, HTTP status, hash, stored HTML, extracted data and error."""
    site.put("/", '<title>Home</title><a href="/gone">a</a>')
    session = http.post("/api/scrape/start", json=config).json()["session_id"]
    hw.work_until_idle()
    home, gone = http.get(f"/api/scrape/result/{session}").json()["pages"]
    assert (gone["status"], gone["http_status"]) == ("failed", 404)
    assert "404" in gone["error_details"]
    assert (home["status"], home["http_status"], home["extracted_data"]["title"]) == ("scraped", 200, "Home")
    assert Path(home["raw_html_storage_path"]).read_bytes() == site.pages["/"][2]
    status = http.get(f"/api/scrape/status/{session}").json()
    assert (status["pages_scraped"], status["additional_info"]["errors_count"]) == (1, 1)


def test_interrupted_work_has_its_frontier(hw: Headway, config: dict[str, Any], site: Site, manager: Manager) -> None:
    """S1.11, S1.25, S1.30: left by its worker, a crawl is interrupted, tells what is left, and fetches that alone."""
    reached, worker = threading.Event(), hw.worker(slots=1)

    def hold(path: str) -> None:
        if len(site.fetched()) > 5:
            reached.set()
            for outbox in list(worker._held):
                outbox.heard.wait(60)  # the crawl comes to no end before it is told to halt

    site.hold = hold
    job = scraping.start(hw, scraping.Config(**config | {"max_pages": 500, "delay": 0, "depth": 9}), "left")
    with worker:
        assert reached.wait(60)
    (session,) = manager.get_interrupted_sessions()
    assert (session.id, session.status) == ("left", "interrupted")
    known = manager.get_session("left")
    assert known is not None
    assert known.progress.discovered_urls
    assert manager.resume_session("left") is not None
    hw.work_until_idle()
    assert hw.get(job).state == "completed"
    assert len(site.fetched()) == len(set(site.fetched()))
    assert set(site.fetched()) > set(site.pages)


def test_sessions_survive_the_server(url: str, hw: Headway) -> None:
    """S1.24, S1.34: a server that begins anew knows every session; none is dropped for its age while it is open."""
    with Serving(create_app(hw), port=0) as one:
        session = calls.post(f"{one.address}/api/scrape/start", json=CONFIG).json()["session_id"]
    with Headway(url) as again, Serving(create_app(again), port=0) as other:
        assert calls.get(f"{other.address}/api/scrape/status/{session}").json()["status"] == "pending"


def test_a_killed_crawler_leaves_its_session_interrupted(
    url: str, hw: Headway, config: dict[str, Any], site: Site, manager: Manager
) -> None:
    """S1.25, S1.30: its process killed, a crawl is found interrupted, and goes on with what it has not fetched."""
    reached, killed = threading.Event(), threading.Event()

    def hold(path: str) -> None:
        if len(site.fetched()) > 5:
            reached.set()
            killed.wait(60)

    site.hold = hold
    scraping.start(hw, scraping.Config(**config | {"max_pages": 500, "delay": 0, "depth": 9}), "killed")
    words = ["worker", "--url", url, "--import", "examples.crawler.jobs", "--slots", "1"]
    with subprocess.Popen([sys.executable, "-m", "headway", *words]) as process:
        try:
            assert reached.wait(60)
            done = {page.url for page in scraping.pages(hw, hw.get("killed"), 1000) if page.status == "scraped"}
        finally:
            process.kill()
    killed.set()
    before = site.fetched()
    with Headway(url) as again:  # the next start finds it
        assert [session.id for session in Manager(again).get_interrupted_sessions()] == ["killed"]
    assert manager.resume_session("killed") is not None
    hw.work_until_idle()
    assert hw.get("killed").state == "completed"
    assert not {site.address + path for path in site.fetched()[len(before) :]} & done
