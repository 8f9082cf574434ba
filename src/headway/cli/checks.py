"""What `headway doctor` looks at. Each check says what it found, and what to do where that is not well."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import apsw
import msgspec

from headway.cli import wording
from headway.cli.app import App
from headway.cli.text import one_line
from headway.errors import HeadwayError, SecretUnavailable, StoreError, StoreUnusable
from headway.model import words
from headway.model.moves import EXECUTING
from headway.store import migrate, opening, sealing
from headway.store.keys import keyring
from headway.store.sqlite import refuse_network, require_fixed_sqlite
from headway.tracker.wire import is_server

LEAST_FREE = 256 * 1024 * 1024
"""Bytes free on the disk of the database; with less it may soon be full."""
SKEW_S = 5.0
"""A clock that is this far off makes times that people compare misleading."""
SLOW_S = 120.0
"""A pause or cancel that is not answered for so long needs somebody."""

Level = Literal["ok", "warn", "bad"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. remedy: what to do; empty where all is well."""

    level: Level
    name: str
    found: str
    remedy: str = ""


def findings(app: App) -> Iterator[Finding]:
    """All findings, as they are made. What needs the database is left out where it can not be reached."""
    yield Finding("ok", "python", sys.version.split()[0])
    yield _sqlite()
    yield _psycopg(app)
    if is_server(app.hw.url):
        yield from _server(app)
        return
    reached = list(_database(app))
    yield from reached
    if not any(finding.name == "schema" and finding.level == "ok" for finding in reached):
        return
    checks: list[Callable[[App], Iterator[Finding]]] = [_settings, _keys, _workers, _clocks, _unanswered, _pending]
    for check in checks:
        try:
            yield from check(app)
        except StoreError as problem:  # one part of a damaged database must not hide the findings of the others
            yield Finding("bad", check.__name__.strip("_"), str(problem), "see the message")


def _server(app: App) -> Iterator[Finding]:
    """What can be seen of a database through its server."""
    try:
        app.hw.now()
    except HeadwayError as problem:
        yield Finding("bad", "server", str(problem), "see the message; --url or $HEADWAY_URL names another one")
        return
    yield Finding("ok", "server", f"{app.place} answers")
    for check in (_workers, _clocks, _unanswered, _pending):
        yield from check(app)


def is_postgres(app: App) -> bool:
    """Whether the database is a PostgreSQL server."""
    return app.hw.url.startswith(("postgresql://", "postgres://"))


def _sqlite() -> Finding:
    found = apsw.sqlite_lib_version()
    try:
        require_fixed_sqlite(tuple(int(part) for part in found.split(".")))
    except StoreUnusable as problem:
        return Finding("bad", "sqlite", f"{found}: {problem}", "pip install --upgrade apsw")
    return Finding("ok", "sqlite", f"{found} (apsw {apsw.apsw_version()})")


def _psycopg(app: App) -> Finding:
    try:
        return Finding("ok", "psycopg", metadata.version("psycopg"))
    except metadata.PackageNotFoundError:
        remedy = "pip install 'headway[postgres]'"
        if is_postgres(app):
            return Finding("bad", "psycopg", "not installed, and the database is PostgreSQL", remedy)
        return Finding("ok", "psycopg", f"not installed; PostgreSQL needs it: {remedy}")


def _database(app: App) -> Iterator[Finding]:
    if not is_postgres(app) and "://" in app.hw.url:
        yield Finding("bad", "database", f"{app.hw.url} is no address of a database", "name a file or postgresql://...")
        return
    if not is_postgres(app) and not Path(app.hw.url).exists():
        yield Finding("ok", "database", f"{app.hw.url} is not there yet; the first job makes it")
        return
    try:
        with closing(opening.connect(app.hw.url, app.clock, create=False)) as database:
            status = migrate.status(database)
    except HeadwayError as problem:
        yield Finding("bad", "database", str(problem), "see the message; --url or $HEADWAY_URL names another one")
        return
    yield Finding("ok", "database", app.place)
    if not status.found:
        yield Finding("ok", "tables", "not there yet; the first job makes them")
    elif status.found == status.wanted:
        yield Finding("ok", "schema", str(status.found))
    else:
        remedy = "headway db upgrade" if status.pending else "use the newer release that made it"
        yield Finding("bad", "schema", f"{status.found}, this release needs {status.wanted}", remedy)


def _settings(app: App) -> Iterator[Finding]:
    yield from _postgres_settings(app) if is_postgres(app) else _file(app)


