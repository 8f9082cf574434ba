"""The verbs about how long jobs stay: delete, pin, unpin, and what goes by itself."""

from __future__ import annotations

from headway.errors import IllegalMove, InvalidInput
from headway.model.job import Job
from headway.model.moves import ENDED
from headway.model.retention import Retention, WouldGo
from headway.store import keeping, retention
from headway.store.contract import Transaction
from headway.store.retention import Member
from headway.tracker import asking, submission, workspace
from headway.tracker.connection import AnyId, TypeOrFunction
from headway.tracker.lookup import find
from headway.tracker.reading import Reading


class RetentionVerbs(Reading):
    """Delete, pin, unpin, and what goes by itself."""

    def delete(self, any_id: AnyId) -> Job:
        """Removes an ended job for good, with its children, its rollback and all that belongs to them.

        Returns its last snapshot. Raises IllegalMove while anything of that is open or pinned, for a child of an
        open parent, and for a rollback, which goes with its original.
        """
        job = self.get(any_id)
        self._refuse_part(job)
        now = self._database.now()

        def work(transaction: Transaction) -> Member | None:
            return retention.delete(transaction, [job.id], now).get(job.id)

        kept = self._database.write(work)
        if kept is not None:
            raise IllegalMove(_what_keeps(job, kept), job.state, job.moves)
        return job

    def pin(self, any_id: AnyId, reason: str | None = None) -> Job:
        """Keeps a job, and the tree that it is in, whatever its type and session say, until it is unpinned."""
        return self._pin(any_id, True, reason)

    def unpin(self, any_id: AnyId, reason: str | None = None) -> Job:
        """Takes the pin away: an ended job goes when it would have gone, at once where that time has passed."""
        return self._pin(any_id, False, reason)

    def retention(self) -> Retention:
        """How long types and sessions keep their ended jobs, how many of these go now and within a day, and how many
        jobs are pinned.
        """
        return retention.told(self._database, self._database.now())

    def would_go(
        self, keep_s: float, *, type: TypeOrFunction | None = None, session: str | None = None
    ) -> WouldGo:  # fmt: skip
        """How many jobs would go at once if a type, or a session, kept its ended jobs for so many seconds.

        Give one of the two; jobs of a type count only in sessions that have no rule of their own. The oldest 100,000
        jobs are looked at. Nothing is changed. Raises InvalidInput.
        """
        keep, kind, within = self._rule(keep_s, type, session)
        return retention.would_go(self._database, self._database.now() - keep, kind, within)

    def _rule(
        self, keep_s: float, type: TypeOrFunction | None, session: str | None
    ) -> tuple[float, str | None, str | None]:
        """A rule as it was asked for, checked. Raises InvalidInput."""
        keep = workspace.span(keep_s, "keep_s")
        if keep is None or (type is None) == (session is None):
            raise InvalidInput("A rule is about the jobs of a type or of a session: give keep_s and one of these two.")
        return keep, None if type is None else asking.text(self._type_name(type), "type"), asking.session(session)

    def _pin(self, any_id: AnyId, pinned: bool, reason: str | None) -> Job:
        _, row = find(self._database, any_id)
        told, now = submission.why(reason, self._via), self._database.now()
        self._database.write(lambda transaction: retention.pin(transaction, row.id, pinned, now, told))
        return self._by_id(row.id)

    def _refuse_part(self, job: Job) -> None:
        """What goes with another job does not go without it. Raises IllegalMove."""
        whole = job.rollback_of or job.parent_id
        other = keeping.by_id(self._database, whole) if whole else None
        if other is None or (job.rollback_of is None and other.ended_at is not None):
            return
        is_what = "the rollback" if job.rollback_of else "a child"
        raise IllegalMove(
            f"Job {job.number} ({job.name}) can not be deleted: it is {is_what} of job {other.number} ({other.name}), "
            f"which is {other.state}. It goes when that is deleted.",
            job.state, job.moves,
        )  # fmt: skip


def _what_keeps(job: Job, kept: Member) -> str:
    of = "it" if kept.id == job.id else f"job {kept.number} ({kept.name}) below it"
    said = "pinned; unpin it first" if kept.pinned and not kept.is_open else kept.state
    return (
        f"Job {job.number} ({job.name}) can not be deleted: {of} is {said}. "
        f"Only what is over can go: {', '.join(ENDED)}."
    )
