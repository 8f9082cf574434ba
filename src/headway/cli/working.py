"""The workers of a server: one for the types of its modules, and one for what Headway itself does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from headway import Headway
from headway.runtime.registry import REGISTRY
from headway.runtime.worker import Worker

OWN_SLOTS = 4
"""Jobs of Headway's own that run at once: they wait for the database most of the time."""


@contextmanager
def working(hw: Headway, slots: int) -> Iterator[Worker | None]:
    """Runs jobs while the block lasts; the worker of the modules' types, None where these are not run.

    Headway's own types have slots of their own, whatever the others do: cancelling many must not wait until they end,
    nor a few until many are paused. They are those of a second worker, since a worker is known by one list of types.
    """
    with ExitStack() as held:
        second = held.enter_context(Headway(hw.url, clock=hw._clock))
        held.enter_context(second.worker(OWN_SLOTS, types=REGISTRY.built_in()))
        worker = hw.worker(slots, types=REGISTRY.own()) if slots and REGISTRY.own() else None
        if worker is not None:
            held.enter_context(worker)
        yield worker
