"""The verbs that undo: a rollback is a job of its own, and the one of its original at a time."""

from __future__ import annotations

from typing import Any, Literal, overload

import msgspec

from headway.errors import Conflict, Deleted, InvalidInput
from headway.model.job import Job, Page, Undo
from headway.model.value import decode
from headway.store import keeping, moving, records, succession, undos
from headway.store.contract import CommitUnknown, Transaction
from headway.store.keeping import NewJob
from headway.store.moving import TENANT, Change
from headway.store.records import JobRow
from headway.store.undos import Ask, UndoRow
from headway.tracker import asking, submission
from headway.tracker.connection import AnyId
from headway.tracker.control import Control
from headway.tracker.lookup import find


class Rollback(Control):
    """Rollback, and what a job has recorded to be undone."""

    @overload
    def rollback(
        self, any_id: AnyId, reason: str | None = None, to_step: str | None = None, dry_run: Literal[False] = False
    ) -> Job: ...

    @overload
    def rollback(
        self, any_id: AnyId, reason: str | None = None, to_step: str | None = None, *, dry_run: Literal[True]
    ) -> list[Undo]: ...

    def rollback(
        self, any_id: AnyId, reason: str | None = None, to_step: str | None = None, dry_run: bool = False
    ) -> Job | list[Undo]:
        """Undoes what an ended job has recorded, from the last undo to the first; returns the job that does it.

        That job pauses, goes on after a crash, and reports as every job does; its end is that of the rollback:
        rolled_back, or rollback_failed where an undo failed or it was cancelled. Asked again then, it goes on where it
        stopped. to_step: what was recorded in that step and before it stays, and stays for good: the job is rolled_back
        then, with the mark `in_part`. dry_run: nothing is done; returns the undos in the order in which they would
        run, also of an open job. It begins when the original's last runner can no longer be at work.
        Children are jobs of their own, with undos of their own.
        Raises IllegalMove (also where nothing was recorded), InvalidInput for a step that the job has not, Conflict
        while a job of retry(items="failed") is open that takes what this one has done for done.
        """
        _, row = find(self._database, any_id, changing=True)
        to_step = None if to_step is None else asking.text(to_step, "to_step")
        if dry_run:
            if "rollback" not in records.moves_of(row) and (row.ended_at is not None or row.rollback_of is not None):
                raise self._refused(row, "rollback")
            _refuse_beside_successor(self._database.read, row)
            return undos.shown(row.id, self._left(self._database.read, row, to_step, undos.LAST))
        told, identity = submission.why(reason, self._via), self._ids.new(self._database)

        def begin(transaction: Transaction) -> str | None:
            return self._begin(transaction, row, to_step, told, identity)

        try:
            done = submission.explained(
                lambda: self._database.write(begin), lambda refused: self._explain_busy(row, "rollback", refused)
            )
        except CommitUnknown:
            done = self._begun(row.id)
            if done is None:
                raise
        if done is None:
            self._settle_refusal(row.id, "rollback", told)
        return self._by_id(str(done))

    def undos(self, any_id: AnyId, limit: int = 50, after: int = 0) -> Page[Undo]:
        """What a job has recorded to be undone, in the order in which it did, after position `after`."""
        job = self.get(any_id)
        found = undos.page(self._database, job.id, asking.number(after, "after"), asking.limit(limit) + 1)
        more = str(found[limit - 1].position) if len(found) > limit else None
        return Page(found[:limit], more, lambda cursor: self.undos(job, limit, int(cursor)))

    def last_rollback(self, any_id: AnyId) -> Job | None:
        """The newest job that has rolled this one back, or tried to; None where none has."""
        found = undos.newest_rollback(self._database.read, self.get(any_id).id)
        return None if found is None else self._by_id(found.id)

    def _begin(
        self, transaction: Transaction, row: JobRow, to_step: str | None, told: dict[str, Any], identity: str
    ) -> str | None:
        """Moves the original and brings its rollback job under way; the id of that, None where it is refused."""
        transaction.lock([row.id, *_id_of(undos.newest_rollback(transaction.run, row.id))])
        found, now = transaction.run("job_by_id", tenant=TENANT, id=row.id), self._database.now()
        if not found:
            raise Deleted(f"Job {row.id} was deleted.")
        row, before = JobRow(*found[0]), undos.newest_rollback(transaction.run, row.id)
        if "rollback" not in records.moves_of(row):
            return None
        _refuse_beside_successor(transaction.run, row)
        left = self._left(transaction.run, row, to_step, 1)
        to_step = _down_to(row, before, to_step)
        kind = left[0].type if left else before.type if before else row.type
        if before is not None and before.state == "failed" and (before.type, _to_step(before)) == (kind, to_step):
            identity = before.id
        why = {**told, "rollback": identity} | ({"to_step": to_step} if to_step else {})
        if not moving.apply(transaction, [Change(job=row.id, actor="user", move="rollback", why=why)], now):
            return None
        due, why = _safe_from(now, row, before), {**told, "rollback_of": row.id}
        if before is not None and identity == before.id:
            moving.apply(transaction, [Change(job=identity, actor="user", move="retry", why=why, due_at=due)], now)
        else:
            keeping.add(transaction, [_new(identity, row, kind, to_step, due, why)], now)
        return identity

    def _left(self, ask: Ask, row: JobRow, to_step: str | None, limit: int) -> list[UndoRow]:
        """What a rollback would undo now. Raises InvalidInput where that can not be told, or is nothing."""
        to_step = _down_to(row, undos.newest_rollback(ask, row.id), to_step)
        if to_step is not None:
            begun = {name: started for name, _, _, _, _, _, started, *_ in ask("steps_of", tenant=TENANT, job=row.id)}
            if begun.get(to_step) is None:
                raise InvalidInput(
                    f"Job {row.number} ({row.name}) has not run a step {to_step!r:.80}; it has run "
                    f"{', '.join(name for name, started in begun.items() if started is not None) or 'none'}."
                )
        left = undos.left(ask, row.id, to_step, limit)
        if to_step is not None and not left and row.state != "rollback_failed":
            raise InvalidInput(
                f"Job {row.number} ({row.name}) has recorded nothing after its step {to_step!r} that could be undone."
            )
        return left

    def _begun(self, original: str) -> str | None:
        """After a lost answer: the rollback that is under way, None where none is."""
        found = undos.newest_rollback(self._database.read, original)
        return found.id if found is not None and found.ended_at is None else None


