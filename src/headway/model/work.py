"""What an estimate of the time left is made of: the work at hand and the phases ahead."""

from __future__ import annotations

import msgspec

from headway.model.phase import Phase


class Ahead(msgspec.Struct, frozen=True):
    """A phase that is not finished: its share `weight` of the job, its size, the part of it that is left."""

    name: str
    weight: float
    total: float | None = None
    left: float = 1.0


class Work(msgspec.Struct, frozen=True):
    """How far the current phase is, and the phases ahead. The unit "%" shows no rate."""

    done: float
    total: float | None = None
    unit: str | None = None
    phase: str = ""
    weight: float = 1.0
    ahead: tuple[Ahead, ...] = ()

    @property
    def measure(self) -> tuple[str, str]:
        """What its rate is measured in: items, bytes or percent; when that changes, a new rate begins."""
        return self.phase, self.unit if self.unit in ("%", "B") else ""


def planned_work(root: Phase, current: Phase | None) -> Work:
    """The current one of the undivided planned phases, and all others that are not over."""
    leaves = list(root.leaves())
    here, weight = _leaf(leaves, current)
    ahead = tuple(
        Ahead(leaf.path, share, leaf.total, 1.0 - (leaf.fraction or 0.0))
        for leaf, share in leaves
        if leaf is not here and not leaf.is_over
    )
    if here.is_over:
        return Work(1, 1, here.unit, here.path, weight, ahead)
    if here.explicit is not None:
        return Work(here.explicit, 100, "%", here.path, weight, ahead)
    return Work(here.done, here.total, here.unit, here.path, weight, ahead)


def _leaf(leaves: list[tuple[Phase, float]], current: Phase | None) -> tuple[Phase, float]:
    """The leaf around the current phase; between phases the next one, at the end the last."""
    around = set()
    phase = current
    while phase is not None:
        around.add(phase)
        phase = phase.parent
    for leaf in leaves:
        if leaf[0] in around:
            return leaf
    return next((leaf for leaf in leaves if not leaf[0].is_over), leaves[-1])
