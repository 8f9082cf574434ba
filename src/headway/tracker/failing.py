"""The verbs that tell why jobs failed: those that failed alike, and one with what can be done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from headway.model import recovery
from headway.model.failure import (
    Failure,
    FailureGroup,
    Failures,
    NextStep,
    SameError,
    cause_of,
    cause_told,
    pattern_of,
)
from headway.model.job import Error, Job
from headway.store import keeping, records, stopped, undos
from headway.store.records import JobRow
from headway.store.stopped import FailedRow
from headway.tracker import asking
from headway.tracker.connection import AnyId
from headway.tracker.lookup import find
from headway.tracker.reading import Reading

MOST = 500
"""Groups of the longest answer."""
COMPARED = 2000
"""Failed jobs that are compared with each other: the newest."""
NAMED = 10
"""Jobs that a group of failures names."""
LONGEST_MESSAGE = 1000


class Failing(Reading):
    """Failures, and one failure."""

    def failures(
        self, since: datetime | None = None, limit: int = 50, *, session: str | None = None, owner: str | None = None
    ) -> Failures:
        """Failed jobs by type and error, the newest first; what differs between their messages is left out.

        Of rollbacks the last one of each job that it left in part; such a group names the jobs to roll back again.
        since: only those that failed then or later; owner: only those that this user submitted. The newest 2,000 are
        compared. Raises InvalidInput.
        """
        begin, most = asking.moment(since, "since"), min(asking.limit(limit), MOST)
        rows = stopped.failed(self._database, COMPARED + 1, begin, asking.session(session), owner=asking.owner(owner))
        groups: dict[tuple[str, str, str, bool], list[FailedRow]] = {}
        for row in rows[:COMPARED]:
            groups.setdefault(_likeness(row), []).append(row)
        found = [_group(pattern, alike) for (_, _, pattern, _), alike in groups.items()]
        return Failures(failures=found[:most], looked_at=min(len(rows), COMPARED), more=len(rows) > COMPARED)

    def failure(self, any_id: AnyId) -> Failure | None:
        """Why a job failed or was interrupted, what is likely behind it, and what to do; None where it was neither."""
        rule, row = find(self._database, any_id)
        job = self._jobs([row], rule)[0]
        if job.state == "rollback_failed":
            return self._failed_rollback(job)
        if job.error is None or job.state not in ("failed", "interrupted"):
            return None
        cause = cause_of(job.error)
        steps = list(_next_steps(job)) if job.rollback_of is None else list(self._again(job.rollback_of))
        return Failure(
            job_id=job.id, attempt=job.attempt, failed_at=job.state_since, error=job.error, step=self._broken(job),
            cause=cause.name, likely=cause.likely, same=self._same(job, job.error), next=steps,
        )  # fmt: skip

    def _failed_rollback(self, job: Job) -> Failure:
        """Why the rollback of a job failed, as that of its newest rollback."""
        rollback, left = undos.unfinished(self._database, job.id)
        error = error_of_rollback(rollback)
        of = job if rollback is None else self._jobs([rollback])[0]
        cause = cause_of(error)
        return Failure(
            job_id=job.id, attempt=job.attempt, failed_at=job.state_since, error=error, cause=cause.name,
            likely=cause.likely, same=self._same(of, error), next=list(_next_steps(job, len(left))),
            rollback=None if rollback is None else of.number,
        )  # fmt: skip

    def _again(self, original: str) -> Iterator[NextStep]:
        """What is to be asked where a rollback failed: its original takes the next one."""
        row = keeping.by_id(self._database, original)
        if row is not None and "rollback" in records.moves_of(row) and row.state == "rollback_failed":
            left = len(undos.unfinished(self._database, original)[1])
            yield NextStep(verb="rollback", why=recovery.left_undone(left, row.undos), job=row.number)

    def _broken(self, job: Job) -> str | None:
        """The step in which an attempt ended."""
        tried = [step for step in keeping.steps(self._database, job.id) if step.attempt == job.attempt]
        broken = [step for step in tried if step.state in ("failed", "running") and not step.optional]
        return broken[-1].name if broken else None

    def _same(self, job: Job, error: Error) -> SameError:
        """How often jobs of the type failed so, among the newest failures of it."""
        own = FailedRow(job.id, job.type, job.state_since.timestamp(), error.code, error.message, job.rollback_of)
        others = stopped.failed(self._database, COMPARED, None, kind=job.type)
        alike = [row.at for row in others if row.id != job.id and _likeness(row) == _likeness(own)]
        times = [own.at, *alike]
        return SameError(
            count=len(times), first_at=records.known_moment(min(times)), last_at=records.known_moment(max(times))
        )


def error_of_rollback(rollback: JobRow | None) -> Error:
    """Why a rollback has not come to its end."""
    told = None if rollback is None else records.error_of(rollback.error)
    return told or Error(code="rollback_failed", message="its rollback was stopped before all was undone")


def _likeness(row: FailedRow) -> tuple[str, str, str, bool]:
    return row.type, row.code or "error", pattern_of(row.message or ""), row.rollback_of is not None


def _group(pattern: str, alike: Sequence[FailedRow]) -> FailureGroup:
    newest, times = alike[0], [row.at for row in alike]
    code, message = newest.code or "error", newest.message or ""
    cause = cause_told(code, message)
    return FailureGroup(
        code=code, message=message[:LONGEST_MESSAGE], pattern=pattern, type=newest.type, cause=cause.name,
        likely=cause.likely, count=len(alike),
        first_at=records.known_moment(min(times)), last_at=records.known_moment(max(times)),
        jobs=[row.rollback_of or row.id for row in alike[:NAMED]],
        verb="retry" if newest.rollback_of is None else "rollback",
    )  # fmt: skip


def _next_steps(job: Job, left: int | None = None) -> Iterator[NextStep]:
    """What the job takes now, the best first. left: undos of a rollback that failed."""
    cause, steps = cause_of(job.error), {step.verb: step for step in _possible_steps(job, left)}
    order = ["rollback", "restart"] if left is not None else ["resume", "retry", "restart", "rollback"]
    if cause.of_input and job.state == "failed":
        order = ["restart", "rollback", "retry"]
    yield from (steps[verb] for verb in order if verb in steps)


def _possible_steps(job: Job, left: int | None) -> Iterator[NextStep]:
    cause = cause_of(job.error)
    if "resume" in job.moves:
        yield NextStep(verb="resume", why="It goes on from its checkpoint.")
    if "retry" in job.moves:
        yield NextStep(
            verb="retry", why=f"What is finished stays; the rest is tried again. {cause.again or ''}".strip()
        )
    if not job.outside:
        other = cause.of_input and job.state == "failed"
        what = "A new job like it, with the input put right" if other else "A new job like it, from the start"
        yield NextStep(verb="restart", why=f"{what}; this one stays as it is.", other_input=other)
    if "rollback" in job.moves:
        all_of_it = "1 undo" if job.undos == 1 else f"{job.undos} undos, the last one first"
        told = f"Undoes what it recorded: {all_of_it}." if left is None else recovery.left_undone(left, job.undos)
        yield NextStep(verb="rollback", why=told)
