"""The meter for programs that Headway does not know."""

from __future__ import annotations

import re

from headway.runtime.meters.reading import Meter, Reading, percentage

_PERCENT = r"(?P<percent>\d{1,3}(?:\.\d+)?)\s?%"
_BAR = r"[\[|(][#=>*.\-━─█▉▊▋▌▍▎▏░▒▓oO\s]{3,}[\]|)]"
_COUNTED = re.compile(r"\s*\[\s*(?P<done>\d+)/(?P<total>\d+)\]\s*(?P<message>.*)")
_METERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\s*{_PERCENT}",
        rf"\s*\[\s*{_PERCENT}\s*\]\s*(?P<message>.*)",
        rf"(?P<message>.*?)\s*\[\s*{_PERCENT}\s*\]",
        rf"\s*{_PERCENT}\s*{_BAR}.*",
        rf"(?P<message>[^\[|(%]*?)\s*{_BAR}\s*{_PERCENT}(?:\s.*)?",
        rf"\s*{_PERCENT} \[.*",
        rf"\s*(?:progress|percent(?:age)?|completed?)\s*[:=]?\s*\[?\s*{_PERCENT}(?:[\s\])].*)?",
        rf"\s*{_PERCENT}\s+(?:completed?|done)\b.*",
    )
)
_ANY = re.compile(rf"(?<![\w.]){_PERCENT}")


class Generic(Meter):
    """A percentage or a count, but only where it looks like a meter. "disk 95% full" in a log is none.

    In a line of its own: the percentage alone; in square brackets at the start or the end of the line, as `[
    45%]`; beside a drawn bar, as `[###   ] 45%`; before a square bracket at the start, as apt prints it;
    after the word progress, percent or complete at the start; at the start before the word complete or done;
    or a count in square brackets at the start, as `[12/340]`. In a line that is drawn over itself (a carriage
    return): any percentage, if there is just one.
    """

    def find(self, text: str, redraw: bool) -> Reading | None:
        if counted := _COUNTED.fullmatch(text):
            return _count(counted)
        for pattern in _METERS:
            if match := pattern.fullmatch(text.rstrip()):
                return _percent(match)
        found = list(_ANY.finditer(text)) if redraw else []
        return _percent(found[0]) if len(found) == 1 else None


def _count(match: re.Match[str]) -> Reading | None:
    done, total = float(match["done"]), float(match["total"])
    return Reading(done=done, total=total, message=match["message"] or None) if 0 < total >= done else None


def _percent(match: re.Match[str]) -> Reading | None:
    percent = percentage(match["percent"])
    if percent is None:
        return None
    message = (match.groupdict().get("message") or "").strip()
    return Reading(percent=percent, message=message or None, whole=match[0].strip().endswith("%") and not message)
