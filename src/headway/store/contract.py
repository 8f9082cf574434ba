"""What a database must offer. SQLite and PostgreSQL each do; everything above is written against this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from headway.errors import StoreUnavailable

T = TypeVar("T")
Row = tuple[Any, ...]
Rows = Sequence[Row]


RETURNED = frozenset({"returned"})
"""What is given to a statement over rows whose returned rows are wanted."""


class CommitUnknown(StoreUnavailable):
    """The connection was lost while a COMMIT was under way: it may have happened. Repeat what can be repeated."""

    code = "commit_unknown"


class Reads(Protocol):
    """Where statements that only read can be run: a database, or what stands for it inside a transaction."""

    def read(self, name: str, /, **parameters: Any) -> Rows:
        """Runs one statement that only reads."""


class Transaction(Protocol):
    """One transaction of the writer; statements are named by their files in queries/."""

    @property
    def connection(self) -> Any:
        """The driver's connection."""

    def run(self, name: str, /, **parameters: Any) -> Rows:
        """Runs one statement and returns its rows."""

    def each(self, name: str, rows: Sequence[Mapping[str, Any]], returns: bool = False) -> Rows:
        """Runs a statement over given rows. returns: whether what it returns is wanted now."""

    def hold_alias(self, kind: str, text: str) -> None:
        """Keeps everybody else from beginning under this alias until the transaction ends."""

    def lock(self, ids: Sequence[str]) -> None:
        """Locks job rows in the one order that all batches keep, where the database has several writers."""


class SchemaTransaction(Transaction, Protocol):
    """A transaction that may change the schema."""

    def script(self, text: str) -> None:
        """Runs several statements of a migration."""


class Database(Protocol):
    """A place to keep jobs."""

    dialect: str
    url: str

    def write(self, work: Callable[[Transaction], T], ring: bool = True) -> T:
        """Calls `work` in one transaction and commits it; ring: wake whoever waits for changes.

        `work` may be called again after a deadlock, so it must do nothing but write. Raises StoreUnavailable,
        StoreBusy, StoreFull, CommitUnknown, IllegalChange.
        """

    def transaction(self) -> AbstractContextManager[Transaction]:
        """One writing transaction; committed at the end of the block, rolled back by an exception. Nobody is woken."""

    def ring(self) -> None:
        """Wakes whoever waits for changes: for commits that were made with ring=False."""

    def change_schema(self, work: Callable[[SchemaTransaction], None]) -> None:
        """Calls `work` in one transaction while nobody else changes the schema."""

    def read(self, name: str, /, **parameters: Any) -> Rows:
        """Runs one statement that only reads."""

    def now(self) -> float:
        """Seconds since the epoch by the clock that all users of this database share."""

    def wait(self, seen: int, timeout_s: float) -> int:
        """Waits until somebody commits after the moment `seen`, or the time passes; returns the new moment.

        A hint, never a promise: whoever waits looks again, whatever it returns. `seen` is 0 at first.
        """

    def wake(self) -> None:
        """Wakes whoever waits in this process."""

    def close(self) -> None:
        """Gives back connections; the next use opens them again."""


def given(parameters: Mapping[str, Any]) -> frozenset[str]:
    """The names of the parameters that are not None: what an optional line of a statement asks for."""
    return frozenset(name for name, value in parameters.items() if value is not None)
