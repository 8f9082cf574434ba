"""What waits to be run."""

from __future__ import annotations

from headway.checks.subject import Findings, Subject, ok, warning
from headway.checks.workers import start

LOOKED_AT = 50
"""Pending jobs that are looked at, the newest."""


def queue(subject: Subject) -> Findings:
    """Whether somebody can run what waits."""
    count = subject.hw.counts().get("pending", 0)
    newest = subject.hw.jobs(state="pending", limit=LOOKED_AT)
    stuck = {job.type for job in newest if job.marks.get("waiting_for", "").startswith("a worker that has")}
    if not stuck:
        yield ok("queue", f"{count} pending")
        return
    found = f"{count} pending; no worker has {', '.join(sorted(stuck))}"
    yield warning("queue", found, start(subject, "one that has these types"))
