"""The connection of the verbs to their database: opened at first use, and again after a fork."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import weakref
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from headway.clock import Clock, SystemClock
from headway.errors import InvalidInput, SecretUnavailable
from headway.model.job import Job
from headway.store import opening, sealing, sweeping
from headway.store.address import without_password
from headway.store.contract import Database
from headway.store.identities import Identities
from headway.store.records import JobRow
from headway.store.sealing import Owner
from headway.tracker import wire

if TYPE_CHECKING:
    from headway.runtime.office import Office
    from headway.tracker.headway import Headway

AnyId = str | int | Job
TypeOrFunction = str | Callable[..., object]

LOG = logging.getLogger("headway")


class Connection:
    """One database, as the verbs of this process use it. Thread-safe; close() or `with` ends it."""

    def __new__(cls, url: object = None, *args: Any, **options: Any) -> Self:
        return object.__new__(cls._kind(_address(url)))

    def __init__(
        self, url: str | os.PathLike[str] | None = None, *, clock: Clock | None = None, via: str = "python",
        token: str | None = None,
    ) -> None:  # fmt: skip
        if token is not None and not wire.is_server(_address(url)):
            raise InvalidInput("token= is for the address of a server; a database takes none.")
        self.url = _address(url)
        self._clock = clock or SystemClock()
        self._via = via
        self._ids = Identities(self._clock)
        self._lock = threading.RLock()
        self._pid = 0
        self._swept_at = 0.0
        self._opened: Database | None = None
        self._its_office: Office | None = None
        _INSTANCES.add(self)

    @classmethod
    def _kind(cls, url: str) -> type[Self]:
        """Which class has the verbs for an address."""
        return cls

    def close(self) -> None:
        """Stores what is left and gives back connections; the next use opens them again."""
        with self._lock:
            office, self._its_office = self._its_office, None
            database, self._opened = self._opened, None
            if self._pid != os.getpid():
                return  # the parent's connections are the parent's
            if office is not None:
                office.close()
            if database is not None:
                database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _database(self) -> Database:
        if self._opened is None or self._pid != os.getpid():
            with self._lock:
                if self._opened is None or self._pid != os.getpid():
                    if self._opened is not None:  # closing them here would close the parent's
                        _INHERITED.append((self._opened, self._its_office))
                    self._its_office = None
                    self._opened = opening.open_database(self.url, self._clock)
                    self._pid = os.getpid()
                    self._swept_at = self._clock.boot()
                    sweeping.sweep(self._opened)
        return self._opened

    def _sweep_when_due(self) -> None:
        """Who only waits for jobs must sweep as well: there may be nobody else to find that a process has died."""
        if self._clock.boot() - self._swept_at >= sweeping.SWEEP_S:
            self._swept_at = self._clock.boot()
            sweeping.sweep(self._database)

    @property
    def _office(self) -> Office:
        from headway.runtime.office import Office

        database = self._database
        with self._lock:
            if self._its_office is None:
                self._its_office = Office(database, self._clock, cast("Headway", self))
            return self._its_office

    def _type_name(self, type_or_function: TypeOrFunction) -> str:
        if isinstance(type_or_function, str):
            return type_or_function
        from headway.runtime.registry import type_name

        return type_name(type_or_function)

    def _input_check(self, kind: str) -> Callable[[Any], object] | None:
        """What refuses a plain value for a secret, where this process has the type and it takes secrets."""
        from headway.runtime.registry import REGISTRY

        known = REGISTRY.find(kind)
        return known.check_secrets if known is not None and known.takes_secrets else None

    def _refuse_misfit(self, type: TypeOrFunction, stored: str, owner: Owner) -> None:
        """Raises InvalidInput for an input that does not fit the function that was given as the type.

        Where a name was given nothing is compared: the worker's code may be another one than this process has.
        """
        from headway.runtime.registry import REGISTRY

        if callable(type):
            REGISTRY.get(self._type_name(type)).arguments(sealing.opened(stored, owner))

    def _misfit(self, row: JobRow) -> str | None:
        """Why a stored input does not fit the type that this process has; None where it does, or can not be told."""
        from headway.runtime.registry import REGISTRY

        known = None if row.outside or row.rollback_of is not None else REGISTRY.find(row.type)
        try:
            if known is not None:
                known.arguments(sealing.opened(row.input, Owner("job", row.id)))
        except InvalidInput as problem:
            return str(problem)
        except SecretUnavailable:
            return None
        return None


_INHERITED: list[object] = []
"""Connections that a child process got by fork: kept untouched, since even forgetting them would close them."""
_INSTANCES: weakref.WeakSet[Connection] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """What a program's end must not lose: the last words of its jobs."""
    for instance in list(_INSTANCES):
        try:
            instance.close()
        except Exception:
            LOG.exception("closing %s failed", without_password(instance.url))


def _address(url: object) -> str:
    """An address made whole. Raises InvalidInput."""
    if url is None:
        return opening.default_url()
    given = os.fspath(url) if isinstance(url, str | os.PathLike) else url
    if not isinstance(given, str):
        raise InvalidInput(
            f"A database is named by a text or a path; found {type(given).__name__}. Name a file or postgresql://..."
        )
    if not given.strip():
        raise InvalidInput(
            "The address of the database is empty, as where a variable was not set. Name a file, or postgresql://...; "
            "leave it out for your own file, or give :memory: for jobs that end with the process."
        )
    return opening.whole_url(given)
