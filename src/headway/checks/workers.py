"""Who runs jobs."""

from __future__ import annotations

from headway.checks.subject import Findings, Subject, ok, warning
from headway.model import words
from headway.model.job import Worker

START = "Start one: headway worker --import MODULE."


def workers(subject: Subject) -> Findings:
    """Whether there are any, where something waits for one."""
    alive = _alive(subject)
    if alive:
        yield ok("workers", f"{len(alive)} seen within the last half minute")
    elif subject.hw.counts().get("pending"):
        yield warning("workers", "none was seen within the last half minute, and jobs wait", START)
    else:
        yield ok("workers", "none was seen within the last half minute; jobs of functions need one")


def each(subject: Subject) -> Findings:
    """Which they are, and what they can run."""
    for worker in _alive(subject):
        age = words.ago(subject.hw.now() - worker.seen_at.timestamp())
        types = ", ".join(worker.types)
        yield ok("worker", f"{worker.host} {worker.pid}: {worker.slots} slots, {types}; seen {age}")


def _alive(subject: Subject) -> list[Worker]:
    return [worker for worker in subject.hw.workers() if worker.stopped_at is None and worker.slots]
