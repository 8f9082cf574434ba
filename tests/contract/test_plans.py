"""How SQLite reads: whatever grows with the number of jobs is sought in an index, never walked."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import apsw
import psycopg
import pytest

from headway import Headway
from headway.store.sql import POSTGRES, SQLITE, statement

GROWS = "jobs|events|logs|items|ledgers|undos|steps|checkpoints|artifacts|aliases|labels|attempts"
"""Tables that grow with the number of jobs."""
FEW = "jobs_executing|jobs_interrupted|jobs_delayed|jobs_deleted|jobs_expiring|jobs_pinned|attempts_late"
"""Indexes that hold only what is under way or due."""
WHOLE = {
    "gone_on": "the attempts that were cut off last, so many",
    "jobs_ended_before": "what a rule of retention would take, of the oldest, so many",
    "jobs_page": "all jobs, the newest first, a page of them",
    "newest_id": "the last id of all",
    "nth_job": "how far a look through texts goes at once",
    "open_by_type": "the figures for a monitor count what is open",
    "sealed_in_use": "doctor looks through what is open",
}
"""Statements that may read in the order of a key that begins with the tenant."""

QUERIES = resources.files("headway.store").joinpath("queries")
NAMES = sorted({file.name.split(".")[0] for file in QUERIES.iterdir() if ".postgres." not in file.name} - WHOLE.keys())


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> apsw.Connection:
    """A database as it is at its beginning, when SQLite knows nothing of its sizes."""
    path: Path = tmp_path_factory.mktemp("plans") / "jobs.db"
    with Headway(path) as hw:
        hw.submit("a")
    return apsw.Connection(str(path))


@pytest.mark.parametrize("name", NAMES)
def test_no_statement_walks_a_table_of_jobs(connection: apsw.Connection, name: str) -> None:
    """S4.2, S4.33, S4.34: each statement seeks by more than the tenant, which all rows share, at any number of jobs."""
    text = statement(name, SQLITE).text
    called = {alias for _, alias in re.findall(rf"\b({GROWS}) AS (\w+)", text)} | set(GROWS.split("|"))
    given = dict.fromkeys(re.findall(r":(\w+)", text), "[]")
    plan = [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", given)]
    names = "|".join(called)
    walks = re.compile(
        rf"SCAN ({names})\b(?!.* INDEX ({FEW})$)|SEARCH ({names})\b(?!.* INDEX ({FEW}) ).*\(tenant=\?\)$"
    )
    assert [step for step in plan if walks.match(step)] == []


_SEEKS = re.compile(r"Update on|using jobs_(pkey|ready|ready_limited|wanting|executing) ")


@pytest.mark.parametrize("analysed", [False, True])
def test_rows_of_jobs_are_sought_by_their_key_on_postgres(postgres_url: str, analysed: bool) -> None:
    """Whoever locks, claims or changes given jobs seeks each by its id, with statistics or without."""
    with Headway(postgres_url) as hw:
        hw.submit_many("a", [{}] * 2_000)
    given = {
        "rows": "[]", "ids": ["1", "2"], "tenant": 0, "lane_queues": ["default"], "lane_types": ["a"], "n": 100,
        "now": 1.0, "worker": "w", "lease_s": 30.0, "lease_now": None,
    }  # fmt: skip
    with psycopg.connect(postgres_url, options="-csearch_path=headway", autocommit=True) as connection:
        if analysed:
            connection.execute("ANALYZE")
        for name in ("lock_jobs", "report", "move", "heartbeat", "claim"):
            plan = connection.execute(f"EXPLAIN {statement(name, POSTGRES).text}".encode(), given).fetchall()
            walked = [step for (step,) in plan if re.search(r" on jobs( |$)", step) and not _SEEKS.search(step)]
            assert walked == [], plan
