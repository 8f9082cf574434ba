"""Which database an address means, and opening it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from headway.clock import Clock
from headway.errors import InvalidInput, NotSupported, StoreUnusable
from headway.store.address import without_password
from headway.store.contract import Database
from headway.store.migrate import prepare
from headway.store.sqlite import MEMORY, Sqlite

VARIABLE = "HEADWAY_URL"


def default_url() -> str:
    """$HEADWAY_URL where it has a value, else the user's own file: $XDG_DATA_HOME/headway/jobs.db."""
    given = os.environ.get(VARIABLE, "")
    if given.strip():
        return whole_url(given)
    return own_file()


def own_file() -> str:
    """The user's own file, whatever $HEADWAY_URL says."""
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(data) / "headway" / "jobs.db")


def whole_url(url: str) -> str:
    """The address with an absolute path in it: one database, wherever the process goes. Raises InvalidInput."""
    scheme, separator, rest = url.partition("://")
    if separator and scheme != "sqlite":
        return url
    path = rest.removeprefix("/") if separator else url
    if path in (MEMORY, ""):
        return MEMORY
    try:
        path.encode()
        place = str(Path(path).expanduser().absolute())
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):  # opening it says what is wrong
            os.lstat(f"{place}-journal")  # SQLite's own files beside it have longer names
        return place
    except (OSError, ValueError, RuntimeError) as problem:
        said = problem.strerror if isinstance(problem, OSError) else problem
        raise InvalidInput(f"{path[:300]!a} is no path of a database: {said}. Name a file on a local disk.") from None


def open_database(url: str, clock: Clock, create: bool = True) -> Database:
    """Opens the database at an address and makes it usable; a fresh one is created.

    url: a path, ":memory:", "sqlite:///path" or "postgresql://...". Raises StoreUnusable, StoreTooNew, StoreTooOld,
    StoreUnavailable, NotSupported.
    """
    database = connect(url, clock, create)
    try:
        prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def connect(url: str, clock: Clock, create: bool = True) -> Database:
    """Opens a database as it is, whatever its schema."""
    scheme, separator, _ = url.partition("://")
    if not separator or scheme == "sqlite":
        return _file(whole_url(url), clock, create)
    if scheme in ("postgresql", "postgres"):
        return _server(url, clock)
    if scheme in ("http", "https"):
        raise NotSupported(
            f"{scheme}:// is the address of a server, and this needs the database itself: name a file or postgresql://..."
        )
    raise InvalidInput(
        f"{f'{scheme[:60]}://'!a} begins no address of jobs: name a file, sqlite:///file, :memory:, postgresql://..., "
        "or the http://... or https://... of a server."
    )


def _file(path: str, clock: Clock, create: bool) -> Database:
    if path == MEMORY:
        return Sqlite(MEMORY, clock)
    place = Path(path)
    if path == default_url():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not create and not place.exists():
        raise InvalidInput(f"There is no database at {place}. It is made when the first job is submitted.")
    return Sqlite(os.path.realpath(place), clock)  # a link to it shares its turn and its doorbell


def _server(url: str, clock: Clock) -> Database:
    try:
        from headway.store.postgres import Postgres
    except ImportError as missing:
        raise NotSupported(f"{missing}. PostgreSQL needs its driver: pip install 'headway[postgres]'") from missing
    check_server(url)
    return Postgres(url, clock)


def check_server(url: str) -> None:
    """Raises InvalidInput or StoreUnusable, without the password, for what is no address of a PostgreSQL database."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        if "\x00" in url:
            raise ValueError("it holds a NUL character")
        conninfo_to_dict(url)
        return
    except (ProgrammingError, ValueError) as problem:
        encoding = "percent-encoded" in str(problem)
    shown = without_password(url)[:300]
    if encoding:
        raise StoreUnusable(
            f"{shown!a} can not be used: a % in it is not followed by two hexadecimal digits. Write %25 for a % sign."
        )
    raise InvalidInput(
        f"{shown!a} is no address of a PostgreSQL database: expected postgresql://user@host:5432/database, with "
        "parameters that libpq knows after a ? and special signs percent-encoded."
    )
