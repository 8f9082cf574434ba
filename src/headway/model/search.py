"""What a text may mean: jobs, sessions and workers that answer to it."""

from __future__ import annotations

from typing import Literal

import msgspec

from headway.model.job import Record

Kind = Literal[
    "job", "session", "parent", "attempt", "external key", "idempotency key", "worker", "context id", "schedule"
]


class Hit(Record, frozen=True, kw_only=True):
    """Something that a text may mean. id: the job's, the session's or the worker's own; an attempt is told as 17#2.

    title, state: as a list shows it; why: how it was found; exact: the text is its whole id, or one of them.
    """

    kind: Kind
    id: str
    job_id: str | None = None
    number: int | None = None
    session: str | None = None
    worker: str | None = None
    title: str
    state: str | None = None
    why: str
    exact: bool = False


class Found(Record, frozen=True, kw_only=True):
    """What a search has found. near: what looks like it, where nothing answers to the text."""

    hits: list[Hit] = msgspec.field(default_factory=list)
    near: list[Hit] = msgspec.field(default_factory=list)
