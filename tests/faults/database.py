"""The database as a test sees it past Headway: what somebody holds open, and time moved on."""

from __future__ import annotations

import fcntl
import os
from typing import Any

import apsw
import psycopg

from tests.faults.child import Child


def stop_between_writes(child: Child, url: str) -> None:
    """SIGSTOP at a moment when the process is inside no transaction: it keeps nobody from writing."""
    child.stop()
    while _somebody_writes(url):
        child.send_continue()
        child.stop()


def run_out_the_lease(url: str, job: str) -> None:
    """As if the time of this job's lease had passed."""
    run(url, f"UPDATE jobs SET lease_until = 0 WHERE id = '{job}' AND lease_until IS NOT NULL")  # noqa: S608 - an id


def run(url: str, statement: str) -> list[Any]:
    """One statement in a connection of its own; what it returns."""
    if "://" in url:
        with psycopg.connect(url, autocommit=True, options="-c search_path=headway") as server:
            cursor = server.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
    file = apsw.Connection(url, flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        file.set_busy_timeout(10_000)
        return file.execute(statement).fetchall()
    finally:
        file.close()


def _somebody_writes(url: str) -> bool:
    if "://" in url:
        states = run(
            url,
            "SELECT pid <> pg_backend_pid() AND state <> 'idle' FROM pg_stat_activity "
            "WHERE datname = current_database()",
        )
        return any(busy for (busy,) in states)
    return somebody_holds(f"{url}.turn") or somebody_holds(f"{url}.next")


def somebody_holds(path: str) -> bool:
    """Whether a process has this file locked."""
    file = os.open(path, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False
