"""Jobs as they are kept: brought into being, found by any id, listed, read in every part, and deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from headway.errors import InvalidInput
from headway.model.ids import TAIL, is_hexadecimal, looks_like_job_id
from headway.model.job import Artifact, Attempt, Checkpoint, Event, Item, Step
from headway.store import moving, records
from headway.store.contract import Database, Transaction
from headway.store.moving import TENANT
from headway.store.records import JobRow
from headway.store.workspaces import DEFAULT


class NewJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job to be brought into being; the fields are those of `jobs`. input, labels: JSON text and its value.

    limited: it needs a place of its session while it runs. inherited: external ids of the job that it follows, all of
    them by namespace.
    """

    id: str
    type: str
    name: str
    input: str
    category: str = "general"
    session: str = "default.yaml"
    context_id: str | None = None
    one_per_context: bool = False
    external_ids: dict[str, str] = {}
    inherited: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    parent: str | None = None
    root: str | None = None
    restarted_from: str | None = None
    owner: str | None = None
    queue: str = "default"
    priority: int = 0
    outside: bool = False
    retries: int = 0
    timeout_s: float | None = None
    due_at: float | None = None
    launched: bool = False
    spawn_key: str | None = None
    weight: float = 1.0
    config_version: int | None = None
    limited: bool = True
    rollback_of: str | None = None
    why: dict[str, Any] = {}


def add(transaction: Transaction, jobs: Sequence[NewJob], now: float, returns: bool = False) -> list[JobRow]:
    """Brings jobs into being, with their first event, their aliases and their labels; their rows where wanted.

    Raises InvalidInput for an alias that is the whole id of another job.
    """
    aliases = [row for job in jobs for row in _alias_rows(job, now)]
    _refuse_shadows(transaction, [row for job in jobs if not job.restarted_from for row in _alias_rows(job, now)])
    rows = transaction.each("submit_jobs", [_job_row(job, now) for job in jobs], returns)
    begun = {"from": None, "to": "pending", "by": "user"}
    transaction.each(
        "add_events", [moving.event_row(job.id, 1, now, "move", "submit", 0, {**begun, **job.why}) for job in jobs]
    )
    transaction.each("add_aliases", aliases)
    transaction.each(
        "add_labels",
        [
            {"tenant": TENANT, "name": name, "value": value, "job": job.id}
            for job in jobs
            for name, value in job.labels.items()
        ],
    )
    moving.count(transaction, [(job.session, "pending", 1) for job in jobs])
    return records.job_rows(rows)


def add_aliases(transaction: Transaction, job: str, named: Mapping[str, str], now: float) -> None:
    """Gives a job more ids, by namespace. Raises InvalidInput for the whole id of another job."""
    rows = [
        {"tenant": TENANT, "text": text, "kind": kind, "job": job, "created_at": now} for kind, text in named.items()
    ]
    _refuse_shadows(transaction, rows)
    transaction.each("add_aliases", rows)


def _refuse_shadows(transaction: Transaction, aliases: Sequence[Mapping[str, Any]]) -> None:
    """Raises InvalidInput where an alias is the whole id of another job: that one could not be named by it any more.

    Any other text in the form of a job's id may be one: other systems give such ids too.
    """
    given = {row["text"].lower(): row for row in aliases if looks_like_job_id(row["text"])}
    found = records.job_rows(transaction.run("jobs_by_ids", tenant=TENANT, ids=list(given))) if given else []
    for job in found:
        alias = given[job.id]
        if alias["job"] != job.id:
            what = "a context id" if alias["kind"] == "context" else "an external id"
            raise InvalidInput(
                f"{alias['text']!r} can not be {what}: it is the id of job {job.number} ({job.name}), which would not "
                "be found by it any more. Give an id of your own."
            )


def by_id(database: Database, job: str) -> JobRow | None:
    """The job with that whole id."""
    rows = database.read("job_by_id", tenant=TENANT, id=job)
    return JobRow(*rows[0]) if rows else None


def deleted(database: Database, job: str) -> str | None:
    """That the job with that whole id was deleted, as a sentence, as long as its rows are not gone altogether."""
    rows = database.read("deleted_job", tenant=TENANT, id=job.lower()) if looks_like_job_id(job) else []
    return f"Job {rows[0][0]} ({rows[0][1]}) was deleted." if rows else None


