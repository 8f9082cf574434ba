"""What a text may mean, looked up by its whole and by its beginning; each look is bounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from headway.model.ids import is_hexadecimal
from headway.store.contract import Database
from headway.store.moving import TENANT
from headway.store.records import JobRow, job_rows

_SHAPE = "00000000-0000-0000-0000-000000000000"


class WorkerRow(NamedTuple):
    """A worker, as long as it is remembered."""

    id: str
    host: str
    pid: int
    stopped_at: float | None
    seen_at: float


def beginning(database: Database, prefix: str, limit: int) -> list[JobRow]:
    """Jobs whose id begins with these characters, the newest first."""
    digits = prefix.replace("-", "").lower()
    if not is_hexadecimal(digits) or not _SHAPE.startswith("".join("-" if one == "-" else "0" for one in prefix)):
        return []
    low, high = (prefix.lower() + _SHAPE[len(prefix) :].replace("0", fill) for fill in "0f")
    return job_rows(database.read("jobs_between", tenant=TENANT, low=low, high=high, limit=limit))


def around(database: Database, number: int, limit: int) -> list[JobRow]:
    """The jobs with the nearest numbers, up to the limit on each side, the nearest first."""
    rows = job_rows(database.read("jobs_around", tenant=TENANT, number=number, limit=limit))
    return sorted(rows, key=lambda row: (abs(row.number - number), row.number))


def keyed(database: Database, key: str, limit: int) -> list[tuple[str, JobRow]]:
    """What was asked for with an idempotency key: the verb and the job, the newest first."""
    rows = database.read("requests_with_key", tenant=TENANT, key=key, limit=limit)
    return [(str(row[0]), JobRow(*row[1:])) for row in rows]


def aliases(database: Database, prefix: str, limit: int) -> list[str]:
    """External ids and context ids that begin with these characters."""
    return [str(row[0]) for row in database.read("aliases_beginning", tenant=TENANT, prefix=prefix, limit=limit)]


def sessions(database: Database, prefix: str, limit: int) -> list[tuple[str, str | None]]:
    """Open sessions whose id begins so, each with the type that it launches."""
    rows = database.read("sessions_beginning", tenant=TENANT, prefix=prefix, limit=limit)
    return [(str(identity), kind) for identity, kind in rows]


def workers(database: Database, prefix: str, limit: int) -> list[WorkerRow]:
    """Workers whose id begins so, those that were seen last first."""
    return [WorkerRow(*row) for row in database.read("workers_beginning", tenant=TENANT, prefix=prefix, limit=limit)]


def has_children(database: Database, job: str) -> bool:
    """Whether there are jobs below a job."""
    return bool(database.read("any_child", tenant=TENANT, parent=job))


def nth(database: Database, n: int, order: Mapping[str, Any]) -> tuple[str, float | None] | None:
    """The job that lies so many behind the first of an order, and its time there; None where there are not so many.

    order: by_id with newest or oldest, by_end or by_start, and a cursor, as parameters of nth_job.sql.
    """
    rows = database.read("nth_job", tenant=TENANT, n=n, **order)
    return (str(rows[0][0]), rows[0][1]) if rows else None
