"""What PostgreSQL says, as errors of ours."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors as pg
from psycopg_pool import PoolTimeout

from headway.errors import IllegalChange, StoreError, StoreFull, StoreUnavailable, StoreUnusable

_REFUSED = re.compile(r'FATAL:.*(authentication failed|"[^"]*" does not exist|not permitted to log in|pg_hba\.conf)')


class Contended(StoreUnavailable):
    """Other transactions stood in the way of this one, which was rolled back: it is made again."""


class Lost(StoreUnavailable):
    """A connection broke before a COMMIT, and with it, perhaps, all that the pool kept since before a restart."""


class Reset(Lost):
    """Somebody else has reset the session of a connection, and perhaps those of all that the pool keeps."""


@contextmanager
def explained(url: str, theirs: Collection[BaseException] = ()) -> Iterator[None]:
    """Turns the driver's errors into ours, but for those of a job's own statements."""
    try:
        yield
    except psycopg.Error as error:
        if error in theirs:
            raise
        raise _told(error, url) from error


@contextmanager
def writable(url: str) -> Iterator[None]:
    """Raises StoreUnusable for a database that can not be prepared because it is read-only."""
    try:
        yield
    except pg.ReadOnlySqlTransaction as error:
        raise StoreUnusable(f"PostgreSQL at {url} is read-only (a replica?). Name the primary.") from error


def _told(error: psycopg.Error, url: str) -> StoreError:
    """What was found, and what to do."""
    said = _short(error)
    match error:
        case pg.DeadlockDetected() | pg.SerializationFailure():
            return Contended(f"PostgreSQL at {url} had others write the same rows ({said}).")
        case pg.DiskFull() | pg.InsufficientResources():
            return StoreFull(f"PostgreSQL at {url} has no room ({said}). Make room and try again.")
        case pg.InsufficientPrivilege():
            return StoreUnusable(f"PostgreSQL at {url} refuses: {said}. See what the user may do.", where=url)
        case psycopg.OperationalError() if _REFUSED.search(said):  # who is refused a connection gets no code
            return StoreUnusable(
                f"PostgreSQL at {url} refuses: {said}. See user, password and database name.", where=url
            )
        case pg.ReadOnlySqlTransaction():  # for a while: a fail-over, or a guard of the disk
            return StoreUnavailable(
                f"PostgreSQL at {url} is read-only. If it is a replica, name the primary; else wait for its guard."
            )
        case pg.InvalidSqlStatementName() | pg.DuplicatePreparedStatement():
            return Reset(
                f"PostgreSQL at {url} has lost what this session had prepared ({said}). If a pooler stands before it "
                "that lends one session to several, name PostgreSQL itself."
            )
        case pg.FeatureNotSupported() if "cached plan" in said:  # a table was changed under it
            return Reset(f"PostgreSQL at {url} can not run what this session had prepared ({said}).")
        case pg.IntegrityError() | pg.DataError():
            return IllegalChange(f"The database refused the change: {said}")
        case PoolTimeout():
            return StoreUnavailable(f"PostgreSQL at {url} does not answer ({said}).")
        case (  # two of them cut a connection that said nothing for too long: this process was frozen
            pg.IdleInTransactionSessionTimeout()
            | pg.IdleSessionTimeout()
            | psycopg.OperationalError()
            | psycopg.InterfaceError()
        ):
            return Lost(f"PostgreSQL at {url} does not answer ({said}).")
        case pg.UndefinedTable() | pg.UndefinedColumn() | pg.UndefinedFunction() | pg.InvalidSchemaName():
            return StoreUnusable(
                f"PostgreSQL at {url} has not the tables that Headway keeps its jobs in ({said}). "
                "Restore them from a backup, or see which program changed them.",
                where=url,
            )
    return StoreUnusable(f"PostgreSQL at {url} refuses: {said}. See what its log says of it.", where=url)


def _short(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
