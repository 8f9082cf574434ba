"""How the peers are set up: as fast as they go at full durability."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.contest import Database, Place

QUEUE = "bench"


def huey(place: Place) -> Any:
    """Huey on SQLite: WAL, and synchronous=FULL through its `fsync`."""
    from huey import SqliteHuey

    return SqliteHuey("bench", filename=str(place.folder / "huey.db"), fsync=True, journal_mode="wal")


@contextmanager
def huey_consumer(queue: Any, workers: int) -> Iterator[None]:
    """Huey's consumer with threads, in this process."""
    consumer = queue.create_consumer(workers=workers, periodic=False, check_worker_health=False)
    consumer.start()
    try:
        yield
    finally:
        consumer.stop(graceful=True)


def dbos(place: Place, database: Database, journal: str = "DELETE") -> Any:
    """DBOS, configured but not launched. Its SQLite connections get this journal and synchronous=FULL.

    The rollback journal (DELETE) is what DBOS itself leaves in force; WAL is faster and what Headway uses.
    """
    from dbos import DBOS

    if database == "sqlite":
        _durable(journal)
    DBOS(
        config={
            "name": "bench",
            "system_database_url": place.url(database),
            "application_version": "1",
            "log_level": "ERROR",
        }
    )
    return DBOS


def _durable(journal: str) -> None:
    from sqlalchemy import Engine, event  # type: ignore[import-not-found, unused-ignore]  # comes with DBOS

    def connected(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA journal_mode={journal}")
        connection.execute("PRAGMA synchronous=FULL")

    event.listen(Engine, "connect", connected)
