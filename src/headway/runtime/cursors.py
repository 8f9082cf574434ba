"""Where the loops of an attempt stand, and where those of earlier attempts stood."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from headway.errors import InvalidInput
from headway.runtime.item import ITEM, ItemAtHand
from headway.runtime.loop import Loop
from headway.runtime.measure import Measure
from headway.runtime.outbox import Outbox

if TYPE_CHECKING:
    from headway.runtime.mapping import Mapping

    Walk: TypeAlias = "Loop[Any] | Mapping"
    Outer: TypeAlias = "Walk | ItemAtHand"


LONGEST_LEDGER = 1000
"""Characters of a ledger's name: together with a key it has to fit into an index of the database."""
_MARKS = re.compile(r"(?<![^ ])(?:/+(?![^ ])|#+(?=\d+$))")
"""What looks in a label like the marks between the parts of a ledger's name."""


@dataclass(frozen=True)
class Place:
    """Where a loop began. path: the labels on the way to it; within: the members, of the loops around it, that were
    at hand: their positions, or keys where they are keyed. time: which loop at that place it is, from 1. scope: the
    part of the job that the loop belongs to.
    """

    around: tuple[Outer, ...]
    label: str
    within: tuple[int | str, ...]
    time: int
    scope: str = ""

    @property
    def path(self) -> str:
        """The labels on the way to the loop, with its own."""
        return self.scope + " / ".join([*(outer.label for outer in self.around), self.label])

    @property
    def cursor(self) -> str:
        """The name of the loop's cursor, one for all members of the loops around it."""
        return self.path if self.time == 1 else f"{self.path} #{self.time}"

    @property
    def ledger(self) -> str:
        """The name under which done members are remembered one by one: no other place has it."""
        outer = [
            f"{_unmarked(loop.label)}[{msgspec.json.encode(member).decode()}]"
            for loop, member in zip(self.around, self.within, strict=True)
        ]
        name = self.scope + " / ".join([*outer, _unmarked(self.label)]) + (f" #{self.time}" if self.time > 1 else "")
        if len(name) <= LONGEST_LEDGER or (not outer and self.time == 1 and not self.scope):
            return name
        return f"{name[:100]} {hashlib.sha256(name.encode()).hexdigest()}"


def done_item(ledger: str, key: str, now: float) -> dict[str, Any]:
    """The row of a member of a keyed loop that is done."""
    return {
        "ledger": ledger, "key": key, "position": 0, "state": "done", "attempts": 1, "value": None, "size": None,
        "hash": None, "status_code": None, "duplicate_of": None, "data": "{}", "error": None, "updated_at": now,
    }  # fmt: skip


