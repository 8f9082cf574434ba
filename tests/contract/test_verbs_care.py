"""What does not fit is refused with a sentence, and one bad value never takes the others with it."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from headway import Headway, InvalidInput
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
