"""A transaction of PostgreSQL under way, whose connection a job may borrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import psycopg
from psycopg.pq import TransactionStatus

from headway.clock import Clock
from headway.errors import InvalidInput
from headway.store.contract import RETURNED, Rows, given
from headway.store.moving import TENANT
from headway.store.postgres.problems import explained
from headway.store.postgres.session import OWN_SETTINGS, PooledConnection, clean, cursor
from headway.store.sql import POSTGRES, statement

_OVER = (TransactionStatus.IDLE, TransactionStatus.INERROR)


def lease_now(clock: Clock) -> float | None:
    """The clock of leases where a test moves it; None where that is the server's own."""
    return None if clock.real else clock.boot()


class PostgresTransaction:
    """A transaction under way. `bare` is its connection, which a job gets lent as `connection`."""

    def __init__(self, bare: PooledConnection, clock: Clock, url: str) -> None:
        self.bare = bare
        self._clock = clock
        self._url = url
        self._lent = self._was_lent = False
        self._locked: set[str] = set()

    @property
    def connection(self) -> PooledConnection:
        """The driver's connection. What is set on it lasts until the next statement of ours."""
        self._lent = self._was_lent = True
        return self.bare

    def run(self, name: str, /, **parameters: Any) -> Rows:
        """See contract.Transaction."""
        text, _, answers = statement(name, POSTGRES, given(parameters))
        ran = self.execute(text, parameters)
        return ran.fetchall() if answers else []

    def each(self, name: str, rows: Sequence[Mapping[str, Any]], returns: bool = False) -> Rows:
        """See contract.Transaction."""
        if not rows:
            return []
        text, columns, _ = statement(name, POSTGRES, RETURNED if returns else frozenset())
        given_rows = msgspec.json.encode([{column: row[column] for column in columns} for row in rows]).decode()
        ran = self.execute(text, {"rows": given_rows})
        return ran.fetchall() if returns else []

    def execute(self, text: str, parameters: Mapping[str, Any]) -> psycopg.Cursor[tuple[Any, ...]]:
        """Runs a statement of ours, on a connection that a job left as it found it."""
        with explained(self._url):
            if self._lent:
                self._take_back()
            return cursor(self.bare).execute(text.encode(), {**parameters, "lease_now": lease_now(self._clock)})

    def give_back(self) -> None:
        """Leaves nothing of a job on a connection that others get."""
        if self._was_lent and not self.bare.closed:
            clean(self.bare)

    def _take_back(self) -> None:
        """Undoes settings of a job inside its transaction. Raises InvalidInput where the job ended it."""
        if (self.bare.closed and not self.bare.broken) or self.bare.info.transaction_status in _OVER:
            raise InvalidInput(
                "The transaction was ended inside transaction(): by COMMIT, ROLLBACK or close(), or by a statement "
                "that failed and whose error was caught. Leave the end to the block, and let its errors out."
            )
        self._lent = False
        cursor(self.bare).execute(OWN_SETTINGS)

    def script(self, text: str) -> None:
        """See contract.SchemaTransaction."""
        with explained(self._url):
            self.bare.execute(text.encode())

    def hold_alias(self, kind: str, text: str) -> None:
        """See contract.Transaction."""
        self.run("hold_alias", kind=kind, text=text)

    def lock(self, ids: Sequence[str]) -> None:
        """Locks job rows in the one order, so that two batches never wait for each other; once each."""
        if not self._locked.issuperset(ids):
            self.execute(statement("lock_jobs", POSTGRES).text, {"tenant": TENANT, "ids": list(ids)})
            self._locked.update(ids)