def candidates(database: Database, text: str) -> list[tuple[str, JobRow]]:
    """Every job that `text` could mean, as (rule, job), newest first within a rule."""
    found: list[tuple[str, JobRow]] = []
    if looks_like_job_id(text):
        found += [("id", JobRow(*row)) for row in database.read("job_by_id", tenant=TENANT, id=text.lower())]
    found += _by_aliases(database, text, None)
    found += by_number(database, text)
    if 6 <= len(text) <= TAIL and is_hexadecimal(text):
        found += by_tail(database, text)
    return found


def by_number(database: Database, text: str) -> list[tuple[str, JobRow]]:
    """The job with that short number."""
    if not text.isdecimal() or len(text) > 18:
        return []
    rows = database.read("jobs_by_number", tenant=TENANT, number=int(text))
    return [("number", JobRow(*row)) for row in rows]


def by_tail(database: Database, text: str) -> list[tuple[str, JobRow]]:
    """The jobs whose id ends in `text`, two at most."""
    tail = text.lower()
    rows = database.read("jobs_by_tail", tenant=TENANT, last6=tail[-6:], length=len(tail), tail=tail)
    return [("tail", JobRow(*row)) for row in rows]


def by_alias(database: Database, kind: str, text: str) -> list[tuple[str, JobRow]]:
    """The newest job with that alias of that kind."""
    return _by_aliases(database, text, kind)


def by_any_alias(database: Database, text: str) -> list[tuple[str, JobRow]]:
    """The newest job of each kind of alias that has this text."""
    return _by_aliases(database, text, None)


def newest_in(transaction: Transaction, kind: str, text: str) -> JobRow | None:
    """The newest job with that alias, which nobody else can begin under until the transaction ends."""
    transaction.hold_alias(kind, text)
    rows = transaction.run("jobs_by_alias", tenant=TENANT, text=text, kind=kind)
    return JobRow(*rows[0][1:]) if rows else None


