"""Copies of an SQLite file that is in use, and putting one back: each whole, or not at all.

A copy has no epoch, so it gets one of its own when it is opened, however it came to its place (see epoch).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from urllib.parse import quote

import apsw

from headway.errors import InvalidInput, StoreBusy, StoreTooNew, StoreUnusable
from headway.store.migrate import migrations
from headway.store.parts import BESIDE, until_whole
from headway.store.sql import SQLITE, statement
from headway.store.sqlite.problems import explained
from headway.store.sqlite.refusals import OURS, refuse_foreign, refuse_network


def back_up(path: str, copy: str) -> int:
    """Copies the file as it is at one moment, while others write it; the bytes of the copy.

    Raises InvalidInput where something is there already or no file is to be copied, StoreUnusable, StoreFull.
    """
    place = os.path.abspath(copy)
    if os.path.lexists(place):
        raise InvalidInput(f"{place} is there already, and a backup overwrites nothing. Name another file.")
    if not os.path.exists(path):
        raise InvalidInput(f"There is no database at {path} to copy. It is made when the first job is submitted.")
    with explained(path), closing(apsw.Connection(path, apsw.SQLITE_OPEN_READWRITE)) as source:
        source.set_busy_timeout(5000)
        _refuse_others(source, path)
        _make(copy, source, os.stat(path).st_mode)
    return os.path.getsize(copy)


def put_back(copy: str, path: str, replace: bool = False) -> None:
    """Makes the file what the copy is; what it held before is gone. Nobody may have it open.

    replace: whether a file that is there may be overwritten. Raises InvalidInput, StoreBusy, StoreUnusable,
    StoreTooNew, StoreFull; the file is as it was then.
    """
    refuse_network(path)
    if not os.path.isfile(copy):
        raise InvalidInput(f"There is no file {copy} to put back.")
    there = os.path.exists(path)
    if there:
        _refuse_to_overwrite(copy, path, replace)
    with explained(copy), closing(_opened(copy)) as source:
        refuse_unfit(source, copy)
        if there:
            with _without_epoch(source, copy) as pages, explained(path):
                _overwrite(path, pages)
        else:
            _refuse_left_over(path)
            _make(path, source, os.stat(copy).st_mode)


def refuse_unfit(source: apsw.Connection, copy: str) -> None:
    """Raises StoreUnusable or StoreTooNew for what is no whole copy that this release can use."""
    schema = _refuse_others(source, copy)
    faults = [str(row[0]) for row in source.execute("PRAGMA quick_check(3)")]
    if faults != ["ok"]:
        raise StoreUnusable(f"{copy} is damaged ({'; '.join(faults)}). Use another copy; nothing was changed.")
    if schema > max(migrations(SQLITE)):
        raise StoreTooNew(f"{copy} has schema {schema}, of a newer release. Use that one; nothing was changed.")


def _refuse_others(source: apsw.Connection, path: str) -> int:
    """Raises StoreUnusable for what is none of ours; else its schema."""
    tables = {row[0] for row in source.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables >= OURS:
        raise StoreUnusable(f"{path} is no database of Headway: it lacks its tables. Name one, or a copy of one.")
    schema = source.execute(statement("meta_value", SQLITE).text, {"name": "schema"}).fetchall()
    if len(schema) != 1 or not str(schema[0][0]).isdecimal():
        raise StoreUnusable(f"{path} does not tell which schema it has. Name another copy; nothing was changed.")
    return int(str(schema[0][0]))


def _opened(copy: str) -> apsw.Connection:
    """A connection that reads the copy. A WAL file wants a place for files beside it: where there is none, it is taken
    as it is, unless a log that belongs to it is there.
    """
    place = os.path.abspath(copy)
    if os.access(os.path.dirname(place), os.W_OK) or any(os.path.exists(place + end) for end in BESIDE):
        return apsw.Connection(place, apsw.SQLITE_OPEN_READONLY)
    return apsw.Connection(f"file:{quote(place)}?immutable=1", apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)


def _refuse_to_overwrite(copy: str, path: str, replace: bool) -> None:
    if os.path.samefile(copy, path):
        raise InvalidInput(f"{copy} is the database itself. Name the copy that is to be put in its place.")
    if not replace:
        raise InvalidInput(
            f"{path} is there, and putting {copy} back gives up all that it holds. Say so with --replace; "
            "`headway db backup FILE` keeps a copy of it."
        )


def _refuse_left_over(path: str) -> None:
    for left in (path + end for end in BESIDE[:2]):
        if os.path.lexists(left):
            raise InvalidInput(
                f"{left} is left of a database that was there, and would be taken for a part of the copy. It may hold "
                "jobs that are nowhere else: keep it with the file that it belongs to, or move it away."
            )


def _make(path: str, source: apsw.Connection, rights: int) -> None:
    """A file that holds what the source does, without an epoch and with nothing beside it."""
    with explained(path), until_whole(os.path.abspath(path)) as part:
        os.chmod(part, stat.S_IMODE(rights) | stat.S_IRUSR | stat.S_IWUSR)
        with closing(apsw.Connection(part)) as target:
            _fill(target, source)
            _forget_epoch(target)


def _overwrite(path: str, source: apsw.Connection) -> None:
    """Fills a file that is there, in one transaction: one that took its place would leave the old one to those who
    open it at this moment.
    """
    try:
        with _alone(path) as target:
            _fill(target, source)
    except BaseException:
        with suppress(apsw.Error), closing(apsw.Connection(path, apsw.SQLITE_OPEN_READWRITE)) as again:
            again.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # rolls back what was begun
        raise


def _fill(target: apsw.Connection, source: apsw.Connection) -> None:
    """All pages at once: between two portions somebody would write, and SQLite would begin again."""
    target.execute("PRAGMA synchronous = FULL")
    with target.backup("main", source, "main") as pages:
        while not pages.done:
            pages.step(-1)


def _forget_epoch(target: apsw.Connection) -> None:
    target.pragma("journal_mode", "delete")  # one file, with none beside it
    target.execute(statement("forget_meta", SQLITE).text, {"name": "store"})


@contextmanager
def _without_epoch(source: apsw.Connection, copy: str) -> Iterator[apsw.Connection]:
    """The copy as one without an epoch. Where it has one, as copies by other means do, it is copied into a file without
    a name: were it forgotten only after the restore, one that is killed in between would leave it.
    """
    if not source.execute(statement("meta_value", SQLITE).text, {"name": "store"}).fetchall():
        yield source
        return
    with explained(f"a temporary copy of {copy}"), closing(apsw.Connection("")) as bare:
        _fill(bare, source)
        _forget_epoch(bare)
        yield bare


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
