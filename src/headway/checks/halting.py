"""Jobs that nobody is at work on as they should be, and what was left half undone."""

from __future__ import annotations

from headway.checks.subject import Findings, Subject, warning
from headway.model.moves import EXECUTING

SLOW_S = 120.0
"""A pause or cancel that is not answered for so long needs somebody."""
LOOKED_AT = 1000


def unanswered(subject: Subject) -> Findings:
    """Pauses and cancels that no code has heeded."""
    now = subject.hw.now()
    asked = subject.hw.jobs(state=[state for state in EXECUTING if state != "running"], limit=LOOKED_AT)
    slow = [str(job.number) for job in asked if now - job.state_since.timestamp() > SLOW_S]
    if slow:
        remedy = "See whether its code reaches ctx.check(); a cancel ends it after its grace."
        yield warning("unanswered", f"jobs {', '.join(slow)} were asked to halt long ago", remedy)


def rollbacks(subject: Subject) -> Findings:
    """Jobs that are rolled back in part because the rollback failed."""
    count = subject.hw.counts().get("rollback_failed", 0)
    if count:
        jobs = "1 job is" if count == 1 else f"{count} jobs are"
        command = subject.command("recover", "--cause 'rollback failed'")
        remedy = f"See Recovery, or {command}; delete what was put right by hand."
        yield warning("rollbacks", f"{jobs} rolled back only in part", remedy)


def interrupted(subject: Subject) -> Findings:
    """Jobs whose process is gone, and that wait for a person."""
    count = subject.hw.counts().get("interrupted", 0)
    if count:
        jobs = "1 job" if count == 1 else f"{count} jobs"
        yield warning("interrupted", f"{jobs} without a process", subject.command("recover"))
