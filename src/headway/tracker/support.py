"""The verb that tells how an installation is, for somebody who helps from afar."""

from __future__ import annotations

import logging
import os
import platform
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

import msgspec

from headway import errors
from headway.clock import Clock
from headway.errors import StoreUnavailable
from headway.model.failure import CAUSES, FailureGroup
from headway.model.support import Check, FailureCount, StoreFacts, SupportBundle, Surroundings
from headway.store import migrate
from headway.tracker.recovering import Recovering
from headway.tracker.retention import RetentionVerbs

LIBRARIES = ("apsw", "msgspec", "psycopg", "click", "rich", "starlette", "uvicorn", "httpx2")
GROUPS = 50
OWN_CODES = {
    *(one.code for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.HeadwayError)),
    *(code for cause in CAUSES for code in cause.codes),
    "undo_failed", "rollback_failed", "commit_unknown", "unreadable",
}  # fmt: skip
"""Codes of errors that Headway itself gives. A job may give any text as the code of an error, a secret as well."""
LOG = logging.getLogger("headway")


class Support(Recovering, RetentionVerbs):
    """The support bundle."""

    def support(self) -> SupportBundle:
        """How this installation is, in one document without secrets and without anything that jobs work on.

        It may be sent to somebody else: it names types, sessions, queues and machines, and holds no input, result,
        configuration, message or log line.
        """
        made_at = datetime.fromtimestamp(self._database.now(), UTC)
        return SupportBundle(made_at=made_at, here=surroundings(), **_told({
            "store": self._store_facts, "counts": self.counts, "waiting": lambda: self.recovery(limit=1).causes,
            "workers": self.workers, "failures": lambda: list(_counted(self.failures(limit=GROUPS).failures)),
            "retention": self.retention,
        }))  # fmt: skip

    def _store_facts(self) -> StoreFacts:
        found = migrate.status(self._database)
        return StoreFacts(kind=self._database.dialect, schema=found.found, wanted=found.wanted, missing=found.pending)


def _told(parts: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """What can be read of these parts: one that can not hides nothing of the others."""
    told: dict[str, Any] = {}
    for name, read in parts.items():
        try:
            told[name] = read()
        except StoreUnavailable as problem:  # nor do the others answer, each after its own patience
            LOG.warning("the support bundle lacks %s and what follows: %s", name, problem)
            break
        except Exception:
            LOG.exception("the support bundle lacks %s", name)
    return told


def without_home(check: Check) -> Check:
    """The same without the folder of this user, which bears a name."""
    home = os.path.expanduser("~").rstrip("/")
    if not home:
        return check
    folder = re.compile(re.escape(home) + r"(?![\w-])")
    said = {name: folder.sub("~", text) for name in ("found", "remedy") if (text := getattr(check, name)) is not None}
    return msgspec.structs.replace(check, **said)


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
        code = group.code if group.code in OWN_CODES else "other"
        yield FailureCount(
            type=group.type, code=code, cause=group.cause, count=group.count, first_at=group.first_at,
            last_at=group.last_at,
        )  # fmt: skip
