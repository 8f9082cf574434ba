"""Meters of Python programs: tqdm's bars and pip's."""

from __future__ import annotations

import re

from headway.runtime.meters.reading import BYTES, Meter, Reading, amount, percentage

_NUMBER = r"[\d.]+[kMGTPEZ]?"
_RATE = r"(?:\?|[\d.]+(?P<prefix>[kMGTPEZ]?))(?:(?P<unit>[^\s\d/,\]]+)/s|s/(?P<slow>[^\s\d/,\]]+))"
_TQDM = re.compile(
    rf"\s*(?:(?P<label>.*?): *)?(?P<percent>\d+)%\|[^|]*\|\s*(?P<done>{_NUMBER})/(?P<total>{_NUMBER})"
    rf"\s*\[[^<\]]*<[^,\]]*(?:,\s*{_RATE})?.*"
)
_TQDM_OPEN = re.compile(
    rf"\s*(?:(?P<label>.*?): *)?(?P<done>{_NUMBER})(?P<counted>[^\s\d\[]*) \[[\d:]+(?:,\s*{_RATE}).*\]\s*"
)
_PIP_BAR = re.compile(r"\s*[━╸╺ ]*[━╸╺]+\s+(?P<done>[\d.]+)/(?P<total>[\d.]+)\s+(?P<unit>[kMG]?B|bytes)\b.*")
_PIP_RAW = re.compile(r"Progress (?P<done>\d+) of (?P<total>\d+)")
_PIP_STEP = re.compile(
    r"\s*(?:Collecting|Downloading|Building wheel for|Installing collected packages:|Using cached)\s+\S.*"
)


class Tqdm(Meter):
    """tqdm and what prints like it. Of several bars at once the first owns the progress until it is full."""

    def __init__(self) -> None:
        self._owner: tuple[str, str] | None = None

    def find(self, text: str, redraw: bool) -> Reading | None:
        if match := _TQDM.fullmatch(text):
            return self._bar(match)
        match = _TQDM_OPEN.fullmatch(text)
        if match is None:
            return None
        done = amount(match["done"])
        return Reading(done=done, unit=_unit(match, match["done"]), message=match["label"] or None, whole=True)

    def _bar(self, match: re.Match[str]) -> Reading:
        bar = (match["label"] or "", match["total"])
        if self._owner not in (None, bar):
            return Reading(message=f"{bar[0]} {match['done']}/{match['total']}".strip(), whole=True)
        self._owner = None if match["done"] == match["total"] else bar
        return Reading(
            done=amount(match["done"]),
            total=amount(match["total"]),
            unit=_unit(match, match["done"] + match["total"]),
            percent=percentage(match["percent"]),
            message=match["label"] or None,
            whole=True,
        )


def _unit(match: re.Match[str], counts: str) -> str | None:
    """The unit, out of the rate. Its first letter is a scale (MB/s) only where the counts are scaled too."""
    unit = match["unit"] or match["slow"]
    if unit is None:
        return None
    unscaled = match["prefix"] and not counts[-1].isalpha() and "." not in counts
    return f"{match['prefix']}{unit}" if unscaled else unit


class Pip(Meter):
    """pip: the bytes of the download that runs, and what it is at."""

    def __init__(self) -> None:
        self._message: str | None = None

    def find(self, text: str, redraw: bool) -> Reading | None:
        if step := _PIP_STEP.fullmatch(text):
            self._message = step[0].strip()
            return Reading(message=self._message)
        if match := _PIP_BAR.fullmatch(text):
            unit = "" if match["unit"] == "bytes" else match["unit"]
            done, total = amount(match["done"] + unit), amount(match["total"] + unit)
        elif match := _PIP_RAW.fullmatch(text):
            done, total = float(match["done"]), float(match["total"])
        else:
            return None
        return Reading(done=done, total=total, unit=BYTES, message=self._message, whole=True)
