"""The verbs that wait for jobs and watch them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from headway.errors import JobCancelled, JobFailed
from headway.model.job import Event, Job
from headway.store import keeping
from headway.tracker import asking
from headway.tracker.connection import LOG, AnyId
from headway.tracker.reading import Reading

POLL_S = 2.0
"""How often wait and watch look although nobody rang."""
PAGE = 1000
"""Events that watch reads at once."""


class Waiting(Reading):
    """Wait, result, watch."""

    _poll_s = POLL_S

    def wait(self, any_id: AnyId, until: str = "ended", timeout_s: float | None = None) -> Job:
        """Returns the job when it has ended, or reached the state `until`; also when it can not reach it any more.

        Raises TimeoutError.
        """
        timeout_s, until = asking.seconds(timeout_s), asking.until(until)
        job = self.get(any_id)
        limit = None if timeout_s is None else self._clock.boot() + timeout_s
        seen: Any = None
        told = False
        while not (job.ended or job.state == until):
            left = self._poll_s if limit is None else min(self._poll_s, limit - self._clock.boot())
            if left <= 0:
                if timeout_s and not told:  # on a machine that stood still it had no look between
                    _says_for_what_it_waits(job)
                raise TimeoutError(
                    f"Job {job.number} ({job.name}) is {job.state} after {timeout_s} s, not yet {until}."
                )
            heard, job = self._look_again(job, seen, left)
            told = told or (heard == seen and _says_for_what_it_waits(job))
            seen = heard
        return job

    def _look_again(self, job: Job, seen: Any, wait_s: float) -> tuple[Any, Job]:
        """The job when something has changed since the moment `seen`, None at first, or the time has passed.

        Returns the new moment beside it: the same where nothing was heard of.
        """
        self._sweep_when_due()
        heard = self._database.wait(0 if seen is None else seen, wait_s)
        return heard, self.get(job)

    def result(self, any_id: AnyId, timeout_s: float | None = None) -> Any:
        """Waits for the end and returns the result. Raises JobFailed, JobCancelled, TimeoutError."""
        return result_of(self.wait(any_id, timeout_s=timeout_s))

    def watch(self, any_id: AnyId, after: int = 0) -> Iterator[Event]:
        """The history of a job as it happens, log lines included, to its end; also where it is deleted meanwhile."""
        job, after = self.get(any_id).id, asking.number(after, "after")
        seen = 0
        while True:
            self._sweep_when_due()
            heard = self._database.wait(seen, 0)
            row = keeping.by_id(self._database, job)
            found = keeping.events(self._database, job, after, PAGE) if row and row.seq > after else []
            for event in found:
                yield event
                after = event.seq
            if row is None or (row.ended_at is not None and row.seq <= after):
                return  # it was deleted, or all is told
            seen = self._database.wait(heard, 0 if len(found) == PAGE else POLL_S)

    def changed(self, seen: int, timeout_s: float) -> int:
        """Waits until somebody changes the database after the moment `seen`, 0 at first, or the time passes.

        Returns the new moment. A hint: whoever shows jobs looks again when it returns another one.
        """
        self._sweep_when_due()
        return self._database.wait(seen, timeout_s)

    def now(self) -> float:
        """Seconds since the epoch by the clock of the database: what the times of jobs are compared with."""
        return self._database.now()


def _says_for_what_it_waits(job: Job) -> bool:
    """Says in the log for what a pending job waits; whether it waits for anything."""
    waits_for = job.marks.get("waiting_for") if job.state == "pending" else None
    if waits_for is not None:
        LOG.warning("job %s waits for %s", job.number, waits_for)
    return waits_for is not None


def result_of(job: Job) -> Any:
    """The result of a job that has ended. Raises JobFailed, JobCancelled."""
    if job.state == "completed":
        return job.result
    said = f": {job.error.message}" if job.error else ""
    kind = JobCancelled if job.state == "cancelled" else JobFailed
    raise kind(f"Job {job.number} ({job.name}) {job.state}{said}", job)
