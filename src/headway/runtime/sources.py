"""Where a map gets its items from: the pending ones of a ledger, or the members of something else."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from headway.errors import InvalidInput
from headway.runtime.item import ItemAtHand, a_size
from headway.runtime.ledger import Ledger, usable_key
from headway.store import ledgers

if TYPE_CHECKING:
    from headway.runtime.attempt import AttemptAtHand
    from headway.runtime.office import Office

MOST_FRESH = 10_000
"""Items that were added and wait in memory; more are read from the database when their turn comes."""
DRAWING_S = 0.02
"""Longest time for which members are drawn before those that are there are handed out."""


class Frontier:
    """The pending items of a ledger, in the order in which they were added; it may grow meanwhile.

    What is added is handed out from memory as long as nothing before it waits in the database.
    """

    def __init__(self, context: AttemptAtHand, office: Office, ledger: Ledger, news: threading.Event) -> None:
        self._context = context
        self._office = office
        self._ledger = ledger
        self._news = news
        self._fresh: deque[ItemAtHand] = deque()
        self._handed_to = 0  # the position up to which everything was handed out
        self._unsized = False
        with ledger.lock:
            ledger.be_walked(self)
            self._fresh_from = ledger.totals.position  # what lies behind it is in memory
        context.settle()  # what an earlier walk of this attempt has made of its items
        self._unsized = self._unsized or ledgers.has_unsized(office.database, ledger.job_id, ledger.name)

    @property
    def over(self) -> bool:
        """Whether everything that was added was handed out."""
        return self._handed_to >= self._ledger.totals.position

    @property
    def extent(self) -> tuple[int | None, float | None]:
        """How many items there are, and their size; None where one came up without any: they are counted then.

        It stays so for the walk, although sizes become known: a bar that changes what it counts tells nothing.
        """
        totals = self._ledger.totals
        return totals.total, None if self._unsized else totals.size

    def offer(self, items: Sequence[ItemAtHand]) -> None:
        """Items were added to the ledger; called under its lock."""
        self._unsized = self._unsized or any(item.size is None for item in items)
        if len(self._fresh) + len(items) <= MOST_FRESH:
            self._fresh.extend(items)
        else:
            self._fresh.clear()
            self._fresh_from = self._ledger.totals.position
        self._news.set()

    def more(self, most: int) -> list[ItemAtHand]:
        """The next items, none where there are none now."""
        with self._ledger.lock:
            while self._fresh and self._fresh[0].position <= self._handed_to:
                self._fresh.popleft()
            if self._handed_to >= self._fresh_from:
                found = [self._fresh.popleft() for _ in range(min(most, len(self._fresh)))]
                self._handed_to = found[-1].position if found else self._handed_to
                return found
            given = self._ledger.totals.position
        return self._stored(most) or self._stored_since(most, given)

    def close(self) -> None:
        """The walk is over; another one may begin."""
        self._ledger.be_walked(None)

    def _stored_since(self, most: int, given: int) -> list[ItemAtHand]:
        """Nothing more is stored: what was added waits for the recorder, unless it is no longer pending."""
        self._context.settle()
        found = self._stored(most)
        if not found:
            self._handed_to = given
        return found

    def _stored(self, most: int) -> list[ItemAtHand]:
        ledger = self._ledger
        page = ledgers.left(self._office.database, ledger.job_id, ledger.name, self._handed_to, most)
        if page:
            self._handed_to = page[-1].position
        return [ItemAtHand.of(ledger, kept) for kept in page]


class Members:
    """The members of anything that can be iterated over, each under its key; known ones are passed over."""

    def __init__(
        self, context: AttemptAtHand, ledger: Ledger, members: Iterable[Any], key: Callable[[Any], object] | None,
        size: Callable[[Any], float] | None,
    ) -> None:  # fmt: skip
        self._clock = context.clock
        self._ledger = ledger
        self._key = key
        self._size = size
        self._passed = 0
        self._length = _length(members)
        known = size is not None and self._length is not None and iter(members) is not members
        self._all = sum(a_size(size(member)) for member in members) if known and size else None
        self._members: Iterator[Any] = iter(members)
        self.over = False

    @property
    def extent(self) -> tuple[int | None, float | None]:
        """How many members there are, those with a key of an earlier one aside, and their size; None: unknown."""
        return None if self._length is None else self._length - self._passed, self._all

    def more(self, most: int) -> list[ItemAtHand]:
        """The next members, none where all that were drawn were known. Slow ones are not waited for together."""
        names: list[str] = []
        members: list[Any] = []
        now, key = self._clock.precise, self._key
        until = now() + DRAWING_S
        for member in islice(self._members, most):
            names.append(usable_key(member if key is None else key(member)))
            members.append(member)
            if now() > until:
                break
        else:
            self.over = len(names) < most
        return self._met(names, members)

    def close(self) -> None:
        """The walk is over."""

    def _met(self, names: Sequence[str], members: Sequence[Any]) -> list[ItemAtHand]:
        keys = list(map(self._ledger.stored_key, names))
        hidden = {key: (name, None) for key, name in zip(keys, names, strict=True) if key != name}
        met = self._ledger.meet(keys)
        self._passed += len(keys) - len(met)
        by_key = dict(zip(reversed(keys), reversed(members), strict=True))  # of two with one key the first counts
        begun = [(key, kept) for key, kept in met.items() if kept is None or kept.state == "pending"]
        ledger, size, items = self._ledger, self._size, []
        for (key, kept), position in zip(begun, ledger.next_positions(len(begun)), strict=True):
            item = ItemAtHand(ledger, key, position) if kept is None else ItemAtHand.of(ledger, kept)
            item.member = by_key[key]
            if hidden:
                item.raw = hidden.get(key)
            if size is not None:
                item.size = a_size(size(item.member))
            items.append(item)
        return items


def _length(members: Iterable[Any]) -> int | None:
    if isinstance(members, str | bytes) or not isinstance(members, Iterable):
        raise InvalidInput(f"map() goes over the members of something; found {members!r:.60}.")
    try:
        return len(members)  # type: ignore[arg-type]
    except TypeError:
        return None
