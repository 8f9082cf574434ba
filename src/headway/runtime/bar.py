"""One line that shows how far a block or loop of this process is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from typing import TextIO

from headway.clock import Clock
from headway.model import words
from headway.model.progress import Progress

FIRST_S = 0.5
"""What ends sooner shows no bar."""
PLAIN_S = 30.0
"""Elsewhere than on a terminal: a line at each 10 %, or after so long, so that a log never looks hung."""


class Bar:
    """Draws the progress of one block. Never raises: a closed stream must not end the work."""

    def __init__(self, label: str, clock: Clock, stream: TextIO | None = None) -> None:
        self._label = label
        self._clock = clock
        self._stream = stream if stream is not None else sys.stderr
        self._terminal = _is_terminal(self._stream)
        self._began = self._drawn_at = clock.boot()
        self._tenth = 0
        self._shown = False
        self._lock = threading.Lock()

    def draw(self, progress: Progress) -> None:
        """Shows a new progress."""
        with self._lock:
            now = self._clock.boot()
            if self._terminal:
                if now - self._began >= FIRST_S:
                    self._write("\r" + self._fitted(line(self._label, progress)) + "\x1b[K")
            elif self._due(progress, now):
                self._drawn_at = now
                self._write(line(self._label, progress, plain=True) + "\n")

    def paused(self, number: int) -> None:
        """The work waits until somebody resumes the job of that number."""
        with self._lock:
            text = _seen(f"{self._label}  paused: headway resume {number}")
            self._write("\r" + self._fitted(text) + "\x1b[K" if self._terminal else text + "\n")

    def end(self, outcome: str, progress: Progress | None) -> None:
        """The last line: what became of it."""
        with self._lock:
            took = words.duration(self._clock.boot() - self._began)
            counted = _counted(progress) if progress else ""
            text = _seen("  ".join(part for part in (self._label, outcome, counted, took) if part))
            if self._terminal and (self._shown or outcome != "completed"):
                self._write("\r" + self._fitted(text) + "\x1b[K\n")
            elif not self._terminal:
                self._write(text + "\n")

    def _due(self, progress: Progress, now: float) -> bool:
        tenth = (progress.percent or 0) // 10
        if tenth <= self._tenth and now - self._drawn_at < PLAIN_S:
            return False
        self._tenth = max(tenth, self._tenth)
        return True

    def _fitted(self, text: str) -> str:
        return text[: max(20, shutil.get_terminal_size().columns - 1)]

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
            self._shown = True
        except (OSError, ValueError):  # the terminal is gone: the work goes on, and its job can still be watched
            self._terminal = False


def line(label: str, progress: Progress, plain: bool = False) -> str:
    """One line for people: name, bar, counts, rate, time left; what is unknown is left out."""
    parts = [label]
    if progress.percent is not None:
        parts.append(f"{progress.percent}%" if plain else f"[{words.bar(progress.percent, 20)}] {progress.percent:3d}%")
    parts.append(_counted(progress))
    if progress.rate:
        parts.append(words.rate(progress.rate, progress.unit))
    if progress.eta is not None:
        parts.append(f"{words.time_left(progress.eta)} left")
    if progress.phase:
        parts.append(progress.phase)
    if progress.message:
        parts.append(progress.message)
    return _seen("  ".join(part for part in parts if part))


def _seen(text: str) -> str:
    """A text that does not steer the terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


def _counted(progress: Progress) -> str:
    if not progress.done and progress.total is None:
        return ""
    unit = progress.unit or ""
    if unit == "B":
        done = words.size(progress.done)
        told = done if progress.total is None else f"{done} of {words.size(progress.total)}"
    else:
        done = words.exact(progress.done)
        told = f"{done if progress.total is None else f'{done}/{words.exact(progress.total)}'} {unit}".strip()
    return told + words.among(progress.failed, progress.skipped)


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:
        return False
