"""What a monitor asks for: figures over all jobs, in few statements, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from headway.model.job import Job
from headway.store.moving import TENANT
from headway.tracker.headway import Headway

NEWEST = 1000
"""Ended jobs whose times are looked at."""


class Batches(NamedTuple):
    """What the recorder of this process has done. seconds: in all."""

    batches: int
    reports: int
    seconds: float


class Times(NamedTuple):
    """Of ended jobs of one type: how long they worked, and how long they waited to begin; seconds, each sorted."""

    worked: list[float]
    waited: list[float]


class Measuring:
    """Figures of one database, and of this process on it."""

    def __init__(self, hw: Headway) -> None:
        self._hw = hw

    def open_by_type(self) -> dict[tuple[str, str], int]:
        """How many jobs are open, by type and state."""
        rows = self._hw._database.read("open_by_type", tenant=TENANT)
        return {(kind, state): count for kind, state, count in rows}

    def late_writers(self) -> int:
        """How many attempts wrote after they had lost their job; nothing of that was stored."""
        return int(self._hw._database.read("late_writers", tenant=TENANT)[0][0])

    def times(self) -> dict[str, Times]:
        """How long the newest ended jobs took, by type."""
        by_type: dict[str, list[Job]] = defaultdict(list)
        for job in self._hw.jobs(active=False, limit=NEWEST):
            if job.started_at is not None:
                by_type[job.type].append(job)
        return {kind: _times(jobs) for kind, jobs in by_type.items()}

    def recorder(self) -> Batches | None:
        """The work of this process's recorder; None where nothing has run here."""
        office = self._hw._its_office
        if office is None:
            return None
        figures = office.recorder.figures
        return Batches(figures.batches, figures.reports, figures.seconds)


def _times(jobs: list[Job]) -> Times:
    return Times(sorted(job.active_s for job in jobs), sorted(_waited(job) for job in jobs))


def _waited(job: Job) -> float:
    """From when it could have begun to its first start."""
    begun = job.started_at or job.created_at
    could = job.due_at if job.due_at is not None and job.due_at <= begun else job.created_at
    return (begun - could).total_seconds()
