"""The job type that does one verb with many jobs, and what may be asked of it. Types of Headway begin with a prefix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from headway.errors import InvalidInput
from headway.model.allowed import instead
from headway.store.contract import Database
from headway.tracker import selecting
from headway.tracker.lookup import find

PREFIX = "headway."
"""Types that begin so are Headway's own, in whatever case."""
BULK = "headway.bulk"
Verb = Literal["pause", "resume", "cancel", "retry", "rollback", "restart", "delete", "pin", "unpin"]
BACK: dict[str, Verb] = {"pause": "resume", "resume": "pause", "pin": "unpin", "unpin": "pin"}
"""What takes a verb back, where anything does."""
MOST_IDS = 10_000
"""Jobs that an input can name; a query can mean any number."""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is to be done with which jobs: the named ones, those that match a query, or those of another bulk job.

    up_to: none that were submitted after that job. of: what that bulk job has done is taken back.
    """

    verb: Verb
    ids: list[str | int] | None = None
    q: str | None = None
    reason: str | None = None
    up_to: str | int | None = None
    of: str | int | None = None


def is_own(kind: str) -> bool:
    """Whether a type is one of Headway's own, or takes a name that is kept for them."""
    return kind.casefold().startswith(PREFIX)


def request(given: Any) -> Request:
    """The input of a bulk job, checked. Raises InvalidInput, BadQuery."""
    try:
        asked = msgspec.convert(dict(given), Request)
    except (msgspec.ValidationError, TypeError, ValueError) as problem:
        raise InvalidInput(f"The input of {BULK} does not fit: {problem}.{instead(Request, problem)}") from None
    if sum(one is not None for one in (asked.ids, asked.q, asked.of)) != 1:
        raise InvalidInput(f"The input of {BULK} has ids, or a query as q (an empty one means every job).")
    if asked.ids is not None and not 0 < len(asked.ids) <= MOST_IDS:
        raise InvalidInput(f"{len(asked.ids):,} ids were given to {BULK}; expected 1 to {MOST_IDS:,}. Or give q.")
    if asked.up_to is not None and asked.q is None:
        raise InvalidInput(f"up_to of {BULK} narrows what a query matches, and there is no q. Leave it out.")
    selecting.query(asked.q)
    return asked


def check(kind: str, given: Mapping[str, Any] | None, outside: bool) -> None:
    """Raises InvalidInput for a type of Headway's own that is none, or that does not take this input.

    outside: the job is the work of a program of its own, which none of these is.
    """
    if not is_own(kind):
        return
    if kind != BULK:
        raise InvalidInput(
            f"{kind!r:.60}: types that begin with {PREFIX!r} are Headway's own, and there is {BULK!r}. Choose another "
            "name for yours."
        )
    if outside:
        raise InvalidInput(f"{kind!r} is done by Headway itself, and can not be a program's own work. Submit it.")
    request(given or {})


def check_jobs(database: Database, kind: str, given: Mapping[str, Any] | None) -> None:
    """Raises InvalidInput, NotFound, Ambiguous where a bulk job names a single job that is not there, or of another
    type. What `ids` name is looked up one by one when it runs.
    """
    asked = request(given or {}) if kind == BULK else None
    if asked is None:
        return
    if asked.up_to is not None:
        find(database, asked.up_to)
    other = None if asked.of is None else find(database, asked.of)[1]
    if other is not None and other.type != BULK:
        raise InvalidInput(
            f"of={asked.of!r:.60} is job {other.number} ({other.name}) of type {other.type!r}, no {BULK}."
        )


def default_name(given: Mapping[str, Any]) -> str:
    """What a bulk job is called where nobody names it."""
    asked = request(given)
    what = f"what matches {asked.q!r}" if asked.q else "every job" if asked.ids is None else _jobs(len(asked.ids))
    return f"{asked.verb.capitalize()} {what}"


def _jobs(n: int) -> str:
    return "1 job" if n == 1 else f"{n} jobs"
