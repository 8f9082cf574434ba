"""The list of all checks, and who makes which: what is costly or names places is for whoever has the database."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from headway.checks import clocks, database, file, halting, keys, postgres, queue, software, streams, workers
from headway.checks.subject import Findings, Subject, failing
from headway.errors import HeadwayError
from headway.model.support import Check
from headway.tracker.wire import is_server

Look = Callable[[Subject], Findings]
Looks = tuple[tuple[str, Look], ...]

HERE: Looks = (("python", software.python), ("sqlite", software.sqlite), ("psycopg", software.psycopg))
"""This machine."""
REACHED: Looks = (("database", database.schema),)
"""Whether there is a database to look at."""
FAR: Looks = (("server", database.server),)
"""The same, where a server has it."""
STORE: Looks = (
    ("file system", file.file_system), ("disk", file.disk), ("integrity", file.integrity),
    ("server", postgres.settings), ("keys", keys.keys),
)  # fmt: skip
"""The database itself."""
WORK: Looks = (
    ("workers", workers.workers), ("queue", queue.queue), ("rollbacks", halting.rollbacks), ("clocks", clocks.clocks),
)  # fmt: skip
"""How work goes, as far as the verbs tell; they may go to a server."""
CLOSER: Looks = (
    ("worker", workers.each), ("unanswered", halting.unanswered), ("interrupted", halting.interrupted),
)  # fmt: skip
"""The same, for a person who looks for what is wrong."""
REMEDY = "See that the database runs and has room."
LOG = logging.getLogger("headway")
SERVER: Looks = (("database", database.answers), *WORK, ("streams", streams.streams))
"""How a server is: quick, and in words that everybody may read who may ask it."""


def closely(subject: Subject) -> Iterator[Check]:
    """All that a person can look at, as it is found; without what needs the database where it can not be reached."""
    yield from look(HERE, subject)
    far = is_server(subject.hw.url)
    reached = list(look(FAR if far else REACHED, subject))
    yield from reached
    if any(check.name == ("server" if far else "schema") and check.status == "ok" for check in reached):
        yield from look(WORK + CLOSER if far else STORE + WORK + CLOSER, subject)


def look(looks: Looks, subject: Subject, told: Callable[[HeadwayError], str] = str) -> Iterator[Check]:
    """What these checks find, one after the other. told: what to say of a database that refuses; part of a damaged one
    hides nothing of the others.
    """
    for name, check in looks:
        try:
            yield from check(subject)
        except HeadwayError as problem:
            yield failing(name, told(problem), REMEDY)
        except Exception as problem:
            LOG.exception("the check of %s ended", name)
            yield failing(name, f"the check ended with {type(problem).__name__}", "Report it with what the log has.")
