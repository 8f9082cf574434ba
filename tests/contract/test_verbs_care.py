"""What does not fit is refused with a sentence, and one bad value never takes the others with it."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from headway import Headway, InvalidInput, Unstorable
from headway.errors import StoreUnusable
from headway.store.address import without_password
from headway.store.sql import SQLITE


def spoil(hw: Headway, column: str, value: Any) -> None:
    """Writes into every job what another release, or a damaged disk, may have left there."""
    place = "?" if hw._database.dialect is SQLITE else "%s"

    def work(transaction: Any) -> None:
        transaction.connection.execute(f"UPDATE jobs SET {column} = {place}", (value,))  # noqa: S608

    hw._database.write(work)


@pytest.mark.parametrize(
    "when",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_a_time_that_no_calendar_can_show_is_refused(hw: Headway, when: datetime) -> None:
    """run_at lies in the years that every time zone can tell; nothing is stored of a refused job."""
    with pytest.raises(InvalidInput, match="1970 to 9998"):
        hw.submit("t", run_at=when)
    assert list(hw.jobs()) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("due_at", 1e300), ("due_at", -1e300), ("progress", '{"done": "x"}'), ("progress", "[]"), ("error", "[]")],
)
def test_a_bad_value_hides_no_job(hw: Headway, column: str, value: Any) -> None:
    """A job whose row holds what can not be read is listed all the same."""
    job = hw.submit("t")
    spoil(hw, column, value)
    assert [one.id for one in hw.jobs()] == [job.id]
    assert hw.get(job.id).to_dict()["state"] == "pending"


def test_a_progress_that_can_not_be_read_is_marked(hw: Headway) -> None:
    """Such a progress reads as none, and a mark says so."""
    job = hw.submit("t")
    spoil(hw, "progress", '{"done": "x"}')
    found = hw.get(job)
    assert (found.progress, set(found.marks)) == (None, {"unreadable", "waiting_for"})


def test_a_relative_path_stays_the_same_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is named when Headway() is called, also by $HEADWAY_URL; changing the folder does not change it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEADWAY_URL", "jobs.db")
    with Headway("jobs.db") as named, Headway() as default:
        (tmp_path / "other").mkdir()
        os.chdir("other")
        job = named.submit("t")
        assert default.get(job.id).id == job.id
    assert not Path("jobs.db").exists()


def test_a_link_to_the_file_shares_its_turn(tmp_path: Path) -> None:
    """A symbolic link to a database is that database: who comes by it takes turns with the others."""
    with Headway(tmp_path / "jobs.db") as straight:
        job = straight.submit("t")
        (tmp_path / "link.db").symlink_to(tmp_path / "jobs.db")
        with Headway(tmp_path / "link.db") as linked:
            assert linked.get(job.id).id == job.id
            assert linked._database.url == straight._database.url


@pytest.mark.parametrize(
    "given",
    [
        b"jobs.db",
        5,
        "a\0b",
        "\udcff.db",
        "x" * 300,
        "~nobody-of-that-name/jobs.db",
        "ftp://x",
        "postgresql://[",
        "postgresql://h/d?bogus=1",
        "postgresql://\udcff@h/d",
    ],
)
def test_what_names_no_database_is_refused(given: Any) -> None:
    """An address that can not be one is refused with a sentence."""
    with pytest.raises(InvalidInput, match=r"[Nn]ame|expected"), Headway(given) as hw:
        hw.jobs()


def test_an_unknown_scheme_is_told_all_that_jobs_can_be_in() -> None:
    """The address is quoted as a whole, and a server is among what is expected."""
    with pytest.raises(InvalidInput, match=r"^'ftp://' begins no address of jobs: .* https://\.\.\. of a server"):
        Headway("ftp://x").jobs()


CANARY = "c4n4ry"


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://u:{CANARY}@h/d",
        f"postgresql://u:a@{CANARY}@h/d",
        f"postgresql://u:a/{CANARY}@h/d",
        f"postgresql://u:a?{CANARY}#@h/d",
        f"postgresql://h/d?user=u&password={CANARY}",
        f"postgresql://h/d?sslpassword={CANARY}&p%61ssword={CANARY}&passfile=/{CANARY}",
        f"postgresql://u:{CANARY}@[h/d",
    ],
)
def test_an_address_is_shown_without_its_password(url: str) -> None:
    """SEC21: whatever the form of an address, right or wrong, its password is not shown."""
    assert CANARY not in without_password(url)


@pytest.mark.parametrize("wrong", [f"u:{CANARY}%zz@h/d", f"u:{CANARY}@[h/d", f"h/d?password={CANARY}&bogus=1"])
def test_a_refused_address_does_not_tell_its_password(wrong: str) -> None:
    """SEC21: neither the message of a malformed address nor its causes hold the password."""
    with pytest.raises((StoreUnusable, InvalidInput)) as refused, Headway(f"postgresql://{wrong}") as hw:
        hw.jobs()
    assert CANARY not in "".join(traceback.format_exception(refused.value))


class Raising(Mapping[str, Any]):
    """A mapping that can not be read."""

    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("gone")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("gone")

    def __len__(self) -> int:
        return 1


ASKED: dict[str, Callable[[Headway], object]] = {
    "get surrogate": lambda hw: hw.get("\udcff"),
    "get huge": lambda hw: hw.get(10**5000),
    "text surrogate": lambda hw: hw.jobs(text="\ud800"),
    "text NUL": lambda hw: hw.jobs(text="\0"),
    "labels list": lambda hw: hw.jobs(labels=[1]),  # type: ignore[list-item]
    "labels dict": lambda hw: hw.jobs(labels={"a": {}}),  # type: ignore[dict-item]
    "limit text": lambda hw: hw.jobs(limit="5"),  # type: ignore[arg-type]
    "limit float": lambda hw: hw.jobs(limit=1.5),  # type: ignore[arg-type]
    "state number": lambda hw: hw.jobs(state=5),  # type: ignore[arg-type]
    "events -1": lambda hw: hw.events("@last", -1),
    "events after": lambda hw: hw.events("@last", after=2**63),
    "artifact": lambda hw: hw.artifact("@last", 5),  # type: ignore[arg-type]
    "wait": lambda hw: hw.wait("@last", timeout_s="5"),  # type: ignore[arg-type]
    "alias list": lambda hw: hw.alias("@last", ["x"]),  # type: ignore[arg-type]
    "alias number": lambda hw: hw.alias("@last", 5),  # type: ignore[arg-type]
    "key number": lambda hw: hw.submit("t", idempotency_key=5),  # type: ignore[arg-type]
    "key surrogate": lambda hw: hw.submit("t", idempotency_key="\ud800"),
    "input raises": lambda hw: hw.submit("t", Raising()),
    "queues text": lambda hw: hw.worker(queues="default"),
    "types text": lambda hw: hw.worker(types="x"),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_can_not_be_asked_is_refused(hw: Headway, name: str) -> None:
    """An argument of the wrong kind is refused with a sentence, the same on every database."""
    hw.submit("t")
    with pytest.raises(InvalidInput, match=r"\."):
        ASKED[name](hw)
    assert len(hw.jobs()) == 1


def test_a_state_asked_twice_gives_each_job_once(hw: Headway) -> None:
    """A listing has no doubles."""
    hw.submit("t")
    assert len(hw.jobs(state=["pending", "pending"])) == 1


def test_keys_that_are_the_same_text_are_refused(hw: Headway) -> None:
    """No value is dropped because another one has the same key as text; numbers as keys are kept as text."""
    with pytest.raises(Unstorable, match="same text"):
        hw.submit("t", {"a": {1: "x", "1": "y"}})
    assert hw.submit("t", {"a": {1: "x", "2": "y"}}).input == {"a": {"1": "x", "2": "y"}}


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_was_taken_away_is_told(tmp_path: Path, replaced: bool) -> None:
    """What is written after the file was removed or replaced would be lost: it is refused."""
    with Headway(tmp_path / "jobs.db") as hw:
        hw.submit("t")
        (tmp_path / "jobs.db").unlink()
        if replaced:
            (tmp_path / "jobs.db").touch()
        with pytest.raises(StoreUnusable, match="removed or replaced"):
            hw.submit("t")
