"""One SQLite database: a connection that writes, others that read beside it, the turn to write and a doorbell."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import apsw
import msgspec

from headway.clock import Clock
from headway.errors import InvalidInput, StoreUnusable
from headway.store.contract import Rows, given
from headway.store.sql import SQLITE, statement
from headway.store.sqlite.doorbell import Doorbell
from headway.store.sqlite.problems import explained
from headway.store.sqlite.refusals import refuse_foreign, refuse_network, require_fixed_sqlite
from headway.store.sqlite.transaction import SqliteTransaction
from headway.store.sqlite.turn import PATIENCE_S, Turn

T = TypeVar("T")

MEMORY = ":memory:"


class Sqlite:
    """One SQLite database as this process sees it: a single writing connection, and reading ones beside it."""

    dialect = SQLITE

    def __init__(self, path: str, clock: Clock) -> None:
        self.path = path
        self.url = path
        self._clock = clock
        self._lock = threading.RLock()
        self._busy = threading.Lock()  # beside it: whether the thread that has it is inside a transaction
        self._never = threading.Event()
        self._readers: list[apsw.Connection] = []
        self._turn: Turn | None = None
        require_fixed_sqlite(tuple(int(part) for part in apsw.sqlite_lib_version().split(".")))
        if path != MEMORY:
            refuse_network(path)
        with explained(self.path):
            self._writer = self._open()
            if path != MEMORY:
                self._turn = Turn(path, clock)
                self._file = os.stat(path)
        self._bell = Doorbell(None if self._turn is None else self._turn.path, clock)

    def write(self, work: Callable[[SqliteTransaction], T], ring: bool = True) -> T:
        """See contract.Database."""
        steps = self._transaction()
        try:
            answer = work(next(steps))
            next(steps, None)
        finally:
            steps.close()
        if ring:
            self.ring()
        return answer

    def transaction(self) -> AbstractContextManager[SqliteTransaction]:
        """See contract.Database."""
        return contextmanager(self._transaction)()

    def _transaction(self) -> Generator[SqliteTransaction]:
        """The steps of a transaction: begins, commits when it is asked to go on, rolls back when it is closed.

        A Ctrl-C comes after any call, and before the first line of any function of Python. So what undoes a step
        stands in a `finally` around the step itself, and calls C, which it does not part from the `finally`.
        """
        with self._lock:
            self._refuse_nested()
            with self._busy:
                try:
                    self._begin()
                    yield SqliteTransaction(self._writer, self.parameters, self.path)  # what fails is the caller's
                    with explained(self.path):
                        self._writer.execute("COMMIT")
                finally:
                    try:
                        # After a full disk SQLite may have rolled back already; a second ROLLBACK would be an error.
                        if self._writer.in_transaction:
                            self._writer.execute("ROLLBACK")
                    finally:
                        if self._turn is not None:
                            self._turn.give_back()

    def _begin(self) -> None:
        if self._writer.in_transaction:  # one that was broken off so that not even its end was reached
            self._writer.execute("ROLLBACK")
        if self._turn is not None:
            self._turn.take()
        self._check_still_there()
        with explained(self.path):
            self._writer.execute("BEGIN IMMEDIATE")

    def _refuse_nested(self) -> None:
        if self._busy.locked():
            raise InvalidInput(
                "A verb that writes was called inside transaction() of the same thread, and SQLite has one at a time. "
                "Call it before or after."
            )

    def ring(self) -> None:
        """See contract.Database."""
        if self._turn is None:
            self._bell.ring()
        else:
            self._turn.ring()

    def _check_still_there(self) -> None:
        """Raises StoreUnusable where the file was removed or replaced: what is written into it, nobody would find."""
        try:
            if self._turn is None or os.path.samestat(os.stat(self.path), self._file):
                return
        except OSError:
            pass  # it is not there: said below
        raise StoreUnusable(
            f"{self.path} was removed or replaced while it was open, and its jobs with it. Put it back or start again.",
            where=self.path,
        )

    def change_schema(self, work: Callable[[SqliteTransaction], None]) -> None:
        """See contract.Database."""
        self.write(work)

    def read(self, name: str, /, **parameters: Any) -> Rows:
        """See contract.Database."""
        if self._turn is None:
            with self._lock, explained(self.path):
                return self._run(self._writer, name, parameters)
        self._check_still_there()
        reader = self._readers.pop() if self._readers else self._reader()
        try:
            with explained(self.path):
                return self._run(reader, name, parameters)
        finally:
            self._readers.append(reader)

    def now(self) -> float:
        """See contract.Database."""
        return self._clock.wall()

    def wait(self, seen: int, timeout_s: float) -> int:
        """See contract.Database."""
        return self._bell.wait(seen, timeout_s)

    def wake(self) -> None:
        """See contract.Database."""
        self._bell.ring()

    def close(self) -> None:
        """See contract.Database."""
        self._bell.close()
        with self._lock:
            while self._readers:
                self._readers.pop().close()
            self._writer.close()
            if self._turn is not None:
                self._turn.close()

    def parameters(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as SQLite takes them: lists as JSON, and the clock of leases beside them."""
        bound = {
            key: msgspec.json.encode(value).decode() if isinstance(value, list | tuple) else value
            for key, value in values.items()
        }
        bound["lease_now"] = self._clock.boot()
        return bound

    def _run(self, connection: apsw.Connection, name: str, parameters: dict[str, Any]) -> Rows:
        text = statement(name, SQLITE, given(parameters)).text
        return connection.execute(text, self.parameters(parameters)).fetchall()

    def _reader(self) -> apsw.Connection:
        """One more connection, to this very file. It is not made anew where it was moved away a moment ago: SQLite
        would take the log of the old file for that of the new one, and throw it away with all that it holds.
        """
        with explained(self.path):
            reader = self._open(apsw.SQLITE_OPEN_READWRITE)
        try:
            self._check_still_there()
        except StoreUnusable:
            reader.close()
            raise
        return reader

    def _open(self, flags: int = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE) -> apsw.Connection:
        connection = apsw.Connection(self.path, flags)
        connection.set_busy_timeout(5000)
        connection.limit(apsw.SQLITE_LIMIT_ATTACHED, 0)  # a commit over two files is not atomic in WAL mode
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -32000")
        if self.path != MEMORY:
            mode = self._into_wal_mode(connection)
            if mode != "wal":
                raise StoreUnusable(
                    f"{self.path} can not be kept in WAL mode (SQLite answers {mode!r}); put it on a local disk."
                )
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA journal_size_limit = 67108864")
        return connection

    def _into_wal_mode(self, connection: apsw.Connection) -> str:
        """Puts the file into WAL mode. SQLite does not wait where several do so at once: it is asked again."""
        limit = self._clock.precise() + PATIENCE_S
        while True:
            try:
                refuse_foreign(connection, self.path)
                return str(connection.pragma("journal_mode", "wal"))
            except apsw.BusyError:
                if self._clock.precise() > limit:
                    raise
                self._never.wait(random.uniform(0.005, 0.02))  # noqa: S311 - spreads the askers, no secret
