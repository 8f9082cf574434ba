"""The orders of a listing, each read a page at a time: a cursor names the last job that was given.

An order by a time has two parts: first what has not got that time yet, the newest first, then the rest by that time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from headway.errors import InvalidInput
from headway.model.ids import looks_like_job_id
from headway.model.moves import ENDED, OPEN, STATES
from headway.store import keeping, searching
from headway.store.contract import Database
from headway.store.records import JobRow
from headway.tracker.leading import Lead, Way

DEFAULT = "-created"
LOOKED_THROUGH = 100_000
"""Jobs that are looked through for a text at once, in each state where the order is by a time. A page that ends there
is short, and has a cursor."""
TEXTS = {"text0", "names"}
"""Filters of which there is no index."""
_MARK = "~"
"""Between the order, time and id in a cursor."""


class Part(NamedTuple):
    """A part of a listing that one index has in order.

    flags: how it is read; states: that its jobs may be in; time: the field that is its order, None where the id is. The
    index of a time begins with the state, so that each state is read by itself.
    """

    flags: Way
    states: tuple[str, ...] = STATES
    time: str | None = None
    rising: bool = False

    def read(
        self, database: Database, lead: Lead, ways: Sequence[Way], limit: int, cursor: str | None, end: str | None
    ) -> list[JobRow]:  # fmt: skip
        """The rows behind a cursor, down to another one, in order, of all ways together."""
        place = {**({} if cursor is None else self._behind(cursor)), **({} if end is None else self._down_to(end))}
        asked = [lead.of({**way, **self.flags, **place}) for one in ways for way in self._each(one)]
        found = {row.id: row for filters in asked for row in keeping.page(database, filters, limit)}
        return sorted(found.values(), key=self._key, reverse=not self.rising)[:limit]

    def end_of_look(self, database: Database, ways: Sequence[Way], cursor: str | None) -> str | None:
        """How far texts are looked through at once behind a cursor, as a cursor; None for to the end of the part."""
        place = {} if cursor is None else self._behind(cursor)
        if self.time is None:
            order = {**self.flags, "by_id": True, "oldest" if self.rising else "newest": True}
            found = searching.nth(database, LOOKED_THROUGH, {**order, **place})
            return None if found is None else found[0]
        states = {way["state"] for one in ways for way in self._each(one)}
        order = {"by_end": True} if self.time == "ended_at" else {"by_start": True}
        each = [searching.nth(database, LOOKED_THROUGH, {**order, **place, "state": one}) for one in states]
        ends = [(time, job) for job, time in filter(None, each)]
        return f"{_MARK}".join(map(str, max(ends))) if ends else None

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

    def _down_to(self, cursor: str) -> dict[str, Any]:
        if self.time is None:
            return {"ceiling" if self.rising else "floor": cursor}
        seconds, _, first = cursor.partition(_MARK)
        return {self.time.replace("_at", "_from"): float(seconds), "first": first}

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
    (begin, after), lead = _place(sort, after), Lead(database)
    rows: list[tuple[JobRow, Part]] = []
    looks = any(not TEXTS.isdisjoint(way) for way in ways)
    for part in ORDERS[sort][begin:]:
        end = part.end_of_look(database, ways, after) if looks else None
        rows += [(row, part) for row in part.read(database, lead, ways, limit + 1 - len(rows), after, end)]
        if len(rows) > limit:
            last, its = rows[limit - 1]
            return [row for row, _ in rows[:limit]], _told(sort, its.cursor(last))
        if end is not None:
            return [row for row, _ in rows], _told(sort, end)
        after = None
    return [row for row, _ in rows], None


def counts(database: Database, ways: Sequence[Way], most: int) -> dict[str, int]:
    """How many jobs of each state fit any of the ways, which have no job in common; counted up to `most` in each.

    Texts are looked for in the newest jobs only, whatever their state; else each state is led to by itself.
    """
    lead, found = Lead(database), dict.fromkeys(STATES, 0)
    if any(not TEXTS.isdisjoint(way) for way in ways):
        end = ORDERS[DEFAULT][0].end_of_look(database, ways, None)
        asked = [lead.of({**way, "floor": end}) for way in ways]
    else:
        asked = [lead.of({**way, "state": state}) for way in ways for state in STATES if permits(way, state)]
    for filters in asked:
        for state, number in keeping.numbers_of(database, filters, most).items():
            found[state] = min(most, found[state] + number)
    return {state: number for state, number in found.items() if number}


def _place(sort: str, after: str | None) -> tuple[int, str | None]:
    """In which part of an order a cursor lies, and where there. Raises InvalidInput."""
    if after is None:
        return 0, None
    head = "" if sort == DEFAULT else f"{sort}{_MARK}"
    place = after.removeprefix(head)
    seconds, timed, job = place.rpartition(_MARK)
    is_place = len(ORDERS[sort]) > 1 and _is_time(seconds) if timed else True
    if not (after.startswith(head) and is_place and looks_like_job_id(job)):
        raise InvalidInput(
            f"after={after[:60]!a} is no cursor of sort={sort}; give the `next` of a page of that order."
        )
    return int(bool(timed)), place


def _told(sort: str, place: str) -> str:
    """A cursor as callers have it: it names its order, so that it is not taken for a place in another one."""
    return place if sort == DEFAULT else f"{sort}{_MARK}{place}"


def _is_time(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
