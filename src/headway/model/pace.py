"""How fast work moves: a rate that forgets slowly, corrected by one that forgets fast."""

from __future__ import annotations

import math
import statistics
from collections import deque
from typing import NamedTuple

STEP_S = 0.9
"""Samples are gathered into steps of a second, so that ten samples a second decide as one. A little less,
so that a clock that is early by a hair does not make it two.
"""

MEMORY_SHARE, MEMORY_LEAST_S, MEMORY_MOST_S = 0.15, 15.0, 600.0
"""The rate remembers 15 % of the active time, from 15 s to 10 min; what is older counts less and less."""

CHANGE_RATIO, CHANGE_FOR_S, CHANGE_GAPS, CHANGE_MOVING = 2.0, 30.0, 5.0, 0.6
"""The pace has changed when the last 15 s are twice as fast or slow for 30 s, and for five times the longest
gap between movements (else lumpy work changes its pace all the time), with movement in 60 % of the steps.
"""


class Step(NamedTuple):
    """What a sample led to. taken: a step was completed. restarted: the pace had changed."""

    taken: bool
    restarted: bool = False


class Decaying:
    """Work over time, both forgotten as exp(-dt/memory). Idle time counts."""

    def __init__(self) -> None:
        self.done = self.time = 0.0

    def add(self, dt: float, done: float, memory_s: float) -> None:
        keep = math.exp(-dt / memory_s)
        self.done, self.time = self.done * keep + done, self.time * keep + dt

    @property
    def rate(self) -> float:
        return self.done / self.time if self.time else 0.0


class Stretch:
    """A run of steps in which the quick rate stayed on one side, away from the slow one."""

    def __init__(self, began: float, done: float, faster: bool) -> None:
        self.began, self.done, self.faster = began, done, faster
        self.steps = self.moving = 0


class Buckets:
    """The work of recent stretches of equal length: 64 at most; when full, neighbours are joined."""

    MOST = 64

    def __init__(self) -> None:
        self._width = STEP_S
        self._full: deque[tuple[float, float]] = deque(maxlen=self.MOST)
        self._dt = self._done = 0.0

    def add(self, dt: float, done: float) -> None:
        self._dt, self._done = self._dt + dt, self._done + done
        if self._dt < self._width:
            return
        if len(self._full) == self.MOST:
            self._full = deque(self._joined(2 * self._width), maxlen=self.MOST)
            self._width *= 2
        self._full.append((self._dt, self._done))
        self._dt = self._done = 0.0

    def rates(self, width_s: float) -> list[float]:
        """Rates of stretches of at least `width_s`."""
        return [done / dt for dt, done in self._joined(width_s)]

    def _joined(self, width_s: float) -> list[tuple[float, float]]:
        joined, dt, done = [], 0.0, 0.0
        for a, b in self._full:
            dt, done = dt + a, done + b
            if dt >= width_s:
                joined.append((dt, done))
                dt = done = 0.0
        return joined


class Pace:
    """The rate of one phase in one attempt. What was done before it never counts as speed."""

    def __init__(self, t: float, done: float) -> None:
        self._began, self._t = t, t
        self._first, self._done = done, done
        self._slow, self._quick = Decaying(), Decaying()
        self._stretch: Stretch | None = None
        self._moved_at: float | None = None
        self._longest_gap = 0.0
        self._buckets = Buckets()
        self.moves = 0

    @property
    def rate(self) -> float | None:
        """Units per active second; None before anything moved."""
        return self._slow.rate if self.moves else None

    @property
    def age(self) -> float:
        """Active seconds that it has seen."""
        return self._t - self._began

    @property
    def worked(self) -> float:
        """Units done in its own time."""
        return self._done - self._first

    def sample(self, t: float, done: float, last: bool = False) -> Step:
        """Note the count at active time `t`. last: the work is complete, so do not wait for a whole step.

        A count that falls (work counted anew) moves the base and is no speed.
        """
        if done < self._done:
            self._first -= self._done - done
            self._done = done
        dt = t - self._t
        if dt <= 0 or (dt < STEP_S and not last):
            return Step(taken=False)
        more = done - self._done
        self._t, self._done = t, done
        self._note_gap(more)
        self._slow.add(dt, more, min(max(MEMORY_SHARE * self.age, MEMORY_LEAST_S), MEMORY_MOST_S))
        self._quick.add(dt, more, MEMORY_LEAST_S)
        self._buckets.add(dt, more)
        return Step(taken=True, restarted=self._restarted(dt, more))

    def quartiles(self) -> tuple[float, float] | None:
        """The middle half of recent rates, over stretches longer than the gaps; None if there are too few."""
        rates = self._buckets.rates(max(2 * self._longest_gap, self.age / 12))
        if len(rates) < 4:
            return None
        low, _, high = statistics.quantiles(rates, n=4, method="inclusive")
        return low, high

    def _note_gap(self, more: float) -> None:
        if more <= 0:
            return
        if self._moved_at is not None:
            self._longest_gap = max(self._longest_gap, self._t - self._moved_at)
        self._moved_at = self._t
        self.moves += 1

    def _restarted(self, dt: float, more: float) -> bool:
        """Whether the quick rate has proved right; then the slow one begins anew with that stretch."""
        slow, quick = self._slow.rate, self._quick.rate
        if slow <= CHANGE_RATIO * quick and quick <= CHANGE_RATIO * slow:
            self._stretch = None
            return False
        if self._stretch is None or self._stretch.faster != (quick > slow):
            self._stretch = Stretch(self._t - dt, self._done - more, quick > slow)
        stretch = self._stretch
        stretch.steps += 1
        stretch.moving += more > 0
        lasted = self._t - stretch.began
        if lasted < max(CHANGE_FOR_S, CHANGE_GAPS * self._longest_gap):
            return False
        if stretch.moving < CHANGE_MOVING * stretch.steps:
            return False
        self._slow.done, self._slow.time = self._done - stretch.done, lasted
        self._stretch, self._buckets = None, Buckets()
        return True
