"""Bad input: every value that can not be, at every door, is refused with a word and changes nothing."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest

import headway
from headway import (
    Context,
    Headway,
    HeadwayError,
    InvalidInput,
    Job,
    NotFound,
    StoreError,
    StoreUnavailable,
    Unstorable,
)
from headway.errors import StoreTooNew, StoreUnusable
from tests.contract.traces import Trace
from tests.support.postgres import Server
from tests.support.postgres_programs import as_server_user

NASTY = {
    "a NUL": "a\x00b",
    "a lone surrogate": "a\ud800b",
    "2 MB": "x" * 2_000_000,
    "SQL": "'; DROP TABLE jobs; --",
    "a pattern": "%_\\",
    "JSON": '{"a": [1]}',
    "control characters": "\x1b[31m\r\n\t",
    "a right-to-left mark": "abc\u202edef",
    "digits without end": "9" * 400,
    "a negative number": "-1",
    "an emoji": "🚚",
}


# Values


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "nan"), (float("inf"), "inf"), ("a\x00b", "NUL character"), ("a\ud800b", "lone surrogate"),
        (object(), "type object"), (lambda: None, "type function"), (b"a", None), (1 << 70, None), ({1, "a"}, None),
    ],
    ids=["NaN", "infinity", "NUL", "surrogate", "object", "function", "bytes", "a huge number", "a set"],
)  # fmt: skip
@pytest.mark.parametrize("where", ["input", "result", "checkpoint", "step", "data"])
def test_a_value_that_can_not_be_stored_is_named(trace: Trace, value: Any, said: str | None, where: str) -> None:
    """Rule 8: a value is made storable before it is queued, or refused with the part that is at fault."""
    deep = {"rows": [{"at": value}]}

    def work(ctx: Context, **given: Any) -> Any:
        if where == "checkpoint":
            ctx.checkpoint(deep)
        elif where == "step":
            ctx.step("one", lambda: deep)
        elif where == "data":
            ctx.progress(data=deep)
        return deep if where == "result" else None

    try:
        job = trace.run(work, deep if where == "input" else None)
    except Unstorable as refused:
        message = str(refused)
    else:
        message = job.error.message if job.error else ""
        assert job.state == ("failed" if message else "completed")
    assert bool(message) is (said is not None)
    assert said is None or ("rows[0].at" in message and said in message)


def test_a_key_that_is_no_text_is_named(hw: Headway) -> None:
    """Keys of objects are text or numbers."""
    with pytest.raises(Unstorable, match="tuple"):
        hw.submit("a", {"n": {(1, 2): "x"}})


def test_an_input_of_17_mib_is_refused(hw: Headway) -> None:
    """The message says how much it is and how much is kept; 15 MiB are kept."""
    with pytest.raises(Unstorable, match="at most 16,777,216"):
        hw.submit("a", {"text": "x" * 17 * 1024 * 1024})
    job = hw.submit("a", {"text": "x" * 15 * 1024 * 1024})
    assert len(hw.get(job).input["text"]) == 15 * 1024 * 1024


def test_an_input_of_endless_depth_is_refused(hw: Headway) -> None:
    """Nesting has a limit, also where a value holds itself."""
    value: dict[str, Any] = {}
    value["again"] = value
    with pytest.raises(Unstorable):
        hw.submit("a", value)
    deep: Any = 0
    for _ in range(20_000):
        deep = [deep]
    with pytest.raises(Unstorable):
        hw.submit("a", {"deep": deep})


@pytest.mark.parametrize("what", NASTY)
def test_any_text_is_a_value_or_is_refused(hw: Headway, what: str) -> None:
    """A text in an input comes back as it was, or nothing is stored."""
    try:
        job = hw.submit("a", {"text": NASTY[what]})
    except Unstorable:
        assert what in ("a NUL", "a lone surrogate")
        assert hw.jobs() == []
    else:
        assert hw.get(job).input == {"text": NASTY[what]}


# Texts at every door

ASKED: dict[str, Callable[[Headway, str], Any]] = {
    "get": lambda hw, text: hw.get(text),
    "cancel": lambda hw, text: hw.cancel(text),
    "delete": lambda hw, text: hw.delete(text),
    "restart": lambda hw, text: hw.restart(text),
    "wait": lambda hw, text: hw.wait(text, timeout_s=0),
    "watch": lambda hw, text: next(hw.watch(text)),
    "alias of": lambda hw, text: hw.alias(text, "x"),
    "alias": lambda hw, text: hw.alias("@last", text),
    "namespace": lambda hw, text: hw.alias("@last", {text: "x"}),
    "jobs by type": lambda hw, text: hw.jobs(type=text),
    "jobs by session": lambda hw, text: hw.jobs(session=text),
    "jobs by category": lambda hw, text: hw.jobs(category=text),
    "jobs by context": lambda hw, text: hw.jobs(context_id=text),
    "jobs by label": lambda hw, text: hw.jobs(labels={text: "x"}),
    "jobs by value": lambda hw, text: hw.jobs(labels={"x": text}),
    "jobs by text": lambda hw, text: hw.jobs(text=text),
    "jobs after": lambda hw, text: hw.jobs(after=text),
    "jobs by state": lambda hw, text: hw.jobs(state=text),
    "jobs by parent": lambda hw, text: hw.jobs(parent=text),
    "items of": lambda hw, text: hw.items("@last", text),
    "items by state": lambda hw, text: hw.items("@last", "x", state=text),
    "items after": lambda hw, text: hw.items("@last", "x", after=text),
    "artifact": lambda hw, text: hw.artifact("@last", text),
    "logs by level": lambda hw, text: hw.logs("@last", levels=[text]),
    "counts": lambda hw, text: hw.counts(session=text),
    "name": lambda hw, text: hw.submit("a", name=text),
    "type": lambda hw, text: hw.submit(text),
    "session": lambda hw, text: hw.submit("a", session=text),
    "external id": lambda hw, text: hw.submit("a", external_id=text),
    "context id": lambda hw, text: hw.submit("a", context_id=text),
    "category": lambda hw, text: hw.submit("a", category=text),
    "queue": lambda hw, text: hw.submit("a", queue=text),
    "label": lambda hw, text: hw.submit("a", labels={text: "x"}),
    "label value": lambda hw, text: hw.submit("a", labels={"x": text}),
    "parent": lambda hw, text: hw.submit("a", parent=text),
    "key": lambda hw, text: hw.submit("a", idempotency_key=text),
    "reason": lambda hw, text: hw.pause("@last", reason=text),
}


def _answer(ask: Callable[[], Any]) -> HeadwayError | None:
    """The error that a door answers with; None where it gives what was asked for, or waits for it in vain."""
    try:
        ask()
    except TimeoutError:
        return None
    except HeadwayError as refused:
        return refused
    return None


@pytest.mark.parametrize("door", ASKED)
def test_any_text_at_any_door_is_answered(hw: Headway, door: str) -> None:
    """An answer or an error of ours that is short enough to be read; never one of the database, never a change."""
    job = hw.submit("a")
    for what, text in NASTY.items():
        said = _answer(partial(ASKED[door], hw, text))
        assert not isinstance(said, StoreError), what
        assert len(str(said)) < 2000, what
    assert hw.get(job.id).state in ("pending", "paused")
    assert sum(hw.counts().values()) == len(hw.jobs(limit=1000))


@pytest.mark.parametrize("number", [0, -1, 1 << 31, 1 << 63, 1 << 64, 10**30], ids=str)
def test_any_number_is_answered(hw: Headway, number: int) -> None:
    """A number beyond what a database counts to is the number of no job."""
    hw.submit("a")
    with pytest.raises((NotFound, InvalidInput)):
        hw.get(number)
    with pytest.raises((NotFound, InvalidInput)):
        hw.get(f"number:{number}")


PAGES: dict[str, Callable[[Headway, Job, Any], Any]] = {
    "events": lambda hw, job, given: hw.events(job, **given),
    "logs": lambda hw, job, given: hw.logs(job, **given),
    "attempts": lambda hw, job, given: hw.attempts(job, **given),
    "items": lambda hw, job, given: hw.items(job, "x", limit=given.get("limit", 5)),
    "jobs": lambda hw, job, given: hw.jobs(limit=given.get("limit", 5)),
}


@pytest.mark.parametrize(
    "given", [{"limit": 0}, {"limit": -1}, {"limit": 1 << 70}, {"after": -1}, {"after": 1 << 70}], ids=str
)
@pytest.mark.parametrize("verb", PAGES)
def test_a_page_that_can_not_be_is_answered(hw: Headway, verb: str, given: dict[str, int]) -> None:
    """A limit or a number that is out of all bounds is refused or gives an empty page."""
    job = hw.submit("a")
    refused = _answer(partial(PAGES[verb], hw, job, given))
    assert refused is None or (isinstance(refused, InvalidInput) and "expected" in str(refused))


def reasons() -> Iterator[Any]:
    """Values that no JSON text has."""
    endless: list[Any] = []
    endless.append(endless)
    yield from (endless, iter([1]), {"\ud800": 1})


ODD: dict[str, Callable[[Headway, Job], Any]] = {
    "after of versions": lambda hw, job: hw.session_versions("default", after="x"),
    "levels of logs": lambda hw, job: hw.logs(job, levels=5),  # type: ignore[arg-type]
    "levels of matches": lambda hw, job: hw.log_matches(job, "x", levels=datetime),  # type: ignore[arg-type]
    "cause": lambda hw, job: hw.recovery(cause=False),  # type: ignore[arg-type]
    "causes": lambda hw, job: hw.recovery(cause=[[]]),  # type: ignore[list-item]
    "inputs": lambda hw, job: hw.submit_many("a", False),  # type: ignore[arg-type]
    "a long cursor": lambda hw, job: hw.jobs(after="a" * 100_000),
    "a surrogate for a state": lambda hw, job: hw.jobs(state="\ud800"),
}


@pytest.mark.parametrize("verb", ODD)
def test_odd_values_are_refused_as_input(hw: Headway, verb: str) -> None:
    """What no verb can use is InvalidInput at every door, and no error of Python or of a client underneath."""
    job = hw.submit("a")
    with pytest.raises(InvalidInput):
        ODD[verb](hw, job)


def test_any_reason_goes_with_an_idempotency_key(hw: Headway) -> None:
    """A reason is kept as text, whatever it is, and the same key with the same reason gives the same job."""
    job = hw.submit("a")
    for place, reason in enumerate(reasons()):
        made = [hw.restart(job, reason, idempotency_key=f"key {place}").id for _ in range(2)]
        assert made[0] == made[1] != job.id


# Files


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "content", [b"Dear diary,\n" * 500, b"SQLite format 4\x00" + bytes(4096)], ids=["text", "other"]
)
def test_a_file_that_is_no_database_is_not_touched(tmp_path: Path, content: bytes) -> None:
    """StoreUnusable names the file; its bytes stay, and nothing is left beside it."""
    path = tmp_path / "diary.txt"
    path.write_bytes(content)
    before = _digest(path)
    with pytest.raises(StoreUnusable, match=r"diary\.txt is not an SQLite database"), Headway(path) as hw:
        hw.jobs()
    assert _digest(path) == before
    assert [file.name for file in tmp_path.iterdir()] == ["diary.txt"]


def test_a_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    """An SQLite file with tables of somebody else is not taken for one of Headway's."""
    import apsw

    path = tmp_path / "other.db"
    with apsw.Connection(str(path)) as other:
        other.execute("CREATE TABLE meta (name TEXT, value TEXT); CREATE TABLE jobs (title TEXT)")
        other.execute("INSERT INTO jobs VALUES ('clerk')")
    other.close()
    before = _digest(path)
    with pytest.raises(StoreUnusable), Headway(path) as hw:
        hw.jobs()
    assert _digest(path) == before


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    """A file that was cut or overwritten inside is named, with what to do."""
    path = tmp_path / "jobs.db"
    with Headway(path) as hw:
        hw.submit_many("a", ({"n": n} for n in range(500)))
    data = path.read_bytes()
    path.write_bytes(data[:4096] + os.urandom(len(data) - 4096))
    with pytest.raises(StoreUnusable, match=r"jobs\.db"), Headway(path) as hw:
        hw.jobs(limit=1000)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """The message says what to name instead."""
    with pytest.raises(StoreUnusable, match="it is a folder; name a file in it"), Headway(tmp_path) as hw:
        hw.jobs()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Folders are not made in silence, but for the user's own."""
    with (
        pytest.raises(StoreUnusable, match="does not exist; create it first"),
        Headway(tmp_path / "no" / "jobs.db") as hw,
    ):
        hw.jobs()
    assert list(tmp_path.iterdir()) == []