class Cursors:
    """The cursors of one attempt's loops.

    A loop is named by its label and those of the loops around it. Its cursor says how many members are done, and at
    which members the loops around it were: only where those are there again does the inner loop go on after its
    cursor. Loops that follow each other at one place are numbered in their order.
    """

    def __init__(self, saved: dict[str, Any], measure: Measure, now: Callable[[], float], scope: str = "") -> None:
        self._scope = scope
        self._saved = saved
        self._measure = measure
        self._now = now
        self._places: dict[Walk, Place] = {}
        self._times: dict[str, tuple[tuple[int | str, ...], int]] = {}
        self._lock = threading.Lock()

    def enter(self, loop: Walk, outbox: Outbox) -> None:
        """A loop begins in the calling thread or task. Raises InvalidInput where its label is taken there."""
        around = self._under_way()
        with self._lock:
            self._places[loop] = self._place(loop, tuple(around))
        if around:
            around[-1].begun_inside()
        loop.phase = None if around else self._measure.open_planned(loop.label)
        _UNDER_WAY.set((*_UNDER_WAY.get(), (self, loop)))
        outbox.listeners.append(loop.interrupt)

    def begin(self, loop: Loop[Any]) -> int:
        """How many members earlier attempts have done; from here on the loop is counted."""
        place = self._places[loop]
        saved = self._saved.get(place.cursor)
        return int(saved["done"]) if saved and saved["within"] == list(place.within) else 0

    def ledger(self, loop: Walk) -> str:
        """The name under which the done members of a keyed loop or map under way are remembered."""
        return self._places[loop].ledger

    def counted(self, loop: Walk) -> None:
        """The loop knows where it begins: an outermost one gives its phase its counters."""
        if not self._places[loop].around:
            self._measure.begin_loop(loop, None if loop.unit == "it" else loop.unit)

    def leave(self, loop: Walk, finished: bool, outbox: Outbox) -> None:
        """A loop ends, exhausted or left early."""
        self._save(loop, outbox)
        place = self._places.pop(loop)
        if loop.interrupt in outbox.listeners:
            outbox.listeners.remove(loop.interrupt)
        if not place.around:
            self._measure.end_loop(loop)
        _UNDER_WAY.set(tuple(pair for pair in _UNDER_WAY.get() if pair[1] is not loop))
        if loop.phase is not None:
            (self._measure.close if finished else self._measure.leave)(loop.phase)

    def save(self, outbox: Outbox) -> None:
        """Adds the cursors that moved to what is to be stored."""
        for loop in list(self._places):
            self._save(loop, outbox)

    def refuse_zip(self, loop: Loop[Any]) -> None:
        """The loop is asked for its next member: loops that began inside the last one must be over by now."""
        under_way = self._under_way()
        if loop in under_way and under_way[-1] is not loop:
            raise InvalidInput(
                f"The loop {loop.label!r} was asked for its next member while {under_way[-1].label!r}, begun inside "
                "it, was still open: a later attempt would pair their members wrongly. Track the zip, do not zip the "
                "tracks: track(zip(a, b))."
            )

    def inside(self, mapping: Mapping) -> None:
        """In the context variables of a worker of a map: what begins there is inside an item, not in the map."""
        _UNDER_WAY.set(tuple(pair for pair in _UNDER_WAY.get() if pair[1] is not mapping))

    def at_item(self, item: ItemAtHand) -> None:
        """The calling code is at an item: loops that begin from here on are inside it."""
        _UNDER_WAY.set((*_UNDER_WAY.get(), (self, item)))

    @contextmanager
    def around(self, mapping: Mapping, item: ItemAtHand) -> Iterator[None]:
        """The block is at an item that a loop over the ledger hands out."""
        before, outside = ITEM.get(), _UNDER_WAY.get()
        ITEM.set(item)
        self.inside(mapping)
        self.at_item(item)
        try:
            yield
        finally:
            ITEM.set(before)
            _UNDER_WAY.set(outside)

    @contextmanager
    def member_done(self, outbox: Outbox) -> Iterator[None]:
        """Says that the member at hand, or the item, is done, for a transaction that the block commits."""
        around = self._under_way()
        at_hand = around[-1] if around else None
        if isinstance(at_hand, ItemAtHand):
            with at_hand.done_within():
                yield
        elif isinstance(at_hand, Loop):
            self._say_member_done(at_hand, outbox)
            yield
            at_hand.keep_member()
        else:
            yield

    def _say_member_done(self, loop: Loop[Any], outbox: Outbox) -> None:
        place = self._places.get(loop)
        if place and loop.key_at_hand is not None:
            outbox.item(done_item(place.ledger, loop.key_at_hand, self._now()), advanced=True)
        if place:
            self._say(place.cursor, {"done": loop.done_with_member, "within": list(place.within)}, outbox)

    def attach(self, outbox: Outbox) -> None:
        """The loops under way go on in another attempt."""
        outbox.listeners.extend(loop.interrupt for loop in self._places)

    def _save(self, loop: Walk, outbox: Outbox) -> None:
        if loop.is_map:  # it remembers its items one by one
            return
        with self._lock:  # the recorder saves too, and a loop that ends has the last word
            place = self._places.get(loop)
            if place is None:
                return
            cursor = {"done": loop.done, "within": list(place.within)}
            known = self._saved.get(place.cursor)
            if known != cursor and (cursor["done"] or known):
                self._saved[place.cursor] = cursor
                self._say(place.cursor, cursor, outbox)

    def _say(self, name: str, cursor: dict[str, Any], outbox: Outbox) -> None:
        outbox.checkpoint("cursor", name, msgspec.json.encode(cursor).decode(), self._now())

    def _place(self, loop: Walk, around: tuple[Outer, ...]) -> Place:
        """Where a loop begins. Only loops that follow each other are numbered: at once, the order would be chance."""
        place = Place(around, loop.label, tuple(outer.member_at_hand for outer in around), 1, self._scope)
        if any(other.path == place.path and other.within == place.within for other in self._places.values()):
            raise InvalidInput(
                f"The loop {loop.label!r} is open at this place already, in another thread or task, and a later "
                "attempt could not tell the two apart. Give each its own label."
            )
        known = next((outer.times for outer in reversed(around) if isinstance(outer, ItemAtHand)), self._times)
        within, times = known.get(place.path, ((), 0))
        time = times + 1 if within == place.within else 1
        known[place.path] = (place.within, time)
        return replace(place, time=time)

    def _under_way(self) -> list[Outer]:
        """The loops and items of this attempt around the calling code; one that was dropped elsewhere is over."""
        return [loop for owner, loop in _UNDER_WAY.get() if owner is self and (loop.is_item or loop in self._places)]


_UNDER_WAY: ContextVar[tuple[tuple[Cursors, Outer], ...]] = ContextVar("headway_loops", default=())


def _unmarked(label: str) -> str:
    """The label with its marks doubled, so that two places never share a name."""
    return _MARKS.sub(lambda mark: mark[0] * 2, label)
