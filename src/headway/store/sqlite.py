"""The embedded database: one SQLite file, opened by any number of processes of one host; or ":memory:"."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import apsw
import msgspec

from headway.clock import Clock
from headway.errors import IllegalChange, InvalidInput, StoreBusy, StoreFull, StoreUnusable
from headway.store.contract import RETURNED, Rows, given
from headway.store.doorbell import Doorbell
from headway.store.sql import SQLITE, insertion, statement
from headway.store.turn import PATIENCE_S, Turn

T = TypeVar("T")

MEMORY = ":memory:"
AT_ONCE = (500, 50, 5)
"""Rows that are inserted by one statement."""
FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""Releases from which SQLite no longer corrupts a WAL file that several connections write (3.52.0 was withdrawn)."""
OURS = {"jobs", "meta", "moves", "states"}
"""Tables by which a file is known as one of ours."""
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "ncpfs"}
"""File systems whose locks do not hold between hosts."""


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
        with explained(self.path):
            return self._open()

    def _open(self) -> apsw.Connection:
        connection = apsw.Connection(self.path)
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


class SqliteTransaction:
    """A transaction under way."""

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


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Turns SQLite's errors about a file into ours: what was found, and what to do."""
    try:
        yield
    except apsw.FullError as error:
        raise StoreFull(
            f"The disk that holds {path} is full ({error}). Make room and try again; nothing stored is lost."
        ) from error
    except apsw.IOError as error:
        raise StoreFull(f"Writing {path} failed ({error}). See that its disk is there and has room.") from error
    except apsw.NotADBError as error:
        raise StoreUnusable(
            f"{path} is not an SQLite database ({error}). Name another file; this one was not touched.",
            where=path,
        ) from error
    except apsw.CorruptError as error:
        raise StoreUnusable(
            f"{path} is damaged ({error}). `headway doctor` tells more. To put a copy back, move the file away with "
            "those beside it whose names begin as its own does, then: headway db restore COPY",
            where=path,
        ) from error
    except (
        apsw.ReadOnlyError,
        apsw.CantOpenError,
        PermissionError,
        FileNotFoundError,
        IsADirectoryError,
        NotADirectoryError,
    ) as error:
        raise StoreUnusable(_why_not_writable(path, error), where=path) from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise StoreBusy(
            f"{path} is locked by a program that does not take turns ({error}). Close it and try again."
        ) from error
    except apsw.ConstraintError as error:
        raise IllegalChange(f"The database refused the change: {error}") from error
    except OSError as error:
        raise StoreFull(f"Writing beside {path} failed ({error}). See that its disk is there and has room.") from error


def _why_not_writable(path: str, error: BaseException) -> str:
    file, folder = Path(path), Path(path).absolute().parent
    if file.is_dir():
        found = "it is a folder; name a file in it"
    elif not folder.exists():
        found = f"the folder {folder} does not exist; create it first"
    elif not os.access(folder, os.W_OK):
        found = f"the folder {folder} can not be written, and SQLite keeps files beside the database"
    elif file.exists() and not os.access(file, os.W_OK):
        found = "the file can not be written by this user"
    else:
        found = "the file system refuses it (is it mounted read-only?)"
    return f"Can not open {path} for writing: {found} ({error})."


def refuse_foreign(connection: apsw.Connection, path: str) -> None:
    """Raises StoreUnusable for a file with tables of another program; it is not touched."""
    tables = sorted(row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"))
    if tables and not OURS.issubset(tables):
        raise StoreUnusable(
            f"{path} holds the tables of another program ({', '.join(tables[:5])}). "
            "Name another file; this one was not touched."
        )


def require_fixed_sqlite(version: tuple[int, ...]) -> None:
    """Raises StoreUnusable where this SQLite can corrupt a WAL file (sqlite.org/wal.html, the WAL-reset bug)."""
    fixed = version >= FIXED[0] and version[:2] != (3, 52)
    fixed = fixed or any(version[:2] == release[:2] and version >= release for release in FIXED[1:])
    if not fixed:
        found = ".".join(str(part) for part in version)
        raise StoreUnusable(
            f"SQLite {found} can corrupt a database that several connections write (the WAL-reset bug). "
            "Install apsw 3.53 or later, which brings its own SQLite."
        )


def refuse_network(path: str) -> None:
    """Raises StoreUnusable where the file would lie on a network file system."""
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return  # not Linux: there is no such list, and SQLite's own checks must do
    place = os.path.realpath(path)
    kinds = {line.split()[1].replace("\\040", " "): line.split()[2] for line in mounts if len(line.split()) > 2}
    best = max((mount for mount in kinds if place.startswith(mount.rstrip("/") + "/")), key=len, default="/")
    if kinds.get(best) in NETWORK:
        raise StoreUnusable(
            f"{path} lies on a network file system ({kinds[best]}), whose locks do not hold. "
            "Use a local disk, or PostgreSQL for many hosts."
        )
