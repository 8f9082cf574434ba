"""How long attempts may go on without a heartbeat: told by this machine's clock, whatever the database does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from headway.clock import Clock
from headway.runtime.outbox import Outbox
from headway.store.claiming import SELF_STOP_S

LOG = logging.getLogger("headway")

LOOK_S = 0.5
"""How often it is looked at; so much later may an attempt hear that it has to stop."""
STOOD_STILL_S = 5.0
"""A gap between two looks that tells that this process, or its whole machine, stood still meanwhile."""
CHANCE_S = 5.0
"""How long a heartbeat may then take to be answered before the attempts are given up."""
CALM_S = 0.02
"""Between two looks of an attempt that waits for that answer, in real time."""


class Leash:
    """Gives up attempts whose leases could not be renewed for too long: somebody else may take their jobs soon.

    A database may fall silent, and whoever has asked it then waits without end. So nothing here asks it, nor waits for
    a lock that is held while it is asked. A process that stood still, as a laptop that slept, renews its leases first:
    until it knows, its attempts wait where they would check. open: the attempts; drop: called with each given up.
    """

    def __init__(self, clock: Clock, open: Callable[[], Sequence[Outbox]], drop: Callable[[Outbox], None]) -> None:
        self._clock = clock
        self._open, self._drop = open, drop
        self._looked_at = self._chance_until = clock.boot()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="headway-leash", daemon=True)
        self.silent = False
        """Whether attempts were given up, and no heartbeat was accepted since."""

    def start(self) -> None:
        """Begins to look, in a thread of its own, where that has not begun."""
        if self._thread.ident is None:
            self._thread.start()

    def end(self) -> None:
        """There is nothing to watch any more."""
        self._ended.set()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_S):
            self.look()

    def renewed(self, box: Outbox, asked_at: float) -> None:
        """A heartbeat that was sent at that moment of the boot clock was accepted."""
        box.renewed_at, self.silent = asked_at, False

    def is_over(self, box: Outbox) -> bool:
        """Whether the attempt has gone on for too long. Costs a look at the clock."""
        return box.watched and self._clock.boot() - box.renewed_at >= SELF_STOP_S

    @property
    def in_doubt(self) -> bool:
        """Whether any attempt here has gone on for too long: its heartbeat goes before whatever ends leases."""
        return any(self.is_over(box) for box in self._open())

    def look(self, refused: bool = False) -> None:
        """Gives up what has gone on for too long. refused: the database has just answered with an error, so that this
        holds too where a test moves the clock, or no thread of the recorder's sends heartbeats.
        """
        now = self._clock.boot()
        if self._clock.real and now - self._looked_at >= STOOD_STILL_S:
            self._chance_until = now + CHANCE_S
        self._looked_at = now
        if now < self._chance_until:
            return
        for box in self._open():
            if (box.watched or refused) and not box.joined and now - box.renewed_at >= SELF_STOP_S:
                self._give_up(box)

    def hold(self, box: Outbox) -> None:
        """Keeps an attempt that has gone on for too long until its heartbeat is accepted or it is lost."""
        for _ in range(round(CHANCE_S / CALM_S)):
            self.look()
            if box.lost or box.ended or not self.is_over(box) or self._ended.wait(CALM_S):
                return
        self._give_up(box)

    def _give_up(self, box: Outbox) -> None:
        if box.alive and not self.silent:
            self.silent = True
            LOG.error(
                "no heartbeat was accepted by the database for %.0f s: what is under way stops here, since another "
                "worker may take it soon", SELF_STOP_S,
            )  # fmt: skip
        box.lose()
        self._drop(box)
