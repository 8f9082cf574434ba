"""Running what is due in the calling thread: for tests and scripts, without a worker."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Sequence

from headway.runtime import bulk as _its_own_type  # noqa: F401  # registers it
from headway.runtime import runner
from headway.runtime.office import Office
from headway.runtime.outbox import Outbox
from headway.runtime.registry import REGISTRY
from headway.runtime.slots import PutOff
from headway.store import claiming, sweeping
from headway.store.families import Child
from headway.store.records import JobRow

QUEUE = "default"
PUT_OFF_S = 2.0
"""When a job whose children nobody here can run is tried again."""


def work_until_idle(office: Office) -> int:
    """Runs every job that is due and whose type is registered here; returns how many attempts it ran.

    What is due later waits for the clock. A job that waits for its children runs them meanwhile.
    """
    idle = Idle(office)
    kinds = [REGISTRY.get(name) for name in REGISTRY.names()]
    rows = tuple(kind.row for kind in kinds)
    office.enlist(1, (QUEUE,), rows)
    lanes = [(QUEUE, kind.name) for kind in kinds]
    try:
        while True:
            sweeping.sweep(office.database)
            claimed = claiming.claim(office.database, office.worker, lanes, 1) if lanes else []
            if not claimed:
                return idle.ran
            idle.run(claimed[0])
    except KeyboardInterrupt:
        idle.leave()
        raise


class Idle:
    """The calling thread as the only one that runs jobs: what it waits for, it has to do itself. A runtime.slots.Slot.

    ran: how many attempts it ran.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._taken: dict[tuple[str, int], Outbox] = {}
        self.ran = 0

    def run(self, row: JobRow) -> None:
        """Runs one claimed job."""
        outbox = Outbox(row.id, row.attempt, threading.current_thread())
        outbox.slot = self
        self._taken[outbox.key] = outbox
        # Heartbeats and requests to stop need the recorder's threads; time that a test moves has none.
        self._office.recorder.open(outbox, background=self._office.clock.real)
        try:
            runner.run(self._office, REGISTRY.get(row.type), row, outbox)
        finally:  # also where Ctrl-C ends it
            self._office.recorder.settle(outbox)
            self.ran += 1
        del self._taken[outbox.key]

    def leave(self) -> None:
        """After Ctrl-C nothing stays with this process: not what it came in the way of, and not what a claim brought
        that it broke off. No lease has to run out then, and nothing counts as lost.
        """
        recorder = self._office.recorder
        with self._office.claiming:
            others = recorder.keys() - self._taken.keys()  # of a worker in this process; a block is outside
            rows = claiming.claimed_by(self._office.database, self._office.worker)
            left = [row for row in rows if not row.outside and (row.id, row.attempt) not in others]
        for row in left:
            outbox = self._taken.setdefault((row.id, row.attempt), Outbox(row.id, row.attempt, None))
            recorder.open(outbox, background=False)
            if not outbox.ending:
                outbox.end(runner.left(REGISTRY.get(row.type), row))
        for outbox in self._taken.values():
            recorder.settle(outbox)

    @property
    def lent(self) -> bool:
        """See Slot: it works in its own thread."""
        return False

    def lend(self) -> float | None:
        """See Slot: nobody else is here to need it."""
        return None

    def take_back(self, gives_up: Callable[[], bool]) -> bool:
        """See Slot."""
        return True

    def look(self) -> None:
        """See Slot: nobody waits."""

    def meanwhile(self, children: Sequence[Child]) -> bool:
        """Runs one child that is due. Raises PutOff where there is none that could be run here."""
        now = self._office.now()
        for child in children:
            if _is_due(child, now) and REGISTRY.find(child.type) is not None:
                row = claiming.claim_own(self._office.database, self._office.worker, child.id)
                if row is not None:
                    # In a context of its own, as in a thread of its own: the parent's job and step are not the child's.
                    contextvars.Context().run(self.run, row)
                    return True
        if sweeping.sweep(self._office.database):
            return True
        later = [child.due_at for child in children if child.state == "pending" and child.due_at is not None]
        raise PutOff(max(now, min(later)) if later else now + PUT_OFF_S)


def _is_due(child: Child, now: float) -> bool:
    due = child.due_at is None or child.due_at <= now
    return child.state == "pending" and child.queue == QUEUE and not child.outside and due
