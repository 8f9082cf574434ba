"""The live streams of a server."""

from __future__ import annotations

from headway.checks.subject import Findings, Subject, ok, warning


def streams(subject: Subject) -> Findings:
    """Whether they move."""
    if subject.feed is None:
        return
    count = subject.feed.hub.count()
    followed = "1 subscription" if count == 1 else f"{count} subscriptions"
    readers = f"{followed} to jobs and lists in this server, over SSE and WebSockets"
    if subject.feed.still is None:
        yield ok("streams", readers)
    else:
        remedy = "See that the database runs; then they go on."
        yield warning("streams", f"{readers}; they stand still: {subject.feed.still}", remedy)
