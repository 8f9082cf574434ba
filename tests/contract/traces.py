"""Moves and reports made at the store, one at a time, in whatever order a test wants them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any

import apsw
import psycopg

import headway
from headway import Headway, Job
from headway.errors import IllegalChange
from headway.model.moves import MOVES, Actor, Move
from headway.store import claiming, keeping, moving, reporting, sweeping
from headway.store.contract import Database, Transaction
from headway.store.moving import Change, Moved
from headway.store.records import JobRow
from headway.store.reporting import Answer, Entry, Report
from headway.store.sql import SQLITE
from headway.testing import Clock

TYPE = "trace"
_LANES = count(1)
REFUSALS = (IllegalChange, apsw.ConstraintError, psycopg.IntegrityError)
"""How a database says no to SQL that goes round the verbs: with our error, or its driver's own."""


class Trace:
    """One database seen at the level of moves and reports."""

    def __init__(self, hw: Headway, clock: Clock) -> None:
        self.hw = hw
        self.clock = clock

    @property
    def database(self) -> Database:
        return self.hw._database

    def submit(self, **options: Any) -> str:
        """A new job of the type of these traces."""
        return self.hw.submit(options.pop("type", TYPE), **options).id

    def begin(self, **options: Any) -> str:
        """A new job that worker w1 has claimed."""
        job = self.submit(**options)
        self.claim(job)
        return job

    def claim(self, job: str, worker: str = "w1") -> int:
        """A worker takes the job, which alone is ready in its lane; the number of the attempt."""
        known = self.row(job)
        (row,) = claiming.claim(self.database, worker, [(known.queue, known.type)], 1)
        assert row.id == job
        return row.attempt

    def claim_any(self, worker: str = "w1") -> list[str]:
        """A worker takes what is ready in the default lane, one job at most."""
        return [row.id for row in claiming.claim(self.database, worker, [("default", TYPE)], 1)]

    def beat(self, job: str) -> list[str]:
        """The runner of worker w1 renews its lease; the state it hears of, none where it is lost."""
        held = [(job, self.row(job).attempt)]
        return [alive.state for alive in claiming.heartbeat(self.database, "w1", held)]

    def make(self, job: str, by: Actor, move: str, **fields: Any) -> Moved | None:
        """A move by anybody; None where the table or the fence refuses it."""
        change = Change(job=job, actor=by, move=move, **fields)
        return self.database.write(lambda t: moving.apply(t, [change], self.database.now())).get(job)

    def report(self, job: str, attempt: int, serial: int, **said: Any) -> Answer:
        """What a runner says; logs are texts."""
        lines = [Entry("log", "info", self.database.now(), f'{{"text":"{text}"}}') for text in said.pop("logs", ())]
        given = Report(job=job, attempt=attempt, serial=serial, **{"entries": lines, **said})
        return reporting.report(self.database, [given])[job, attempt]

    def end(self, job: str, attempt: int, serial: int, move: str, **fields: Any) -> Answer:
        """The last report of a runner, with its final move."""
        change = Change(job=job, actor="runner", move=move, attempt=attempt, serial=serial + 1, **fields)
        return self.report(job, attempt, serial, end=change)

    def lose(self) -> list[Moved]:
        """All leases run out and are swept."""
        self.clock.advance(claiming.LEASE_S + 1)
        return sweeping.sweep(self.database)

    def recovers(self, kind: str = TYPE, timeout_s: float | None = None) -> None:
        """Makes known that jobs of a type go on by themselves after a loss."""
        row: claiming.JobTypeRow = {"type": kind, "recover": True, "timeout_s": timeout_s, "keep_s": None}
        claiming.enlist(self.database, "w-types", 1, ["default"], [row])

    def run(self, work: Callable[..., Any], input: dict[str, Any] | None = None, **options: Any) -> Job:
        """A function as a job type of its own, run in this thread until nothing is due."""
        kind = f"run {next(_LANES)}"
        headway.job(kind, **{"recover": False, **options})(work)
        job = self.hw.submit(kind, input)
        self.hw.work_until_idle()
        return self.hw.get(job)

    def row(self, job: str) -> JobRow:
        """The row of a job as it is stored."""
        row = keeping.by_id(self.database, job)
        assert row is not None
        return row

    def state(self, job: str) -> str:
        return self.row(job).state

    def told(self, job: str, kind: str | None = None) -> list[str]:
        """The names of the events of a job, in order."""
        return [event.name for event in self.hw.events(job, 1000) if kind in (None, event.kind)]

    def reach(self, state: str, **options: Any) -> str:
        """A new job in a lane of its own, brought to a state by moves of the table."""
        job = self.submit(queue=f"lane {next(_LANES)}", **options)
        for row in path_to(state):
            self.follow(job, row)
        assert self.state(job) == state
        return job

    def follow(self, job: str, row: Move) -> None:
        """Makes one row of the table, by the actor that it names."""
        if row.move == "claim":
            self.claim(job)
        else:
            assert self.make(job, row.by, row.move) is not None

    def twin(self, job: str, identity: str) -> None:
        """A second job like the first, under an id that a test chooses."""
        self.sql(
            "INSERT INTO jobs (id, state, tenant, type, name, category, session, root, queue, priority, input, "
            "state_since, created_at) SELECT ?, 'pending', tenant, type, name, category, session, root, queue, "
            "priority, input, state_since, created_at FROM jobs WHERE id = ?", identity, job,
        )  # fmt: skip

    def marked(self, text: str) -> str:
        """SQL with `?` for its values, as this database's driver marks them."""
        return text if self.database.dialect == SQLITE else text.replace("?", "%s")

    def sql(self, text: str, *values: Any) -> list[Any]:
        """A statement that goes round all verbs; `?` stands for a value."""

        def work(transaction: Transaction) -> list[Any]:
            rows = transaction.connection.execute(self.marked(text), values)
            return list(rows) if text.startswith("SELECT") else []

        return self.database.write(work)


def path_to(state: str) -> list[Move]:
    """The shortest way from pending to a state along the table."""
    ways: deque[tuple[str, list[Move]]] = deque([("pending", [])])
    seen = {"pending"}
    while ways:
        here, way = ways.popleft()
        if here == state:
            return way
        for row in MOVES:
            if row.source == here and row.target not in seen:
                seen.add(row.target)
                ways.append((row.target, [*way, row]))
    raise AssertionError(f"no row leads to {state}")
