"""PostgreSQL: for many hosts. Needs the `postgres` extra (psycopg 3)."""

from __future__ import annotations

import re
import select
import threading
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Self, TypeVar

import msgspec
import psycopg
from psycopg import errors as pg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row
from psycopg.types.string import TextLoader
from psycopg_pool import ConnectionPool, PoolTimeout

from headway.clock import Clock
from headway.errors import IllegalChange, InvalidInput, StoreError, StoreFull, StoreUnavailable, StoreUnusable
from headway.store import forking
from headway.store.address import without_password
from headway.store.contract import RETURNED, CommitUnknown, Rows, given
from headway.store.moving import TENANT
from headway.store.sql import POSTGRES, statement

T = TypeVar("T")

PooledConnection = psycopg.Connection[tuple[Any, ...]]

CHANNEL = "headway"
SCHEMA = "headway"
"""Tables live in a schema of their own, beside whatever else the database holds."""
DEADLOCKS = 5
"""How often a transaction is repeated after a deadlock before the error is passed on."""
OWN_SETTINGS = f"RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET search_path TO {SCHEMA}, public"
PREPARE_AFTER = 5
"""Runs of one statement after which the driver prepares it: its own default."""
_OVER = (TransactionStatus.IDLE, TransactionStatus.INERROR)
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
"""Between two tries to listen: doubling, so that a server without a connection to spare is not stormed."""


class Contended(StoreUnavailable):
    """Other transactions stood in the way of this one, which was rolled back: it is made again."""


SILENCE_S = 30
"""A session that says nothing for so long inside a transaction is ended by the server: its process is frozen or cut
off, and what it has locked would keep everybody from taking over its jobs."""


class Lost(StoreUnavailable):
    """A connection broke before a COMMIT, and with it, perhaps, all that the pool kept since before a restart."""


class _Pool(ConnectionPool[PooledConnection]):
    """Lends the connection that came back last: its server process has the plans and pages of what went before."""

    def _get_ready_connection(self, timeout: float | None) -> PooledConnection | None:
        if self._pool:
            self._pool.rotate(1)
        return super()._get_ready_connection(timeout)


class _Session(psycopg.Connection[tuple[Any, ...]]):
    """A connection that a forked child lets go of, from its very beginning."""

    @classmethod
    def connect(cls, *where: Any, **options: Any) -> Self:
        """See psycopg.Connection.connect."""
        with forking.MAKING.one():
            connection = super().connect(*where, **options)
            _SESSIONS.add(connection)
            return connection


_SESSIONS: weakref.WeakSet[_Session] = weakref.WeakSet()


class Postgres:
    """One PostgreSQL database as this process sees it: a pool of connections, and one that listens."""

    dialect = POSTGRES

    def __init__(self, url: str, clock: Clock) -> None:
        self.address = url
        self.url = without_password(url)
        self._clock = clock
        forking.keeps(self)
        self._pool = _Pool(
            url, min_size=1, max_size=8, open=False, timeout=10, kwargs={"autocommit": True}, configure=_configure,
            name="headway", connection_class=_Session,
        )  # fmt: skip
        with self._explained():
            with _Session.connect(url, connect_timeout=10) as connection:  # says at once why not, where a pool waits
                self._ahead = self._measure(connection)
            self._pool.open()
        self._changed = threading.Condition()
        self._rings = 1
        self._listener: threading.Thread | None = None
        self._closed = threading.Event()

    def write(self, work: Callable[[PostgresTransaction], T], ring: bool = True) -> T:
        """See contract.Database."""
        for left in reversed(range(DEADLOCKS)):
            try:
                with self._transaction() as transaction, self._explained():
                    answer = work(transaction)
                    if ring:
                        transaction.execute("SELECT pg_notify(%(channel)s, '')", {"channel": CHANNEL})
                    return answer
            except (Contended, Lost) as problem:
                if not left:
                    raise
                if isinstance(problem, Lost):
                    self._pool.check()
        raise AssertionError("unreachable: the last try returns or raises")

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
            with self._explained(theirs), self._lend() as transaction, transaction.bare.transaction():
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
            transaction = PostgresTransaction(connection, self._clock.shift, self._explained)
            try:
                yield transaction
            finally:
                transaction.give_back()

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
            work(PostgresTransaction(connection, self._clock.shift, self._explained))

    def read(self, name: str, /, **parameters: Any) -> Rows:
        """See contract.Database."""
        text = statement(name, POSTGRES, given(parameters)).text.encode()
        try:
            return self._read(text, parameters)
        except Lost:
            self._pool.check()
            return self._read(text, parameters)

    def _read(self, text: bytes, parameters: Mapping[str, Any]) -> Rows:
        with self._explained(), self._pool.connection() as connection:
            return _cursor(connection).execute(text, {**parameters, "clock_shift": self._clock.shift}).fetchall()

    def now(self) -> float:
        """See contract.Database."""
        return self._clock.boot() + self._ahead

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

    def let_go_in_child(self) -> None:
        """See forking.Keeper. The server is told nothing: to it the sessions are the parent's."""
        forking.blank(*(session.fileno() for session in _SESSIONS if not (session.closed or session.broken)))

    def _measure(self, connection: psycopg.Connection[Any]) -> float:
        """How far the server's clock is ahead of this host's boot clock, which nobody sets while it runs; 0 where a
        test moves both.
        """
        if not self._clock.real:
            return 0.0
        before = self._clock.boot()
        row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
        return float(row[0]) - (before + self._clock.boot()) / 2 if row else 0.0

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
                with _Session.connect(self.address, autocommit=True, connect_timeout=10) as connection:
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
    def _explained(self, theirs: Collection[BaseException] = ()) -> Iterator[None]:
        """Turns the driver's errors into ours, but for those of a job's own statements."""
        try:
            yield
        except psycopg.Error as error:
            if error in theirs:
                raise
            raise self._told(error) from error

    def _told(self, error: psycopg.Error) -> StoreError:
        """What was found, and what to do."""
        said = _short(error)
        match error:
            case pg.DeadlockDetected() | pg.SerializationFailure():
                return Contended(f"PostgreSQL at {self.url} had others write the same rows ({said}).")
            case pg.DiskFull() | pg.InsufficientResources():
                return StoreFull(f"PostgreSQL at {self.url} has no room ({said}). Make room and try again.")
            case pg.InsufficientPrivilege():
                return StoreUnusable(
                    f"PostgreSQL at {self.url} refuses: {said}. See what the user may do.", where=self.url
                )
            case psycopg.OperationalError() if _REFUSED.search(said):  # who is refused a connection gets no code
                return StoreUnusable(
                    f"PostgreSQL at {self.url} refuses: {said}. See user, password and database name.", where=self.url
                )
            case pg.ReadOnlySqlTransaction():  # for a while: a fail-over, or a guard of the disk
                return StoreUnavailable(
                    f"PostgreSQL at {self.url} is read-only. "
                    "If it is a replica, name the primary; else wait for its guard."
                )
            case pg.IntegrityError() | pg.DataError():
                return IllegalChange(f"The database refused the change: {said}")
            case PoolTimeout():
                return StoreUnavailable(f"PostgreSQL at {self.url} does not answer ({said}).")
            case (  # two of them cut a connection that said nothing for too long: this process was frozen
                pg.IdleInTransactionSessionTimeout()
                | pg.IdleSessionTimeout()
                | psycopg.OperationalError()
                | psycopg.InterfaceError()
            ):
                return Lost(f"PostgreSQL at {self.url} does not answer ({said}).")
        return StoreUnusable(
            f"PostgreSQL at {self.url} has not the tables that Headway keeps its jobs in ({said}). "
            "Restore them from a backup, or see which program changed them.",
            where=self.url,
        )


