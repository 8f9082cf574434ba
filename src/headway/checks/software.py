"""The software of this machine."""

from __future__ import annotations

import sys
from importlib import metadata

import apsw

from headway.checks.subject import Findings, Subject, failing, ok
from headway.errors import StoreUnusable
from headway.store.sqlite.refusals import require_fixed_sqlite


def python(subject: Subject) -> Findings:
    """Which Python runs this."""
    yield ok("python", sys.version.split()[0])


def sqlite(subject: Subject) -> Findings:
    """Whether SQLite can be trusted with a file that several processes write."""
    found = apsw.sqlite_lib_version()
    try:
        require_fixed_sqlite(tuple(int(part) for part in found.split(".")))
    except StoreUnusable as problem:
        yield failing("sqlite", f"{found}: {problem}", "pip install --upgrade apsw")
        return
    yield ok("sqlite", f"{found} (apsw {apsw.apsw_version()})")


def psycopg(subject: Subject) -> Findings:
    """Whether the driver of PostgreSQL is there, where it is needed."""
    remedy = "pip install 'headway[postgres]'"
    try:
        yield ok("psycopg", metadata.version("psycopg"))
    except metadata.PackageNotFoundError:
        if subject.on_postgres:
            yield failing("psycopg", "not installed, and the database is PostgreSQL", remedy)
        else:
            yield ok("psycopg", f"not installed; PostgreSQL needs it: {remedy}")
