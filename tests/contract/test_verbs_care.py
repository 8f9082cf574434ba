"""What does not fit is refused with a sentence, and one bad value never takes the others with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from headway import Headway, InvalidInput
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