OPEN = """
import sys
from headway import Headway, HeadwayError
try:
    with Headway(sys.argv[1]) as hw:
        hw.submit("a")
    print("submitted")
except HeadwayError as refused:
    print(type(refused).__name__, refused)
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that every user may enter and nobody else may write."""
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)  # noqa: S103 - others are to come in
        yield Path(folder)


def _as_another_user(path: Path) -> str:
    """What somebody is told who may not write there. Where we are nobody special, we are that somebody."""
    done = subprocess.run(
        [*as_server_user(), sys.executable, "-c", OPEN, str(path)], capture_output=True, text=True, check=True, cwd="/"
    )
    return done.stdout


def test_a_folder_that_can_not_be_written_is_named(shared: Path) -> None:
    """SQLite keeps files beside the database, so the folder must be writable; the message says so."""
    os.chmod(shared, 0o511)  # noqa: S103 - others are to come in
    said = _as_another_user(shared / "jobs.db")
    assert said.startswith("StoreUnusable")
    assert f"the folder {shared} can not be written" in said


def test_a_file_that_can_not_be_written_is_named(shared: Path) -> None:
    """A database of another user is not opened for writing."""
    with Headway(shared / "jobs.db") as hw:
        hw.submit("a")
    os.chmod(shared / "jobs.db", 0o444)
    assert _as_another_user(shared / "jobs.db").startswith("StoreUnusable")
    os.chmod(shared / "jobs.db", 0o644)
    with Headway(shared / "jobs.db") as hw:
        assert len(hw.jobs()) == 1


