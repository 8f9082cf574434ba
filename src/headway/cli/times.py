"""Times on the command line: "90s", "10m", "2h", "1d", or a date and time."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import click

UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_PARTS = re.compile(r"(\d+(?:\.\d+)?)([smhd])")


def span(text: str) -> float:
    """Seconds of "90", "90s", "10m" or "1h30m". Raises BadParameter."""
    seconds = _seconds(text)
    if seconds is None:
        raise click.BadParameter(f"{text!r} is no span of time; expected seconds, or such as 30s, 10m, 2h, 1d, 1h30m.")
    return seconds


def moment(text: str) -> datetime | float:
    """A time with a zone, this machine's where none is given; or a span, in seconds. Raises BadParameter."""
    seconds = _seconds(text.removeprefix("+"))
    if seconds is not None:
        return seconds
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time; expected 2026-05-01T14:30, or a span such as 10m.") from None


def later(given: datetime | float | None, now: float) -> datetime | None:
    """What moment() gave; a span counts from now on."""
    try:
        return datetime.fromtimestamp(now + given, UTC) if isinstance(given, float) else given
    except (ValueError, OverflowError, OSError):
        raise click.UsageError("That span of time is too long: it leaves the years 1 to 9999.") from None


def earlier(given: datetime | float | None, now: float) -> datetime | None:
    """What moment() gave; a span counts back from now."""
    return later(-given if isinstance(given, float) else given, now)


def _seconds(text: str) -> float | None:
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    parts = _PARTS.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * UNITS[unit] for number, unit in parts)
