"""The slots of a worker: how many jobs it runs at once. A job that waits for its children lends its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from headway.errors import Halt
from headway.store.families import Child

MOST_WAITING = 256
"""Threads that may wait beside the slots; beyond that a job that waits keeps its slot."""


class PutOff(Halt):
    """Nobody here can run what a job waits for: it goes back to the queue until then."""

    def __init__(self, until: float) -> None:
        super().__init__("shutdown")
        self.until = until


class Slot(Protocol):
    """What an attempt that waits for its children gives back meanwhile."""

    @property
    def lent(self) -> bool:
        """Whether it is given back now."""

    def lend(self) -> None:
        """Gives it to whoever needs it. Does nothing where it is lent already, or where too many are."""

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

    def __init__(self, number: int, lending: Callable[[], None]) -> None:
        self._free = number
        self._lending = lending
        self._changed = threading.Condition()
        self.lent = 0
        self.wanted = 0

    def take(self) -> WorkerSlot:
        """Waits for a free slot that nobody wants back."""
        with self._changed:
            self._changed.wait_for(lambda: self._free > 0 and not self.wanted)
            self._free -= 1
        return WorkerSlot(self)

    def look(self) -> None:
        """See Slot."""
        with self._changed:
            self._changed.notify_all()

    def give(self) -> None:
        """One more is free."""
        with self._changed:
            self._free += 1
            self._changed.notify_all()

    def lend(self) -> bool:
        """One more is free for as long as its job waits."""
        with self._changed:
            if self.lent >= MOST_WAITING:
                return False
            self.lent += 1
            self._free += 1
            self._changed.notify_all()
        self._lending()
        return True

    def take_back(self, gives_up: Callable[[], bool]) -> bool:
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
            self._changed.notify_all()
        self._lending()
        return taken

    def forget(self) -> None:
        """A job ended while its slot was lent."""
        with self._changed:
            self.lent -= 1
        self._lending()


class WorkerSlot:
    """The slot of one job that a worker runs."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._lent = False

    @property
    def lent(self) -> bool:
        """See Slot."""
        return self._lent

    def lend(self) -> None:
        """See Slot."""
        self._lent = self._lent or self._slots.lend()

    def take_back(self, gives_up: Callable[[], bool]) -> bool:
        """See Slot."""
        if self._lent:
            self._lent = not self._slots.take_back(gives_up)
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
            self._slots.forget()
        else:
            self._slots.give()
