"""What a job gives back while it waits for its children, and takes again before it goes on."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from headway.runtime.outbox import Outbox
from headway.runtime.recorder import OUTAGE, SHORTEST_PAUSE_S
from headway.runtime.slots import PutOff
from headway.store import families
from headway.store.families import NoPlace

if TYPE_CHECKING:
    from headway.runtime.attempt import AttemptAtHand
    from headway.runtime.office import Office

T = TypeVar("T")

LOOK_S = 1.0
"""How often a job that waits looks again although nobody rang."""


class Lending:
    """The slot of one attempt with its worker, and its place under the limit. Safe for any number of threads."""

    def __init__(self, context: AttemptAtHand, office: Office) -> None:
        self._context = context
        self._office = office
        self._lock = threading.Lock()
        self._lent_by: Outbox | None = None  # the attempt that has given them back
        self._waits: set[object] = set()  # for these parts of the job

    def lend(self, part: object) -> None:
        """Gives back the worker's slot and the place under the limit, for as long as any part of the job waits.

        Raises PutOff where the worker has no room for another job that waits.
        """
        outbox = self._context.outbox
        with self._lock:
            if outbox.joined:
                return
            if self._lent_by is outbox:
                self._waits.add(part)
                return
            if not self.lasting(partial(families.begin_waiting, self._office.database, outbox.job, outbox.attempt)):
                self.lasting(self._office.recorder.look)  # a stop was asked; the next check() says which
                return
            self._lent_by, self._waits = outbox, {part}
            self._lend_slot(outbox)

    def take_back(self, part: object) -> None:
        """Returns when the job has its slot and its place again, or other parts of it still wait.

        Which of them work and which only wait for the others is not known here: a job that held its slot for one
        while the children of another need it would never end. Raises Halt where a stop was asked.
        """
        with self._lock:
            if part not in self._waits:
                return
            self._waits.remove(part)
            while not self._waits and (outbox := self._context.outbox) is self._lent_by:
                seen = self._office.database.wait(0, 0)
                if not self._take_slot(outbox):
                    self._context.check()
                    continue
                try:
                    if self.lasting(partial(families.end_waiting, self._office.database, outbox.job, outbox.attempt)):
                        self._lent_by = None
                        return
                    self.lasting(self._office.recorder.look)
                except NoPlace:
                    self._lend_slot(outbox)
                    self.lasting(partial(families.want_place, self._office.database, outbox.job, outbox.attempt))
                    self._office.database.wait(seen, LOOK_S)
                self._context.check()

    def lasting(self, step: Callable[[], T]) -> T:
        """A step of the wait, tried until the database answers: a job that caught the error of one that was left half
        done would work without its place, or never get it back. Raises Halt where a stop was asked meanwhile.
        """
        pause_s = SHORTEST_PAUSE_S
        while True:
            try:
                return step()
            except OUTAGE:
                pause_s = self._office.recorder.rest(pause_s)
                self._context.check()

    def _lend_slot(self, outbox: Outbox) -> None:
        """A job that kept its slot while its children need one would stand still with them: it is put off instead."""
        away_s = None if outbox.slot is None else outbox.slot.lend()
        if away_s is not None:
            raise PutOff(self._office.now() + away_s)

    def _take_slot(self, outbox: Outbox) -> bool:
        if outbox.slot is None:
            return True
        with heard_by(outbox, outbox.slot.look):
            return outbox.slot.take_back(lambda: self._context.stopping)


@contextlib.contextmanager
def heard_by(outbox: Outbox, listener: Callable[[], None]) -> Iterator[None]:
    """The listener is called when the attempt hears of something."""
    outbox.listeners.append(listener)
    try:
        yield
    finally:
        if listener in outbox.listeners:
            outbox.listeners.remove(listener)
