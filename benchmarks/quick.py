"""The short benchmark, about three minutes: `python -m benchmarks.quick [MEASURE ...] [--rounds N]`.

Prints Markdown tables on standard output, what is running on standard error, and keeps every figure in
benchmarks/results/latest.json.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks import report
from benchmarks.go import measure
from benchmarks.rounds import Outcome, play
from tests.support.postgres import Databases, Server
from tests.support.postgres_programs import GIVEN_URL, NoPostgres

MEASURES = ("loop", "jobs", "submit", "start", "step", "progress", "stream")
LATEST = Path(__file__).parent / "results" / "latest.json"


def main(arguments: Sequence[str]) -> None:
    """Play the rounds of the chosen measures, keep the figures, print the tables."""
    chosen = _chosen(arguments)
    began = time.monotonic()
    with _postgres() as databases:
        new_database = databases.create_database if databases else None
        outcomes: list[Outcome] = []
        for name in chosen.measures:
            one = measure(name)
            outcomes.append(play(one, chosen.rounds or one.rounds, new_database, _tell))
        where = report.machine(_version(databases))
    seconds = time.monotonic() - began
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_text(json.dumps(report.document(where, seconds, outcomes), indent=2) + "\n")
    print(report.markdown(where, outcomes))
    _tell(f"{seconds:.0f} s; every figure is in {LATEST}")


def _chosen(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.quick", description="Headway beside its peers.")
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"of {', '.join(MEASURES)}; else all")
    parser.add_argument("--rounds", type=int, help="rounds of each measure, instead of its own number")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.measures) - set(MEASURES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    chosen.measures = chosen.measures or list(MEASURES)
    return chosen


@contextmanager
def _postgres() -> Iterator[Databases | None]:
    """The server that was given, else one of our own that syncs every commit, else None."""
    if given := os.environ.get(GIVEN_URL):
        yield Databases(given)
        return
    try:
        server = Server(fsync=True)
        server.start()
    except NoPostgres as reason:
        _tell(f"no PostgreSQL: {reason}")
        yield None
        return
    try:
        yield server
    finally:
        server.close()


def _version(databases: Databases | None) -> str | None:
    """The server's version, and a warning in it where its commits are not durable."""
    if databases is None:
        return None
    with psycopg.connect(databases.base_url) as connection:
        rows = connection.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')"
        ).fetchone()
    version, *durable = rows or ("unknown", "off", "off")
    return str(version) if durable == ["on", "on"] else f"{version}, commits NOT durable"


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
