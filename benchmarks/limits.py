"""The bounds: what the bare databases do on this machine with nothing of ours or the peers' in between."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.contest import Place

SECONDS = 1.0
ROW = b"x" * 200  # about what one recorded step or event takes


def rate(call: Callable[[int], Any]) -> float:
    """Calls per second, one after the other for a second; each is told its number."""
    began = time.perf_counter()
    number = 0
    while (passed := time.perf_counter() - began) < SECONDS:
        call(number)
        number += 1
    return number / passed


def sqlite(file: Path) -> Any:
    """A bare apsw connection at full durability: WAL, every commit synced."""
    import apsw

    connection = apsw.Connection(str(file))
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    return connection


def sqlite_commits(place: Place) -> float:
    """Single-row commits per second on SQLite: one INSERT of 200 bytes in a transaction of its own."""
    connection = sqlite(place.folder / "bare.db")
    connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, data BLOB NOT NULL)")

    return rate(lambda _: connection.execute("INSERT INTO line (data) VALUES (?)", (ROW,)))


def postgres_commits(place: Place) -> float:
    """Single-row commits per second on PostgreSQL, from one connection."""
    import psycopg

    with psycopg.connect(place.postgres, autocommit=True) as connection:
        connection.execute("CREATE TABLE line (id bigserial PRIMARY KEY, data bytea NOT NULL)")
        return rate(lambda _: connection.execute("INSERT INTO line (data) VALUES (%s)", (ROW,)))