def external_ids(database: Database, jobs: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """The external ids of jobs, by job and namespace, oldest first."""
    return records.external_ids(database.read("aliases_of", tenant=TENANT, jobs=list(jobs)))


def page(database: Database, filters: Mapping[str, Any], limit: int) -> list[JobRow]:
    """Jobs that fit the filters (the optional parameters of jobs_page.sql), newest first."""
    return records.job_rows(database.read("jobs_page", tenant=TENANT, limit=limit, **filters))


def numbers_of(database: Database, filters: Mapping[str, Any], limit: int) -> dict[str, int]:
    """How many jobs of each state fit the filters; counted up to the limit in all."""
    given = {"ordered": True, **filters, "counted": True}
    return {state: int(n) for state, n in database.read("jobs_page", tenant=TENANT, limit=limit, **given)}


def previous_of(database: Database, job: JobRow) -> JobRow | None:
    """The newest job of the same type that the session had before this one."""
    by_type = True if job.session == DEFAULT else None
    rows = database.read("previous_of", tenant=TENANT, type=job.type, session=job.session, id=job.id, by_type=by_type)
    return JobRow(*rows[0]) if rows else None


def children(database: Database, parents: Sequence[str]) -> list[JobRow]:
    """The children of these jobs, oldest first."""
    return records.job_rows(database.read("children_of", tenant=TENANT, parents=list(parents)))


def events(database: Database, job: str, after: int, limit: int, logs: bool = True) -> list[Event]:
    """The history after a number; with or without log lines."""
    rows = database.read("events_page", tenant=TENANT, job=job, after=after, limit=limit, logs=logs or None)
    return [records.event_of(job, row) for row in rows]


def logs(database: Database, job: str, after: int, limit: int, levels: Sequence[str] | None = None) -> list[Event]:
    """Log lines after a number."""
    rows = database.read("logs_page", tenant=TENANT, job=job, after=after, limit=limit, levels=levels)
    return [records.event_of(job, row) for row in rows]


class Search(NamedTuple):
    """What is looked for in a log. text: a pattern for what lines say; stored: one for the JSON that says it."""

    text: str | None
    stored: str | None
    levels: Sequence[str] | None


def log_matches(database: Database, job: str, search: Search, after: int, limit: int) -> tuple[int, list[int]]:
    """How many log lines fit in all, and the numbers of those after a number."""
    asked = {"tenant": TENANT, "job": job, **search._asdict()}
    found = [int(row[0]) for row in database.read("log_matches", after=after, limit=limit, **asked)]
    if not after and len(found) < limit:  # they are all of them: the log is not read once more
        return len(found), found
    return int(database.read("log_matches_counted", **asked)[0][0]), found


def last_logs(database: Database, job: str, limit: int) -> list[Event]:
    """The newest log lines, oldest first."""
    rows = database.read("last_logs", tenant=TENANT, job=job, limit=limit)
    return [records.event_of(job, row) for row in reversed(rows)]


def steps(database: Database, job: str) -> list[Step]:
    """All steps of a job, in the order of the plan, then of their beginning."""
    return [records.step_of(job, row) for row in database.read("steps_of", tenant=TENANT, job=job)]


def last_activity(database: Database, row: JobRow) -> float:
    """When anything was last heard of the job: an event, a log line, progress."""
    heard: list[float | None] = list(database.read("last_activity", tenant=TENANT, job=row.id)[0])
    progress = records.progress_of(row.progress)
    heard.append(None if progress is None else progress.last_progress_at)
    return max(row.created_at, *(at for at in heard if at is not None))


def attempts(database: Database, job: str, after: int, limit: int) -> list[Attempt]:
    """The attempts at a job, first one first."""
    rows = database.read("attempts_of", tenant=TENANT, job=job, after=after, limit=limit)
    return [records.attempt_of(job, row) for row in rows]


def items(
    database: Database, job: str, ledger: str, after: str | None, limit: int, state: str | None = None
) -> list[Item]:
    """Items of a ledger by key."""
    rows = database.read("items_page", tenant=TENANT, job=job, ledger=ledger, after=after, limit=limit, state=state)
    return [records.item_of(job, row) for row in rows]


def items_added(
    database: Database, job: str, ledger: str, behind: int, limit: int, state: str
) -> list[tuple[int, Item]]:
    """Items of a state that few have, in the order in which they were added, each with its position."""
    rows = database.read(
        "items_page", tenant=TENANT, job=job, ledger=ledger, behind=behind, limit=limit, state=state, by_position=True
    )
    return [(row[-1], records.item_of(job, row)) for row in rows]


def checkpoints(database: Database, job: str) -> dict[tuple[str, str], str]:
    """What a job saved, as {(kind, name): JSON text}."""
    rows = database.read("checkpoints_of", tenant=TENANT, job=job)
    return {(kind, name): value for kind, name, value in rows}


def checkpoints_told(database: Database, job: str) -> list[Checkpoint]:
    """The same with when, by which attempt and how large: the state first, then the cursors by name."""
    rows = database.read("checkpoints_told", tenant=TENANT, job=job)
    return [records.checkpoint_of(job, row) for row in rows]


def artifacts(database: Database, job: str) -> list[Artifact]:
    """The files that a job has handed over, by name."""
    rows = database.read("artifacts_of", tenant=TENANT, job=job)
    return [records.artifact_of(job, row) for row in rows]


def counts(database: Database, session: str | None = None) -> dict[str, int]:
    """How many jobs are in each state."""
    rows = database.read("tallied", tenant=TENANT, session=session)
    return {state: int(n) for state, n in rows if n}


def open_in_context(database: Database, context_id: str) -> str | None:
    """The id of the open job that keeps this context to itself."""
    rows = database.read("open_in_context", tenant=TENANT, context_id=context_id)
    return str(rows[0][0]) if rows else None


def _by_aliases(database: Database, text: str, kind: str | None) -> list[tuple[str, JobRow]]:
    if kind is None and not database.read("alias_known", tenant=TENANT, text=text):
        return []
    rows = database.read("jobs_by_alias", tenant=TENANT, text=text, kind=kind)
    return [(str(row[0]), JobRow(*row[1:])) for row in rows]


def _job_row(job: NewJob, now: float) -> dict[str, Any]:
    row = msgspec.structs.asdict(job)
    row["labels"] = msgspec.json.encode(job.labels).decode()
    row["root"] = job.root or job.id
    return {**row, "tenant": TENANT, "created_at": now}


def _alias_rows(job: NewJob, now: float) -> list[dict[str, Any]]:
    named = [*job.external_ids.items(), *([("context", job.context_id)] if job.context_id else [])]
    named += [(kind, text) for kind, texts in job.inherited.items() for text in texts]
    return [{"tenant": TENANT, "text": text, "kind": kind, "job": job.id, "created_at": now} for kind, text in named]
