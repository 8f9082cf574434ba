"""Beside everybody else, on a connection of its own: whether a limit holds at every moment that was committed."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Self

import apsw
import psycopg

# Counter and jobs in one statement: both databases show it one committed moment.
LOOK = """
SELECT l.key, l.used, l.most,
       (SELECT count(*) FROM jobs AS j
         WHERE j.limit_key = l.key AND j.state IN ('running', 'pausing', 'cancelling') AND NOT j.waiting)
  FROM limits AS l
"""


class Watcher:
    """Looks again and again until the end of the block. wrong: moments at which a limit or its count did not hold."""

    def __init__(self, url: str) -> None:
        self.wrong: list[Any] = []
        self.looks = 0
        self.full: set[str] = set()
        self._url = url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        connection = _connection(self._url)
        try:
            while not self._stop.wait(0.001):
                self._take(connection.execute(LOOK).fetchall())
        finally:
            connection.close()

    def _take(self, rows: list[Any]) -> None:
        self.looks += 1
        for key, used, most, running in rows:
            if running > most or used != running:
                self.wrong.append((key, used, most, running))
            if running == most:
                self.full.add(key)


def _connection(url: str) -> Any:
    if "://" in url:
        return psycopg.connect(url, autocommit=True, options="-c search_path=headway")
    file = apsw.Connection(url, flags=apsw.SQLITE_OPEN_READWRITE)
    file.set_busy_timeout(10_000)
    return file
