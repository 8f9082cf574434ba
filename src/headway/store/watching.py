"""What followers of many jobs read: in few statements, whatever their number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from headway.model.job import Event
from headway.store import records
from headway.store.contract import Database
from headway.store.moving import TENANT
from headway.store.records import JobRow


class Head(NamedTuple):
    """How far a job is: its version, and the number of its last event, in an epoch of the database."""

    epoch: str
    version: int
    events: int


class Span(msgspec.Struct, frozen=True):
    """The part of a job's history after one number and up to another."""

    job: str
    after: int
    upto: int


def heads(database: Database, jobs: Iterable[str]) -> dict[str, Head]:
    """How far these jobs are; a deleted one is missing."""
    rows = database.read("heads", tenant=TENANT, ids=list(jobs))
    return {job: Head(epoch, version, seq) for job, version, seq, epoch in rows}


def rows(database: Database, jobs: Iterable[str]) -> list[JobRow]:
    """These jobs, in no order; a deleted one is missing."""
    return records.job_rows(database.read("jobs_by_ids", tenant=TENANT, ids=list(jobs)))


def stories(database: Database, spans: Sequence[Span]) -> dict[str, list[Event]]:
    """The history of each span, log lines included, oldest first; empty where nothing of it is kept."""
    found: dict[str, list[Event]] = {span.job: [] for span in spans}
    for job, *event in database.read("stories", tenant=TENANT, spans=msgspec.json.encode(spans).decode()):
        found[job].append(records.event_of(job, tuple(event)))
    return found
