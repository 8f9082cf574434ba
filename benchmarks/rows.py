"""What bounds submit: the rows that it writes, inserted again with nothing of Headway's in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

import headway
from benchmarks import limits
from benchmarks.contest import Database, Place, Results
from headway.model.ids import JobIds

BULK, BULKS = 1_000, 5
INPUT = {"source": "a/b/c", "size": 1234}

Read = Callable[[str], Sequence[Sequence[Any]]]


@dataclass(frozen=True)
class Template:
    """The row that one submit wrote in one table; copies differ in the job's id."""

    table: str
    columns: tuple[str, ...]
    values: tuple[Any, ...]
    job: str

    def insert(self, placeholder: str) -> str:
        """The statement that inserts a copy."""
        places = ", ".join([placeholder] * len(self.columns))
        return f"INSERT INTO {self.table} ({', '.join(self.columns)}) VALUES ({places})"  # noqa: S608  # our own names

    def copy(self, job: str) -> tuple[Any, ...]:
        """The row, for another job."""
        return tuple(job if value == self.job else value for value in self.values)


def sqlite(place: Place) -> Results:
    """The bound on SQLite, singly and in commits of a thousand."""
    job = _submitted(place, "sqlite")
    connection = limits.sqlite(place.folder / "jobs.db")

    def read(query: str) -> Sequence[Sequence[Any]]:
        cursor = connection.execute(query)
        return [[column[0] for column in cursor.description], *cursor]

    *rows, tally = _templates(read, job, cast="")

    def insert(jobs: Sequence[str]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for template in rows:
            connection.executemany(template.insert("?"), [template.copy(other) for other in jobs])
        connection.execute(tally.insert("?"), tally.values)
        connection.execute("COMMIT")

    return _timed(insert, insert)


def postgres(place: Place) -> Results:
    """The bound on PostgreSQL: one pipelined transaction a job; in bulk COPY, its fastest way in."""
    job = _submitted(place, "postgresql")
    with psycopg.connect(place.postgres, autocommit=True) as connection:
        connection.execute("SET search_path TO headway")

        def read(query: str) -> Sequence[Sequence[Any]]:
            cursor = connection.execute(query.encode())
            return [[column.name for column in cursor.description or ()], *cursor]

        *rows, tally = _templates(read, job, cast="::text")

        def singly(jobs: Sequence[str]) -> None:
            with connection.pipeline(), connection.transaction():
                for template in rows:
                    connection.execute(template.insert("%s").encode(), template.copy(jobs[0]))
                connection.execute(tally.insert("%s").encode(), tally.values)

        def bulk(jobs: Sequence[str]) -> None:
            with connection.transaction(), connection.cursor() as cursor:
                for template in rows:
                    columns = ", ".join(template.columns)
                    with cursor.copy(f"COPY {template.table} ({columns}) FROM STDIN".encode()) as copy:
                        for other in jobs:
                            copy.write_row(template.copy(other))
                cursor.execute(tally.insert("%s").encode(), tally.values)

        return _timed(singly, bulk)


def _submitted(place: Place, database: Database) -> str:
    """The id of a job in a database that Headway has just made."""
    with headway.Headway(place.url(database)) as hw:
        return hw.submit("bench.noop", INPUT).id


def _templates(read: Read, job: str, cast: str) -> list[Template]:
    """The rows of this job, less the numbers that the database gives; the tally of its commit is the last."""
    where = {"jobs": f"id = '{job}'", "events": f"job = '{job}'", "tallies": "change = 1"}
    given = {"jobs": "number", "tallies": "id"}
    found = []
    for table, condition in where.items():
        every = read(f"SELECT * FROM {table} LIMIT 1")[0]  # noqa: S608  # our own names
        columns = tuple(column for column in every if column != given.get(table))
        chosen = ", ".join(f"{column}{cast}" for column in columns)
        _, row, *_ = read(f"SELECT {chosen} FROM {table} WHERE {condition}")  # noqa: S608  # the same
        found.append(Template(table, columns, tuple(row), job))
    return found


def _timed(singly: Callable[[Sequence[str]], None], bulk: Callable[[Sequence[str]], None]) -> Results:
    ids = JobIds()
    per_s = limits.rate(lambda _: singly([ids.new(time.time())]))
    batches = [[ids.new(time.time()) for _ in range(BULK)] for _ in range(BULKS)]
    began = time.perf_counter()
    for batch in batches:
        bulk(batch)
    return {"per_s": per_s, "bulk_per_s": BULK * BULKS / (time.perf_counter() - began)}
