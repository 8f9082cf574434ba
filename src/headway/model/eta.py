"""How long a job still takes: an end time that is held, a range, or the reason why there is none.

Times are seconds. *Active* time is time in which the attempt worked: what was paused, queued or asleep is not
in it.
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from collections.abc import Iterable, Mapping

import msgspec

from headway.model.held import Held
from headway.model.pace import Pace
from headway.model.work import Ahead, Work

EARLIEST_S = 10.0
EARLIEST_MOVES = 5
EARLIEST_SHARE = 0.02
"""No number before 10 s and either five seconds with movement or 2 % of the work."""

GROWS_SHARE, GROWS_LEAST_S = 0.1, 10.0
"""A total that grew within the last tenth of the active time, 10 s at least, still grows: it has no end yet."""

RANGE_EVERY_S = 30.0
RANGE_UNKNOWN, RANGE_WIDEST = 2.0, 4.0
"""The range is measured anew every 30 s. Until there are four stretches of work to compare, which is asked every
second, it is from half to twice the time; it is never wider than from a quarter to four times.
"""


class Eta(msgspec.Struct, frozen=True, omit_defaults=True):
    """Time left, low to high in seconds, and the end `at` (seconds since 1970).

    updated: it was corrected in the last 10 s.
    """

    low: float
    high: float
    at: float
    updated: bool = False


class Estimate(msgspec.Struct, frozen=True):
    """What is known: eta, or why not; rate in units per active second, None before anything moved."""

    eta: Eta | None = None
    why_not: str | None = None
    rate: float | None = None


class Past(msgspec.Struct, frozen=True):
    """How long a phase took in one earlier, successful run, and how large it was."""

    duration_s: float
    total: float | None = None


class Estimator:
    """The time left of one attempt.

    Use a new one for each attempt: its first sample is where work starts from. Memory and cost do not grow.
    history: the last successful runs of each planned phase by its path, or of a job without phases by "".
    """

    def __init__(self, history: Mapping[str, Iterable[Past]] | None = None) -> None:
        self._history = {name: list(runs) for name, runs in (history or {}).items()}
        self._work = Work(done=0)
        self._measure: tuple[str, str] | None = None
        self._grew_at, self._grows = -math.inf, False
        self._pace = Pace(0.0, 0.0)
        self._why_not: str | None = "too early"
        self._held = Held()
        self._wall = 0.0  # what turns active seconds into seconds since 1970
        self._slow, self._fast = RANGE_UNKNOWN, 1 / RANGE_UNKNOWN
        self._ranged_at = -math.inf

    def sample(self, active_s: float, work: Work) -> None:
        """Note how far the work is. Call it once a second or more often, moved or not."""
        if work.measure != self._measure:
            self._measure, self._pace = work.measure, Pace(active_s, work.done)
            self._grew_at = -math.inf
        elif work.total is not None and self._work.total is not None and work.total > self._work.total:
            self._grew_at = active_s
        self._grows = active_s - self._grew_at < max(GROWS_LEAST_S, GROWS_SHARE * active_s)
        self._work = work
        step = self._pace.sample(active_s, work.done, last=work.total is not None and work.done >= work.total)
        if step.taken:
            self._drop_history(step.restarted)
            self._renew(active_s, skip_hold=step.restarted)

    def estimate(self, active_s: float, now: float, halted: str | None = None) -> Estimate:
        """What to show.

        now: seconds since 1970. halted: why there can be no number, such as "paused" or "stalled".
        """
        rate = None if self._work.unit == "%" else _four_figures(self._pace.rate)
        if halted or self._held.end is None:
            return Estimate(why_not=halted or self._why_not, rate=rate)
        if abs(now - active_s - self._wall) > 1.0:  # less is the jitter of two clocks
            self._wall = now - active_s
        left = max(0.0, self._held.end - active_s)
        eta = Eta(
            low=round(left * self._fast, 1),
            high=round(left * self._slow, 1),
            at=round(self._wall + self._held.end, 1),
            updated=self._held.is_news(active_s),
        )
        return Estimate(eta=eta, rate=rate)

    def error(self, active_s: float) -> float | None:
        """How wrong the times left were for a job that ended at `active_s`: the median share of the truth."""
        return self._held.error(active_s)

    def _renew(self, t: float, skip_hold: bool) -> None:
        """Compare what is thought now with what is shown."""
        left = self._left()
        if isinstance(left, str):
            self._why_not = left
            # A new phase says "too early" for a while: what was shown counts down until it runs out.
            if left != "too early" or self._held.ran_out(t):
                self._held.drop()
            return
        self._held.offer(t, t + left, skip_hold)
        if t - self._ranged_at >= RANGE_EVERY_S or skip_hold:
            self._ranged_at = t if self._measure_range() else -math.inf

    def _left(self) -> float | str:
        """Seconds left of the current phase and of those ahead, or the reason why nobody can say."""
        left = self._left_here()
        if isinstance(left, str):
            return left
        for phase in self._work.ahead:
            expected = self._usual(phase.name, phase.total) or self._by_weight(phase)
            if expected is None:
                return f"nothing known of {phase.name}"
            left += expected * phase.left
        return left

    def _left_here(self) -> float | str:
        """Seconds left, by its own rate and its usual duration: its rate counts more the further it is."""
        done, total = self._work.done, self._work.total
        usual = self._usual(self._work.phase, total)
        if total is None:
            return "no total" if usual is None else self._left_of_usual(usual)
        if self._grows:
            return "still finding work"
        if done >= total:
            return 0.0
        own = self._left_by_rate(total)
        if usual is None:
            return "too early" if own is None else own
        share = done / total
        by_usual = usual * (1 - share)
        return by_usual if own is None else share * own + (1 - share) * by_usual

    def _left_of_usual(self, usual: float) -> float | str:
        left = usual - self._pace.age
        return left if left > 0 else "longer than usual"

    def _left_by_rate(self, total: float) -> float | None:
        pace = self._pace
        if not pace.rate or pace.age < EARLIEST_S:
            return None
        if pace.moves < EARLIEST_MOVES and pace.worked < EARLIEST_SHARE * total:
            return None
        return (total - self._work.done) / pace.rate

    def _usual(self, phase: str, total: float | None) -> float | None:
        """The median of the earlier runs, scaled by size where the sizes are known."""
        runs = self._history.get(phase)
        if not runs:
            return None
        sized = [run.duration_s / run.total for run in runs if run.total]
        if total is not None and sized:
            return statistics.median(sized) * total
        return statistics.median(run.duration_s for run in runs)

    def _by_weight(self, phase: Ahead) -> float | None:
        """Without history: its weight's share of the time that the current phase takes as a whole."""
        work = self._work
        if not self._pace.rate or not work.total:
            return None
        return work.total / self._pace.rate * phase.weight / work.weight

    def _drop_history(self, restarted: bool) -> None:
        """Forget history that this run contradicts.

        By a change of its pace: this phase's. Tenfold, after 15 s and 5 % of the work: all of it, as
        the build tool ninja does with its log of earlier builds.
        """
        pace, work = self._pace, self._work
        usual = self._usual(work.phase, work.total)
        if usual is None:
            return
        if restarted:
            del self._history[work.phase]
        elif work.total and pace.rate and pace.age >= 15 and pace.worked >= 0.05 * work.total:
            own = work.total / pace.rate
            if max(own, usual) >= 10 * min(own, usual):
                self._history.clear()

    def _measure_range(self) -> bool:
        """From the middle half of recent rates: how much longer or shorter it may take; whether that can be said."""
        rate, quartiles = self._pace.rate, self._pace.quartiles()
        if not rate or quartiles is None:
            self._slow, self._fast = RANGE_UNKNOWN, 1 / RANGE_UNKNOWN
            return False
        low, high = quartiles
        self._slow = min(RANGE_WIDEST, max(1.0, rate / low if low else RANGE_WIDEST))
        self._fast = max(1 / RANGE_WIDEST, min(1.0, rate / high if high else 1.0))
        return True


