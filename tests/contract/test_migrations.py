"""The schema over releases: made, upgraded in numbered steps, every row kept, and never half."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

import headway
from headway import Context, Headway
from headway.errors import StoreTooOld
from headway.model.moves import MOVES, STATES, Move
from headway.store import migrate, opening
from headway.store.contract import Database, SchemaTransaction
from headway.store.sql import SQLITE
from headway.testing import Clock
from tests.contract import first_release
from tests.contract.traces import Trace

LOST = {"running": "interrupted", "pausing": "paused", "cancelling": "cancelled", "rolling_back": "rollback_failed"}


@pytest.fixture
def database(url: str, clock: Clock) -> Any:
    """A database as it is found, whatever its schema."""
    found = opening.connect(url, clock)
    yield found
    found.close()


@pytest.fixture
def first(database: Database, url: str) -> str:
    """The address of a database with the first schema, and jobs in it."""

    def make(transaction: SchemaTransaction) -> None:
        name = migrate.migrations(database.dialect)[1]
        transaction.script(resources.files("headway.store").joinpath("migrations", name).read_text())
        first_release.insert(transaction, database.dialect)

    database.change_schema(make)
    return url


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A release that has one step more than this one; its text is given."""
    ours = resources.files("headway.store").joinpath("migrations")
    steps = tmp_path / "next" / "migrations"
    steps.mkdir(parents=True)
    for file in ours.iterdir():
        (steps / file.name).write_text(file.read_text())

    class Resources:
        files = staticmethod(lambda package: steps.parent)

    def release(text: str) -> None:
        for dialect in ("sqlite", "postgres"):
            (steps / f"0099_next.{dialect}.sql").write_text(text)
        monkeypatch.setattr(migrate, "resources", Resources)

    return release


def test_a_fresh_database_is_made_whole(database: Database, url: str, clock: Clock) -> None:
    """Nothing is there, all steps are missing; after the first use none is."""
    before = migrate.status(database)
    assert (before.found, len(before.pending)) == (0, before.wanted)
    with Headway(url, clock=clock) as hw:
        assert hw.jobs() == []
    assert migrate.status(database) == (before.wanted, before.wanted, [])


def test_an_upgrade_run_again_does_no_harm(live: Headway) -> None:
    """Twice, and with jobs in it: every row stays, and the store keeps its name."""
    job = live.submit("a", {"n": 1}, labels={"a": "b"})
    database = live._database
    before = [database.read("meta_value", name=name) for name in ("schema", "store")]
    for _ in range(2):
        assert migrate.upgrade(database).pending == []
    assert [database.read("meta_value", name=name) for name in ("schema", "store")] == before
    assert (live.get(job).to_dict() | {"found_by": None}, live.counts()) == (job.to_dict(), {"pending": 1})


def test_jobs_of_the_first_release_are_there(first: str, database: Database, clock: Clock) -> None:
    """A database that was made by the first schema opens, and every job of it is found by every id."""
    migrate.upgrade(database)
    with Headway(first, clock=clock) as hw:
        found = {job.name: job for job in hw.jobs(limit=100)}
        assert {name: job.state for name, job in found.items()} == {
            **{state: LOST.get(state, state) for state in STATES}, "lost": "interrupted",
        }  # fmt: skip
        for name, job in found.items():
            assert hw.get(name).id == hw.get(job.id[-8:]).id == hw.get(job.number).id == job.id
        assert [job.name for job in hw.jobs(labels={"state": "failed"}, context_id="vm-7")] == ["failed"]
        assert hw.counts() == dict(Trace(hw, clock).sql("SELECT state, count(*) FROM jobs GROUP BY state"))


def test_a_job_of_the_first_release_goes_on(first: str, database: Database, clock: Clock) -> None:
    """Its steps, cursor, checkpoint, log and artifact are those that the first release stored."""
    seen: list[Any] = []

    def work(ctx: Context, n: int) -> str:
        seen.append((dict(ctx.state), ctx.step("fetch", str), list(ctx.track(list("abcd"), "copy"))))
        return "done"

    headway.job("first.lost")(work)
    migrate.upgrade(database)
    with Headway(first, clock=clock) as hw:
        hw.resume("lost")
        hw.work_until_idle()
        job = hw.get("lost")
        assert (job.state, job.result, job.attempt) == ("completed", "done", 2)
        assert seen == [({"page": 7}, "fetched", ["c", "d"])]
        assert [line.data["text"] for line in hw.logs(job)] == ["from the first release"]
        assert hw.artifact(job, "report.txt") == b"\x00\xff"
        assert [item.key for item in hw.items(job, "copy")] == ["a"]


def test_a_next_release_upgrades_a_file_and_asks_for_a_server(
    first: str, database: Database, clock: Clock, next_release: Callable[[str], None]
) -> None:
    """A file is upgraded by whoever opens it; on PostgreSQL that is somebody's decision. Every row is kept."""
    next_release("CREATE TABLE added (n bigint NOT NULL);" if database.dialect != SQLITE else "CREATE TABLE added (n);")
    if database.dialect != SQLITE:
        with pytest.raises(StoreTooOld, match="headway db upgrade"), Headway(first, clock=clock) as hw:
            hw.jobs()
        migrate.upgrade(database)
    with Headway(first, clock=clock) as hw:
        assert len(hw.jobs(limit=100)) == len(STATES) + 1
        assert Trace(hw, clock).sql("SELECT * FROM added") == []
    assert migrate.status(database) == (99, 99, [])


def test_a_step_that_fails_leaves_all_as_it_was(
    first: str, database: Database, clock: Clock, next_release: Callable[[str], None]
) -> None:
    """A step is one transaction: what it had changed before it failed is not there."""
    before = migrate.status(database).found
    next_release("CREATE TABLE added (n bigint); INSERT INTO nowhere VALUES (1);")
    with pytest.raises(Exception, match="nowhere"):
        migrate.upgrade(database)
    assert database.read("meta_value", name="schema")[0][0] == str(before)
    tables = database.read("has_schema")
    assert len(tables) == 1
    next_release("CREATE TABLE added (n bigint);")
    assert migrate.upgrade(database).found == 99


def test_an_upgrade_brings_the_moves_of_its_release(
    first: str, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B23: the trigger's text stays; what it permits are rows, and those come with the release."""
    reopen = Move("completed", "reopen", "user", "pending", "a next release thought of it")
    monkeypatch.setattr(migrate, "MOVES", (*MOVES, reopen))
    migrate.upgrade(database)
    with Headway(first, clock=clock) as hw:
        trace = Trace(hw, clock)
        assert trace.make(hw.get("completed").id, "user", "reopen")
        assert hw.get("completed").state == "pending"


def test_a_worker_of_the_release_before_gets_what_it_knows(tmp_path: Path) -> None:
    """G14, G15, G18, G20: on a file that is upgraded under it, its claim passes over limits, rollbacks and secrets."""
    with Headway(tmp_path / "jobs.db") as hw:
        hw.create_session("limited", concurrency=1)
        asked: list[dict[str, Any]] = [{"session": "limited"}, {"input": {"password": headway.Secret("hunter22")}}, {}]
        ids = [hw.submit("first.kind", **options).id for options in asked]
        with hw._database.transaction() as transaction:
            transaction.connection.execute(
                "UPDATE jobs SET state = 'running', attempt = attempt + 1, lease_until = 1e12, active_since = 0"
                " WHERE state = 'pending'"
            )
        assert [hw.get(one).state for one in ids] == ["pending", "pending", "running"]
