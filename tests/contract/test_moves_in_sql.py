"""The functions that move a job inside PostgreSQL write what the verbs write: two copies of one rule, held together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from psycopg.errors import CheckViolation

from headway import Headway
from headway.model.moves import MOVES, Move
from headway.store import claiming, moving
from headway.store.contract import Transaction
from headway.store.moving import Change

SPOKEN = {"pause", "resume", "cancel", "retry", "finish", "fail", "halt", "leave"}
"""The moves that the functions know."""
BOTH = [row for row in MOVES if row.source and row.by in ("user", "runner") and row.move in SPOKEN]
RESULT, ERROR = '{"pages": 3}', '{"code": "error", "message": "no such host"}'

# How a job comes into each state: after its claim, or without one.
CLAIMED: dict[str, list[Change]] = {
    "running": [],
    "pausing": [Change(job="", actor="user", move="pause")],
    "cancelling": [Change(job="", actor="user", move="cancel")],
    "interrupted": [Change(job="", actor="runner", move="leave")],
    "failed": [Change(job="", actor="runner", move="fail", error=ERROR)],
}
UNCLAIMED: dict[str, list[Change]] = {"pending": [], "paused": [Change(job="", actor="user", move="pause")]}

ROWS = {
    "job": "SELECT to_jsonb(j) - 'worker' FROM jobs AS j WHERE id = %(job)s",
    "events": "SELECT seq, kind, name, attempt, data::jsonb - 'via' - 'worker' FROM events WHERE job = %(job)s",
    "attempts": "SELECT to_jsonb(a) - 'worker' FROM attempts AS a WHERE job = %(job)s",
    "limits": "SELECT key, used FROM limits ORDER BY key",
    "counts": "SELECT session, state, sum(change) FROM tallies GROUP BY 1, 2 HAVING sum(change) <> 0 ORDER BY 1, 2",
}


@pytest.fixture
def server(postgres_url: str) -> Iterator[Headway]:
    """The verbs on a database of a server, the only kind that has functions."""
    with Headway(postgres_url) as hw:
        yield hw


@pytest.fixture
def job(server: Headway) -> str:
    """A job of a session in which a few may run."""
    return server.submit("crawl", session=server.create_session("acme", concurrency=3).id).id


def _written(transaction: Transaction, job: str) -> dict[str, Any]:
    """All that a move writes, without the moment at which it was made, and how long it was after the claim."""
    return {
        name: _timeless([list(row) for row in transaction.connection.execute(query.encode(), {"job": job}).fetchall()])
        for name, query in ROWS.items()
    }


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _timeless(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_timeless(one) for one in value]
    if isinstance(value, str) and value.startswith("{"):
        return _timeless(msgspec.json.decode(value))
    if isinstance(value, int | float) and value > 1e9:
        return "a moment"
    return "a while" if isinstance(value, float) and not value.is_integer() else value


def _tried(server: Headway, work: Callable[[Transaction], object], job: str) -> dict[str, Any]:
    """What is written after some work that is then taken back: as if nothing had been."""
    written: dict[str, Any] = {}
    with suppress(InterruptedError), server._database.transaction() as transaction:
        work(transaction)
        written = _written(transaction, job)
        raise InterruptedError
    return written


def _bring(transaction: Transaction, job: str, state: str) -> None:
    if state in CLAIMED:
        assert claiming.claim_own_in(transaction, 1.8e9, "sql", job)
    for change in [*CLAIMED.get(state, []), *UNCLAIMED.get(state, [])]:
        found = Change(job=job, actor=change.actor, move=change.move, error=change.error)
        assert moving.apply(transaction, [found], 1.8e9)


def _by_verb(transaction: Transaction, job: str, row: Move, result: str | None, error: str | None) -> None:
    change = Change(job=job, actor=row.by, move=row.move, result=result, error=error)
    assert moving.apply(transaction, [change], 1.8e9)


def _by_function(transaction: Transaction, job: str, row: Move, result: str | None, error: str | None) -> None:
    asked = b"SELECT (headway_scrape_move(j, %s, %s, %s, %s)).state FROM jobs AS j WHERE id = %s"
    assert transaction.connection.execute(asked, (row.by, row.move, result, error, job)).fetchall() == [(row.target,)]


@pytest.mark.parametrize("row", BOTH, ids=lambda row: f"{row.source}-{row.move}")
def test_a_move_in_sql_is_the_move_of_the_verbs(server: Headway, job: str, row: Move) -> None:
    """G5, S1.32: row, event, attempt, limit and counts are the same, for every row of the table that both know."""
    result, error = RESULT if row.move == "finish" else None, ERROR if row.move == "fail" else None

    def moved(transaction: Transaction, move: Callable[..., None]) -> None:
        _bring(transaction, job, str(row.source))
        move(transaction, job, row, result, error)

    by_verb = _tried(server, lambda transaction: moved(transaction, _by_verb), job)
    assert _tried(server, lambda transaction: moved(transaction, _by_function), job) == by_verb


def test_a_claim_in_sql_is_the_claim_of_a_process(server: Headway, job: str) -> None:
    """G3, S1.32: an own program that takes its session by SQL gets what a process of Headway gets."""
    asked = b"SELECT headway_scrape_claim(j) FROM jobs AS j WHERE id = %s"
    by_verb = _tried(server, lambda transaction: claiming.claim_own_in(transaction, 1.8e9, "sql", job), job)
    assert by_verb["attempts"]
    assert _tried(server, lambda transaction: transaction.connection.execute(asked, (job,)), job) == by_verb


def test_a_move_that_the_table_lacks_is_refused_in_sql(server: Headway, job: str) -> None:
    """G5: the functions ask the table of moves, too."""
    row = Move("pending", "finish", "runner", "completed", "")
    with pytest.raises(CheckViolation, match="illegal move: finish in state pending"):
        _tried(server, lambda transaction: _by_function(transaction, job, row, None, None), job)
