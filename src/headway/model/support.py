"""What somebody who helps from afar is told: how an installation is, and nothing of what its jobs work on."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from headway.model.job import Record, Worker
from headway.model.retention import Retention

Grade = Literal["ok", "warning", "failing"]


class Check(Record, frozen=True, kw_only=True):
    """One thing that was looked at. remedy: what to do, where it is not ok."""

    name: str
    status: Grade
    found: str
    remedy: str | None = None


class Surroundings(Record, frozen=True, kw_only=True):
    """Where this process runs. libraries: their versions by name; settings: names of the variables of its environment
    that are for Headway, without their values.
    """

    release: str
    python: str
    platform: str
    libraries: dict[str, str] = msgspec.field(default_factory=dict)
    settings: list[str] = msgspec.field(default_factory=list)


class StoreFacts(Record, frozen=True, kw_only=True):
    """What holds the jobs. schema: its number; wanted: the one of this release; missing: steps that it lacks."""

    kind: str
    schema: int
    wanted: int
    missing: list[str] = msgspec.field(default_factory=list)


class FailureCount(Record, frozen=True, kw_only=True):
    """How often jobs of a type have failed for one cause. Messages are left out: they may quote what a job works on."""

    type: str
    code: str
    cause: str
    count: int
    first_at: datetime
    last_at: datetime


class ServerFacts(Record, frozen=True, kw_only=True):
    """How a server may be called. hosts, origins: by which names, from which pages; token: whether it asks for one."""

    hosts: list[str]
    origins: list[str]
    token: bool


class SupportBundle(Record, frozen=True, kw_only=True):
    """All that helps to see what is wrong, in one document. It holds names of types, sessions, queues and machines, and
    never an input, a result, a configuration, a message, a log line or a secret.

    counts: jobs by state; waiting: those that wait for a person, by cause. What could not be read is null.
    """

    made_at: datetime
    here: Surroundings
    store: StoreFacts | None = None
    checks: list[Check] = msgspec.field(default_factory=list)
    server: ServerFacts | None = None
    counts: dict[str, int] | None = None
    waiting: dict[str, int] | None = None
    workers: list[Worker] | None = None
    failures: list[FailureCount] | None = None
    retention: Retention | None = None
