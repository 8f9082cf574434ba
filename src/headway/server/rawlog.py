"""The whole log of a job as plain text, sent as it is read."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response, StreamingResponse

from headway.model.job import Event, Job
from headway.server.operation import Answer
from headway.tracker.headway import Headway

PLAIN = "text/plain"
PAGE = 1000
"""Lines that are read and held at once."""
LINES = ("log", "warning")
"""Kinds of events that are lines of the log."""


class RawLog(Answer):
    """A log as an answer. It ends with the lines that are there when they are reached."""

    def __init__(self, hw: Headway, job: Job) -> None:
        super().__init__(
            headers={
                "Content-Disposition": f'attachment; filename="job-{job.number}.log"',
                "Content-Security-Policy": "sandbox",
            }
        )  # fmt: skip
        self._hw, self._job = hw, job

    def response(self, known: str | None) -> Response:
        """The lines. They have no tag: there may always be more."""
        return StreamingResponse(self._pages(), 200, self.headers, PLAIN)

    def _pages(self) -> Iterator[bytes]:
        after = 0
        while page := self._hw.events(self._job, PAGE, after):
            yield "".join(line(event) for event in page if event.kind in LINES).encode()
            after = page[-1].seq


def line(event: Event) -> str:
    """A log line as text: when, of which level, what it says."""
    at = event.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f"{at} {event.name} {event.data.get('text', '')}\n"
