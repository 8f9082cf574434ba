"""Bytes that a process prints, cut into lines, with bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Stream = Literal["stdout", "stderr"]
STREAMS: tuple[Stream, ...] = ("stdout", "stderr")
MAX_LINE_BYTES = 64 * 1024

_PIECES = re.compile(rb"[^\r\n]+|\r|\n")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of output, without its end. Invalid UTF-8 and NUL are shown as U+FFFD.

    kind: "line" ended with a newline or with the output; "redraw" ended with a carriage return, so that the
    next one is drawn over it; "open" has not ended yet and comes again when it does. redrawn: this line was
    drawn over an earlier one.
    """

    stream: Stream
    text: str
    kind: Literal["line", "redraw", "open"] = "line"
    redrawn: bool = False


class LineSplitter:
    """Cuts one stream into lines at newlines and carriage returns. Holds at most one line of MAX_LINE_BYTES.

    What a line has beyond that is dropped, and its text says how much. A carriage return before a newline is
    part of the newline, as terminals write it.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._held = bytearray()
        self._dropped = 0
        self._returned = False  # a carriage return came, and what follows it is not known yet
        self._redrawn = False
        self._shown = True

    @property
    def has_unseen(self) -> bool:
        """True when `peek` would show text that it has not shown yet."""
        return not self._shown

    def feed(self, data: bytes) -> Iterator[Line]:
        """Take bytes; give the lines that they end."""
        for piece in _PIECES.findall(data):
            if piece == b"\n":
                yield self._end("line")
            elif piece == b"\r":
                self._returned = True
            else:
                if self._returned:
                    yield from self._drawn_over()
                self._hold(piece)

    def peek(self) -> Iterator[Line]:
        """The text that has not ended, once for each change: a meter that waits, or a question."""
        if self.has_unseen:
            self._shown = True
            yield Line(self.stream, self._text(), "open", self._redrawn)

    def finish(self) -> Iterator[Line]:
        """The last text, when the output ends without a newline."""
        if self._held:
            yield self._end("line")

    def _hold(self, piece: bytes) -> None:
        room = MAX_LINE_BYTES - len(self._held)
        self._held += piece[:room]
        self._dropped += max(0, len(piece) - room)
        self._shown = self._shown and room <= 0

    def _drawn_over(self) -> Iterator[Line]:
        if self._held:
            yield self._end("redraw")
        self._returned, self._redrawn = False, True

    def _end(self, kind: Literal["line", "redraw"]) -> Line:
        line = Line(self.stream, self._text(), kind, self._redrawn)
        self._held.clear()
        self._dropped, self._returned, self._redrawn, self._shown = 0, False, False, True
        return line

    def _text(self) -> str:
        text = self._held.decode("utf-8", errors="replace").replace("\0", "\ufffd")
        return f"{text} [cut: {self._dropped} more bytes]" if self._dropped else text
