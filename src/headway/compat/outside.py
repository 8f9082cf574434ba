"""Jobs that a program of its own begins, tells of and ends by their ids alone, from whatever thread or process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from headway.errors import Conflict, IllegalMove
from headway.model.job import Job
from headway.runtime.outbox import Outbox
from headway.store import claiming, workspaces
from headway.tracker.headway import Headway
from headway.tracker.outside import Heard, LeaseLost, OutsideWork
from headway.tracker.telling import Fault, Told

RESUMES = {"paused": "resume", "interrupted": "resume", "failed": "retry"}
"""How a job that has been running before is begun again."""
STOPS: dict[str, Literal["pause", "cancel"]] = {"paused": "pause", "cancelled": "cancel"}


class OutsideJobs:
    """Submits jobs that no worker takes, and reports for them.

    The process that begins a job keeps its lease while it lives; any process may tell of it meanwhile. When that
    process ends without ending the job, the job is interrupted.
    """

    def __init__(self, hw: Headway) -> None:
        self.hw = hw
        self._work = OutsideWork(hw)
        self._pulses: dict[str, Outbox] = {}

    def submit(self, type: str, input: Mapping[str, Any] | None = None, **options: Any) -> Job:
        """A pending job, committed when this returns. Raises what Headway.submit raises."""
        return self.hw._add_one(self.hw._new(type, input, self.hw._options(**options), outside=True))

    def begin(self, job: Job) -> Job:
        """Takes a job that is pending, paused, interrupted or failed; one that is executing stays as it is.

        Raises IllegalMove where its state does not permit it, Conflict where its session is full.
        """
        if job.state in ("running", "pausing"):
            return self.hw.resume(job.id) if job.state == "pausing" else job
        return self.take(job) or self._refused(job)

    def take(self, job: Job) -> Job | None:
        """The same for a job that is not executing; None where somebody else was first, or its session is full."""
        if job.state in RESUMES:
            getattr(self.hw, RESUMES[job.state])(job.id)
        elif job.state != "pending":
            raise IllegalMove(f"Job {job.number} ({job.name}) is {job.state} and can not begin.", job.state, job.moves)
        office = self.hw._office
        office.enlist()
        row = claiming.claim_own(self.hw._database, office.worker, job.id)
        if row is None:
            return None
        pulse = self._pulses[row.id] = _Pulse(row.id, row.attempt, None)
        office.recorder.open(pulse)
        return self.hw.get(f"id:{job.id}")

    def tell(self, job: Job, told: Told) -> Heard:
        """Stores a report of the job's attempt. Raises Conflict where none is under way, InvalidInput, Unstorable."""
        try:
            heard = self._work.report(job, job.attempt, told)
            if told.end is not None:
                self._let_go(job.id)
            return heard
        except LeaseLost:
            now = self.hw.get(f"id:{job.id}")
            raise Conflict(
                f"Job {now.number} ({now.name}) is {now.state}; attempt {job.attempt} of it can say nothing more.",
                now.id,
            ) from None

    def end(self, job: Job, state: str, result: Any = None, error: str | None = None) -> Job:
        """Ends the job, or halts it: state is completed, failed, cancelled or paused. What never began begins first.

        A job whose cancel was asked for ends cancelled, whatever is said here.
        """
        if state in STOPS:
            job = getattr(self.hw, STOPS[state])(job.id)
            if job.state in ("cancelling", "pausing"):
                self.tell(job, Told(end="halted", result=result))
        elif state == "failed":
            self.tell(self._begun(job), Told(end="failed", result=result, error=Fault(message=error or "it failed")))
        else:
            self.tell(self._begun(job), Told(end="completed", result=result))
        self._let_go(job.id)
        return self.hw.get(f"id:{job.id}")

    def saved(self, job: Job) -> dict[str, Any]:
        """What was kept of the job by the `checkpoint` of earlier reports."""
        state: dict[str, Any] = self.hw.checkpoint(f"id:{job.id}")["state"]
        return state

    def _begun(self, job: Job) -> Job:
        return self.begin(job) if job.state == "pending" else job

    def _let_go(self, job: str) -> None:
        """Its lease is not kept any more, nor those of jobs that have ended in another way."""
        for known, pulse in list(self._pulses.items()):
            if known == job or pulse.lost:
                pulse.lose()
                self.hw._office.recorder.settle(pulse)
                self._pulses.pop(known, None)

    def _refused(self, job: Job) -> Job:
        """Somebody else has taken it at this moment, or its session is full."""
        now = self.hw.get(f"id:{job.id}")
        if now.state != "pending":
            return now
        session = workspaces.require(self.hw._database, now.session)
        raise Conflict(f"Session {session.id!r} is full: as many of its jobs run as may. Wait for one to end.", now.id)


class _Pulse(Outbox):
    """Keeps the lease of an attempt whose reports go another way. It says nothing itself."""

    def _delivered(self, asked: str, now: float) -> None:
        """The next report tells it."""
