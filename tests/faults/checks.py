"""What must hold of a database after any fault, read by a connection of its own where that matters."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import apsw

from headway import Attempt, Event, Headway, Job
from headway.model.moves import target


def history(hw: Headway, job: Job | str) -> list[Event]:
    """The whole history of a job, with its log. Its numbers are dense, its moves follow each other by the table."""
    known = hw.get(job)
    events = list(hw.events(known, limit=1000).all())
    assert [event.seq for event in events] == list(range(1, known.events + 1))
    state = None
    for event in events:
        if event.kind == "move":
            assert event.data["from"] == state
            state = target(state, event.name, event.data["by"])
            assert event.data["to"] == state
    assert state == known.state
    return events


def moves(hw: Headway, job: Job | str) -> list[str]:
    """The moves of a job, in order."""
    return [event.name for event in history(hw, job) if event.kind == "move"]


def attempts(hw: Headway, job: Job | str) -> list[Attempt]:
    """The attempts at a job; no two were alive at once."""
    found = list(hw.attempts(job, limit=1000).all())
    assert [one.attempt for one in found] == list(range(1, len(found) + 1))
    for before, after in pairwise(found):
        assert before.ended_at is not None
        assert before.ended_at <= after.started_at
    return found


def outcomes(hw: Headway, job: Job | str) -> list[str | None]:
    """How the attempts at a job ended."""
    return [one.outcome for one in attempts(hw, job)]


def counted_right(hw: Headway) -> None:
    """The counts by state agree with the jobs themselves."""
    listed = Counter(job.state for job in hw.jobs(limit=1000).all())
    assert {state: n for state, n in hw.counts().items() if n} == dict(listed)


def sound(url: str) -> None:
    """An SQLite file has no damage, and no row that belongs to nothing. PostgreSQL has no such test."""
    if "://" not in url:
        connection = apsw.Connection(url, flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            connection.close()
