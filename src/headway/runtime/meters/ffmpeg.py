"""The meter of ffmpeg."""

from __future__ import annotations

import re

from headway.runtime.meters.reading import Meter, Reading

_CLOCK = r"(\d+):(\d\d):(\d\d(?:\.\d+)?)"
_DURATION = re.compile(rf"\s*Duration: {_CLOCK},.*")
_TIME = re.compile(rf"(?:frame=|size=).*\btime={_CLOCK}.*")


class Ffmpeg(Meter):
    """ffmpeg: the seconds of media written, of those of the first input."""

    def __init__(self) -> None:
        self._total: float | None = None

    def find(self, text: str, redraw: bool) -> Reading | None:
        if duration := _DURATION.fullmatch(text):
            self._total = self._total or _seconds(duration)
            return None
        match = _TIME.fullmatch(text)
        return match and Reading(done=_seconds(match), total=self._total, unit="s", whole=True)


def _seconds(match: re.Match[str]) -> float:
    hours, minutes, seconds = match.groups()
    return float(hours) * 3600 + float(minutes) * 60 + float(seconds)
