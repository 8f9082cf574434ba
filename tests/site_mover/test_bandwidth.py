"""The bandwidth cap, on a clock that is moved by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.site_mover.bandwidth import Bandwidth


class _Time:
    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@given(
    st.floats(1e3, 1e8),
    st.lists(st.tuples(st.integers(1, 1 << 21), st.floats(0, 3)), min_size=1, max_size=50),
)
def test_never_more_than_the_rate_and_one_second(rate: float, takes: list[tuple[int, float]]) -> None:
    """After any takes and pauses, what passed is at most rate times the time gone, and one second's worth."""
    time = _Time()
    cap = Bandwidth(rate, time.clock, time.sleep)
    passed = 0
    for size, pause in takes:
        time.now += pause
        cap.take(size)
        passed += size
        assert passed <= rate * (time.now - 100.0 + 1) * (1 + 1e-9) + 1


def test_a_steady_flow_runs_at_the_rate() -> None:
    """A source that is always ready passes as many bytes per second as allowed, after the first second's
    worth.
    """
    time = _Time()
    cap = Bandwidth(1000, time.clock, time.sleep)
    for _ in range(110):
        cap.take(100)
    assert time.now == pytest.approx(110.0)


def test_without_a_limit_nothing_waits() -> None:
    """No limit: no sleep, however much passes."""
    time = _Time()
    Bandwidth(None, time.clock, time.sleep).take(1 << 40)
    assert time.now == 100.0


@pytest.mark.parametrize("limit", [0, -1.0])
def test_a_limit_of_nothing_is_refused(limit: float) -> None:
    """Zero would wait for ever, so it is refused."""
    with pytest.raises(ValueError, match="more than 0"):
        Bandwidth(limit, lambda: 0.0, lambda seconds: None)
