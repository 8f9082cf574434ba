"""items: members of a ledger added and done per second, beside the same rows written bare in batches."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import headway
from benchmarks import limits
from benchmarks.contest import Contestant, Database, Goal, Measure, Place, Results

ITEMS = 200_000
BATCH = 1_000


def _nothing(_item: object) -> None:
    """The work on an item."""


def _headway(database: Database, place: Place) -> Results:
    """A ledger that is filled and mapped, and a map over members, in threads of Headway's own."""
    results: list[Results] = []

    @headway.job("bench.items")
    def items(ctx: headway.Context) -> None:
        ledger = ctx.items("ledger")
        results.append({
            "added_per_s": _rate(ctx, lambda: ledger.add_many(f"key-{n}" for n in range(ITEMS))),
            "done_per_s": _rate(ctx, lambda: ctx.map(_nothing, ledger)),
            "mapped_per_s": _rate(ctx, lambda: ctx.map(_nothing, (f"key-{n}" for n in range(ITEMS)))),
        })  # fmt: skip

    with headway.Headway(place.url(database)) as hw:
        job = hw.submit(items)
        with hw.worker(slots=1):
            hw.result(job)
    return results[0]


def _rate(ctx: headway.Context, work: Callable[[], object]) -> float:
    """Items per second, until the last one is stored."""
    began = time.perf_counter()
    work()
    ctx.settle()
    return ITEMS / (time.perf_counter() - began)


def _sqlite(place: Place) -> Results:
    """The same rows on SQLite: a thousand in a commit, one statement for each row."""
    with headway.Headway(place.url("sqlite")) as hw:
        hw.counts()
    connection = limits.sqlite(place.folder / "jobs.db")
    connection.execute("PRAGMA foreign_keys = OFF")

    def write(statement: str, rows: Sequence[Sequence[Any]]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(statement, rows)
        connection.execute("COMMIT")

    return _bare(write, "?")


def _postgres(place: Place) -> Results:
    """The same rows on PostgreSQL: a thousand in a commit, pipelined by the driver."""
    import psycopg

    with headway.Headway(place.postgres) as hw:
        hw.counts()
    with psycopg.connect(place.postgres, autocommit=True) as connection:
        connection.execute("SET search_path TO headway")
        connection.execute("SET session_replication_role = replica")  # no job that the items belong to

        def write(statement: str, rows: Sequence[Sequence[Any]]) -> None:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(statement.encode(), rows)

        return _bare(write, "%s")


COLUMNS = (
    "tenant", "job", "ledger", "key", "position", "state", "attempts", "value", "size", "hash", "status_code",
    "duplicate_of", "data", "error", "updated_at",
)  # fmt: skip


def _bare(write: Callable[[str, Sequence[Sequence[Any]]], None], placeholder: str) -> Results:
    places = ", ".join([placeholder] * len(COLUMNS))
    insert = f"INSERT INTO items ({', '.join(COLUMNS)}) VALUES ({places})"  # noqa: S608  # our own names
    update = (
        f"UPDATE items SET state = {placeholder}, attempts = {placeholder}, updated_at = {placeholder}"  # noqa: S608
        f" WHERE tenant = 0 AND job = {placeholder} AND ledger = {placeholder} AND key = {placeholder}"
    )
    job, at = "0" * 36, time.time()

    def row(ledger: str, n: int, state: str) -> tuple[Any, ...]:
        return (0, job, ledger, f"key-{n}", n + 1, state, 0, None, None, None, None, None, "{}", None, at)

    return {
        "added_per_s": _timed(write, insert, lambda n: row("ledger", n, "pending")),
        "done_per_s": _timed(write, update, lambda n: ("done", 1, at, job, "ledger", f"key-{n}")),
        "mapped_per_s": _timed(write, insert, lambda n: row("members", n, "done")),
    }


def _timed(
    write: Callable[[str, Sequence[Sequence[Any]]], None], statement: str, row: Callable[[int], Sequence[Any]]
) -> float:
    began = time.perf_counter()
    for first in range(0, ITEMS, BATCH):
        write(statement, [row(n) for n in range(first, first + BATCH)])
    return ITEMS / (time.perf_counter() - began)


MEASURE = Measure(
    name="items",
    figures={
        "added_per_s": "items added/s",
        "done_per_s": "items of a ledger done/s",
        "mapped_per_s": "members done/s",
    },
    contestants=(
        Contestant("Headway SQLite", partial(_headway, "sqlite"), "sqlite"),
        Contestant("bare SQLite rows", _sqlite, "sqlite", "apsw"),
        Contestant("Headway PostgreSQL", partial(_headway, "postgresql"), "postgresql"),
        Contestant("bare PostgreSQL rows", _postgres, "postgresql", "psycopg"),
    ),
    goals=(
        Goal("added_per_s", "Headway SQLite", "bare SQLite rows", at_least=0.5),
        Goal("done_per_s", "Headway SQLite", "bare SQLite rows", at_least=0.5),
        Goal("mapped_per_s", "Headway SQLite", "bare SQLite rows", at_least=0.5),
        Goal("added_per_s", "Headway PostgreSQL", "bare PostgreSQL rows", at_least=0.5),
        Goal("done_per_s", "Headway PostgreSQL", "bare PostgreSQL rows", at_least=0.5),
        Goal("mapped_per_s", "Headway PostgreSQL", "bare PostgreSQL rows", at_least=0.5),
    ),
)
