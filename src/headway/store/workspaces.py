"""Sessions as they are kept: made, saved version by version, closed; and what limits how many of their jobs run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from headway.errors import NotFound
from headway.model.moves import ENDED
from headway.store.contract import Database, Row, Transaction
from headway.store.moving import TENANT
from headway.store.records import JobRow

DEFAULT = "default.yaml"
"""The session of everything that names none. It has no limit: its row would be the one that everybody waits for."""


class Workspace(NamedTuple):
    """A row of sessions_page.sql. config: JSON text, secrets sealed."""

    id: str
    owner: str | None
    config: str
    config_version: int
    job_type: str | None
    concurrency: int
    running: int
    open_jobs: int
    created_at: float
    used_at: float
    idle_s: float | None
    keep_s: float | None


class Limit(NamedTuple):
    """How many jobs hold a place under a key, and how many may."""

    used: int
    most: int

    @property
    def full(self) -> bool:
        return self.used >= self.most


class Save(NamedTuple):
    """What a save stores. config: JSON text, secrets sealed. owner, idle_s, keep_s: None leaves what is; 0 is none."""

    config: str
    concurrency: int
    job_type: str | None
    author: str
    note: str | None
    owner: str | None = None
    idle_s: float | None = None
    keep_s: float | None = None


def limit_key(session: str) -> str:
    """The key under which the jobs of a session are limited."""
    return f"session:{session}"


def find(database: Database, identity: str) -> Workspace | None:
    """The open session with that id."""
    rows = database.read("sessions_page", tenant=TENANT, id=identity, limit=1)
    return Workspace(*rows[0]) if rows else None


def require(database: Database, identity: str) -> Workspace:
    """The open session with that id. Raises NotFound."""
    found = find(database, identity)
    if found is None:
        raise no_session(database, identity)
    return found


def no_session(database: Database, identity: str) -> NotFound:
    """What is said of an id that no open session has."""
    return NotFound(
        f"There is no session {identity!r} in {database.url}, or it was closed. "
        "`headway session ls` lists what is there."
    )


def open_jobs(database: Database, identity: str, children: bool = False) -> list[str]:
    """The ids of the jobs of a session that are not over; only those with a parent, where that is asked."""
    rows = database.read("open_in_session", tenant=TENANT, session=identity, children=children or None)
    return [str(job) for (job,) in rows]


def page(database: Database, after: str | None, limit: int) -> list[Workspace]:
    """Open sessions by id."""
    return [Workspace(*row) for row in database.read("sessions_page", tenant=TENANT, after=after, limit=limit)]


def versions(database: Database, identity: str, before: int | None, limit: int) -> list[Row]:
    """The saves of a session before a version, newest first, as records.version_of takes them."""
    found = database.read("session_versions", tenant=TENANT, session=identity, before=before, limit=limit)
    return list(found)


def config_of(database: Database, job: JobRow) -> str:
    """The configuration that a job runs with, as JSON text, secrets sealed."""
    rows: Any = ()
    if job.config_version is not None:
        rows = database.read(
            "session_versions", tenant=TENANT, session=job.session, version=job.config_version, limit=1
        )
    if rows:
        return str(rows[0][2])
    known = find(database, job.session)  # a job of the release before versions
    return "{}" if known is None else known.config


def concurrency_of(database: Database, identity: str) -> int:
    """How many jobs of a session run at once; also of one that was closed since."""
    return int(database.read("session_concurrency", tenant=TENANT, id=identity)[0][0])


def lock(transaction: Transaction, identity: str) -> Workspace | None:
    """The open session with that id, which takes no job and starts none until the transaction ends."""
    transaction.run("lock_session", tenant=TENANT, id=identity)
    transaction.run("lock_limit", tenant=TENANT, key=limit_key(identity))
    rows = transaction.run("sessions_page", tenant=TENANT, id=identity, limit=1)
    return Workspace(*rows[0]) if rows else None


def create(
    transaction: Transaction, identity: str, first: Save, idle_s: float | None, keep_s: float | None, now: float
) -> bool:
    """Makes a session, with its first save; False where an open one has that id."""
    rows = transaction.run(
        "add_session", tenant=TENANT, id=identity, owner=first.author, config=first.config, job_type=first.job_type,
        concurrency=first.concurrency, idle_s=idle_s, keep_s=keep_s, now=now,
    )  # fmt: skip
    if rows:
        _keep_version(transaction, identity, int(rows[0][0]), first, now)
    return bool(rows)


def save(transaction: Transaction, identity: str, given: Save, now: float) -> None:
    """Stores the next version of a session that is locked and does not run."""
    rows = transaction.run(
        "save_session", tenant=TENANT, id=identity, config=given.config, concurrency=given.concurrency,
        job_type=given.job_type, owner=given.owner, idle_s=given.idle_s, keep_s=given.keep_s, now=now,
    )  # fmt: skip
    _keep_version(transaction, identity, int(rows[0][0]), given, now)


def changes(known: Workspace, given: Save) -> bool:
    """Whether a save would leave anything else than what is there."""
    there = (known.config, known.concurrency, known.job_type)
    kept = ((given.owner, known.owner), (given.idle_s, known.idle_s or 0.0), (given.keep_s, known.keep_s or 0.0))
    return given[:3] != there or any(new not in (None, old) for new, old in kept)


def use(transaction: Transaction, identity: str, now: float) -> None:
    """Somebody has acted on the session."""
    transaction.run("use_session", tenant=TENANT, id=identity, now=now)


def close(transaction: Transaction, identity: str, now: float) -> None:
    """Ends a session that is locked and does not run. What its jobs keep of it stays."""
    transaction.run("close_session", tenant=TENANT, id=identity, now=now)


def forget_blank(transaction: Transaction, identity: str) -> None:
    """Removes a closed session in which nothing was ever stored, not even a job that is deleted by now."""
    if not transaction.run("ever_used", tenant=TENANT, session=identity):
        forget(transaction, identity)


def forget(transaction: Transaction, identity: str) -> None:
    """Removes a closed session that has no jobs."""
    place = {"tenant": TENANT, "session": identity}
    transaction.run("forget_versions", **place)
    transaction.run("forget_limit", tenant=TENANT, key=limit_key(identity))
    transaction.run("forget_session", **place)


def cookie_key(database: Database) -> str:
    """What a server signs the cookies of browsers with."""
    return str(database.read("meta_value", name="cookie_key")[0][0])


def running_job(transaction: Transaction, identity: str) -> JobRow | None:
    """An open job of the session; in the default session, which is everybody's, only one that its start launched."""
    if identity == DEFAULT:
        return launched_job(transaction, identity)
    counted = transaction.run("tallied", tenant=TENANT, session=identity)
    if not any(n for state, n in counted if state not in ENDED):
        return None
    rows = transaction.run("jobs_page", tenant=TENANT, session=identity, active=True, limit=1)
    return JobRow(*rows[0]) if rows else None


