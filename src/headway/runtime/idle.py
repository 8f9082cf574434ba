"""Running what is due in the calling thread: for tests and scripts, without a worker."""

from __future__ import annotations

import threading

from headway.runtime import runner
from headway.runtime.office import Office
from headway.runtime.outbox import Outbox
from headway.runtime.registry import REGISTRY
from headway.store import claiming, sweeping


def work_until_idle(office: Office) -> int:
    """Runs every job that is due and whose type is registered here; returns how many attempts it ran.

    What is due later waits for the clock.
    """
    kinds = [REGISTRY.get(name) for name in REGISTRY.names()]
    rows = tuple(kind.row for kind in kinds)
    office.enlist(1, ("default",), rows)
    lanes = [("default", kind.name) for kind in kinds]
    ran = 0
    while True:
        sweeping.sweep(office.database)
        claimed = claiming.claim(office.database, office.worker, lanes, 1) if lanes else []
        if not claimed:
            return ran
        row = claimed[0]
        outbox = Outbox(row.id, row.attempt, threading.current_thread())
        # Heartbeats and requests to stop need the recorder's threads; time that a test moves has none.
        office.recorder.open(outbox, background=office.clock.real)
        runner.run(office, REGISTRY.get(row.type), row, outbox)
        office.recorder.settle(outbox)
        ran += 1
