"""How far a job is: one tree of phases, one owner of the percentage, and the snapshot that everybody sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from headway.model.eta import Estimate, Eta
from headway.model.phase import (
    JOBS,
    Phase,
    PhaseView,
    checked_count,
    checked_name,
    checked_percent,
    checked_plan,
    checked_weight,
    restored,
    whole_percent,
)
from headway.model.words import counted
from headway.model.work import Work, planned_work

CAP = 99
"""The most that a job shows before it is completed."""

KEPT_UNPLANNED = 50
"""Of the phases that were not planned and are over, the newest are kept: a snapshot stays small."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is, as it is stored and shown.

    percent: 0..99, 100 only when completed, None when unknown. done, total and unit are the job's own or,
    with of_phase, those of the phase that counts. failed and skipped: items among those done, phases
    included. phase: the path of the current one. rate: units per active second. Times: seconds since 1970.
    note: what the bar has to explain, such as "total grew to 12 400 rows". eta_why_not: why there is no eta.
    """

    done: int = 0
    total: int | None = None
    unit: str | None = None
    percent: int | None = None
    failed: int = 0
    skipped: int = 0
    phase: str | None = None
    of_phase: bool = False
    message: str | None = None
    data: dict[str, Any] | None = None
    rate: float | None = None
    eta: Eta | None = None
    eta_why_not: str | None = None
    last_progress_at: float | None = None
    stalled_since: float | None = None
    note: str | None = None
    phases: tuple[PhaseView, ...] = ()


class ProgressTree:
    """The progress of one attempt. Not safe for several threads at once: its owner has the lock.

    The percentage has one owner: an explicit one, or the planned phases by weight, or done/total. Within an
    attempt it never falls unless a total or the plan grew, and then `note` says so. version rises with every
    change.
    """

    def __init__(self) -> None:
        self.root = Phase("", state="running")
        self.version = 0
        self._running: list[Phase] = []
        self._counted: Phase | None = None  # the last closed phase that counted something
        self._floor: int | None = None
        self._stored: int | None = None  # an earlier attempt's percentage, shown until this one counts
        self._reached: int | None = None  # the same, from the first count to the next snapshot
        self._message: str | None = None
        self._data: dict[str, Any] | None = None
        self._note: str | None = None
        self._moved = False
        self._moved_at: float | None = None

    @classmethod
    def restore(cls, progress: Progress, same_attempt: bool = False) -> ProgressTree:
        """The tree at the start of another attempt, or of what the same one says next.

        Counters are as stored, and phases that ran are pending. The stored percentage is shown until this
        attempt counts something or ends a phase. From then on its counters decide; when they say less, the
        note tells. An explicit percentage has to be given anew, but for that of children: they did not begin anew.
        """
        tree = cls()
        root = tree.root
        root.phases = {view.name: restored(view, root) for view in progress.phases}
        if not progress.of_phase:
            root.done, root.total, root.unit = progress.done, progress.total, progress.unit
            if progress.unit == JOBS:
                root.carry(progress.percent)
        root.failed = progress.failed - root.all_failed
        root.skipped = progress.skipped - root.all_skipped
        tree._message, tree._data = progress.message, progress.data
        tree._moved_at = progress.last_progress_at
        if progress.percent is not None and same_attempt:
            tree._floor = min(CAP, progress.percent)
        elif progress.percent is not None:
            tree._stored = min(CAP, progress.percent)
        return tree

    @property
    def current(self) -> Phase | None:
        """The phase that was opened last and is not closed."""
        return self._running[-1] if self._running else None

    def plan(self, first: str | Mapping[str, float], /, *others: str, parent: Phase | None = None) -> None:
        """Declare phases: plan({"fetch": 20, "sync": 70}) with weights, plan("scan", "copy") with equal ones.

        parent: the phase to divide, else the job. A known name takes the new weight; a known phase that is
        not named stays. Raises ValueError for an empty or doubled name, a weight that is not above 0, or an
        empty plan.
        """
        weights = checked_plan(first, others)
        inside = parent or self.root
        had_plan = bool(inside.planned_phases)
        known = [name for name in weights if name in inside.phases and inside.phases[name].planned]
        for name, weight in weights.items():
            phase = inside.phases.setdefault(name, Phase(name, inside))
            phase.weight, phase.planned = weight, True
        added = [name for name in weights if name not in known]
        if had_plan and added:
            self._grew(f"plan grew by {', '.join(added)}")
        self._changed()

    def open(self, name: str, weight: float = 1.0, parent: Phase | None = None) -> Phase:
        """Begin a phase, one of the plan or another; parent: the phase around it, else the job.

        weight counts only for a phase that is not in the plan of its planned sisters: it joins them, the plan
        grows. A phase that is opened again goes on with its counters. Raises ValueError if it is running.
        """
        inside = parent or self.root
        phase = inside.phases.get(checked_name(name))
        if phase is None:
            phase = Phase(name, inside, checked_weight(name, weight), planned=bool(inside.planned_phases))
            inside.phases[name] = phase
            if phase.planned:
                self._grew(f"plan grew by {name}")
        elif phase.state == "running":
            raise ValueError(f"phase {phase.path!r} is running already; close it first or choose another name")
        phase.state = "running"
        self._running.append(phase)
        self._changed(moved=True)
        return phase

    def close(self, phase: Phase, *, skipped: bool = False) -> None:
        """End a phase: its share is full, whatever it counted. Closing it again changes nothing."""
        if phase.is_over:
            return
        phase.state = "skipped" if skipped else "completed"
        self._stop(phase)
        self._leave_stored()
        _forget_unplanned(phase.parent or self.root)
        self._changed(moved=True)

    def leave(self, phase: Phase) -> None:
        """Stop work in a phase that is not finished; its counters stay, and it can be opened again."""
        if phase.state == "running":
            phase.state = "pending"
            self._stop(phase)
            self._changed()

    def report(
        self,
        phase: Phase | None = None,
        *,
        done: int | None = None,
        add: int | None = None,
        total: int | None = None,
        failed: int | None = None,
        skipped: int | None = None,
        unit: str | None = None,
        percent: float | None = None,
        message: str | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        """Note what the work says of a phase, or of the job.

        message and data are always the job's; data replaces.

        done, total, failed, skipped: how many in all (failed and skipped are among done); add: how many more
        are done. A total below done is raised to it. Raises ValueError for a negative or broken count, a
        percent outside 0..100, done together with add; then nothing is changed.
        """
        if done is not None and add is not None:
            raise ValueError(f"done={done!r} and add={add!r} were both given; expected one of them")
        target = phase or self.root
        counts = {"done": done, "add": add, "total": total, "failed": failed, "skipped": skipped}
        given = {what: checked_count(what, value) for what, value in counts.items() if value is not None}
        explicit = None if percent is None else checked_percent(percent)
        if given or explicit is not None:
            self._leave_stored()
            if target.carried:
                target.carry(None)
        self._name_unit(target, unit, given)
        self._count(target, given)
        if explicit is not None:
            self._set_percent(target, explicit)
        self._message = self._message if message is None else message
        self._data = self._data if data is None else data
        self._changed()

    def roll_up(self, phase: Phase | None, *, done: int, total: int, failed: int, percent: float) -> None:
        """Note how far the children of a job are: how many are done, and their percentage by weight.

        It falls only where there are more children than before.
        """
        target = phase or self.root
        if target.total is not None and total > target.total:
            target.explicit = None
        reached = max(percent, target.explicit or 0.0)
        found = (target.done, target.total, target.failed, target.explicit)
        target.carried = False
        if found != (done, total, failed, reached):
            self.report(phase, done=done, total=total, failed=failed, percent=reached, unit=JOBS)

    def count_items(self, phase: Phase | None) -> None:
        """Note that what comes next counts items, no longer bytes: there is more to do than the sizes tell."""
        target = phase or self.root
        target.total, target.unit = None, "items"
        self._grew("total grew by items without a size")
        self._changed()

    def complete(self) -> None:
        """The job is completed: from here on it shows 100."""
        self.root.state = "completed"
        self._changed(moved=True)

    def work(self) -> Work:
        """What the estimator is to be fed with."""
        root = self.root
        if root.explicit is None and root.planned_phases:
            return planned_work(root, self.current)
        shown = self._shown()
        if root.explicit is not None:
            return Work(root.explicit, 100, "%")
        return Work(shown.done, shown.total if shown is root else None, shown.unit, shown.path)

    def snapshot(self, now: float, estimate: Estimate | None = None, stalled_since: float | None = None) -> Progress:
        """How far the job is at `now` (seconds since 1970): what is stored and shown."""
        if self._moved:
            self._moved, self._moved_at = False, now
        shown, known = self._shown(), estimate or Estimate()
        return Progress(
            done=shown.done,
            total=shown.total,
            unit=shown.unit,
            percent=self._percent(),
            failed=self.root.all_failed,
            skipped=self.root.all_skipped,
            phase=self.current.path if self.current else None,
            of_phase=shown is not self.root,
            message=self._message,
            data=self._data,
            rate=known.rate,
            eta=known.eta,
            eta_why_not=known.why_not,
            last_progress_at=self._moved_at,
            stalled_since=stalled_since,
            note=self._note,
            phases=tuple(phase.view() for phase in self.root.phases.values()),
        )

    def _percent(self) -> int | None:
        """The percentage, 100 only when completed and without a step back that was not announced."""
        if self.root.state == "completed":
            return 100
        if self._stored is not None:
            return self._stored
        percent = whole_percent(self.root.fraction)
        if percent is None:
            percent = self._floor
        else:
            percent = self._floor = min(CAP, max(percent, self._floor or 0))
        if self._reached is not None and percent == self._reached - 1:
            percent = self._floor = self._reached  # what was stored of each phase is rounded down
        elif self._reached is not None and (percent is None or percent < self._reached):
            self._note = f"counted anew from what is saved: {self._reached} % had been reached"
        self._reached = None
        return percent

    def _name_unit(self, target: Phase, unit: str | None, given: dict[str, int]) -> None:
        """What counts from here on. A total in bytes after one of items, or the other way round, has not grown."""
        if unit and unit != target.unit and "B" in (unit, target.unit) and "total" in given:
            target.total = None
        target.unit = unit or target.unit

    def _count(self, target: Phase, given: dict[str, int]) -> None:
        before = (target.done, target.failed, target.skipped)
        target.done = given.get("done", target.done + given.get("add", 0))
        target.failed = given.get("failed", target.failed)
        target.skipped = given.get("skipped", target.skipped)
        if (target.done, target.failed, target.skipped) != before:
            self._moved = True
        total = given.get("total", target.total)
        if total is not None:
            self._set_total(target, max(total, target.done))

    def _set_total(self, target: Phase, total: int) -> None:
        if target.total is not None and total > target.total:
            of = "" if target is self.root else f" of {target.path}"
            self._grew(f"total{of} grew to {counted(total, target.unit)}")
        target.total = total

    def _set_percent(self, target: Phase, percent: float) -> None:
        if target.explicit is not None and percent < target.explicit:
            self._note = f"percent {percent:g} is below {target.explicit:g}, which stays"
            return
        self._moved = self._moved or percent != target.explicit
        target.explicit = percent

    def _grew(self, note: str) -> None:
        """There is more to do than was known: the bar may step back, and the note says why."""
        self._floor = self._stored = self._reached = None
        self._note = note

    def _stop(self, phase: Phase) -> None:
        if phase in self._running:
            self._running.remove(phase)
        if phase.counts:
            self._counted = phase

    def _leave_stored(self) -> None:
        if self._stored is not None:
            self._reached, self._stored = self._stored, None

    def _changed(self, moved: bool = False) -> None:
        self.version += 1
        self._moved = self._moved or moved

    def _shown(self) -> Phase:
        """Whose counters are shown: the job's own, or those around the current phase, or the last ones."""
        if self.root.counts:
            return self.root
        phase = self.current
        while phase is not None and not phase.counts:
            phase = phase.parent
        return phase or self._counted or self.root


def _forget_unplanned(parent: Phase) -> None:
    """Drop the oldest phases that are over and were not planned; what failed in them stays counted."""
    over = [phase for phase in parent.phases.values() if phase.is_over and not phase.planned]
    for phase in over[:-KEPT_UNPLANNED]:
        parent.failed += phase.all_failed
        parent.skipped += phase.all_skipped
        del parent.phases[phase.name]
