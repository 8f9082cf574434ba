"""How long ended jobs stay: the rules, what goes by them, and what another rule would delete."""

from __future__ import annotations

from typing import Annotated

import msgspec

from headway.model.retention import Retention, WouldGo
from headway.server import documents
from headway.server.asked import Nothing
from headway.server.operation import Answer, Call, Operations

RETENTION = Operations("Operation")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule that might be: of a type, or of a session."""

    keep_s: Annotated[float, msgspec.Meta(gt=0, lt=1e12, description="Seconds from the end of a job.")]
    type: str | None = None
    session: str | None = None


@RETENTION.add("GET", "/retention", answers={200: Retention}, shows=documents.RETENTION)
def retention(call: Call[Nothing, None]) -> Answer:
    """How long types and sessions keep their ended jobs, and how many of these go now and within a day.

    A session's rule goes before that of a type; what has neither stays, and so does what is pinned.
    """
    return Answer(call.hw.retention())


@RETENTION.add("GET", "/retention/preview", query=Rule, answers={200: WouldGo}, shows={"jobs": 412, "more": False})
def would_go(call: Call[Rule, None]) -> Answer:
    """How many jobs would go at once if a type, or a session, kept its ended jobs so long. Nothing is changed.

    Jobs of a type count only in sessions that have no rule of their own. The oldest 100,000 jobs are looked at.
    """
    asked = call.query
    return Answer(call.hw.would_go(asked.keep_s, type=asked.type, session=asked.session))
