"""The verb that tells how an installation is, for somebody who helps from afar."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import metadata

from headway.clock import Clock
from headway.model.failure import FailureGroup
from headway.model.support import FailureCount, StoreFacts, SupportBundle, Surroundings
from headway.store import migrate
from headway.tracker.recovering import Recovering
from headway.tracker.retention import RetentionVerbs

LIBRARIES = ("apsw", "msgspec", "psycopg", "click", "rich", "starlette", "uvicorn", "httpx2")
GROUPS = 50
_A_CODE = re.compile(r"[a-z][a-z0-9_.-]{0,63}", re.IGNORECASE)


class Support(Recovering, RetentionVerbs):
    """The support bundle."""

    def support(self) -> SupportBundle:
        """How this installation is, in one document without secrets and without anything that jobs work on.

        It may be sent to somebody else: it names types, sessions, queues and machines, and holds no input, result,
        configuration, message or log line.
        """
        found = migrate.status(self._database)
        return SupportBundle(
            made_at=datetime.fromtimestamp(self._database.now(), UTC), here=surroundings(),
            store=StoreFacts(
                kind=self._database.dialect, schema=found.found, wanted=found.wanted, missing=found.pending
            ),
            counts=self.counts(), waiting=self.recovery(limit=1).causes, workers=self.workers(),
            failures=list(_counted(self.failures(limit=GROUPS).failures)), retention=self.retention(),
        )  # fmt: skip


def bare(clock: Clock) -> SupportBundle:
    """What can be told without a database."""
    return SupportBundle(made_at=datetime.fromtimestamp(clock.wall(), UTC), here=surroundings())


def surroundings() -> Surroundings:
    """Of this process."""
    return Surroundings(
        release=_version("headway") or "unknown", python=platform.python_version(), platform=platform.platform(),
        libraries={name: found for name in LIBRARIES if (found := _version(name)) is not None},
        settings=sorted(name for name in os.environ if name.startswith("HEADWAY_")),
    )  # fmt: skip


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _counted(groups: Iterable[FailureGroup]) -> Iterable[FailureCount]:
    for group in groups:
        # A job may give any text as the code of an error.
        code = group.code if _A_CODE.fullmatch(group.code) else "other"
        yield FailureCount(
            type=group.type, code=code, cause=group.cause, count=group.count, first_at=group.first_at,
            last_at=group.last_at,
        )  # fmt: skip