def _four_figures(rate: float | None) -> float | None:
    """More is noise, and does not fit a line."""
    return None if rate is None else float(f"{rate:.4g}")


class Stall:
    """Whether a job that is alive has gone quiet: no progress for max(2 min, 5 x the typical gap).

    typical_gap_s: what is known of this job type before its first movements.
    """

    QUIET_S, QUIET_GAPS = 120.0, 5.0

    def __init__(self, now: float, typical_gap_s: float = 0.0) -> None:
        self._typical_gap_s = typical_gap_s
        self._gaps: deque[float] = deque(maxlen=64)
        self._moved_at = now

    def moved(self, now: float) -> None:
        """The work moved."""
        self._gaps.append(max(0.0, now - self._moved_at))
        self._moved_at = now

    def reset(self, now: float) -> None:
        """Start to wait anew, without a movement: after a pause, a wait for people, or "keep waiting"."""
        self._moved_at = now

    def since(self, now: float, expect_silence_s: float = 0.0) -> float | None:
        """The time of the last movement when it is too long ago, else None.

        expect_silence_s: what the current phase declared.
        """
        quiet = now - self._moved_at
        if quiet < max(self.QUIET_S, expect_silence_s):  # the median is only looked up when it matters
            return None
        gap = statistics.median(self._gaps) if self._gaps else self._typical_gap_s
        return self._moved_at if quiet >= max(self.QUIET_S, expect_silence_s, self.QUIET_GAPS * gap) else None
