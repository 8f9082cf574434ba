"""The file of an SQLite database, and the disk it lies on."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import apsw

from headway.checks.subject import Findings, Subject, failing, ok, warning
from headway.errors import StoreUnusable
from headway.model import words
from headway.store.sqlite.refusals import refuse_network

LEAST_FREE = 256 * 1024 * 1024
"""Bytes free on the disk of the database; with less it may soon be full."""


def file_system(subject: Subject) -> Findings:
    """Whether its locks hold."""
    if subject.on_postgres:
        return
    try:
        refuse_network(subject.hw.url)
        yield ok("file system", "local")
    except StoreUnusable as problem:
        yield failing("file system", str(problem), "move the file to a local disk, or use PostgreSQL")


def disk(subject: Subject) -> Findings:
    """Whether there is room."""
    if subject.on_postgres:
        return
    path = subject.hw.url
    free = shutil.disk_usage(os.path.dirname(path)).free
    size = sum(file.stat().st_size for file in (Path(path), Path(f"{path}-wal")) if file.exists())
    said = f"{words.size(free)} free, the database has {words.size(size)}"
    yield warning("disk", said, "make room") if free < LEAST_FREE else ok("disk", said)


def integrity(subject: Subject) -> Findings:
    """Whether the file is whole, and written as it should be. It reads all of it."""
    if subject.on_postgres:
        return
    try:
        with closing(apsw.Connection(subject.hw.url, flags=apsw.SQLITE_OPEN_READONLY)) as connection:
            mode = connection.pragma("journal_mode")
            said = f"{mode}, synchronous FULL"
            yield ok("journal", said) if mode == "wal" else failing("journal", said, "open it with Headway")
            faults = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
    except apsw.Error as problem:
        faults = [str(problem)]
    if faults == ["ok"]:
        yield ok("integrity", "quick_check finds nothing")
    else:
        yield failing("integrity", "; ".join(faults), f"put a backup back: {subject.command('db restore', 'FILE')}")
