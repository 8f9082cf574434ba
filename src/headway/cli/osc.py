"""Progress in the tab or task bar of terminals that are known to show it: the sequence OSC 9;4."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

VARIABLE = "HEADWAY_TERMINAL_PROGRESS"
"""0 turns it off, 1 on for a terminal that is not known."""

NONE, NORMAL, ERROR, UNKNOWN, WARNING = range(5)


def supported(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is known to understand it. Others may show it as text or beep."""
    given = environment.get(VARIABLE)
    if given is not None:
        return given not in ("", "0")
    return bool(
        environment.get("WT_SESSION")
        or environment.get("ConEmuANSI") == "ON"
        or environment.get("TERM_PROGRAM") in ("WezTerm", "ghostty")
    )


class TerminalProgress:
    """What the terminal shows beside its name. Writes only what has changed."""

    def __init__(self, stream: TextIO, on: bool) -> None:
        self._stream = stream
        self._on = on
        self._shown = (NONE, 0)

    def show(self, kind: int, percent: int = 0) -> None:
        """Shows a percentage, or with UNKNOWN that something is under way."""
        if self._on and (kind, percent) != self._shown:
            self._shown = (kind, percent)
            self._stream.write(f"\x1b]9;4;{kind};{percent}\x1b\\")
            self._stream.flush()

    def clear(self) -> None:
        """Takes it away."""
        self.show(NONE)
