"""Which jobs under way only wait for children that nobody works on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from headway.runtime.outbox import Outbox
from headway.store import families
from headway.store.contract import Database
from headway.store.families import Child


def all_rest(database: Database, held: Iterable[Outbox], can_run: Callable[[Child], bool]) -> bool:
    """Whether all these attempts wait for children that are paused, or that only others could run.

    can_run: whether a pending child is one for this worker. A family of several levels rests where its lowest does.
    """
    boxes = {box.job: box for box in held}
    known: dict[str, bool] = {}

    def rests(job: str) -> bool:
        if job not in known:
            box = boxes.get(job)
            known[job] = box is not None and box.slot is not None and box.slot.lent and below_rest(job)
        return known[job]

    def below_rest(job: str) -> bool:
        left = [child for child in families.of(database, job) if not child.ended]
        return bool(left) and all(_is_left(child, can_run) or rests(child.id) for child in left)

    return all(rests(job) for job in boxes)


def _is_left(child: Child, can_run: Callable[[Child], bool]) -> bool:
    return child.state == "paused" or (child.state == "pending" and (child.outside or not can_run(child)))
