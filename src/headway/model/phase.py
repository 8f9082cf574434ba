"""One phase of the progress: what it counts, its share of its parent, and the part of it that is done."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

PhaseState = Literal["pending", "running", "completed", "skipped"]

JOBS = "jobs"
"""The unit of a phase that counts the children of the job."""


class PhaseView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A phase as it is stored and shown.

    percent: 0..100, None when unknown. failed and skipped include those of its phases.

    weight: its share among its sisters. planned: whether it was declared, so that it fills a share of its
    parent.
    """

    name: str
    weight: float = 1.0
    planned: bool = False
    state: PhaseState = "pending"
    done: int = 0
    total: int | None = None
    unit: str | None = None
    percent: int | None = None
    failed: int = 0
    skipped: int = 0
    phases: tuple[PhaseView, ...] = ()


@dataclass(slots=True, eq=False)
class Phase:
    """A phase while it is worked on. The root of the tree, which has no parent, is the job.

    explicit: a percentage that the work gave itself. failed and skipped items are among those done.

    carried: whether that is an earlier attempt's, of the job's children, who stand where they stood.
    """

    name: str
    parent: Phase | None = None
    weight: float = 1.0
    planned: bool = False
    state: PhaseState = "pending"
    done: int = 0
    total: int | None = None
    unit: str | None = None
    explicit: float | None = None
    carried: bool = False
    failed: int = 0
    skipped: int = 0
    phases: dict[str, Phase] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Its name after those of the phases around it: "sync / tables"."""
        outer = self.parent.path if self.parent else ""
        return f"{outer} / {self.name}" if outer else self.name

    @property
    def is_over(self) -> bool:
        return self.state in ("completed", "skipped")

    @property
    def counts(self) -> bool:
        """Whether it counts something itself."""
        return self.total is not None or self.done > 0

    @property
    def planned_phases(self) -> list[Phase]:
        return [phase for phase in self.phases.values() if phase.planned]

    @property
    def fraction(self) -> float | None:
        """The part that is done, 0..1: explicit, or weighted phases, or done/total; None when nobody knows.

        Phases that were not planned give no fraction: nobody knows how many follow. A total of 0 is all done.
        """
        if self.is_over:
            return 1.0
        if self.explicit is not None:
            return self.explicit / 100
        planned = self.planned_phases
        if planned:
            parts = math.fsum(phase.weight * (phase.fraction or 0.0) for phase in planned)
            return parts / math.fsum(phase.weight for phase in planned)
        if self.total is None:
            return None
        return self.done / self.total if self.total else 1.0

    @property
    def all_failed(self) -> int:
        return self.failed + sum(phase.all_failed for phase in self.phases.values())

    @property
    def all_skipped(self) -> int:
        return self.skipped + sum(phase.all_skipped for phase in self.phases.values())

    def leaves(self, weight: float = 1.0) -> Iterator[tuple[Phase, float]]:
        """The planned phases that are not divided further, in order, each with its share of the whole."""
        planned = self.planned_phases
        if not planned or self.explicit is not None or self.is_over:
            yield self, weight
            return
        whole = math.fsum(phase.weight for phase in planned)
        for phase in planned:
            yield from phase.leaves(weight * phase.weight / whole)

    def carry(self, percent: int | None) -> None:
        """Takes over what the children of the job had reached when an earlier attempt ended."""
        self.explicit, self.carried = percent, percent is not None

    def view(self) -> PhaseView:
        """As it is stored and shown."""
        return PhaseView(
            name=self.name,
            weight=self.weight,
            planned=self.planned,
            state=self.state,
            done=self.done,
            total=self.total,
            unit=self.unit,
            percent=whole_percent(self.fraction),
            failed=self.all_failed,
            skipped=self.all_skipped,
            phases=tuple(phase.view() for phase in self.phases.values()),
        )


def restored(view: PhaseView, parent: Phase) -> Phase:
    """The phase of a stored view: nothing runs yet, counters are as stored."""
    state: PhaseState = "pending" if view.state == "running" else view.state
    phase = Phase(view.name, parent, view.weight, view.planned, state, view.done, view.total, view.unit)
    if view.unit == JOBS:
        phase.carry(view.percent)
    phase.phases = {inner.name: restored(inner, phase) for inner in view.phases}
    phase.failed = view.failed - phase.all_failed
    phase.skipped = view.skipped - phase.all_skipped
    return phase


def whole_percent(fraction: float | None) -> int | None:
    """Rounded down, but what binary fractions lose is given back: 0.29 is 29."""
    return None if fraction is None else int(fraction * 100 + 1e-9)


def checked_count(what: str, value: Any) -> int:
    """A number of items. Raises ValueError unless it is a whole number, 0 or more."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError(f"{what} is {value!r}; expected a whole number, 0 or more")


def checked_percent(value: Any) -> float:
    """A percentage. Raises ValueError unless it is a number from 0 to 100."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100:  # NaN fails here too
        return float(value)
    raise ValueError(f"percent is {value!r}; expected a number from 0 to 100")


def checked_weight(name: str, value: Any) -> float:
    """A share. Raises ValueError unless it is a finite number above 0."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf:
        return float(value)
    raise ValueError(f"the weight of phase {name!r} is {value!r}; expected a finite number above 0")


def checked_name(value: Any) -> str:
    """A phase's name. Raises ValueError unless it is a text that is not empty."""
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError(f"the name of a phase is {value!r}; expected a text that is not empty")


def checked_plan(first: str | Mapping[str, float], others: tuple[str, ...]) -> dict[str, float]:
    """The names of a plan with their weights, checked."""
    if isinstance(first, Mapping):
        if others or not first:
            raise ValueError(f"the plan is {first!r} and {others!r}; expected names, or one mapping of weights")
        return {checked_name(name): checked_weight(name, weight) for name, weight in first.items()}
    names = [checked_name(name) for name in (first, *others)]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ValueError(f"the plan names {', '.join(doubled)} more than once; expected each phase once")
    return dict.fromkeys(names, 1.0)
