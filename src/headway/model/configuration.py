"""Configurations compared, and the one that a job runs with. Secrets are told of, never shown."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from headway.model.job import Record


class ConfigChange(Record, frozen=True, kw_only=True):
    """One value that is another one. path: as in servers[0].password. secret: it is one, and neither side is shown."""

    path: str
    change: Literal["added", "removed", "changed"]
    before: Any = msgspec.field(name="from", default=None)
    after: Any = msgspec.field(name="to", default=None)
    secret: bool = False


class ConfigDiff(Record, frozen=True, kw_only=True):
    """What one version of a session's configuration has otherwise than another; in the order of the paths."""

    session: str
    before: int = msgspec.field(name="from")
    after: int = msgspec.field(name="to")
    changes: list[ConfigChange]


class JobConfiguration(Record, frozen=True, kw_only=True):
    """The configuration that a job runs with, secrets masked. changes: against that of the job of the same type before
    it in the session, `previous`; current: the version that the session has now.
    """

    job_id: str
    session: str
    version: int | None = None
    current: int | None = None
    config: dict[str, Any]
    previous: str | None = None
    previous_version: int | None = None
    changes: list[ConfigChange]
