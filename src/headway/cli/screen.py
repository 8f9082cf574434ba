"""A block of lines at the end of a terminal that is drawn again and again in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO


class Screen:
    """Draws the block. What is said for good goes above it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines = 0

    def draw(self, lines: Sequence[str], above: Sequence[str] = ()) -> None:
        """Replaces the block, in one write so that nothing flickers. above: lines that stay."""
        back = f"\x1b[{self._lines}A\r" if self._lines else ""
        text = "".join(f"{line}\x1b[K\n" for line in (*above, *lines))
        self._stream.write(f"{back}{text}\x1b[J")
        self._stream.flush()
        self._lines = len(lines)
