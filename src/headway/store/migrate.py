"""The schema: numbered steps forward, each in a transaction, every row kept; and the table of moves kept true."""

from __future__ import annotations

import secrets
from importlib import resources
from typing import NamedTuple

from headway.clock import boot_id
from headway.errors import StoreTooNew, StoreTooOld
from headway.model.moves import ENDED, EXECUTING, MOVES, STATES
from headway.store import epoch
from headway.store.contract import Database, SchemaTransaction
from headway.store.sql import SQLITE


class Status(NamedTuple):
    """Where a database stands. found: its schema's number, 0 for a fresh one; wanted: the newest known here."""

    found: int
    wanted: int
    pending: list[str]


def migrations(dialect: str) -> dict[int, str]:
    """The steps known to this release: number to file name."""
    folder = resources.files(__package__).joinpath("migrations")
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(f".{dialect}.sql"))
    return {int(name[:4]): name for name in names}


def status(database: Database) -> Status:
    """Which steps this database has and which it lacks."""
    known = migrations(database.dialect)
    rows = database.read("meta_value", name="schema") if database.read("has_schema") else []
    found = int(rows[0][0]) if rows else 0
    return Status(found, max(known), [name for number, name in known.items() if number > found])


def prepare(database: Database) -> None:
    """Makes a database usable: a fresh one is created, an old file is upgraded, a newer one is refused.

    Raises StoreTooNew, and on PostgreSQL StoreTooOld: there an upgrade is somebody's decision.
    """
    state = status(database)
    if state.found > state.wanted:
        raise StoreTooNew(
            f"{database.url} has schema {state.found}, and this release of Headway knows {state.wanted} at most. "
            "Use the newer release; nothing was changed."
        )
    if state.found and state.pending and database.dialect != SQLITE:
        raise StoreTooOld(
            f"{database.url} has schema {state.found} and this release needs {state.wanted}. "
            "Run `headway db upgrade` once every host has this release; every row is kept."
        )
    if state.pending:
        upgrade(database)
    epoch.ensure(database)
    if database.dialect == SQLITE:
        _end_leases_of_another_boot(database)


def upgrade(database: Database) -> Status:
    """Takes every step that is missing and writes the moves of this release. Does no harm when run twice."""
    database.change_schema(lambda transaction: _take_steps(transaction, database))
    return status(database)


def _take_steps(transaction: SchemaTransaction, database: Database) -> None:
    rows = transaction.run("meta_value", name="schema") if transaction.run("has_schema") else []
    found = int(rows[0][0]) if rows else 0
    for number, name in migrations(database.dialect).items():
        if number > found:
            transaction.script(resources.files(__package__).joinpath("migrations", name).read_text())
            transaction.run("set_meta", name="schema", value=str(number))
    transaction.each(
        "add_states", [{"state": name, "ended": name in ENDED, "executing": name in EXECUTING} for name in STATES]
    )
    transaction.each(
        "add_moves",
        [{"actor": row.by, "move": row.move, "source": row.source or "", "target": row.target} for row in MOVES],
    )
    transaction.run("add_default_session", now=database.now())
    transaction.run("add_first_versions")
    if not transaction.run("meta_value", name="cookie_key"):
        transaction.run("set_meta", name="cookie_key", value=secrets.token_hex(32))
    epoch.begin_first(transaction)


def _end_leases_of_another_boot(database: Database) -> None:
    """Leases count in time since the machine started, so none of an earlier start can still be held."""
    boot = boot_id()
    rows = database.read("meta_value", name="boot")
    if rows and rows[0][0] == boot:
        return

    def end(transaction: SchemaTransaction) -> None:
        transaction.run("end_leases")
        transaction.run("set_meta", name="boot", value=boot)

    database.change_schema(end)
