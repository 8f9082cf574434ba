"""Who runs jobs."""

from __future__ import annotations

from headway.checks.subject import Findings, Subject, ok, warning
from headway.model import words
from headway.model.job import Worker
from headway.tracker.bulk import is_own
from headway.tracker.wire import is_server


def workers(subject: Subject) -> Findings:
    """Whether there are any, where something waits for one."""
    alive = _alive(subject)
    if alive:
        yield ok("workers", f"{len(alive)} seen within the last half minute")
    elif subject.hw.counts().get("pending"):
        yield warning("workers", "none was seen within the last half minute, and jobs wait", start(subject))
    else:
        yield ok("workers", "none was seen within the last half minute; jobs of functions need one")


def each(subject: Subject) -> Findings:
    """Which they are, and what they can run."""
    for worker in _alive(subject):
        age = words.ago(subject.hw.now() - worker.seen_at.timestamp())
        types = ", ".join(worker.types)
        yield ok("worker", f"{worker.host} {worker.pid}: {worker.slots} slots, {types}; seen {age}")


def start(subject: Subject, which: str = "one") -> str:
    """What to do where a worker is missing: it needs the database itself."""
    if is_server(subject.hw.url):
        return f"Start {which} where the server's database is: headway worker --url DATABASE --import MODULE."
    return f"Start {which}: {subject.command('worker', '--import MODULE')}."


def _alive(subject: Subject) -> list[Worker]:
    """Those of somebody's job types: the slots that a server has for Headway's own are no room for work."""
    alive = [worker for worker in subject.hw.workers() if worker.stopped_at is None and worker.slots]
    return [worker for worker in alive if not all(map(is_own, worker.types))]
