"""The clocks of all who take part."""

from __future__ import annotations

from headway.checks.subject import Findings, Subject, ok, warning

SKEW_S = 5.0
"""A clock that is this far off makes times that people compare misleading."""


def clocks(subject: Subject) -> Findings:
    """How far they are from the database's."""
    skew = round(subject.hw.now() - subject.clock.wall(), 1) or 0.0  # never -0.0
    told = f"{skew:.1f} s between this machine and the database"
    off = [worker for worker in subject.hw.workers() if abs(worker.clock_skew_s or 0.0) > SKEW_S]
    for worker in off:
        told += f"; {worker.host} (process {worker.pid}) is {worker.clock_skew_s:+.1f} s off"
    if abs(skew) <= SKEW_S and not off:
        yield ok("clocks", told)
        return
    remedy = "Let these machines keep their time by NTP. Leases are safe; times on screens are off."
    yield warning("clocks", told, remedy)
