"""How far an attempt is, while it works: counted in memory, measured ten times a second, stored when it moved."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from headway.clock import Clock
from headway.model.eta import Estimate, Estimator, Stall
from headway.model.phase import Phase
from headway.model.progress import Progress, ProgressTree

SAMPLE_S = 1.0
"""How often the rate is sampled."""
REFRESH_S = 10.0
"""How often an unchanged progress is measured again, since its rate and time left go on."""


class Counted(Protocol):
    """A loop that is under way: what it has done can be asked from any thread."""

    phase: Phase | None
    base: int
    is_map: bool

    @property
    def done(self) -> int:
        """How many members are done."""

    @property
    def total(self) -> int | None:
        """How many there are, where that is known."""

    @property
    def unit(self) -> str:
        """What is counted; "it" tells nothing."""

    @property
    def failed(self) -> int:
        """How many of those that are done have failed."""

    @property
    def skipped(self) -> int:
        """How many of them were skipped."""


class Measure:
    """The progress of one attempt. Safe for any number of threads; `add` is the hot path."""

    def __init__(
        self, clock: Clock, now: Callable[[], float], stored: Progress | None, typical_gap_s: float = 0
    ) -> None:
        self._clock = clock
        self._now = now
        self._lock = threading.RLock()
        self._tree = ProgressTree.restore(stored) if stored else ProgressTree()
        self._began = clock.boot()
        self._estimator: Estimator | None = None
        self._stall = Stall(self._began, typical_gap_s)
        self._added = 0
        self._loops: list[Counted] = []
        self._looped: dict[Phase, int] = {}  # what earlier loops of a phase have done
        self._passed: dict[Phase, tuple[int, int]] = {}  # what failed and was skipped in earlier maps of a phase
        self._by_hand: set[Phase] = set()  # phases whose counters the work reports itself
        self._moved: object = None
        self._sampled_at = self._stored_at = self._began
        self._stored_version = 0
        self._stalled_since: float | None = None
        self.silence_s = 0.0
        self.watchers: list[Callable[[Progress], None]] = []

    def add(self, n: int) -> None:
        """n more are done."""
        with self._lock:
            self._added += n

    def report(self, **said: Any) -> None:
        """What the work says of the current phase. Raises ValueError; then nothing has changed."""
        with self._lock:
            self._fold_added()
            phase = self._tree.current
            self._tree.report(phase, **said)
            if said.keys() & {"done", "total", "add", "percent"}:
                self._by_hand.add(phase or self._tree.root)

    def plan(self, first: Any, *others: str) -> None:
        """Declares the phases, inside the current one where there is one."""
        with self._lock:
            self._tree.plan(first, *others, parent=self._tree.current)

    def open(self, name: str, weight: float) -> Phase:
        """Begins a phase inside the current one."""
        with self._lock:
            self._fold_added()
            return self._tree.open(name, weight, self._tree.current)

    def open_planned(self, name: str) -> Phase | None:
        """Begins the phase of that name if the plan has it."""
        with self._lock:
            around = self._tree.current or self._tree.root
            known = around.phases.get(name)
            if known is None or not known.planned or known.state == "running":
                return None
            return self.open(name, 1.0)

    def close(self, phase: Phase, skipped: bool = False) -> None:
        """Ends a phase."""
        with self._lock:
            self._fold_added()
            self._tree.close(phase, skipped=skipped)

    def leave(self, phase: Phase) -> None:
        """Work in a phase stops, finished or not; an unfinished one can be opened again."""
        with self._lock:
            self._fold_added()
            self._tree.leave(phase)

    def begin_loop(self, loop: Counted, unit: str | None) -> None:
        """A loop begins: it owns the counters of its phase, unless the work reports them by hand."""
        with self._lock:
            target = loop.phase or self._tree.current or self._tree.root
            loop.phase = None if target is self._tree.root else target
            loop.base = self._looped.get(target, 0)
            self._loops.append(loop)
            if unit and target not in self._by_hand:
                self._tree.report(loop.phase, unit=unit)
            self._count_loop(loop)

    def end_loop(self, loop: Counted) -> None:
        """A loop has ended; a later one in the same phase counts on from it."""
        with self._lock:
            if loop not in self._loops:
                return  # it ended before it was counted
            self._count_loop(loop)
            self._loops.remove(loop)
            target = loop.phase or self._tree.root
            self._looped[target] = loop.base + loop.done
            if loop.is_map:
                failed, skipped = self._passed.get(target, (0, 0))
                self._passed[target] = (failed + loop.failed, skipped + loop.skipped)

    def roll_up(self, *, done: int, total: int, failed: int, percent: float) -> None:
        """How far the children of the job are, in the current phase, unless the work reports that by hand."""
        with self._lock:
            self._stall.reset(self._clock.boot())  # it waits; a child that stalls says so itself
            phase = self._tree.current
            if (phase or self._tree.root) not in self._by_hand:
                self._tree.roll_up(phase, done=done, total=total, failed=failed, percent=percent)

    def waited(self, seconds: float) -> None:
        """The attempt stood still so long, in a pause: that was no active time."""
        with self._lock:
            self._began += seconds
            self._stall.reset(self._clock.boot())

    def measure(self) -> str | None:
        """The progress as JSON text where it should be stored now; None where nothing has changed."""
        with self._lock:
            self._fold_added()
            for loop in self._loops:
                self._count_loop(loop)
            now = self._clock.boot()
            self._sample(now)
            if self._tree.version == 0 or not (self._changed() or now - self._stored_at >= REFRESH_S):
                return None
            self._stored_version, self._stored_at = self._tree.version, now
            return self._told(now)

    def complete(self) -> str | None:
        """The last progress of a job that is completed: 100 %. None where none was ever reported."""
        with self._lock:
            self._fold_added()
            if self._tree.version == 0:
                return None
            self._tree.complete()
            self._stored_version = self._tree.version
            return self._told(self._clock.boot())

    def _told(self, now: float) -> str:
        progress = self._snapshot(now)
        for watcher in self.watchers:
            watcher(progress)
        return msgspec.json.encode(progress).decode()

    def _snapshot(self, now: float) -> Progress:
        estimate: Estimate | None = None
        if self._tree.root.state != "completed":
            halted = "stalled" if self._stalled_since is not None else None
            self._estimator = self._estimator or Estimator()
            estimate = self._estimator.estimate(now - self._began, self._now(), halted)
        return self._tree.snapshot(self._now(), estimate, self._stalled_since)

    def _sample(self, now: float) -> None:
        if now - self._sampled_at < SAMPLE_S or self._tree.version == 0:
            return
        self._sampled_at = now
        work = self._tree.work()
        self._estimator = self._estimator or Estimator()
        self._estimator.sample(now - self._began, work)
        moved = (work.phase, work.done, len(work.ahead))
        if moved != self._moved:
            self._moved = moved
            self._stall.moved(now)
        since = self._stall.since(now, self.silence_s)
        self._stalled_since = None if since is None else self._now() - (now - since)

    def _changed(self) -> bool:
        return self._tree.version != self._stored_version

    def _fold_added(self) -> None:
        if self._added:
            added, self._added = self._added, 0
            phase = self._tree.current
            self._tree.report(phase, add=added)
            self._by_hand.add(phase or self._tree.root)

    def _count_loop(self, loop: Counted) -> None:
        target = loop.phase or self._tree.root
        if target in self._by_hand:
            return
        unit, done = _unit(loop, target), loop.base + loop.done
        total = None if loop.total is None else loop.base + max(loop.total, loop.done)
        if unit != _unit(loop, target):
            return  # it has begun to count something else meanwhile
        if unit == "items" and target.unit == "B":
            self._tree.count_items(loop.phase)
        if (done, total, unit) != (target.done, target.total, target.unit):
            self._tree.report(loop.phase, done=done, total=total, unit=unit)
        if loop.is_map:
            self._count_map(loop, target)

    def _count_map(self, loop: Counted, target: Phase) -> None:
        """A map knows what failed and was skipped."""
        failed, skipped = self._passed.get(target, (0, 0))
        counts = (failed + loop.failed, skipped + loop.skipped)
        if counts != (target.failed, target.skipped):
            self._tree.report(loop.phase, failed=counts[0], skipped=counts[1])


def _unit(loop: Counted, target: Phase) -> str | None:
    """What a phase counts: a map knows whether it is bytes, and where it no longer is, it says so."""
    if loop.is_map and loop.unit != "it":
        return loop.unit
    return "items" if loop.is_map and target.unit == "B" else target.unit
