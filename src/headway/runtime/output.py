"""The output of a command, as the log and the progress of a job."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol

from headway.runtime.lines import Line, Stream
from headway.runtime.meters import Meter, Reading, plain

LINES_KEPT = 1000
CHARACTERS_KEPT = 1_000_000
LINES_SHOWN = 20
MESSAGE_CHARACTERS = 200


class CommandContext(Protocol):
    """What a command needs of a job's Context."""

    @property
    def stopping(self) -> bool: ...
    @property
    def why(self) -> str | None: ...
    @property
    def waits_in_place(self) -> bool: ...
    def log(self, text: str, /, level: str = "info", **attrs: object) -> None: ...
    def progress(
        self,
        *,
        done: float | None = None,
        total: float | None = None,
        percent: float | None = None,
        message: str | None = None,
        unit: str | None = None,
    ) -> None: ...
    def check(self) -> None: ...
    def wait_asked(self, timeout_s: float) -> bool: ...


class Output:
    """Turns the lines of a command into the job's log and progress, and keeps the last ones."""

    def __init__(self, ctx: CommandContext, meter: Meter, on_line: Callable[[Line], None] | None) -> None:
        self._ctx = ctx
        self._meter = meter
        self._on_line = on_line
        self.lines = Tail(LINES_KEPT, CHARACTERS_KEPT)
        self.errors = Tail(LINES_SHOWN, CHARACTERS_KEPT)

    def take(self, line: Line) -> None:
        """Take the next line of either stream."""
        if self._on_line is not None:
            self._on_line(line)
        text = plain(line.text)
        reading = self._meter.read(text, redraw=line.redrawn or line.kind == "redraw")
        if reading is not None:
            self._progress(reading)
        if line.kind != "line":
            if reading is None and text.strip():
                self._ctx.progress(message=text.strip()[:MESSAGE_CHARACTERS])
        elif reading is None or not (reading.whole or line.redrawn):
            self._log(text, line.stream)

    def _progress(self, reading: Reading) -> None:
        percent = None if reading.total else reading.percent  # done and total say it more exactly
        given = (reading.done, reading.total, percent, reading.message)
        if any(value is not None for value in given):
            self._ctx.progress(
                done=reading.done,
                total=reading.total,
                percent=percent,
                message=reading.message,
                unit=reading.unit,
            )

    def _log(self, text: str, stream: Stream) -> None:
        self._ctx.log(text, stream=stream)
        self.lines.add(text)
        if stream == "stderr":
            self.errors.add(text)


class Tail:
    """The last lines, at most so many and at most so many characters in all."""

    def __init__(self, lines: int, characters: int) -> None:
        self._lines: deque[str] = deque()
        self._most_lines, self._most_characters, self._characters = lines, characters, 0

    def add(self, line: str) -> None:
        self._lines.append(line)
        self._characters += len(line)
        while len(self._lines) > self._most_lines or self._characters > self._most_characters:
            self._characters -= len(self._lines.popleft())

    def last(self, count: int | None = None) -> tuple[str, ...]:
        return tuple(self._lines)[-count if count else 0 :]