@pytest.mark.parametrize("url", ["mysql://localhost/jobs", "postgres//x", "sqlite://", "jobs\x00.db", "ftp://x"])
def test_an_address_of_nothing_is_refused_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """What can be no address is InvalidInput or StoreUnusable; nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    try:
        with Headway(url) as hw:
            hw.jobs()
    except (InvalidInput, StoreUnusable):
        assert list(tmp_path.iterdir()) == []


# Databases


def test_a_database_of_a_newer_release_is_refused(trace: Trace) -> None:
    """StoreTooNew names both schemas; nothing is changed."""
    if trace.hw.url == ":memory:":
        return  # nobody else can have written it
    job = trace.submit()
    trace.sql("UPDATE meta SET value = '9999' WHERE name = 'schema'")
    with pytest.raises(StoreTooNew, match="schema 9999"), Headway(trace.hw.url) as newer:
        newer.submit("a")
    assert [row[0] for row in trace.sql("SELECT id FROM jobs")] == [job]


def test_a_postgresql_that_is_not_there_is_said() -> None:
    """StoreUnavailable at once, without the password."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(StoreUnavailable) as refused, Headway(f"postgresql://me:secret@127.0.0.1:{port}/x") as hw:
            hw.jobs()
    assert "secret" not in str(refused.value)


