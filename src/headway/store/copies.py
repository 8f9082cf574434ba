"""Copies of an SQLite file that is in use, and putting one back: each whole, or not at all.

A copy has no epoch, so it gets one of its own when it is opened, however it came to its place (see epoch).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import apsw

from headway.errors import InvalidInput, StoreBusy, StoreTooNew, StoreUnusable
from headway.store.migrate import migrations
from headway.store.sql import SQLITE, statement
from headway.store.sqlite.problems import explained
from headway.store.sqlite.refusals import OURS, refuse_foreign, refuse_network


def back_up(path: str, copy: str) -> int:
    """Copies the file as it is at one moment, while others write it; the bytes of the copy.

    Raises InvalidInput where something is there already, StoreUnusable, StoreFull.
    """
    if os.path.lexists(copy):
        raise InvalidInput(f"{copy} is there already, and a backup overwrites nothing. Name another file.")
    with explained(path), closing(apsw.Connection(path, apsw.SQLITE_OPEN_READWRITE)) as source:
        source.set_busy_timeout(5000)
        refuse_foreign(source, path)
        with explained(copy), _until_whole(os.path.abspath(copy)) as part:
            os.chmod(part, os.stat(path).st_mode)
            with closing(apsw.Connection(part)) as target:
                _fill(target, source)
    return os.path.getsize(copy)


def put_back(copy: str, path: str, replace: bool = False) -> None:
    """Makes the file what the copy is; what it held before is gone. Nobody may have it open.

    replace: whether a file that is there may be overwritten. Raises InvalidInput, StoreBusy, StoreUnusable,
    StoreTooNew, StoreFull; the file is as it was then.
    """
    refuse_network(path)
    if not os.path.isfile(copy):
        raise InvalidInput(f"There is no file {copy} to put back.")
    if os.path.exists(path):
        _refuse_to_overwrite(copy, path, replace)
    with explained(copy), closing(apsw.Connection(copy, apsw.SQLITE_OPEN_READONLY)) as source:
        refuse_unfit(source, copy)
        with explained(path), _alone(path) as target:
            _fill(target, source)


def refuse_unfit(source: apsw.Connection, copy: str) -> None:
    """Raises StoreUnusable or StoreTooNew for what is no whole copy that this release can use."""
    tables = {row[0] for row in source.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables >= OURS:
        raise StoreUnusable(f"{copy} is no database of Headway: it lacks its tables. Name a copy of one.")
    faults = [str(row[0]) for row in source.execute("PRAGMA quick_check(3)")]
    if faults != ["ok"]:
        raise StoreUnusable(f"{copy} is damaged ({'; '.join(faults)}). Use another copy; nothing was changed.")
    ((schema,),) = source.execute(statement("meta_value", SQLITE).text, {"name": "schema"})
    if int(schema) > max(migrations(SQLITE)):
        raise StoreTooNew(f"{copy} has schema {schema}, of a newer release. Use that one; nothing was changed.")


def _refuse_to_overwrite(copy: str, path: str, replace: bool) -> None:
    if os.path.samefile(copy, path):
        raise InvalidInput(f"{copy} is the database itself. Name the copy that is to be put in its place.")
    if not replace:
        raise InvalidInput(
            f"{path} is there, and putting {copy} back gives up all that it holds. Say so with --replace; "
            "`headway db backup FILE` keeps a copy of it."
        )


def _fill(target: apsw.Connection, source: apsw.Connection) -> None:
    """All pages at once: between two portions somebody would write, and SQLite would begin again."""
    with target.backup("main", source, "main") as pages:
        while not pages.done:
            pages.step(-1)
    target.pragma("journal_mode", "delete")  # one file, with none beside it
    target.execute("PRAGMA synchronous = FULL")
    target.execute(statement("forget_meta", SQLITE).text, {"name": "store"})


@contextmanager
def _alone(path: str) -> Iterator[apsw.Connection]:
    """A connection that keeps everybody else out. Raises StoreBusy where somebody has the file open."""
    with closing(apsw.Connection(path)) as target:
        target.set_busy_timeout(500)
        try:
            refuse_foreign(target, path)
            target.pragma("journal_mode", "delete")  # refused while another connection is there, even an idle one
            target.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
        except apsw.BusyError:
            raise StoreBusy(
                f"{path} is open in another process. End all that use it (workers, servers, commands), then repeat "
                "this: one that goes on would write what belongs to the jobs as they were. Nothing was changed."
            ) from None
        yield target


@contextmanager
def _until_whole(path: str) -> Iterator[str]:
    """A file beside it, which gets the name at the end of the block; it goes where the block fails."""
    folder, name = os.path.split(path)
    descriptor, part = tempfile.mkstemp(".part", f".{name}.", folder)
    os.close(descriptor)
    try:
        yield part
        os.rename(part, path)
    finally:
        Path(part).unlink(missing_ok=True)
    _sync(folder)


def _sync(path: str) -> None:
    """Makes the names in a folder as durable as what is in the files."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
