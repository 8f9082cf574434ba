"""The rows of a database as the first schema keeps them: a job in every state, with something of everything.

data/first_release.json is written by `python -m tests.contract.first_release`, once for each schema that is released.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

from headway import Headway
from headway.model.moves import STATES
from headway.store.contract import SchemaTransaction
from headway.store.sql import SQLITE
from headway.testing import Clock
from tests.contract.traces import Trace

ROWS = Path(__file__).parent / "data" / "first_release.json"
TABLES = (
    "meta", "states", "moves", "sessions", "jobs", "attempts", "events", "logs", "steps", "checkpoints", "artifacts",
    "items", "aliases", "labels", "tallies", "types",
)  # fmt: skip
TRUE_OR_FALSE = {"ended", "executing", "one_per_context", "outside", "optional", "recover"}
STEP = {
    "name": "fetch", "position": 1, "state": "completed", "weight": 1.0, "optional": False, "started_at": 1.0,
    "ended_at": 2.0, "result": '"fetched"', "error": None,
}  # fmt: skip
ITEM = {
    "ledger": "copy", "key": "a", "state": "done", "attempts": 1, "value": None, "size": None, "hash": None,
    "data": "{}", "error": None, "updated_at": 1.0,
}  # fmt: skip


def fill(trace: Trace) -> None:
    """A job in every state, named after it, and one that was lost with all that a job can have saved."""
    for state in STATES:
        trace.reach(state, name=state, external_id=state, context_id="vm-7", labels={"state": state})
    job = trace.begin(type="first.lost", input={"n": 1}, name="lost", external_id="lost")
    saved = {"kind": "state", "name": "", "value": '{"page":7}', "saved_at": 1.0}
    cursor = {"kind": "cursor", "name": "copy", "value": '{"done":2,"within":[]}', "saved_at": 1.0}
    trace.report(job, 1, 1, logs=["from the first release"], steps=[STEP], checkpoints=[saved, cursor], items=[ITEM])
    trace.sql("INSERT INTO artifacts VALUES (0, ?, 'report.txt', ?, 1.0)", job, b"\x00\xff")
    trace.make(job, "sweep", "lose", attempt=1)


def read(trace: Trace) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, but for what tells of the machine that they were made on."""
    trace.sql("UPDATE jobs SET owner = 'somebody'")
    trace.sql("UPDATE events SET data = json_remove(data, '$.who', '$.host', '$.pid', '$.via')")
    trace.sql("DELETE FROM meta WHERE name = 'boot'")
    trace.sql("UPDATE jobs SET lease_until = 0 WHERE lease_until IS NOT NULL")
    found = {}
    for table in TABLES:
        columns = [row[1] for row in trace.sql("SELECT * FROM pragma_table_info(?)", table)]
        found[table] = [dict(zip(columns, map(_plain, row), strict=True)) for row in trace.sql(SELECT[table])]
    return found


SELECT = {table: f"SELECT * FROM {table}" for table in TABLES}  # noqa: S608 - names of our own tables


def insert(transaction: SchemaTransaction, dialect: str) -> None:
    """Puts the kept rows into a database that has the first schema."""
    tables = json.loads(ROWS.read_text())
    tables["moves"] += [{"actor": "user", "move": "restore", "source": "", "target": state} for state in STATES]
    for table, rows in tables.items():
        for row in rows:
            mark = "?" if dialect == SQLITE else "%s"
            text = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join([mark] * len(row))})"  # noqa: S608 - ours
            transaction.connection.execute(text, [_stored(name, value) for name, value in row.items()])
    transaction.connection.execute("DELETE FROM moves WHERE move = 'restore'")  # no job may begin as it pleases
    for table, column in (("jobs", "number"), ("tallies", "id")):
        if dialect != SQLITE:  # rows that bring their numbers do not move its counters
            transaction.connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table}"  # noqa: S608
            )


def _lines(rows: list[dict[str, Any]]) -> str:
    return ",\n".join(json.dumps(row) for row in rows)


def _plain(value: Any) -> Any:
    return {"bytes": b64encode(value).decode()} if isinstance(value, bytes) else value


def _stored(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return b64decode(value["bytes"])
    return bool(value) if name in TRUE_OR_FALSE else value


if __name__ == "__main__":
    clock = Clock()
    with Headway(":memory:", clock=clock) as hw:
        trace = Trace(hw, clock)
        fill(trace)
        tables = [f"{json.dumps(table)}: [\n{_lines(rows)}\n]" for table, rows in read(trace).items()]
        ROWS.write_text("{\n" + ",\n".join(tables) + "\n}\n")