def launched_job(transaction: Transaction, identity: str) -> JobRow | None:
    """The open job that the start of the session has launched."""
    rows = transaction.run("launched_open", tenant=TENANT, session=identity)
    return JobRow(*rows[0]) if rows else None


def launched_before(database: Database, identity: str, kind: str | None) -> JobRow | None:
    """The first open job that a start of the session has launched, of that type where one is given."""
    rows = database.read("launched_open", tenant=TENANT, session=identity, type=kind)
    return JobRow(*rows[0]) if rows else None


def limits(database: Database, keys: Iterable[str | None]) -> dict[str, Limit]:
    """The limits of these keys, by key."""
    asked = sorted({key for key in keys if key is not None})
    rows = database.read("limits_of", tenant=TENANT, keys=asked) if asked else ()
    return {key: Limit(used, most) for key, used, most in rows}


def full_limit(database: Database, job: JobRow) -> str | None:
    """For what a pending job waits: a place of its session; None where there is one."""
    return for_a_place(job, limits(database, [job.limit_key]))


def for_a_place(job: JobRow, known: Mapping[str, Limit]) -> str | None:
    """See full_limit; with the limits as they were read."""
    limit = known.get(job.limit_key or "")
    return f"a place of session {job.session} ({limit.used} of {limit.most} run)" if limit and limit.full else None


def _keep_version(transaction: Transaction, identity: str, version: int, given: Save, now: float) -> None:
    transaction.run(
        "add_version", tenant=TENANT, session=identity, version=version, config=given.config, author=given.author,
        note=given.note, now=now,
    )  # fmt: skip
    if identity != DEFAULT:
        transaction.run("set_limit", tenant=TENANT, key=limit_key(identity), most=given.concurrency)
