"""One line that says how far a job is: redrawn on a terminal, now and then a new one elsewhere."""

from __future__ import annotations

import sys
from typing import TextIO

from examples.site_mover.places import printable
from headway import Job

_MB = 1_000_000
_WIDTH = 110


class Line:
    """Shows job after job on `stream`, standard error unless given."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream if stream is not None else sys.stderr
        self._told: tuple[str, int] | None = None

    def show(self, job: Job) -> None:
        """A job as it is now; the last time when it has ended."""
        if self._stream.isatty():
            end = "\n" if job.ended else ""
            self._stream.write(f"\r{_text(job)[:_WIDTH]}\x1b[K{end}")
        elif job.ended or self._is_news(job):
            self._stream.write(f"{_text(job)}\n")
        self._stream.flush()

    def _is_news(self, job: Job) -> bool:
        """Elsewhere than on a terminal: each state, and each tenth."""
        percent = job.progress.percent if job.progress else None
        before, self._told = self._told, (job.state, (percent or 0) // 10)
        return self._told != before


def _text(job: Job) -> str:
    said = job.progress
    parts = [job.name, job.state]
    if said is not None:
        parts += [] if said.percent is None else [f"{said.percent} %"]
        parts.append(_counted(said.done, said.total, said.unit == "B"))
        parts += [] if said.rate is None or said.unit != "B" else [f"{said.rate / _MB:.1f} MB/s"]
        parts += [] if said.message is None or job.ended else [printable(said.message)]
    return "  ".join(parts)


def _counted(done: int, total: int | None, in_bytes: bool) -> str:
    counts = [str(count) if not in_bytes else f"{count / _MB:.1f} MB" for count in (done, total) if count is not None]
    return " of ".join(counts)