def _file(app: App) -> Iterator[Finding]:
    path = app.hw.url
    try:
        refuse_network(path)
        yield Finding("ok", "file system", "local")
    except StoreUnusable as problem:
        yield Finding("bad", "file system", str(problem), "move the file to a local disk, or use PostgreSQL")
    free = shutil.disk_usage(os.path.dirname(path)).free
    size = sum(file.stat().st_size for file in (Path(path), Path(f"{path}-wal")) if file.exists())
    said = f"{words.size(free)} free, the database has {words.size(size)}"
    yield Finding("warn", "disk", said, "make room") if free < LEAST_FREE else Finding("ok", "disk", said)
    connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READONLY)
    try:
        mode = connection.pragma("journal_mode")
        ok = mode == "wal"
        yield Finding(
            "ok" if ok else "bad", "journal", f"{mode}, synchronous FULL", "" if ok else "open it with Headway"
        )
        faults = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
    except apsw.Error as problem:
        faults = [str(problem)]
    finally:
        connection.close()
    if faults == ["ok"]:
        yield Finding("ok", "integrity", "quick_check finds nothing")
    else:
        yield Finding("bad", "integrity", "; ".join(one_line(fault) for fault in faults), "restore a backup")


def _postgres_settings(app: App) -> Iterator[Finding]:
    import psycopg

    with psycopg.connect(app.hw.url, connect_timeout=10) as connection:
        version = connection.info.server_version
        yield Finding("ok", "server", f"PostgreSQL {version // 10000}.{version % 10000}")
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            value = str(row[0]) if row else "unknown"
            well = value not in ("off", "unknown")
            remedy = "" if well else f"turn {name} on: without it a crash loses what was acknowledged"
            yield Finding("ok" if well else "bad", name, value, remedy)


def _keys(app: App) -> Iterator[Finding]:
    database = opening.connect(app.hw.url, app.clock, create=False)
    try:
        needed = sealing.keys_in_use(database)
    finally:
        database.close()
    try:
        found = keyring()
    except SecretUnavailable as problem:
        yield Finding("bad" if needed else "warn", "keys", str(problem), "see the message; secrets need a key")
        return
    missing = sorted(needed - found.keys.keys())
    if missing:
        said = f"{found.place} lacks {', '.join(missing)}, with which secrets of sessions or open jobs were sealed"
        yield Finding("bad", "keys", said, "add that key, from where the secrets were given; or give the secrets anew")
    elif found.keys:
        yield Finding("ok", "keys", f"{len(found.keys)} in {found.place}")
    else:
        yield Finding("ok", "keys", "none yet; the first secret makes one")


def _workers(app: App) -> Iterator[Finding]:
    workers = [worker for worker in app.hw.workers() if worker.stopped_at is None and worker.slots]
    for worker in workers:
        age = words.ago(app.hw.now() - worker.seen_at.timestamp())
        types = ", ".join(one_line(name) for name in worker.types)
        yield Finding("ok", "worker", f"{worker.host} {worker.pid}: {worker.slots} slots, {types}; seen {age}")
    if not workers:
        yield Finding("ok", "workers", "none; jobs of functions need one: headway worker --import MODULE")


def _clocks(app: App) -> Iterator[Finding]:
    skew = app.hw.now() - app.clock.wall()
    said = f"the database's is {abs(skew):.1f} s {'ahead of' if skew > 0 else 'behind'} this machine's"
    if abs(skew) < SKEW_S:
        yield Finding("ok", "clock", "as the database's")
    else:
        yield Finding("warn", "clock", said, "set both by NTP; leases are safe, times on screens are off")
    for worker in app.hw.workers():
        if abs(worker.clock_skew_s or 0.0) > SKEW_S:
            found = f"that of worker {worker.host} {worker.pid} is {worker.clock_skew_s:+.1f} s off the database's"
            yield Finding("warn", "clock", found, "set both by NTP; leases are safe, times on screens are off")


def _unanswered(app: App) -> Iterator[Finding]:
    now = app.hw.now()
    asked = app.hw.jobs(state=[state for state in EXECUTING if state != "running"], limit=1000)
    slow = [str(job.number) for job in asked if now - job.state_since.timestamp() > SLOW_S]
    if slow:
        remedy = "see whether its code reaches ctx.check(); a cancel ends it after its grace"
        yield Finding("warn", "unanswered", f"jobs {', '.join(slow)} were asked to halt long ago", remedy)
    interrupted = app.hw.jobs(state="interrupted", limit=1000)
    if interrupted:
        yield Finding("warn", "interrupted", f"{wording.jobs(len(interrupted))} without a process", "headway recover")


def _pending(app: App) -> Iterator[Finding]:
    waits: Counter[Any] = Counter(
        job.type for job in app.hw.jobs(state="pending", limit=1000)
        if job.marks.get("waiting_for", "").startswith("a worker")
    )  # fmt: skip
    for kind, count in waits.items():
        found = f"{wording.jobs(count)} of {one_line(kind)}, a type that no worker has"
        yield Finding("warn", "pending", found, "headway worker --import MODULE, with the module that registers it")