_REFUSED = re.compile(r'FATAL:.*(authentication failed|"[^"]*" does not exist|not permitted to log in|pg_hba\.conf)')
AS_NEW = (
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); "
    "DISCARD PLANS; DISCARD TEMP; DISCARD SEQUENCES"
)
"""DISCARD ALL but for prepared statements: the driver goes on to use those that it knows of."""


class PostgresTransaction:
    """A transaction under way. `bare` is its connection, which a job gets lent as `connection`."""

    def __init__(
        self, bare: PooledConnection, clock_shift: float, explained: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self.bare = bare
        self._clock_shift = clock_shift
        self._explained = explained
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
        cursor = self.execute(text, parameters)
        return cursor.fetchall() if answers else []

    def each(self, name: str, rows: Sequence[Mapping[str, Any]], returns: bool = False) -> Rows:
        """See contract.Transaction."""
        if not rows:
            return []
        text, columns, _ = statement(name, POSTGRES, RETURNED if returns else frozenset())
        given_rows = msgspec.json.encode([{column: row[column] for column in columns} for row in rows]).decode()
        cursor = self.execute(text, {"rows": given_rows})
        return cursor.fetchall() if returns else []

    def execute(self, text: str, parameters: Mapping[str, Any]) -> psycopg.Cursor[tuple[Any, ...]]:
        """Runs a statement of ours, on a connection that a job left as it found it."""
        with self._explained():
            if self._lent:
                self._take_back()
            return _cursor(self.bare).execute(text.encode(), {**parameters, "clock_shift": self._clock_shift})

    def give_back(self) -> None:
        """Leaves nothing of a job on a connection that others get; one that can not be cleaned is closed."""
        if not self._was_lent or self.bare.closed:
            return
        try:
            self.bare.cursor_factory, self.bare.row_factory = psycopg.Cursor, tuple_row
            self.bare.prepare_threshold = PREPARE_AFTER
            self.bare.autocommit = True
            self.bare.execute(AS_NEW)
            _configure(self.bare)
        except psycopg.Error:
            self.bare.close()

    def _take_back(self) -> None:
        """Undoes settings of a job inside its transaction. Raises InvalidInput where the job ended it."""
        if (self.bare.closed and not self.bare.broken) or self.bare.info.transaction_status in _OVER:
            raise InvalidInput(
                "The transaction was ended inside transaction(): by COMMIT, ROLLBACK or close(), or by a statement "
                "that failed and whose error was caught. Leave the end to the block, and let its errors out."
            )
        self._lent = False
        _cursor(self.bare).execute(OWN_SETTINGS)

    def script(self, text: str) -> None:
        """See contract.SchemaTransaction."""
        with self._explained():
            self.bare.execute(text.encode())

    def hold_alias(self, kind: str, text: str) -> None:
        """See contract.Transaction."""
        self.run("hold_alias", kind=kind, text=text)

    def lock(self, ids: Sequence[str]) -> None:
        """Locks job rows in the one order, so that two batches never wait for each other; once each."""
        if not self._locked.issuperset(ids):
            self.execute(statement("lock_jobs", POSTGRES).text, {"tenant": TENANT, "ids": list(ids)})
            self._locked.update(ids)


class _Text(TextLoader):
    """JSON as the text it is: msgspec reads it."""


def _cursor(connection: PooledConnection) -> psycopg.Cursor[tuple[Any, ...]]:
    return psycopg.Cursor(connection, row_factory=tuple_row)


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