def _refuse_beside_successor(ask: Ask, row: JobRow) -> None:
    """Raises Conflict where an open job has, or is to get, the items of this one as done."""
    identity = succession.open_successor(ask, row.id)
    if identity is not None:
        raise Conflict(
            f"Job {row.number} ({row.name}) can not be rolled back: job {identity} is open, which works on its failed "
            "items and takes the others for done. Wait for it or cancel it.",
            identity,
        )


def _new(identity: str, row: JobRow, kind: str, to_step: str | None, due: float | None, why: dict[str, Any]) -> NewJob:
    """The rollback job of an original. It has the type of the undo that comes first, so that it finds a worker."""
    given = {"of": row.id, "to_step": to_step}
    return NewJob(
        id=identity, type=kind, name=f"Rollback of {row.name}"[: submission.LONGEST_NAME],
        input=msgspec.json.encode(given).decode(), category=row.category, session=row.session,
        labels=records.labels_of(row), owner=submission.who(), queue=row.queue, priority=row.priority,
        config_version=row.config_version, due_at=due, rollback_of=row.id, why=why,
    )  # fmt: skip


def _down_to(row: JobRow, before: JobRow | None, to_step: str | None) -> str | None:
    """A rollback that is asked to go on goes as far as it was asked to at first."""
    return _to_step(before) if to_step is None and before is not None and row.state == "rollback_failed" else to_step


def _to_step(rollback: JobRow) -> str | None:
    found: str | None = decode(rollback.input).get("to_step")
    return found


def _safe_from(now: float, *rows: JobRow | None) -> float | None:
    """When nobody can be at work any more on what is to be undone; None for now."""
    until = max((row.unconfirmed_until or 0.0 for row in rows if row is not None), default=0.0)
    return until if until > now else None


def _id_of(row: JobRow | None) -> list[str]:
    return [] if row is None else [row.id]
