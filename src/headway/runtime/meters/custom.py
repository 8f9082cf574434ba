"""The meter that a user describes with a regular expression."""

from __future__ import annotations

import re

from headway.runtime.meters.reading import Meter, Reading, amount, percentage

GROUPS = ("done", "total", "percent", "message", "unit")
_EXPECTED = (
    "expected named groups among (?P<done>...), (?P<total>...), (?P<percent>...), (?P<message>...), "
    "(?P<unit>...), "
    r"or exactly one unnamed group for the percentage, for example '(\d+)% finished'"
)


class Custom(Meter):
    """Searches each line for a regular expression with the groups done, total, percent, message, unit.

    One unnamed group and no named one: the percentage. Numbers may have commas and k, M, G; a group that
    holds no number is left out. Raises ValueError when the expression is wrong or has no such group.
    """

    def __init__(self, regex: str) -> None:
        self._regex = _compiled(regex)

    def find(self, text: str, redraw: bool) -> Reading | None:
        match = self._regex.search(text)
        if match is None:
            return None
        found = match.groupdict() or {"percent": match[1]}
        given = {name: value.strip() for name, value in found.items() if value}
        reading = Reading(
            done=amount(given.get("done", "")),
            total=amount(given.get("total", "")),
            unit=given.get("unit"),
            percent=percentage(given.get("percent", "").rstrip("% ")),
            message=given.get("message"),
        )
        return None if reading == Reading() else reading


def _compiled(regex: str) -> re.Pattern[str]:
    try:
        compiled = re.compile(regex)
    except re.error as error:
        raise ValueError(f"the progress regex {regex!r} is no regular expression: {error}; {_EXPECTED}") from None
    unknown = sorted(set(compiled.groupindex) - set(GROUPS))
    if unknown:
        raise ValueError(f"the progress regex {regex!r} has the unknown groups {', '.join(unknown)}; {_EXPECTED}")
    if not compiled.groupindex and compiled.groups != 1:
        raise ValueError(f"the progress regex {regex!r} has {compiled.groups} unnamed groups; {_EXPECTED}")
    return compiled
