"""step: durable, memoised steps per second within one job, beside bare single-row commits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import headway
from benchmarks import limits, peers
from benchmarks.contest import Contestant, Database, Goal, Measure, Place, Results


def _answer() -> int:
    """What each step does."""
    return 42


def _headway(database: Database, place: Place) -> Results:
    results: list[Results] = []

    @headway.job("bench.steps")
    def steps(ctx: headway.Context) -> None:
        results.append({"per_s": limits.rate(lambda number: ctx.step(f"step {number}", _answer))})

    with headway.Headway(place.url(database)) as hw:
        job = hw.submit(steps)
        with hw.worker(slots=1):
            hw.result(job)
    return results[0]


def _dbos(database: Database, place: Place) -> Results:
    results: list[Results] = []
    dbos = peers.dbos(place, database)
    answer = dbos.step(name="answer")(_answer)

    @dbos.workflow(name="steps")  # type: ignore[untyped-decorator, unused-ignore]  # absent where mypy runs
    def steps() -> None:
        results.append({"per_s": limits.rate(lambda _: answer())})

    dbos.launch()
    steps()
    dbos.destroy()
    return results[0]


def _bare(commits: Callable[[Place], float], place: Place) -> Results:
    return {"per_s": commits(place)}


MEASURE = Measure(
    name="step",
    figures={"per_s": "steps/s"},
    contestants=(
        Contestant("Headway SQLite", partial(_headway, "sqlite"), "sqlite"),
        Contestant("bare SQLite commits", partial(_bare, limits.sqlite_commits), "sqlite", "apsw"),
        Contestant("DBOS SQLite", partial(_dbos, "sqlite"), "sqlite", "dbos"),
        Contestant("Headway PostgreSQL", partial(_headway, "postgresql"), "postgresql"),
        Contestant("bare PostgreSQL commits", partial(_bare, limits.postgres_commits), "postgresql", "psycopg"),
        Contestant("DBOS PostgreSQL", partial(_dbos, "postgresql"), "postgresql", "dbos"),
    ),
    goals=(
        Goal("per_s", "Headway SQLite", "bare SQLite commits", at_least=0.8),
        Goal("per_s", "Headway SQLite", "DBOS SQLite"),
        Goal("per_s", "Headway PostgreSQL", "bare PostgreSQL commits", at_least=0.8),
        Goal("per_s", "Headway PostgreSQL", "DBOS PostgreSQL"),
    ),
)