def test_an_unknown_database_is_said(postgres_url: str) -> None:
    """StoreUnusable names what PostgreSQL does not know."""
    url = postgres_url.rpartition("/")[0] + "/no_such_database"
    with pytest.raises(StoreUnusable, match="no_such_database"), Headway(url) as hw:
        hw.jobs()


def test_an_unknown_user_is_said(postgres_url: str) -> None:
    """StoreUnusable says that the role is not there."""
    host = postgres_url.partition("://")[2].rpartition("@")[2]
    with pytest.raises(StoreUnusable, match="nobody_here"), Headway(f"postgresql://nobody_here@{host}") as hw:
        hw.jobs()


def test_a_wrong_password_is_said_and_not_shown(own_postgres: Server) -> None:
    """Rule 11: the message names user, host and database, and not the password."""
    with psycopg.connect(own_postgres.url(), autocommit=True) as admin:
        admin.execute("CREATE ROLE guest LOGIN PASSWORD 'right-one'")
        rules = Path(str(_one(admin, "SHOW hba_file")))
        rules.write_text(f"host all guest 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        before = _one(admin, "SELECT pg_conf_load_time()")
        admin.execute("SELECT pg_reload_conf()")
        while _one(admin, "SELECT pg_conf_load_time()") == before:
            admin.execute("SELECT pg_stat_clear_snapshot()")
    host = own_postgres.url().rpartition("@")[2]
    with pytest.raises(StoreUnusable, match="guest") as refused, Headway(f"postgresql://guest:wrong-one@{host}") as hw:
        hw.jobs()
    assert "wrong-one" not in str(refused.value)


def _one(connection: psycopg.Connection[Any], statement: str) -> Any:
    row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def test_the_environment_names_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an address it is $HEADWAY_URL, else the user's own file, which is made with its folder."""
    monkeypatch.setenv("HEADWAY_URL", str(tmp_path / "named.db"))
    with Headway() as hw:
        hw.submit("a")
    assert (tmp_path / "named.db").exists()
    monkeypatch.setenv("HEADWAY_URL", "")  # as good as not set
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with Headway() as hw:
        hw.submit("a")
    assert (tmp_path / "data" / "headway" / "jobs.db").exists()


@pytest.mark.parametrize("url", ["", " "])
def test_an_empty_address_is_none(url: str) -> None:
    """What an unset variable leaves is refused: its jobs would be gone with the process, and nobody would know."""
    with pytest.raises(InvalidInput, match="empty"):
        Headway(url)


@headway.job("bad.nothing")
def nothing(ctx: Context) -> None:
    """Nothing goes wrong here."""


def test_a_job_of_a_type_that_nobody_has_waits(hw: Headway) -> None:
    """Rule 14: it stays pending with its mark while others are done."""
    waiting, done = hw.submit("bad.nobody_has_it"), hw.submit(nothing)
    assert hw.work_until_idle() == 1
    assert (hw.get(waiting).state, hw.get(done).state) == ("pending", "completed")
    assert hw.get(waiting).marks["waiting_for"] == "a worker that has 'bad.nobody_has_it'"
