"""The orders of a listing, each read a page at a time: a cursor names the last job that was given.

An order by a time has two parts: first what has not got that time yet, the newest first, then the rest by that time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from headway.errors import InvalidInput
from headway.model.moves import ENDED, OPEN, STATES
from headway.store import keeping, searching
from headway.store.contract import Database
from headway.store.records import JobRow

Way = Mapping[str, Any]
"""Filters as parameters of a page of jobs; a job that fits any of several ways is listed."""

DEFAULT = "-created"
LOOKED_THROUGH = 200_000
"""Jobs that are looked through for a text at once; a page that ends there is short, and has a cursor."""
TEXTS = {"text", "texts", "names"}
WIDE = {"type", "session", "category"}
NARROW = {"by_end", "by_start", "ids", "parent", "root", "context_id", "owner"}
"""What leads to few jobs by itself, or in another order."""
_MARK = "~"
"""Between time and id in a cursor."""


class Part(NamedTuple):
    """A part of a listing that one index has in order.

    flags: how it is read; states: that its jobs may be in; time: the field that is its order, None where the id is. The
    index of a time begins with the state, so that each state is read by itself.
    """

    flags: Way
    states: tuple[str, ...] = STATES
    time: str | None = None
    rising: bool = False

    def read(self, database: Database, ways: Sequence[Way], limit: int, cursor: str | None) -> list[JobRow]:
        """The rows behind a cursor, in order, of all ways together."""
        place = {} if cursor is None else self._behind(cursor)
        asked = [_led({**way, **self.flags, **place}) for one in ways for way in self._each(one)]
        found = {row.id: row for filters in asked for row in keeping.page(database, filters, limit)}
        return sorted(found.values(), key=self._key, reverse=not self.rising)[:limit]

    def cursor(self, row: JobRow) -> str:
        """What names the place behind a row of this part."""
        return row.id if self.time is None else f"{getattr(row, self.time)!r}{_MARK}{row.id}"

    def _each(self, way: Way) -> list[Way]:
        states = [state for state in self.states if permits(way, state)]
        return [{**way, "state": state} for state in states] if self.time else [way] if states else []

    def _behind(self, cursor: str) -> dict[str, Any]:
        if self.time is None:
            return {"behind" if self.rising else "after": cursor}
        seconds, _, last = cursor.partition(_MARK)
        return {self.time: float(seconds), "last": last}

    @property
    def _key(self) -> Callable[[JobRow], Any]:
        time = self.time
        return (lambda row: row.id) if time is None else (lambda row: (getattr(row, time), row.id))


ORDERS: dict[str, list[Part]] = {
    "-created": [Part({})],
    "created": [Part({"ordered": True, "oldest": True}, rising=True)],
    "-ended": [Part({"active": True}, OPEN), Part({"ordered": True, "by_end": True}, ENDED, "ended_at")],
    "-started": [Part({"unstarted": True}), Part({"ordered": True, "by_start": True}, time="started_at")],
}


def checked(sort: Any) -> str:
    """The name of an order. Raises InvalidInput."""
    if not isinstance(sort, str) or sort not in ORDERS:
        raise InvalidInput(f"sort={sort!a:.60}: expected one of {', '.join(ORDERS)}.")
    return sort


def permits(way: Way, state: str) -> bool:
    """Whether jobs of a state may be in a listing, by its filters of states."""
    if way.get("active" if state in ENDED else "ended"):
        return False
    return state == way.get("state", state) and state not in way.get("not_states", ())


def page(
    database: Database, ways: Sequence[Way], sort: str, limit: int, after: str | None
) -> tuple[list[JobRow], str | None]:
    """A page of the jobs that fit any of the ways, and the cursor of the next one. Raises InvalidInput."""
    parts, floor = ORDERS[sort], None
    at = _part_of(parts, sort, after)
    if sort == DEFAULT and any(_looks_through(way) for way in ways):
        floor = searching.nth_newest(database, LOOKED_THROUGH, after)
        ways = [{**way, "floor": floor} for way in ways]
    rows: list[tuple[JobRow, Part]] = []
    for part in parts[at:]:
        rows += [(row, part) for row in part.read(database, ways, limit + 1 - len(rows), after)]
        after = None
        if len(rows) > limit:
            last, its = rows[limit - 1]
            return [row for row, _ in rows[:limit]], its.cursor(last)
    return [row for row, _ in rows], floor


def count(database: Database, ways: Sequence[Way], state: str, most: int) -> int:
    """How many jobs of a state fit any of the ways, which have no job in common; counted up to `most`.

    Texts are looked for in the newest jobs only.
    """
    asked = [_led({**way, "state": state}) for way in ways if permits(way, state)]
    if any(_looks_through(way) for way in ways):
        floor = searching.nth_newest(database, LOOKED_THROUGH)
        asked = [{**filters, "floor": floor} for filters in asked]
    return min(most, sum(keeping.number_of(database, filters, most) for filters in asked))


def _part_of(parts: Sequence[Part], sort: str, after: str | None) -> int:
    """In which part a cursor lies."""
    if after is None or len(parts) == 1 or _MARK not in after:
        return 0
    try:
        float(after.partition(_MARK)[0])
    except ValueError:
        raise InvalidInput(f"after={after[:60]!a} is no cursor of sort={sort}; give the `next` of a page.") from None
    return 1


def _led(filters: Way) -> Way:
    """Filters, with what they are read along.

    A page in the order of ids is read along its first label; in another order that is looked up like the others. What
    is not completed is little: its state leads to it, rather than its type or its session.
    """
    if "label0" in filters:
        return _along_a_label(filters)
    wide = NARROW.isdisjoint(filters) and any(name in filters for name in WIDE)
    return {**filters, "by_state": True} if wide and filters.get("state", "completed") != "completed" else filters


def _along_a_label(filters: Way) -> Way:
    if "by_end" in filters or "by_start" in filters:
        rest = {name: value for name, value in filters.items() if name not in ("label0", "value0")}
        return {**rest, "label4": filters["label0"], "value4": filters["value0"]}
    rest = {name: value for name, value in filters.items() if name != "oldest"}
    return {**rest, "by_label": True, "ordered": True, "label_oldest" if "oldest" in filters else "label_newest": True}


def _looks_through(way: Way) -> bool:
    """Whether the jobs of a listing are found by reading texts, of which there is no index."""
    return not TEXTS.isdisjoint(way)
