"""The web scraper's tables and functions: SQL that was written for them goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

import examples.crawler.jobs  # noqa: F401 - its job type
from headway import Headway
from headway.compat import scraping
from headway.compat.scraping import Manager
from headway.server.serving import Serving
from headway.store import migrate
from tests.conformance import streams
from tests.crawler.site import IMAGE, served
from tests.faults import checks
from tests.faults.database import run

CONFIG = {"url": "https://docs.example/a", "max_pages": 5}


def _ask(hw: Headway, statement: str) -> list[Any]:
    return [tuple(row) for row in run(hw.url, statement)]


def _status(hw: Headway, session: str) -> str:
    return str(_ask(hw, f"SELECT status FROM scraping_sessions WHERE id = '{session}'")[0][0])  # noqa: S608 - ours


def _moved(hw: Headway, session: str, status: str, progress: str = "NULL") -> bool:
    return bool(_ask(hw, f"SELECT transition_session_state('{session}', '{status}', {progress})")[0][0])


@pytest.fixture
def crawled(hw: Headway, tmp_path: Path) -> str:
    """A crawl that is over: two pages, one of them gone, and two files with one content."""
    with served() as site:
        site.put("/", '<title>Home</title><a href="/gone">a</a><img src="/a.png"><img src="/b.png"><b class="k">v</b>')
        site.put("/a.png", IMAGE, "image/png")
        site.put("/b.png", IMAGE, "image/png")
        given = {
            "url": site.address, "delay": 0, "storage": str(tmp_path), "content_types": ["image/"],
            "selectors": {"key": ".k"},
        }  # fmt: skip
        scraping.ensure_workspace(hw)
        hw.submit(
            scraping.TYPE, given, context_id="mine", category=scraping.CATEGORY, session=scraping.WORKSPACE,
            labels={"user": "ann"},
        )  # fmt: skip
        hw.work_until_idle()
    return site.address


def test_sessions_read_as_a_table(hw: Headway, crawled: str) -> None:
    """S1.1, S1.2, S1.31: columns of then and now, by the id that the session was started with."""
    columns = "status, target_url, url, user_id, domain, pages_scraped, urls_found"
    (found,) = _ask(hw, f"SELECT {columns} FROM scraping_sessions WHERE id = 'mine'")  # noqa: S608 - ours
    assert found == ("completed", crawled, crawled, "ann", crawled.removeprefix("http://"), 1, 4)
    times = (
        "start_time <= end_time AND created_at <= start_time AND last_updated >= end_time AND end_time = completed_at"
    )
    assert _ask(hw, f"SELECT count(*) FROM scraping_sessions WHERE {times}") == [(1,)]  # noqa: S608 - ours
    (progress, summary) = _ask(hw, "SELECT progress, summary_results FROM scraping_sessions")[0]
    told = json.loads(progress) if isinstance(progress, str) else progress
    assert (told["files_downloaded"], told["errors_count"]) == (2, 1)
    assert "bytes_saved" in (summary if isinstance(summary, dict) else json.loads(summary))


def test_pages_read_as_a_table(hw: Headway, crawled: str) -> None:
    """S1.3, S1.26: a page with its status, HTTP status, hash, place, extracted data and error; once per session."""
    columns = "url, status, http_status, error_details IS NULL, content_hash IS NULL, scraped_at IS NULL"
    where = "session_id = 'mine' AND url NOT LIKE '%png' ORDER BY url"
    found = _ask(hw, f"SELECT {columns} FROM scraped_pages WHERE {where}")  # noqa: S608 - ours
    assert [(row[0], *row[1:3], *map(bool, row[3:])) for row in found] == [
        (f"{crawled}/", "scraped", 200, True, False, False), (f"{crawled}/gone", "failed", 404, False, True, True),
    ]  # fmt: skip
    extracted = _ask(hw, f"SELECT extracted_data, raw_html_storage_path FROM scraped_pages WHERE url = '{crawled}/'")[0]  # noqa: S608
    assert json.loads(extracted[0]) if isinstance(extracted[0], str) else extracted[0] == {"key": ["v"]}
    assert Path(extracted[1]).read_bytes().startswith(b"<title>Home")
    assert _ask(hw, "SELECT count(*) FROM scraped_pages GROUP BY session_id, url HAVING count(*) > 1") == []


@pytest.mark.parametrize("table", ["downloaded_content", "stored_files"])
def test_files_read_as_a_table(hw: Headway, crawled: str, table: str) -> None:
    """S1.4, S1.36: files with their page, size, hash and place; the second of one content names the first."""
    found = _ask(
        hw,
        "SELECT f.file_name, f.file_type, f.file_size_bytes, f.is_deduped, f.original_file_id = o.id, p.url "  # noqa: S608
        f"FROM {table} AS f LEFT JOIN {table} AS o ON o.file_name = 'a.png' "
        "JOIN scraped_pages AS p ON p.id = f.page_id "
        "ORDER BY f.file_name",
    )
    assert [(*row[:3], bool(row[3]), row[4] and True, row[5]) for row in found] == [
        ("a.png", "image/png", len(IMAGE), False, None, f"{crawled}/"),
        ("b.png", "image/png", len(IMAGE), True, True, f"{crawled}/"),
    ]
    places = _ask(hw, f"SELECT DISTINCT storage_path, content_hash FROM {table} WHERE session_id = 'mine'")  # noqa: S608
    assert len(places) == 1


def test_every_status_is_one_of_six(hw: Headway) -> None:
    """S1.2: what the view shows of any state is a status that the scraper knows; it can not be written otherwise."""
    manager = Manager(hw)
    for path in ((), ("running",), *(("running", end) for end in ("completed", "failed", "paused", "interrupted"))):
        session = manager.create_session(CONFIG).id
        for status in path:
            manager.move(session, status)
        assert _status(hw, session) == (path[-1] if path else "pending")
    hw.cancel(manager.create_session(CONFIG).id)
    found = {row[0] for row in _ask(hw, "SELECT DISTINCT status FROM scraping_sessions")}
    assert found == set(scraping.ALLOWED)


def test_an_upgrade_keeps_sessions(hw: Headway) -> None:
    """S1.32: the step that makes the views keeps every row, and does no harm when it is run again."""
    session = Manager(hw).create_session(CONFIG).id
    migrate.upgrade(hw._database)
    assert _status(hw, session) == "pending"


class TestFunctions:
    """The functions are PostgreSQL's."""

    @pytest.fixture(params=["postgres"])
    def url(self, request: pytest.FixtureRequest) -> str:
        """The address of an empty database."""
        return str(request.getfixturevalue("postgres_url"))

    @pytest.fixture
    def manager(self, hw: Headway) -> Iterator[Manager]:
        """Makes sessions. At the end all jobs are as if Headway itself had moved them."""
        yield Manager(hw)
        for job in hw.jobs(limit=1000):
            checks.history(hw, job)
            checks.attempts(hw, job)
        checks.counted_right(hw)

    @pytest.mark.parametrize("start", scraping.ALLOWED)
    def test_only_allowed_transitions_are_made(self, hw: Headway, manager: Manager, start: str) -> None:
        """S1.7, S1.8, S1.2: exactly the transitions of the list, each by rows of the table of moves; others name both
        states, and the state stays.
        """
        for target in scraping.ALLOWED:
            session = manager.create_session(CONFIG).id
            for step in {"pending": (), "running": ("running",)}.get(start, ("running", start)):
                assert _moved(hw, session, step)
            if target in scraping.ALLOWED[start]:
                assert _moved(hw, session, target)
                assert _status(hw, session) == target
                assert hw.get(session).ended is (target in ("completed", "failed"))
            else:
                with pytest.raises(psycopg.Error, match=f"is {start} and can not become {target}"):
                    _moved(hw, session, target)
                assert _status(hw, session) == start

    def test_an_unknown_session_is_not_found(self, hw: Headway, manager: Manager) -> None:
        """S1.7, S1.10: a transition of it is an error, a checkpoint false."""
        with pytest.raises(psycopg.Error, match="session not found: nobody"):
            _moved(hw, "nobody", "running")
        assert _ask(hw, "SELECT checkpoint_session_progress('nobody', '{}')") == [(False,)]
        with pytest.raises(psycopg.Error, match="expected a JSON object"):
            _ask(hw, "SELECT checkpoint_session_progress('nobody', '[1]')")

    def test_progress_is_merged(self, hw: Headway, manager: Manager) -> None:
        """S1.9, S1.10: transitions and checkpoints merge; the facade reads what they have kept, and the other way."""
        session = manager.create_session(CONFIG).id
        _moved(hw, session, "running", """'{"pages_scraped": 1, "urls_found": 7}'""")
        assert _ask(hw, f"""SELECT checkpoint_session_progress('{session}', '{{"pages_scraped": 2, "own": 1}}')""") == [
            (True,)
        ]
        assert manager.checkpoint_session_progress(session, {"errors_count": 4})
        found = manager.get_session(session)
        assert found is not None
        told = found.progress
        assert (told.pages_scraped, told.urls_found, told.errors_count, told.more) == (2, 7, 4, {"own": 1})
        assert told.last_checkpoint is not None
        progress = hw.get(session).progress
        assert progress is not None
        assert progress.data is not None
        assert progress.data["own"] == 1
        _moved(hw, session, "completed")
        assert hw.result(session)["pages_scraped"] == 2

    def test_of_racing_transitions_one_wins(self, hw: Headway, manager: Manager) -> None:
        """S1.9: read and write are one: of two racing calls exactly one moves the session."""
        for _ in range(5):
            session = manager.create_session(CONFIG).id
            _moved(hw, session, "running")
            together = threading.Barrier(4)

            def race(status: str, session: str = session, together: threading.Barrier = together) -> str | None:
                together.wait()
                try:
                    return status if _moved(hw, session, status) else None
                except psycopg.Error:
                    return None

            with ThreadPoolExecutor(4) as threads:
                won = [status for status in threads.map(race, ["completed", "failed"] * 2) if status]
            assert won == [_status(hw, session)]

    def test_failed_sessions_go_on_without_an_end(self, hw: Headway, manager: Manager) -> None:
        """S1.9, S1.7: failed to running takes the end time away; the error is told and then gone."""
        session = manager.create_session(CONFIG).id
        _moved(hw, session, "running")
        _moved(hw, session, "failed", """'{"error": "no disk"}'""")
        ended = "SELECT error_message, end_time IS NULL FROM scraping_sessions"
        assert _ask(hw, ended) == [("no disk", False)]
        _moved(hw, session, "running")
        assert _ask(hw, ended) == [(None, True)]

    def test_any_update_sets_last_updated(self, hw: Headway, manager: Manager) -> None:
        """S1.6: an UPDATE of the table is a transition or a checkpoint, and sets last_updated by itself."""
        session = manager.create_session(CONFIG).id
        at = f"SELECT last_updated FROM scraping_sessions WHERE id = '{session}'"  # noqa: S608 - ours
        seen = [_ask(hw, at)]
        for change in ("status = 'running'", """progress = '{"urls_found": 3}'""", "status = 'paused'"):
            _ask(hw, f"UPDATE scraping_sessions SET {change} WHERE id = '{session}'")  # noqa: S608 - ours
            seen.append(_ask(hw, at))
        assert seen == sorted(seen)
        assert len({str(one) for one in seen}) == 4
        for wrong in ("status = 'completed', id = 'x'", "config = '{}'", "status = 'done'", "progress = '{}'"):
            with pytest.raises(psycopg.Error):
                _ask(hw, f"UPDATE scraping_sessions SET {wrong} WHERE id = '{session}'")  # noqa: S608 - ours
        assert _status(hw, session) == "paused"

    def test_a_stop_that_was_asked_for_wins(self, hw: Headway, manager: Manager) -> None:
        """S1.24: a session that somebody has stopped never completes, and the answer says so."""
        session = manager.create_session(CONFIG).id
        _moved(hw, session, "running")
        hw.cancel(session)
        assert _moved(hw, session, "completed") is False
        assert (hw.get(session).state, _status(hw, session)) == ("cancelled", "failed")

    def test_a_session_of_one_is_gone_on_by_the_other(self, hw: Headway, manager: Manager) -> None:
        """S1.7, S1.14: what the facade has begun SQL ends, and the other way: both are the same sessions."""
        first, second = (manager.create_session(CONFIG).id for _ in range(2))
        manager.move(first, "running")
        assert _moved(hw, first, "paused")
        assert manager.resume_session(first) is not None
        assert _moved(hw, first, "completed")
        _moved(hw, second, "running")
        assert manager.transition_session_state(second, "interrupted")
        assert _moved(hw, second, "running")
        assert manager.transition_session_state(second, "completed")

    def test_configurations_are_searched_by_an_index(self, hw: Headway, manager: Manager) -> None:
        """S1.5: what a session was configured with is found by a GIN index."""
        session = manager.create_session(CONFIG).id
        asked = "config @> '{\"max_pages\": 5}'"
        assert _ask(hw, f"SELECT id FROM scraping_sessions WHERE {asked}") == [(session,)]  # noqa: S608 - ours
        (index,) = _ask(hw, "SELECT indexdef FROM pg_indexes WHERE indexname = 'jobs_scraping_config'")
        assert "USING gin" in index[0]

    def test_changes_by_sql_are_streamed(self, hw: Headway, manager: Manager, server: Serving) -> None:
        """S1.37: whatever changes the database, by SQL too, wakes the feed and reaches who looks on."""
        session = manager.create_session(CONFIG).id
        with streams.socket(server, f"/ws/scrape/{session}") as receive:
            assert receive()["type"] == "connection_established"
            assert receive()["data"]["status"] == "pending"
            _moved(hw, session, "running", """'{"pages_scraped": 3}'""")
            while (told := receive()["data"])["pages_scraped"] != 3:
                assert told["status"] in ("pending", "running")
            _moved(hw, session, "completed")
            while receive()["type"] != "scrape_complete":
                pass

    def test_who_only_asks_can_not_say_how_a_worker_ends(self, hw: Headway, manager: Manager) -> None:
        """S1.7, S1.24: a worker's crawl is paused, sent on and stopped by SQL, but neither begun nor ended."""
        job = scraping.start(hw, scraping.Config(url="http://127.0.0.1:9/"), "theirs")
        for wrong in ("running", "completed", "interrupted"):
            with pytest.raises(psycopg.Error):
                _moved(hw, "theirs", wrong)
        assert _ask(hw, "SELECT checkpoint_session_progress('theirs', '{}')") == [(False,)]
        hw.pause(job)
        assert _moved(hw, "theirs", "running")
        assert hw.get(job).state == "pending"
        assert _moved(hw, "theirs", "failed")
        assert (hw.get(job).state, _status(hw, "theirs")) == ("cancelled", "failed")
        with pytest.raises(psycopg.Error, match="is failed and can not become running"):
            _moved(hw, "theirs", "running")

    def test_a_session_whose_caller_is_gone_is_interrupted(self, hw: Headway, manager: Manager) -> None:
        """S1.25: who runs a session by SQL and says nothing for 30 s has left it interrupted, to be resumed."""
        session = manager.create_session(CONFIG).id
        _moved(hw, session, "running")
        _ask(hw, f"UPDATE jobs SET lease_until = 1 WHERE id = '{session}'")  # noqa: S608 - as if 30 s had passed
        with Headway(hw.url) as other:  # whoever opens the database sweeps it
            assert other.get(session).state == "interrupted"
        assert [one.id for one in manager.get_interrupted_sessions()] == [session]
        assert _moved(hw, session, "running")
        _moved(hw, session, "completed")
