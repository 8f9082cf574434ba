"""What is looked at, and how a check says what it found."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from headway.clock import Clock
from headway.live.feed import Feed
from headway.model.support import Check, Grade
from headway.store.address import is_postgres
from headway.tracker.headway import Headway

Findings = Iterator[Check]
GRADES: tuple[Grade, ...] = ("ok", "warning", "failing")
MOST = 500
"""Signs of what is said: a list of all that is wrong may have no end."""


class Subject(NamedTuple):
    """An installation. place: the database as people know it; feed: the live streams of a server, where it is one.

    url: with which --url commands reach this database; empty where they need none, or that is not to be told.
    """

    hw: Headway
    clock: Clock
    place: str = "the database"
    feed: Feed | None = None
    url: str = ""

    @property
    def on_postgres(self) -> bool:
        """Whether the database is a PostgreSQL server."""
        return is_postgres(self.hw.url)

    def command(self, verb: str, rest: str = "") -> str:
        """A command that a person may enter, on this database and no other."""
        address = f"--url {shlex.quote(self.url)}" if self.url else ""
        return " ".join(part for part in ("headway", verb, address, rest) if part)


def ok(name: str, found: str) -> Check:
    """All is well."""
    return Check(name=name, status="ok", found=found)


def warning(name: str, found: str, remedy: str) -> Check:
    """Somebody should look at it."""
    return Check(name=name, status="warning", found=found[:MOST], remedy=remedy)


def failing(name: str, found: str, remedy: str) -> Check:
    """It does not work."""
    return Check(name=name, status="failing", found=found[:MOST], remedy=remedy)


def worst(found: Iterable[Check]) -> Grade:
    """An installation is as bad as the worst that was found."""
    return max((check.status for check in found), key=GRADES.index, default="ok")
