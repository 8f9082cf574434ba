"""Jobs that have stopped: which wait for a person, what is recorded of them, and which have failed alike."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from headway.clock import boot_id
from headway.model.recovery import Facts, Kept, Program, SideEffect
from headway.model.value import decode
from headway.store import host
from headway.store.contract import Database, Transaction
from headway.store.moving import TENANT
from headway.store.records import JobRow

RULES = 1000
"""Rules that are told of at most."""
CUT_OFF = 500
"""Of the attempts that were cut off, the newest are looked at to tell of the last recovery."""


class Place(NamedTuple):
    """A place in the list of the jobs that wait in one state: behind the job that stopped then."""

    at: float
    job: str


class StoppedRow(NamedTuple):
    """A row of stopped_jobs.sql."""

    id: str
    outcome: str | None
    error: str | None
    started_at: float | None
    ended_at: float | None
    worker: str | None
    host: str | None
    pid: int | None
    place: str | None
    born: str | None
    seen_at: float | None
    stop: str | None
    pause: str | None
    saved_at: float | None
    members: Any
    steps: int
    step_at: float | None
    step: str | None
    items: Any
    items_total: Any
    children: int
    config_version: int | None
    closed_at: float | None


class FailedRow(NamedTuple):
    """A row of failed_jobs.sql."""

    id: str
    type: str
    at: float
    code: str | None
    message: str | None
    rollback_of: str | None = None


def waiting(
    database: Database, state: str, limit: int, session: str | None, since: float | None, after: Place | None
) -> list[JobRow]:
    """Jobs in one state from which a person may send them on, the newest stop first."""
    place = {"before": None if after is None else after.at, "before_id": None if after is None else after.job}
    if state == "rollback_failed":
        rows = database.read("rollback_failed_page", tenant=TENANT, limit=limit, session=session, since=since, **place)
    else:
        rows = database.read(
            "resumable_page", tenant=TENANT, state=state, limit=limit, session=session, since=since, **place
        )
    return [JobRow(*row) for row in rows]


def add_rule(transaction: Transaction, kind: str, now: float, told: dict[str, Any]) -> None:
    """Interrupted jobs of the type go on by themselves from now on."""
    transaction.run("add_recovery_rule", tenant=TENANT, type=kind, made_at=now, told=msgspec.json.encode(told).decode())


def remove_rule(transaction: Transaction, kind: str) -> bool:
    """Takes a rule back; whether there was one."""
    return bool(transaction.run("remove_recovery_rule", tenant=TENANT, type=kind))


def rules(database: Database) -> list[tuple[str, float, dict[str, Any]]]:
    """The rules by type: when each was made, and what is told of it."""
    rows = database.read("recovery_rules", tenant=TENANT, limit=RULES)
    return [(str(kind), float(made_at), decode(told)) for kind, made_at, told in rows]


def count(database: Database, state: str, session: str | None, since: float | None, most: int) -> int:
    """How many wait in a state, counted up to `most`."""
    asked = {"tenant": TENANT, "session": session, "since": since, "limit": most}
    if state == "rollback_failed":
        rows = database.read("rollback_failed_counted", **asked)
    else:
        rows = database.read("resumable_counted", state=state, **asked)
    return int(rows[0][0])


def recorded(database: Database, jobs: Sequence[JobRow]) -> dict[str, StoppedRow]:
    """What is recorded of jobs that have stopped, by id."""
    ids = [job.id for job in jobs]
    rows = database.read("stopped_jobs", tenant=TENANT, jobs=ids) if ids else []
    return {str(row[0]): StoppedRow(*row) for row in rows}


def effects(database: Database, jobs: Sequence[str]) -> dict[str, list[SideEffect]]:
    """What jobs have done outside themselves, by id."""
    found: dict[str, list[SideEffect]] = {job: [] for job in jobs}
    rows = database.read("effects_of", tenant=TENANT, jobs=list(jobs)) if jobs else []
    for (job, kind, name, n), alike in itertools.groupby(rows, lambda row: row[:4]):
        steps = [str(step) for *_, step in alike if step is not None]
        found[str(job)].append(SideEffect(kind=kind, name=name, count=int(n), steps=steps))
    return found


def lost_at(job: JobRow, row: StoppedRow, stored_at: float | None) -> float:
    """When the work stopped: of a worker that was lost, when it or its job was last heard of."""
    if row.outcome == "lose" and job.state == "interrupted" and row.seen_at is not None:
        return min(job.state_since, max(row.seen_at, row.started_at or 0.0, stored_at or 0.0))
    return job.state_since


def checkpoint_at(job: JobRow, row: StoppedRow, last_progress: float | None) -> float | None:
    """When something to go on from was last stored. Of ledgers it is not kept: progress moves with them."""
    told = [row.saved_at, row.step_at, last_progress if row.items else None]
    times = [at for at in told if at is not None]
    return min(max(times), job.state_since) if times else None


def facts(
    job: JobRow, row: StoppedRow, stored_at: float | None, effects: bool, now: float, taken_up: bool, named: bool,
    misfit: str | None,
) -> Facts:  # fmt: skip
    """What is known of a stopped job. taken_up: a worker has its type; named: it has an external id; misfit: why its
    input does not fit its type any more.
    """
    stop, pause = decode(row.stop) or {}, decode(row.pause) or {}
    error = decode(job.error) or {}
    return Facts(
        stopped_by=row.outcome or "", error=error.get("message"), said=stop.get("why"), reason=pause.get("reason"),
        worker=_worker(row), rebooted=_rebooted(row),
        kept=Kept(
            steps=row.steps, step=row.step, members=int(row.members or 0), items=int(row.items or 0),
            items_total=int(row.items_total or 0),
            lost_s=None if stored_at is None else min(job.active_s, max(0.0, lost_at(job, row, stored_at) - stored_at)),
        ),
        effects=effects, session_closed=row.closed_at is not None, taken_up=taken_up, misfit=misfit,
        program=_program(row, stop, named) if job.outside else None,
        config_changed=job.config_version is not None and job.config_version != row.config_version,
        unconfirmed=job.unconfirmed_until is not None and job.unconfirmed_until > now,
    )  # fmt: skip


def gone_on(database: Database) -> list[tuple[float, str, str]]:
    """Of the attempts that were cut off last: when, the job, and its state, where it has gone on since."""
    rows = database.read("gone_on", tenant=TENANT, limit=CUT_OFF)
    return [(float(at), str(job), str(state)) for at, job, state in rows]


def failed(
    database: Database, limit: int, since: float | None, session: str | None = None, kind: str | None = None,
    owner: str | None = None,
) -> list[FailedRow]:  # fmt: skip
    """Jobs that have failed, the newest first."""
    rows = database.read(
        "failed_jobs", tenant=TENANT, limit=limit, since=since, session=session, type=kind, owner=owner
    )
    return [FailedRow(*row) for row in rows]


def _program(row: StoppedRow, stop: dict[str, Any], named: bool) -> Program:
    """How the own program of a job takes it up again. Where it is on another machine, nobody can look."""
    here = row.place == host.place()
    lives = here and row.pid is not None and host.born(row.pid) == row.born
    if stop.get("waits") and (lives or not here):
        return "waits" if lives else "may wait"
    if named:
        return "begins"
    return "gone" if row.pid else "claims"


def _worker(row: StoppedRow) -> str | None:
    return row.worker if row.host is None else f"{row.host} (process {row.pid})"


def _rebooted(row: StoppedRow) -> bool:
    """Whether its worker ran on this machine, before that was started again."""
    return row.host == host.name() and bool(row.place) and boot_id() not in str(row.place)
