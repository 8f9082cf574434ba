"""Undos as they are kept: recorded before their effect, told of by the rollback that runs them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from headway.model.job import Undo
from headway.model.value import decode
from headway.store import records
from headway.store.contract import Database, Rows, Transaction
from headway.store.records import JobRow
from headway.store.sealing import Owner

TENANT = 0
Ask = Callable[..., Rows]
"""How a statement is read: by a transaction's run, or a database's read."""
TOLD = 1000
"""Undos that a result lists at most."""
LAST = 1 << 62
"""A position beyond that of every undo."""


class UndoRow(NamedTuple):
    """An undo as it is stored."""

    position: int
    key: str
    type: str
    input: str
    step: str | None
    state: str
    error: str | None
    recorded_at: float
    ended_at: float | None


def owner(job: str, key: str) -> Owner:
    """To what the secrets in an undo's input belong."""
    return Owner("undo", f"{job}/{key}")


def save(transaction: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keeps what reports say of undos: new ones of their own job, and what became of those of a job rolled back.

    rows: those of the reports, with `of`, the job whose undo it is; in the order in which they were said.
    """
    if not rows:
        return
    said = [{**row, "job": row["of"], "place": place} for place, row in enumerate(rows)]
    new = [row for row in said if row["state"] == "recorded"]
    added = Counter(str(row[0]) for row in transaction.each("add_undos", new, returns=True)) if new else Counter()
    transaction.each("count_undos", [{"tenant": TENANT, "id": job, "n": n} for job, n in added.items()])
    transaction.each("end_undos", [row for row in said if row["state"] != "recorded"])


def page(database: Database, job: str, after: int, limit: int) -> list[Undo]:
    """The undos of a job after a position, in the order in which they were recorded."""
    rows = database.read("undos_page", tenant=TENANT, job=job, after=after, limit=limit)
    return shown(job, map(UndoRow._make, rows))


def left(ask: Ask, job: str, to_step: str | None, limit: int, below: int = LAST) -> list[UndoRow]:
    """What a rollback has still to undo below a position, in its order: from the last to the first."""
    rows = ask("undos_left", tenant=TENANT, job=job, to_step=to_step, below=below, limit=limit)
    return [UndoRow(*row) for row in rows]


def shown(job: str, rows: Iterable[UndoRow]) -> list[Undo]:
    """Undos as anybody may see them."""
    return [records.undo_of(job, row) for row in rows]


def outcome(database: Database, job: str) -> dict[str, list[dict[str, Any]]]:
    """What of a job is undone and what is left, each in the order of a rollback; the first thousand."""
    return {
        name: [
            {"position": undo.position, "type": undo.type, "step": undo.step}
            for undo in map(UndoRow._make, database.read("undos_told", tenant=TENANT, job=job, done=done, limit=TOLD))
        ]
        for name, done in (("undone", True), ("left", False))
    }


def unfinished(database: Database, job: str) -> tuple[JobRow | None, list[UndoRow]]:
    """The rollback of a job that has not come to its end, and what it has still to undo; the first thousand."""
    rollback = newest_rollback(database.read, job)
    to_step = None if rollback is None else decode(rollback.input).get("to_step")
    return rollback, left(database.read, job, to_step, TOLD)


def counts(database: Database, job: str) -> tuple[int, int]:
    """How many undos of a job are done, and how many are left."""
    done, left_over = database.read("undos_counted", tenant=TENANT, job=job)[0]
    return int(done), int(left_over)


def standing(database: Database, jobs: Sequence[JobRow]) -> dict[str, str]:
    """Of jobs that are rolled back, those that are so in part, by id: down to which step, and how much stands."""
    over = [row.id for row in jobs if row.state == "rolled_back" and row.undos]
    rows = database.read("undos_standing", tenant=TENANT, jobs=over) if over else []
    return {str(job): _in_part(number, decode(given)) for job, number, given in rows}


def _in_part(number: int, given: dict[str, Any] | None) -> str:
    to_step = (given or {}).get("to_step")
    down = f"down to step {to_step!r}; " if to_step else ""
    return f"{down}{number} {'undo stands' if number == 1 else 'undos stand'}"


def newest_rollback(ask: Ask, job: str) -> JobRow | None:
    """The newest job that has rolled this one back, or tried to."""
    rows = ask("rollbacks_of", tenant=TENANT, job=job)
    return JobRow(*rows[0]) if rows else None
