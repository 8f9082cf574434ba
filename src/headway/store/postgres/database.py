"""One PostgreSQL database: a pool of sessions, transactions that are made again, and a listener."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import errors as pg

from headway.clock import Clock
from headway.errors import StoreUnavailable
from headway.store import forking
from headway.store.address import without_password
from headway.store.contract import CommitUnknown, Rows, given
from headway.store.postgres.listener import CHANNEL, Listener
from headway.store.postgres.problems import Contended, Lost, Reset, explained, writable
from headway.store.postgres.session import SCHEMA, Pool, Session, cursor, let_go_in_child, set_up
from headway.store.postgres.transaction import PostgresTransaction, lease_now
from headway.store.sql import POSTGRES, statement

T = TypeVar("T")

DEADLOCKS = 5
"""How often a transaction is repeated after a deadlock before the error is passed on."""
MEASURED = 3
"""How often the server is asked for its time when the database is opened."""


class Postgres:
    """One PostgreSQL database as this process sees it: a pool of connections, and one that listens."""

    dialect = POSTGRES

    def __init__(self, url: str, clock: Clock) -> None:
        self.address = url
        self.url = without_password(url)
        self._clock = clock
        forking.keeps(self)
        self._pool = Pool(
            url, min_size=1, max_size=8, open=False, timeout=10, kwargs={"autocommit": True}, configure=set_up,
            name="headway", connection_class=Session,
        )  # fmt: skip
        with explained(self.url):
            with Session.connect(url, connect_timeout=10) as connection:  # says at once why not, where a pool waits
                self._ahead = self._measure(connection)
            self._pool.open()
        self._listener = Listener(url)

    def write(self, work: Callable[[PostgresTransaction], T], ring: bool = True) -> T:
        """See contract.Database."""
        for left in reversed(range(DEADLOCKS)):
            try:
                with self._transaction() as transaction, explained(self.url):
                    answer = work(transaction)
                    if ring:
                        transaction.execute("SELECT pg_notify(%(channel)s, '')", {"channel": CHANNEL})
                    return answer
            except (Contended, Lost) as problem:
                if not left:
                    raise
                if isinstance(problem, Lost):
                    self._replace_connections(problem)
        raise AssertionError("unreachable: the last try returns or raises")

    def _replace_connections(self, problem: Lost) -> None:
        """Replaces what is broken in the pool; all of it where a session was reset, as nothing tells which others."""
        if isinstance(problem, Reset):
            self._pool.drain()
        else:
            self._pool.check()

    @contextmanager
    def transaction(self) -> Iterator[PostgresTransaction]:
        """See contract.Database. It may be silent: a job's own transaction locks the job with its last statement.

        Errors of the block's own statements go out as the driver raised them. Only a lost connection or a full disk is
        StoreUnavailable there too: that is not the fault of a statement.
        """
        with self._transaction() as transaction:
            transaction.execute("SET LOCAL idle_in_transaction_session_timeout = 0", {})
            yield transaction

    @contextmanager
    def _transaction(self) -> Iterator[PostgresTransaction]:
        committing = False
        theirs: list[BaseException] = []
        try:
            with explained(self.url, theirs), self._lend() as transaction, transaction.bare.transaction():
                try:
                    yield transaction
                except psycopg.Error as error:
                    if not (transaction.bare.broken or isinstance(error, pg.DiskFull)):
                        theirs.append(error)
                    raise
                committing = True
        except StoreUnavailable as error:
            if committing:
                raise CommitUnknown(f"{error} A COMMIT was under way; it may have happened.") from error
            raise

    @contextmanager
    def _lend(self) -> Iterator[PostgresTransaction]:
        """A transaction on a connection of the pool, which gets it back as it was."""
        with self._pool.connection() as connection:
            transaction = PostgresTransaction(connection, self._clock, self.url)
            try:
                yield transaction
            finally:
                transaction.give_back()

    def ring(self) -> None:
        """See contract.Database."""
        with explained(self.url), self._pool.connection() as connection:
            connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,), prepare=False)

    def change_schema(self, work: Callable[[PostgresTransaction], None]) -> None:
        """See contract.Database."""
        with (
            explained(self.url),
            writable(self.url),
            self._pool.connection() as connection,
            connection.transaction(),
        ):
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('headway schema'))")
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            work(PostgresTransaction(connection, self._clock, self.url))

    def read(self, name: str, /, **parameters: Any) -> Rows:
        """See contract.Database."""
        text = statement(name, POSTGRES, given(parameters)).text.encode()
        try:
            return self._read(text, parameters)
        except Lost as problem:
            self._replace_connections(problem)
            return self._read(text, parameters)

    def _read(self, text: bytes, parameters: Mapping[str, Any]) -> Rows:
        with explained(self.url), self._pool.connection() as connection:
            return cursor(connection).execute(text, {**parameters, "lease_now": lease_now(self._clock)}).fetchall()

    def now(self) -> float:
        """See contract.Database."""
        return self._clock.boot() + self._ahead

    def wait(self, seen: int, timeout_s: float) -> int:
        """See contract.Database."""
        return self._listener.wait(seen, timeout_s)

    def wake(self) -> None:
        """See contract.Database."""
        self._listener.ring()

    def close(self) -> None:
        """See contract.Database."""
        self._listener.close()
        self._pool.close()

    def let_go_in_child(self) -> None:
        """See forking.Keeper."""
        let_go_in_child()

    def _measure(self, connection: psycopg.Connection[Any]) -> float:
        """How far the server's clock is ahead of this host's boot clock, which nobody sets while it runs; 0 where a
        test moves both.
        """
        if not self._clock.real:
            return 0.0
        took_s, ahead = math.inf, 0.0
        for _ in range(MEASURED):  # the quickest answer errs least: the first one waits for the server to warm up
            before = self._clock.boot()
            ((now,),) = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchall()
            after = self._clock.boot()
            took_s, ahead = min((took_s, ahead), (after - before, now - (before + after) / 2))
        return ahead
