"""How counts, sizes, rates and times are worded."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.model import words
from headway.model.eta import Eta


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 s"),
        (0.44, "0.4 s"),
        (9.96, "10 s"),
        (49, "49 s"),
        (89, "89 s"),
        (90, "1 min"),
        (120, "2 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (11_100, "3 h 5 min"),
        (187_200, "2 d 4 h"),
    ],
)
def test_a_duration_has_no_seconds_above_ninety(seconds: float, text: str) -> None:
    """No false seconds from 90 on, two units at most, and never below 0."""
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (2, 9, "less than 10 s"),
        (48, 50, "about 49 s"),
        (230, 250, "about 4 min"),
        (3600, 7200, "1–2 h"),
        (5400, 10_800, "1.5–3 h"),
        (30, 240, "30 s – 4 min"),
        (60, 240, "1–4 min"),
        (7100, 7300, "about 2 h"),
    ],
)
def test_time_left_is_one_time_or_a_range(low: float, high: float, text: str) -> None:
    """A narrow range is "about", a wide one names both ends, and the last seconds are not counted."""
    assert words.time_left(Eta(low, high, at=0)) == text


def test_above_a_day_only_the_date_is_told() -> None:
    """Above 24 hours the time left is a date, in the reader's own zone."""
    eta = Eta(low=90_000, high=100_000, at=1_763_854_200)
    assert words.time_left(eta) == "22 Nov 2025"
    assert words.time_left(eta, timezone(timedelta(hours=2))) == "23 Nov 2025"


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (0, "0"),
        (999, "999"),
        (5500, "5.5k"),
        (10_000, "10k"),
        (999_499, "999k"),
        (999_950, "1M"),
        (1_234_567, "1.2M"),
        (3_000_000_000, "3G"),
    ],
)
def test_a_count_has_three_figures_at_most(n: int, text: str) -> None:
    """Counts are short, and rounding never gives 1000k."""
    assert words.count(n) == text


def test_an_exact_count_is_grouped_by_three() -> None:
    """Where every digit counts, they stand in groups of three."""
    assert [words.exact(n) for n in (7, 12_400, 1_000_000)] == ["7", "12 400", "1 000 000"]


@pytest.mark.parametrize(
    ("n", "text"),
    [(0, "0 B"), (512, "512 B"), (1000, "1 kB"), (3_100_000, "3.1 MB"), (8e9, "8 GB"), (2e15, "2 PB")],
)
def test_sizes_are_decimal(n: float, text: str) -> None:
    """A kilobyte is 1000 bytes."""
    assert words.size(n) == text


@pytest.mark.parametrize(
    ("per_second", "unit", "text"),
    [
        (92, "rows", "92/s"),
        (2.5, None, "2.5/s"),
        (5500, "it", "5.5k/s"),
        (0.2, "it", "12/min"),
        (0.001, "it", "3.6/h"),
        (0, "it", "0/s"),
        (3_100_000, "B", "3.1 MB/s"),
    ],
)
def test_a_rate_is_told_in_the_unit_of_time_that_fits(per_second: float, unit: str | None, text: str) -> None:
    """Slow work is told per minute or per hour, bytes as sizes."""
    assert words.rate(per_second, unit) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(-3, "just now"), (0.9, "just now"), (3.7, "3 s ago"), (150, "2 min ago")]
)
def test_ago_never_comes_from_the_future(seconds: float, text: str) -> None:
    """A clock that runs behind gives "just now", not a negative time."""
    assert words.ago(seconds) == text


@pytest.mark.parametrize(
    ("percent", "ascii", "text"),
    [
        (55, False, "█████▌    "),
        (0, False, "          "),
        (100, False, "██████████"),
        (None, False, "          "),
        (55, True, "#####-----"),
    ],
)
def test_a_bar_is_drawn_in_eighths(percent: float | None, ascii: bool, text: str) -> None:
    """The bar shows eighths of a character, or whole ones in ASCII; without a percentage it is empty."""
    assert words.bar(percent, 10, ascii) == text


@given(st.floats(-50, 150) | st.none(), st.integers(0, 200), st.booleans())
def test_a_bar_is_as_wide_as_asked(percent: float | None, width: int, ascii: bool) -> None:
    """Whatever the percentage, the bar fills its width exactly."""
    assert len(words.bar(percent, width, ascii)) == width


@pytest.mark.parametrize(
    ("failed", "skipped", "told"),
    [(0, 0, ""), (6, 0, " (6 failed)"), (0, 2, " (2 skipped)"), (1200, 2, " (1 200 failed, 2 skipped)")],
)
def test_what_is_not_well_stands_beside_the_count(failed: int, skipped: int, told: str) -> None:
    """What is over is not all done, and the bar says how much of it failed or was skipped."""
    assert words.among(failed, skipped) == told
