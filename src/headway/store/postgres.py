"""PostgreSQL: for many hosts. Needs the `postgres` extra (psycopg 3)."""

from __future__ import annotations

import select
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg import errors as pg
from psycopg.types.string import TextLoader
from psycopg_pool import ConnectionPool, PoolTimeout

from headway.clock import Clock
from headway.errors import IllegalChange, StoreFull, StoreUnavailable, StoreUnusable
from headway.store.address import without_password
from headway.store.contract import RETURNED, CommitUnknown, Rows, columns_of, given
from headway.store.sql import POSTGRES, statement

T = TypeVar("T")

CHANNEL = "headway"
SCHEMA = "headway"
"""Tables live in a schema of their own, beside whatever else the database holds."""
DEADLOCKS = 5
"""How often a transaction is repeated after a deadlock before the error is passed on."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
"""Between two tries to listen: doubling, so that a server without a connection to spare is not stormed."""


_AWAY = (pg.IdleInTransactionSessionTimeout, pg.IdleSessionTimeout)
"""The server cut a connection that said nothing for too long: this process was frozen."""


class Contended(StoreUnavailable):
    """Other transactions stood in the way of this one, which was rolled back: it is made again."""
SILENCE_S = 30
"""A session that says nothing for so long inside a transaction is ended by the server: its process is frozen or cut
off, and what it has locked would keep everybody from taking over its jobs."""


class Postgres:
    """One PostgreSQL database as this process sees it: a pool of connections, and one that listens."""

    dialect = POSTGRES

    def __init__(self, url: str, clock: Clock) -> None:
        self.address = url
        self.url = without_password(url)
        self._clock = clock
        self._pool: ConnectionPool[psycopg.Connection[tuple[Any, ...]]] = ConnectionPool(
            url, min_size=1, max_size=8, open=False, timeout=10, kwargs={"autocommit": True}, configure=_configure,
            name="headway",
        )  # fmt: skip
        with self._explained():
            with psycopg.connect(url, connect_timeout=10) as connection:  # says at once why not, where a pool waits
                self._offset = self._measure(connection)
            self._pool.open()
        self._changed = threading.Condition()
        self._rings = 1
        self._listener: threading.Thread | None = None
        self._closed = threading.Event()

    def write(self, work: Callable[[PostgresTransaction], T], ring: bool = True) -> T:
        """See contract.Database."""
        for left in reversed(range(DEADLOCKS)):
            try:
                with self._transaction() as transaction:
                    answer = work(transaction)
                    if ring:
                        transaction.connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
                    return answer
            except Contended:
                if not left:
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    @contextmanager
    def transaction(self) -> Iterator[PostgresTransaction]:
        """See contract.Database. It may be silent: a job's own transaction locks the job with its last statement."""
        with self._transaction() as transaction:
            transaction.connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            yield transaction

    @contextmanager
    def _transaction(self) -> Iterator[PostgresTransaction]:
        committing = False
        try:
            with (
                self._explained(),
                self._pool.connection() as connection,
                connection.transaction(),
            ):
                yield PostgresTransaction(connection, self._clock.shift)
                committing = True
        except StoreUnavailable as error:
            if committing:
                raise CommitUnknown(f"{error} A COMMIT was under way; it may have happened.") from error
            raise

    def ring(self) -> None:
        """See contract.Database."""
        with self._explained(), self._pool.connection() as connection:
            connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))

    def change_schema(self, work: Callable[[PostgresTransaction], None]) -> None:
        """See contract.Database."""
        with (
            self._explained(),
            self._writable(),
            self._pool.connection() as connection,
            connection.transaction(),
        ):
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('headway schema'))")
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            work(PostgresTransaction(connection, self._clock.shift))

    def read(self, name: str, /, **parameters: Any) -> Rows:
        """See contract.Database."""
        text = statement(name, POSTGRES, given(parameters)).text
        with self._explained(), self._pool.connection() as connection:
            return connection.execute(text, {**parameters, "clock_shift": self._clock.shift}).fetchall()

    def now(self) -> float:
        """See contract.Database."""
        return self._clock.wall() + self._offset

    def wait(self, seen: int, timeout_s: float) -> int:
        """See contract.Database."""
        self._listen()
        with self._changed:
            self._changed.wait_for(lambda: self._rings != seen, timeout_s)
            return self._rings

    def wake(self) -> None:
        """See contract.Database."""
        self._ring()

    def close(self) -> None:
        """See contract.Database."""
        self._closed.set()
        self._ring()
        self._pool.close()

    def _measure(self, connection: psycopg.Connection[Any]) -> float:
        """How far this host's clock is from the server's, in seconds; 0 where a test moves the clock."""
        if not self._clock.real:
            return 0.0
        before = self._clock.wall()
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        return float(row[0]) - (before + self._clock.wall()) / 2 if row else 0.0

    def _ring(self) -> None:
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def _listen(self) -> None:
        if self._listener is None and not self._closed.is_set():
            with self._changed:
                if self._listener is None:
                    self._listener = threading.Thread(target=self._hear, name="headway-listen", daemon=True)
                    self._listener.start()

    def _hear(self) -> None:
        """Rings at each notification until close(); a connection that is lost or refused is tried again, ever rarer."""
        pause_s = FIRST_PAUSE_S
        while not self._closed.is_set():
            try:
                with psycopg.connect(self.address, autocommit=True, connect_timeout=10) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    pause_s = FIRST_PAUSE_S
                    self._ring_for(connection)
            except psycopg.Error:  # whoever waits looks again by itself until the server is back
                self._closed.wait(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _ring_for(self, connection: psycopg.Connection[Any]) -> None:
        self._ring()  # what happened before the LISTEN was not heard
        while not self._closed.is_set():
            readable, _, _ = select.select([connection.fileno()], [], [], 1.0)
            if readable:
                for _ in connection.notifies(timeout=0):
                    pass
                self._ring()

    @contextmanager
    def _writable(self) -> Iterator[None]:
        """Raises StoreUnusable for a database that can not be prepared because it is read-only."""
        try:
            yield
        except pg.ReadOnlySqlTransaction as error:
            raise StoreUnusable(f"PostgreSQL at {self.url} is read-only (a replica?). Name the primary.") from error

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turns the driver's errors into ours: what was found, and what to do."""
        try:
            yield
        except (pg.DeadlockDetected, pg.SerializationFailure) as error:
            raise Contended(f"PostgreSQL at {self.url} had others write the same rows ({_short(error)}).") from error
        except (pg.DiskFull, pg.InsufficientResources) as error:
            raise StoreFull(
                f"PostgreSQL at {self.url} has no room ({_short(error)}). Make room and try again."
            ) from error
        except (
            pg.InvalidPassword,
            pg.InvalidAuthorizationSpecification,
            pg.InvalidCatalogName,
            pg.InsufficientPrivilege,
        ) as error:
            raise StoreUnusable(
                f"PostgreSQL at {self.url} refuses: {_short(error)}. See user, password and database name."
            ) from error
        except pg.ReadOnlySqlTransaction as error:  # for a while: a fail-over, or a guard of the disk
            raise StoreUnavailable(
                f"PostgreSQL at {self.url} is read-only. If it is a replica, name the primary; else wait for its guard."
            ) from error
        except (pg.IntegrityError, pg.DataError) as error:
            raise IllegalChange(f"The database refused the change: {_short(error)}") from error
        except (*_AWAY, psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            raise StoreUnavailable(f"PostgreSQL at {self.url} does not answer ({_short(error)}).") from error
        except psycopg.Error as error:
            raise StoreUnusable(
                f"PostgreSQL at {self.url} has not the tables that Headway keeps its jobs in ({_short(error)}). "
                "Restore them from a backup, or see which program changed them."
            ) from error


class PostgresTransaction:
    """A transaction under way."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], clock_shift: float) -> None:
        self.connection = connection
        self._clock_shift = clock_shift

    def run(self, name: str, /, **parameters: Any) -> Rows:
        """See contract.Transaction."""
        text, _, answers, _ = statement(name, POSTGRES, given(parameters))
        cursor = self.connection.execute(text, {**parameters, "clock_shift": self._clock_shift})
        return cursor.fetchall() if answers else []

    def each(self, name: str, rows: Sequence[Mapping[str, Any]], returns: bool = False) -> Rows:
        """See contract.Transaction."""
        if not rows:
            return []
        text, columns, _, floats = statement(name, POSTGRES, RETURNED if returns else frozenset())
        cursor = self.connection.execute(text, {**columns_of(rows, columns, floats), "clock_shift": self._clock_shift})
        return cursor.fetchall() if returns else []

    def script(self, text: str) -> None:
        """See contract.SchemaTransaction."""
        self.connection.execute(text.encode())

    def hold_alias(self, kind: str, text: str) -> None:
        """See contract.Transaction."""
        self.run("hold_alias", kind=kind, text=text)

    def lock(self, ids: Sequence[str]) -> None:
        """Locks job rows in the one order, so that two batches never wait for each other."""
        self.connection.execute(statement("lock_jobs", POSTGRES).text, {"ids": list(ids)})  # its rows are not awaited


class _Text(TextLoader):
    """JSON as the text it is: msgspec reads it."""


def _configure(connection: psycopg.Connection[Any]) -> None:
    connection.execute(f"SET search_path TO {SCHEMA}, public")
    connection.execute(
        "SELECT set_config('idle_in_transaction_session_timeout', %s, false) "
        "WHERE current_setting('idle_in_transaction_session_timeout') = '0'",
        (f"{SILENCE_S}s",),
    )
    for kind in ("json", "jsonb"):
        connection.adapters.register_loader(kind, _Text)


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
