"""An end time that stands still until it is clearly wrong, and how wrong it was in the end."""

from __future__ import annotations

import math
import statistics

HOLD_SHARE, HOLD_LEAST_S, HOLD_FOR_S = 0.2, 5.0, 10.0
"""The end time changes only when a new one is off by 20 % of the remainder (5 s at least) for 10 s."""

REMEMBERED = 64
"""Moments of which the shown end is kept, to tell its error when the job is over."""


class Held:
    """An end time (in active seconds) that stands still until it is clearly wrong."""

    def __init__(self) -> None:
        self.end: float | None = None
        self._off_since: float | None = None
        self._changed_at = -math.inf
        self._shown: list[tuple[float, float]] = []
        self._stride = 1.0

    def offer(self, t: float, end: float, skip_hold: bool = False) -> None:
        """Take a new end when there is none yet, when it stays away for 10 s, or with skip_hold at once."""
        if self.end is None:
            self.end = end
        elif abs(end - self.end) <= max(HOLD_LEAST_S, HOLD_SHARE * (self.end - t)):
            self._off_since = None
        elif skip_hold or (self._off_since is not None and t - self._off_since >= HOLD_FOR_S):
            self.end, self._changed_at, self._off_since = end, t, None
        elif self._off_since is None:
            self._off_since = t
        self._remember(t)

    def drop(self) -> None:
        """Show nothing: the end is not known any more."""
        self.end = self._off_since = None

    def ran_out(self, t: float) -> bool:
        return self.end is not None and t >= self.end

    def is_news(self, t: float) -> bool:
        """Whether the end was corrected in the last 10 s."""
        return t - self._changed_at < HOLD_FOR_S

    def error(self, ended: float) -> float | None:
        """Median of |shown end - true end| as a share of the true time left; None if none was shown."""
        errors = [abs(end - ended) / (ended - t) for t, end in self._shown if ended > t]
        return statistics.median(errors) if errors else None

    def _remember(self, t: float) -> None:
        """Keep evenly spaced moments: when there are too many, every second goes and the spacing doubles."""
        if self.end is None or (self._shown and t - self._shown[-1][0] < self._stride):
            return
        self._shown.append((t, self.end))
        if len(self._shown) > REMEMBERED:
            self._shown, self._stride = self._shown[::2], self._stride * 2
