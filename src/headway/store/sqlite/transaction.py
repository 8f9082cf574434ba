"""A transaction of SQLite under way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

import apsw

from headway.store.contract import RETURNED, Rows, given
from headway.store.sql import SQLITE, insertion, statement
from headway.store.sqlite.problems import explained

AT_ONCE = (500, 50, 5)
"""Rows that are inserted by one statement."""


class SqliteTransaction:
    """A transaction under way. `connection` is that of the driver, which a job gets lent."""

    def __init__(
        self, connection: apsw.Connection, parameters: Callable[[Mapping[str, Any]], dict[str, Any]], path: str
    ) -> None:
        self.connection = connection
        self._parameters = parameters
        self._path = path

    def run(self, name: str, /, **parameters: Any) -> Rows:
        """See contract.Transaction."""
        text = statement(name, SQLITE, given(parameters)).text
        with explained(self._path):
            return self.connection.execute(text, self._parameters(parameters)).fetchall()

    def each(self, name: str, rows: Sequence[Mapping[str, Any]], returns: bool = False) -> Rows:
        """See contract.Transaction."""
        if not rows:
            return []
        found = statement(name, SQLITE, RETURNED if returns else frozenset())
        left = rows if returns else self._insert(name, found.columns, rows)
        clock = self._parameters({})
        with explained(self._path):
            return self.connection.executemany(found.text, [{**row, **clock} for row in left]).fetchall()

    def _insert(
        self, name: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]
    ) -> Sequence[Mapping[str, Any]]:
        """Inserts many rows at once, as far as the statement allows it; those that are left.

        Each call of SQLite gives other threads of Python a turn, and busy ones keep it for 5 ms: row by row, a
        thousand rows beside a computation would take seconds.
        """
        first = 0
        for most in AT_ONCE:
            text = insertion(name, most) if len(rows) - first >= most else None
            values = itemgetter(*columns) if text else None
            while text and values and len(rows) - first >= most:
                block = rows[first : first + most]
                with explained(self._path):
                    self.connection.execute(text, list(chain.from_iterable(map(values, block))))
                first += most
        return rows[first:] if first else rows

    def script(self, text: str) -> None:
        """See contract.SchemaTransaction."""
        with explained(self._path):
            self.connection.execute(text)

    def hold_alias(self, kind: str, text: str) -> None:
        """Nothing to hold: there is one writer at a time."""

    def lock(self, ids: Sequence[str]) -> None:
        """Nothing to lock: there is one writer at a time."""
