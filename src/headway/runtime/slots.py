"""The slots of a worker: how many jobs it runs at once. A job that waits for its children lends its own."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

from headway.clock import Clock
from headway.errors import Halt
from headway.store.families import Child

LOG = logging.getLogger("headway")

MOST_WAITING = 256
"""Threads that may wait beside the slots; a job that would wait beyond that goes back to the queue for a while."""
AWAY_S, SPACING_S = 2.0, 0.01
"""How long it stays away, and how far such jobs are apart when they return: what they wait for gets its turns."""
LONGEST_AWAY_S = 60.0
"""It stays away for longer, up to this, where nobody got on meanwhile: those that return are older than what they wait
for, and as many as keep all slots busy would come before it for ever.
"""


class PutOff(Halt):
    """A job can not wait here for its children: it goes back to the queue until then, and finds them again."""

    def __init__(self, until: float) -> None:
        super().__init__("shutdown")
        self.until = until


class Slot(Protocol):
    """What an attempt that waits for its children gives back meanwhile."""

    @property
    def lent(self) -> bool:
        """Whether it is given back now."""

    def lend(self) -> float | None:
        """Gives it to whoever needs it; nothing more where it is lent already.

        Where too many are lent it is kept, and returned after how many seconds the job should try again.
        """

    def take_back(self, gives_up: Callable[[], bool]) -> bool:
        """Waits until it is free again, before new jobs; False where `gives_up` says so meanwhile."""

    def meanwhile(self, children: Sequence[Child]) -> bool:
        """Works on the children in the calling thread, where nobody else would; False where others do."""

    def look(self) -> None:
        """The attempt has heard of something: whoever waits for a slot sees whether it still wants it."""


class Slots:
    """A fixed number of slots. Those who lent theirs get one back before new jobs do.

    lending: called after each change of what is lent or wanted back, without a lock held.
    """

    def __init__(self, number: int, lending: Callable[[], None], clock: Clock) -> None:
        self._free = number
        self._lending = lending
        self._clock = clock
        self._changed = threading.Condition()
        self._return_at = 0.0
        self._away_s, self._away_until, self._stuck = AWAY_S, 0.0, False
        self._told = False
        self.lent = 0
        self.wanted = 0
        self.lent_by: Counter[str] = Counter()

    def take(self, kind: str) -> WorkerSlot:
        """Waits for a free slot that nobody wants back. kind: the type of the job that takes it."""
        with self._changed:
            self._changed.wait_for(lambda: self._free > 0 and not self.wanted)
            self._free -= 1
        return WorkerSlot(self, kind)

    def waiting_kinds(self, room: int) -> frozenset[str]:
        """The types of the jobs that wait, where there may soon be too many of them with so many jobs more."""
        with self._changed:
            crowded = self.lent >= max(MOST_WAITING // 2, MOST_WAITING - room)
            return frozenset(kind for kind, number in self.lent_by.items() if number) if crowded else frozenset()

    @property
    def expects_some(self) -> bool:
        """Whether jobs that found no room to wait may not have returned yet."""
        return self._clock.precise() < self._return_at

    def look(self) -> None:
        """See Slot."""
        with self._changed:
            self._changed.notify_all()

    def give(self, put_off: bool = False) -> None:
        """One more is free. put_off: its job has only found no room to wait."""
        with self._changed:
            self._free += 1
            self._stuck = self._stuck and put_off
            self._changed.notify_all()

    def lend(self, kind: str) -> float | None:
        """One more is free for as long as its job waits. See Slot."""
        with self._changed:
            if self.lent >= MOST_WAITING:
                return self._put_off()
            self.lent += 1
            self.lent_by[kind] += 1
            self._free += 1
            self._changed.notify_all()
        self._lending()
        return None

    def _put_off(self) -> float:
        if not self._told:
            self._told = True
            LOG.warning(
                "%d jobs wait for their children here, as many as may: others that would wait go back to the queue "
                "for a while, and find their children again. Start more workers, or spawn in larger parts.",
                MOST_WAITING,
            )
        now = self._clock.precise()
        if now >= self._away_until:  # the first of those that were put off lately may be back
            self._away_s = min(self._away_s * 2, LONGEST_AWAY_S) if self._stuck else AWAY_S
            self._away_until, self._stuck = now + self._away_s, True
        self._return_at = max(now + self._away_s, self._return_at + SPACING_S)
        return self._return_at - now

    def take_back(self, kind: str, gives_up: Callable[[], bool]) -> bool:
        """See Slot."""
        with self._changed:
            self.wanted += 1
        self._lending()
        with self._changed:
            self._changed.wait_for(lambda: self._free > 0 or gives_up())
            self.wanted -= 1
            taken = self._free > 0 and not gives_up()
            if taken:
                self._free -= 1
                self.lent -= 1
                self.lent_by[kind] -= 1
            self._changed.notify_all()
        self._lending()
        return taken

    def forget(self, kind: str) -> None:
        """A job ended while its slot was lent."""
        with self._changed:
            self.lent -= 1
            self.lent_by[kind] -= 1
        self._lending()


class WorkerSlot:
    """The slot of one job that a worker runs."""

    def __init__(self, slots: Slots, kind: str) -> None:
        self._slots = slots
        self._kind = kind
        self._lent = False
        self._put_off = False

    @property
    def lent(self) -> bool:
        """See Slot."""
        return self._lent

    def lend(self) -> float | None:
        """See Slot."""
        refused = None if self._lent else self._slots.lend(self._kind)
        self._lent, self._put_off = refused is None, refused is not None
        return refused

    def take_back(self, gives_up: Callable[[], bool]) -> bool:
        """See Slot."""
        if self._lent:
            self._lent = not self._slots.take_back(self._kind, gives_up)
        return not self._lent

    def meanwhile(self, children: Sequence[Child]) -> bool:
        """See Slot: a worker has other threads for them."""
        return False

    def look(self) -> None:
        """See Slot."""
        self._slots.look()

    def leave(self) -> None:
        """The job is over here."""
        if self._lent:
            self._slots.forget(self._kind)
        else:
            self._slots.give(self._put_off)
