"""The meter of git."""

from __future__ import annotations

import re

from headway.runtime.meters.reading import Meter, Reading

_STAGE = re.compile(r"(?P<far>remote: )?(?P<stage>[A-Z][a-z]+(?: [a-z]+)*):\s+\d+% \((?P<done>\d+)/(?P<total>\d+)\).*")
_MINOR = {"Enumerating objects", "Counting objects", "Compressing objects", "Resolving deltas"}


class Git(Meter):
    """git: a command goes through stages that each count to 100 %.

    The first main stage (receiving or writing objects, else updating files) owns the numbers; the others, and
    all that the other side does, are told as a message, so that the progress does not jump back.
    """

    def __init__(self) -> None:
        self._main: str | None = None

    def find(self, text: str, redraw: bool) -> Reading | None:
        match = _STAGE.fullmatch(text)
        if match is None:
            return None
        stage = match["stage"]
        if match["far"] or stage in _MINOR or self._main not in (None, stage):
            return Reading(message=f"{stage} {match['done']}/{match['total']}")
        self._main = stage
        unit = stage.split()[-1]
        return Reading(done=float(match["done"]), total=float(match["total"]), unit=unit, message=stage)
