"""Which database an address means, and opening it."""

from __future__ import annotations

import os
from pathlib import Path

from headway.clock import Clock
from headway.errors import InvalidInput, NotSupported
from headway.store.contract import Database
from headway.store.migrate import prepare
from headway.store.sqlite import MEMORY, Sqlite

VARIABLE = "HEADWAY_URL"


def default_url() -> str:
    """$HEADWAY_URL, else the user's own file: $XDG_DATA_HOME/headway/jobs.db."""
    given = os.environ.get(VARIABLE)
    if given:
        return given
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(data) / "headway" / "jobs.db")


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
    scheme, separator, rest = url.partition("://")
    if not separator:
        return _file(url, clock, create)
    if scheme == "sqlite":
        return _file(rest.removeprefix("/") if rest.startswith("/") else rest, clock, create)
    if scheme in ("postgresql", "postgres"):
        return _server(url, clock)
    if scheme in ("http", "https"):
        raise NotSupported(f"{url}: this release talks to databases only; name a file or a postgresql:// address.")
    raise InvalidInput(
        f"{url!r} is no address of a database: name a file, sqlite:///file, :memory: or postgresql://..."
    )


def _file(path: str, clock: Clock, create: bool) -> Database:
    if path in (MEMORY, ""):
        return Sqlite(MEMORY, clock)
    if "\x00" in path:
        raise InvalidInput(f"{path!r} is no path: it holds a NUL character.")
    place = Path(path).expanduser()
    if str(place) == default_url():
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not create and not place.exists():
        raise InvalidInput(f"There is no database at {place}. It is made when the first job is submitted.")
    return Sqlite(str(place.absolute()), clock)


def _server(url: str, clock: Clock) -> Database:
    try:
        from headway.store.postgres import Postgres
    except ImportError as missing:
        raise NotSupported(f"{missing}. PostgreSQL needs its driver: pip install 'headway[postgres]'") from missing
    return Postgres(url, clock)
