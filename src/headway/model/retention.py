"""How long ended jobs stay, and how many go by themselves."""

from __future__ import annotations

from typing import Literal

import msgspec

from headway.model.job import Record


class RetentionRule(Record, frozen=True, kw_only=True):
    """How long a type or a session keeps its ended jobs; a session's rule goes before that of the type.

    keep_s: seconds from the end of a job. due: jobs by this rule whose time is over, and that the next sweep deletes;
    within_day: those whose time is over within a day, `due` included. Each goes with all that is below it.
    """

    kind: Literal["type", "session"]
    name: str
    keep_s: float
    due: int = 0
    within_day: int = 0


class Retention(Record, frozen=True, kw_only=True):
    """All rules, those by which most goes first. pinned: jobs that stay whatever the rules say.

    more: there are more rules, or more jobs go within a day, than were looked at.
    """

    rules: list[RetentionRule] = msgspec.field(default_factory=list)
    due: int = 0
    within_day: int = 0
    pinned: int = 0
    more: bool = False


class WouldGo(Record, frozen=True, kw_only=True):
    """How many jobs a rule would delete at once. more: only the oldest jobs were looked at, and there are others."""

    jobs: int
    more: bool = False
