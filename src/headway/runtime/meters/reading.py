"""What a meter reads: numbers and words out of one line of a tool's output."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

BYTES = "B"
MOST = 2.0**53  # beyond it a float is no count any more

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor moves, erasing
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # window titles, links
    r"|\x1b[ -/]*[0-~]"
)
_AMOUNT = re.compile(r"(\d[\d.,]*|\.\d+)\s*([kKMGTPE]?)(i?)(?:[Bb](?:ytes)?)?")
_POWER = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one line says about the progress; None: the line does not say.

    done, total: counted in `unit` ("B" for bytes, "files", ...). percent: 0 to 100. message: a few words on
    what is being done now. whole: the line is a meter and nothing else, so it adds nothing to a log.
    """

    done: float | None = None
    total: float | None = None
    unit: str | None = None
    percent: float | None = None
    message: str | None = None
    whole: bool = False

    def possible(self) -> Reading:
        """The same without counts that can not be: negative or endless ones, a total of nothing."""
        return replace(self, done=_count(self.done), total=_count(self.total) or None)


class Meter(ABC):
    """Reads the progress of one run of a tool. It may remember earlier lines: use a new one for each run."""

    def read(self, line: str, redraw: bool = False) -> Reading | None:
        """Read one line, without its end. redraw: a carriage return ended it or came before it.

        None when the line says nothing about the progress. Escape sequences of terminals are ignored.
        """
        reading = self.find(plain(line), redraw)
        return reading and reading.possible()

    @abstractmethod
    def find(self, text: str, redraw: bool) -> Reading | None:
        """As `read`, for a line that is already plain text."""


class FirstOf(Meter):
    """Several meters; the first one that can read a line is believed."""

    def __init__(self, *meters: Meter) -> None:
        self.meters = meters

    def find(self, text: str, redraw: bool) -> Reading | None:
        for meter in self.meters:
            if (reading := meter.find(text, redraw)) is not None:
                return reading
        return None


def plain(line: str) -> str:
    """The line as it reads on paper: without colours, cursor moves and window titles."""
    return _ESCAPES.sub("", line) if "\x1b" in line or "\x9b" in line else line


def amount(text: str, base: int = 1000) -> float | None:
    """The number in "5,500", "2.71M", "28.6MiB" or "534 kB"; None if it is none.

    base: what k means, 1000 or 1024; with an i (KiB) it is always 1024.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    number, prefix, binary = match.groups()
    value = _number(number)
    if value is None or not prefix or value > MOST:
        return value
    return float(round(value * (1024 if binary else base) ** _POWER[prefix.upper()]))


def percentage(text: str) -> float | None:
    """A percentage between 0 and 100; None for anything else."""
    value = _number(text.strip())
    return value if value is not None and 0 <= value <= 100 else None


def _count(value: float | None) -> float | None:
    return value if value is not None and 0 <= value <= MOST else None


def _number(text: str) -> float | None:
    """A decimal number; commas group thousands; one without three digits after it is a decimal comma."""
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text)
    try:
        return float(text.replace(",", "") if grouped else text.replace(",", "."))
    except ValueError:
        return None
