"""How counts, sizes, rates and times are worded for people. English, pure text, no clock."""

from __future__ import annotations

import math
from datetime import UTC, datetime, tzinfo

from headway.model.eta import Eta

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
UNITS = {"s": 1.0, "min": MINUTE, "h": HOUR}
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # never those of the locale
SECONDS = 90.0
"""Up to here a time is worded in seconds."""
CLOSE = 1.5
"""A range whose ends are nearer than this ratio is worded as one time: "about 4 min"."""


def exact(n: int) -> str:
    """Every digit, in groups of three: "12 400"."""
    return f"{n:,}".replace(",", " ")


def count(n: float) -> str:
    """At most three figures: "999", "5.5k", "12k", "1.2M"."""
    return f"{n:.0f}" if abs(n) < 999.5 else _scaled(n, ("", "k", "M", "G", "T"))


def among(failed: int, skipped: int) -> str:
    """What is not well among what is over: " (6 failed, 2 skipped)"; empty where nothing is."""
    told = [f"{exact(n)} {what}" for n, what in ((failed, "failed"), (skipped, "skipped")) if n]
    return f" ({', '.join(told)})" if told else ""


def counted(n: int, unit: str | None) -> str:
    """A count with what is counted, where that is known: "12 400 rows", "69 kB", "12 400"."""
    if unit == "B":
        return size(n)
    return exact(n) if n == 1 or unit in (None, "it", "%") else f"{exact(n)} {unit}"


def size(n: float) -> str:
    """Bytes in decimal units: "512 B", "3.1 MB"."""
    return f"{n:.0f} B" if abs(n) < 999.5 else _scaled(n, (" B", " kB", " MB", " GB", " TB", " PB"))


def rate(per_second: float, unit: str | None = None) -> str:
    """Speed of work: "92/s", "3.1 MB/s" for the unit B, "12/min" or "3/h" when it is slower."""
    if unit == "B":
        return f"{size(per_second)}/s"
    if per_second >= 1 or per_second <= 0:
        return f"{_short(per_second)}/s"
    if per_second * MINUTE >= 1:
        return f"{_short(per_second * MINUTE)}/min"
    return f"{_short(per_second * HOUR)}/h"


def duration(seconds: float) -> str:
    """How long something took: "0.4 s", "85 s", "12 min", "3 h 5 min", "2 d 4 h". Below 0 counts as 0."""
    seconds = max(0.0, seconds)
    if seconds < 9.95:
        return f"{seconds:.1f}".removesuffix(".0") + " s"
    if round(seconds) < SECONDS:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds // MINUTE:.0f} min"
    if seconds < DAY:
        return _pair(seconds, HOUR, "h", MINUTE, "min")
    return _pair(seconds, DAY, "d", HOUR, "h")


def ago(seconds: float) -> str:
    """How long since: "3 s ago"; "just now" below one second, also for a clock that runs behind."""
    return "just now" if seconds < 1 else f"{duration(math.floor(seconds))} ago"


def time_left(eta: Eta, zone: tzinfo = UTC) -> str:
    """The time left: "about 4 min", "1–2 h"; above 24 hours the date of the end in `zone`."""
    middle = math.sqrt(max(eta.low, 0.0) * max(eta.high, 0.0))
    if eta.high < 10:
        return "less than 10 s"
    if middle > DAY:
        end = datetime.fromtimestamp(eta.at, zone)
        return f"{end.day} {MONTHS[end.month - 1]} {end.year}"
    if eta.high <= CLOSE * eta.low:
        return f"about {' '.join(_coarse(middle))}"
    number, unit = _coarse(eta.high)
    low = _in_unit(eta.low, unit) if eta.low >= UNITS[unit] else " ".join(_coarse(eta.low))
    if low == number:
        return f"about {number} {unit}"
    return f"{low} – {number} {unit}" if " " in low else f"{low}–{number} {unit}"


def bar(percent: float | None, width: int, ascii: bool = False) -> str:
    """A bar of exactly `width` characters, in eighths of a character; without a percentage it is empty."""
    full = width * min(max(percent or 0.0, 0.0), 100.0) / 100
    whole = int(full)
    if ascii:
        return ("#" * whole).ljust(width, "-")
    part = " ▏▎▍▌▋▊▉"[int((full - whole) * 8)].strip()
    return ("█" * whole + part).ljust(width)


def _scaled(n: float, units: tuple[str, ...]) -> str:
    """`n` with the largest unit that leaves at least 1, counting what rounding adds: never "1000k"."""
    power = 0
    while power < len(units) - 1 and abs(n) >= 999.5:
        n, power = n / 1000, power + 1
    return f"{_short(n)}{units[power]}"


def _short(n: float) -> str:
    """One decimal below 10, else none."""
    if abs(n) >= 999.5:
        return count(n)
    return f"{n:.1f}".removesuffix(".0") if abs(n) < 9.95 else f"{n:.0f}"


def _pair(seconds: float, large: float, large_name: str, small: float, small_name: str) -> str:
    """Two neighbouring units; the second is left out when it is 0."""
    first, rest = divmod(seconds, large)
    second = rest // small
    return f"{first:.0f} {large_name}" + (f" {second:.0f} {small_name}" if second else "")


def _coarse(seconds: float) -> tuple[str, str]:
    """A number and its unit: seconds up to 90, minutes up to 90."""
    unit = "s" if seconds < SECONDS else "min" if seconds < 90 * MINUTE else "h"
    return _in_unit(seconds, unit), unit


def _in_unit(seconds: float, unit: str) -> str:
    return _short(seconds / HOUR) if unit == "h" else f"{max(seconds / UNITS[unit], 1):.0f}"
