"""How long a job still takes: rate, held end, range, reasons, and stalls. All time is made up."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import pytest

from headway.model.eta import Estimate, Estimator, Past, Stall
from headway.model.work import Ahead, Work

EPOCH = 1_763_800_000.0
HOUR = 3600

Speed = Callable[[int], float]
"""Units of work in each second of a simulated job."""


class Moment(NamedTuple):
    """What was shown at one second of a simulated job."""

    t: int
    shown: Estimate


def simulate(speed: Speed, total: float, start: float = 0.0, every: int = 1) -> list[Moment]:
    """Run a job to its end in made-up seconds; start: what an earlier attempt had done."""
    estimator, done, t, moments = Estimator(), start, 0, []
    estimator.sample(0, Work(int(done), total))
    while done < total and t < 10 * HOUR:
        done, t = min(total, done + speed(t)), t + 1
        if t % every == 0:
            estimator.sample(t, Work(int(done), total))
            moments.append(Moment(t, estimator.estimate(t, EPOCH + t)))
    return moments


def ends(moments: list[Moment]) -> Iterator[tuple[int, float]]:
    """The shown ends, as made-up seconds."""
    return ((t, shown.eta.at - EPOCH) for t, shown in moments if shown.eta)


def changes(moments: list[Moment]) -> list[int]:
    """The moments at which the shown end moved by more than a second."""
    shown = list(ends(moments))
    return [t for (_, before), (t, after) in pairwise(shown) if abs(after - before) > 1]


def errors(moments: list[Moment]) -> list[float]:
    """The error of the time left at each moment, as a share of the true time left."""
    finish = moments[-1].t
    return [abs(end - finish) / (finish - t) for t, end in ends(moments) if t < finish]


def steady(seed: int) -> Speed:
    """About 100 units a second, with the noise that real work has."""
    rng = random.Random(seed)
    return lambda t: max(0.0, rng.gauss(100, 20))


def bursts(seed: int) -> Speed:
    """20 s of work, 40 s of nothing."""
    rng = random.Random(seed)
    return lambda t: max(0.0, rng.gauss(300, 60)) if t % 60 < 20 else 0.0


def rare_slow_items(seed: int) -> Speed:
    """Items of 0.1 s, of which one in a hundred takes 10 s."""
    rng, busy = random.Random(seed), 0.0

    def speed(t: int) -> float:
        nonlocal busy
        finished = 0
        while busy < 1:
            busy += 10.0 if rng.random() < 0.01 else 0.1
            finished += 1
        busy -= 1
        return finished

    return speed


def slowed_down(seed: int) -> Speed:
    """Steady, and ten times slower after half an hour."""
    speed = steady(seed)
    return lambda t: speed(t) / (10 if t >= HOUR / 2 else 1)


SEEDS = range(20)


def test_a_constant_job_has_a_calm_end_time() -> None:
    """T7: at a constant 100/s the shown end changes at most twice in any minute; and it is right."""
    moments = simulate(lambda t: 100, 100 * HOUR)
    moved = changes(moments)
    assert all(sum(t <= other < t + 60 for other in moved) <= 2 for t in moved)
    assert max(errors(moments)) < 0.05


@pytest.mark.parametrize("every", [1, 3])
def test_a_steady_job_is_estimated_within_a_tenth(every: int) -> None:
    """T7: a steady job with noise: median error below 10 %, and the end almost never moves."""
    runs = [simulate(steady(seed), 100 * HOUR, every=every) for seed in SEEDS]
    assert statistics.median(statistics.median(errors(run)) for run in runs) < 0.10
    assert statistics.median(len(changes(run)) for run in runs) <= 3


def test_bursts_do_not_shake_the_end() -> None:
    """Work that comes in bursts of 20 s in 60: median error below 15 %, about one change a minute at most."""
    runs = [simulate(bursts(seed), 100 * HOUR) for seed in SEEDS]
    assert statistics.median(statistics.median(errors(run)) for run in runs) < 0.15
    assert statistics.median(len(changes(run)) / (run[-1].t / 60) for run in runs) <= 1.2


def test_rare_slow_items_do_not_double_the_estimate() -> None:
    """One item in a hundred takes a hundred times longer: median error below 40 %, few changes."""
    runs = [simulate(rare_slow_items(seed), 5 * HOUR) for seed in SEEDS]
    assert statistics.median(statistics.median(errors(run)) for run in runs) < 0.40
    assert statistics.median(len(changes(run)) / (run[-1].t / 60) for run in runs) <= 1.6


def test_after_a_slow_down_it_is_right_within_two_minutes() -> None:
    """T7: 120 s after the work became ten times slower, the time left is within 20 % of the truth."""
    for seed in SEEDS[:5]:
        moments = simulate(slowed_down(seed), 100 * HOUR)
        finish = moments[-1].t
        later = [(t, end) for t, end in ends(moments) if HOUR / 2 + 120 <= t <= HOUR / 2 + 600]
        assert len(later) == 481
        assert all(abs(end - finish) / (finish - t) < 0.20 for t, end in later)


def test_a_correction_is_said() -> None:
    """When the shown end is corrected, it says "updated" for 10 s, and only then."""
    moments = simulate(slowed_down(1), 100 * HOUR)
    moved = changes(moments)
    for t, shown in moments:
        assert shown.eta is None or shown.eta.updated == any(at <= t < at + 10 for at in moved)


def test_a_resumed_job_does_not_count_what_was_done_before() -> None:
    """T6: resumed at 60 %, the time left is within 25 % after 30 s, and those 60 % never count as speed."""
    for seed in SEEDS:
        moments = simulate(steady(seed), 100 * HOUR, start=60 * HOUR)
        finish = moments[-1].t
        at_30 = dict(ends(moments))[30]
        assert abs(at_30 - finish) / (finish - 30) < 0.25
        assert all(shown.rate is None or shown.rate < 200 for _, shown in moments)


def test_paused_time_is_not_in_it() -> None:
    """A pause moves the end by its length and leaves rate and time left as they were."""
    estimator = Estimator()
    for t in range(61):
        estimator.sample(t, Work(100 * t, 60_000))
    before = estimator.estimate(60, EPOCH + 60)
    after = estimator.estimate(60, EPOCH + 660)
    assert before.eta is not None
    assert after.eta is not None
    assert after.eta.at - before.eta.at == 600
    assert (after.rate, after.eta.low, after.eta.high) == (before.rate, before.eta.low, before.eta.high)


def test_idle_time_lowers_the_rate() -> None:
    """A job that falls silent does not keep the speed it had."""
    estimator = Estimator()
    for t in range(121):
        estimator.sample(t, Work(min(100 * t, 6000), 60_000))
    rate = estimator.estimate(120, EPOCH).rate
    assert rate is not None
    assert rate < 20


def test_no_number_before_ten_seconds() -> None:
    """No number before 10 s; a rate is there as soon as something moved."""
    first = next(t for t, _ in ends(simulate(lambda t: 100, 6000)))
    early = simulate(lambda t: 100, 6000)[4].shown
    assert first == 10
    assert (early.eta, early.why_not, early.rate) == (None, "too early", 100)


def test_no_number_from_too_few_movements() -> None:
    """Slow items: no number before five movements or 2 % of the work."""
    first = next(t for t, _ in ends(simulate(lambda t: 1 if t % 60 == 59 else 0, 1000)))
    few_but_large = next(t for t, _ in ends(simulate(lambda t: 1 if t % 60 == 59 else 0, 20)))
    assert (first, few_but_large) == (300, 60)


@pytest.mark.parametrize("halted", ["paused", "stalled", "waiting"])
def test_without_a_number_there_is_a_reason(halted: str) -> None:
    """Paused, stalled or without a total there is no time left but the reason; the rate stays."""
    estimator = Estimator()
    for t in range(31):
        estimator.sample(t, Work(100 * t, 60_000))
    assert estimator.estimate(30, EPOCH, halted=halted) == Estimate(why_not=halted, rate=100)
    assert estimator.estimate(30, EPOCH).eta is not None
    estimator.sample(31, Work(3100))
    assert estimator.estimate(31, EPOCH) == Estimate(why_not="no total", rate=100)


def test_a_percentage_has_an_end_but_no_rate() -> None:
    """A job that gives only a percentage gets a time left, and no speed in percent."""
    estimator = Estimator()
    for t in range(31):
        estimator.sample(t, Work(t, 100, "%"))
    shown = estimator.estimate(30, EPOCH + 30)
    assert shown.rate is None
    assert shown.eta is not None
    assert shown.eta.at - EPOCH == pytest.approx(100, abs=5)


def test_when_the_total_grows_the_end_follows() -> None:
    """A total that doubles moves the end once it has stayed so for 10 s."""
    estimator = Estimator()
    for t in range(121):
        estimator.sample(t, Work(100 * t, 20_000 if t < 60 else 40_000))
    eta = estimator.estimate(120, EPOCH + 120).eta
    assert eta is not None
    assert eta.at - EPOCH == pytest.approx(400, rel=0.05)


def test_while_a_total_grows_no_end_is_named() -> None:
    """For 10 s after a total grew, or a tenth of the active time, there is a reason and no time left."""
    estimator, why = Estimator(), {}
    for t in range(400):
        estimator.sample(t, Work(10 * t, 20_000 if t < 40 else 30_000 if t < 300 else 40_000))
        shown = estimator.estimate(t, EPOCH + t)
        why[t] = shown.why_not if shown.eta is None else ""
    assert [why[t] for t in (39, 40, 49, 50, 299)] == ["", "still finding work", "still finding work", "", ""]
    assert [why[t] for t in (300, 332, 334)] == ["still finding work", "still finding work", ""]


def test_work_that_is_all_done_may_still_grow() -> None:
    """A frontier that is worked off as fast as it grows is not at its end: no second is named."""
    estimator = Estimator()
    for t in range(60):
        estimator.sample(t, Work(t, t))
        assert t == 0 or estimator.estimate(t, EPOCH + t).why_not == "still finding work"


def test_bytes_after_items_are_measured_anew() -> None:
    """What counted items and counts bytes from here on has another rate: none is made of both."""
    estimator = Estimator()
    for t in range(31):
        estimator.sample(t, Work(t, 60))
    for t in range(31, 62):
        estimator.sample(t, Work(1000 * t, 100_000, "B"))
    assert estimator.estimate(61, EPOCH).rate == 1000


def test_the_range_tells_how_uneven_the_work_is() -> None:
    """Even work has a narrow range, uneven work a wide one, and both contain the shown end."""

    def widest(speed: Speed) -> float:
        etas = [shown.eta for _, shown in simulate(speed, 100 * HOUR)[300:-300] if shown.eta]
        assert all(0 <= eta.low <= eta.high for eta in etas)
        return max(eta.high / eta.low for eta in etas)

    assert widest(lambda t: 100) < 1.05
    assert 1.05 < widest(lambda t: 150 if t % 700 < 350 else 50) <= 16


def test_the_range_is_told_as_soon_as_it_is_known() -> None:
    """Half to twice the time is said only until four stretches can be compared, not half a minute longer."""
    moments = simulate(lambda t: 0 if t % 3 else 300, 100 * HOUR)
    ratios = {t: shown.eta.high / shown.eta.low for t, shown in moments[:60] if shown.eta}
    assert ratios[20] == pytest.approx(4, rel=0.01)
    assert all(ratios[t] < 1.1 for t in range(30, 60))


def test_before_a_phase_has_a_rate_its_history_speaks() -> None:
    """A phase with history has a time left from its first second, scaled by its size."""
    estimator = Estimator({"copy": [Past(100, 1000), Past(120, 1000), Past(900, 1000)]})
    estimator.sample(0, Work(0, 2000, phase="copy"))
    estimator.sample(1, Work(8, 2000, phase="copy"))
    eta = estimator.estimate(1, EPOCH + 1).eta
    assert eta is not None
    assert eta.at - EPOCH == pytest.approx(240, rel=0.02)


def test_phases_ahead_are_added_from_history_or_by_weight() -> None:
    """The time left is the sum over phases: those ahead by their history, else by their weight."""
    ahead = (Ahead("verify", 20, total=50), Ahead("tidy", 40))
    estimator = Estimator({"verify": [Past(30, 100)]})
    for t in range(31):
        estimator.sample(t, Work(t, 60, phase="copy", weight=40, ahead=ahead))
    eta = estimator.estimate(30, EPOCH + 30).eta
    assert eta is not None
    assert eta.at - EPOCH == pytest.approx(60 + 15 + 60, abs=5)


def test_a_phase_ahead_that_nobody_knows_is_named() -> None:
    """Where a phase has neither total nor history, the reason names what is not known."""
    estimator = Estimator({"scan": [Past(60)]})
    estimator.sample(0, Work(0, phase="scan", ahead=(Ahead("copy", 1),)))
    estimator.sample(1, Work(5, phase="scan", ahead=(Ahead("copy", 1),)))
    assert estimator.estimate(1, EPOCH).why_not == "nothing known of copy"


def test_a_phase_without_total_lasts_as_long_as_usual() -> None:
    """Without a total the usual duration counts down, and when it is over nobody pretends to know."""
    estimator, shown = Estimator({"scan": [Past(60)]}), []
    for t in range(80):
        estimator.sample(t, Work(t, phase="scan"))
        shown.append(estimator.estimate(t, EPOCH + t))
    assert shown[30].eta is not None
    assert shown[30].eta.at - EPOCH == 60
    assert (shown[70].eta, shown[70].why_not) == (None, "longer than usual")


def test_history_that_is_ten_times_off_is_dropped() -> None:
    """After 15 s and 5 % of the work, history that this run contradicts tenfold counts no more."""
    estimator = Estimator({"copy": [Past(30, 1000)], "verify": [Past(1)]})
    for t in range(101):
        estimator.sample(t, Work(t, 1000, phase="copy", weight=1, ahead=(Ahead("verify", 1),)))
    eta = estimator.estimate(100, EPOCH + 100).eta
    assert eta is not None
    assert eta.at - EPOCH == pytest.approx(2000, rel=0.1)


def test_between_phases_the_end_stays_shown() -> None:
    """A phase that has just begun is too early to judge: what was shown goes on counting down."""
    estimator = Estimator()
    for t in range(61):
        estimator.sample(t, Work(t, 60, phase="copy", ahead=(Ahead("verify", 1, 30),)))
    for t in range(61, 66):
        estimator.sample(t, Work(0, 30, phase="verify"))
    eta = estimator.estimate(65, EPOCH + 65).eta
    assert eta is not None
    assert eta.at - EPOCH == pytest.approx(120, abs=10)


def test_work_that_is_counted_anew_is_no_speed() -> None:
    """A count that falls and rises again never gives a negative rate."""
    estimator = Estimator()
    rates = []
    for t in range(60):
        estimator.sample(t, Work(100 * (t if t < 30 else t - 30), 6000))
        rates.append(estimator.estimate(t, EPOCH).rate or 0)
    assert min(rates) >= 0
    assert max(rates) <= 100


def test_a_finished_job_knows_its_error() -> None:
    """The median error of what was shown is known at the end, from a bounded number of moments."""
    estimator = Estimator()
    assert estimator.error(1) is None
    for t in range(1001):
        estimator.sample(t, Work(100 * t, 100_000))
    error = estimator.error(1000)
    assert error is not None
    assert error < 0.02


def test_a_silent_job_is_stalled_after_two_minutes_until_it_moves() -> None:
    """T9: quiet for 2 min is stalled since its last movement; the next movement ends it."""
    stall = Stall(now=0)
    for t in range(1, 11):
        stall.moved(t)
    assert stall.since(129) is None
    assert stall.since(130) == 10
    stall.moved(200)
    assert stall.since(200) is None


def test_slow_work_is_allowed_longer_silence() -> None:
    """A job that moves once a minute is quiet only after five minutes, also by what its type is known for."""
    stall = Stall(now=0)
    for t in range(60, 660, 60):
        stall.moved(t)
    assert stall.since(600 + 299) is None
    assert stall.since(600 + 300) == 600
    assert Stall(0, typical_gap_s=60).since(299) is None


def test_a_declared_silence_is_no_stall() -> None:
    """A phase that expects silence may be silent for so long; after that it is stalled too."""
    stall = Stall(now=0)
    assert stall.since(1199, expect_silence_s=1200) is None
    assert stall.since(1200, expect_silence_s=1200) == 0


def test_waiting_is_no_stall() -> None:
    """After a pause or a wait for people the quiet time begins anew."""
    stall = Stall(now=0)
    stall.reset(500)
    assert stall.since(619) is None
    assert stall.since(620) == 500
