"""The verbs that control jobs: each a request with an answer, kept in the history."""

from __future__ import annotations

from typing import Any

from headway.errors import Conflict, IllegalChange, IllegalMove, InvalidInput, NotFound
from headway.model.job import Job
from headway.model.moves import HARMLESS
from headway.store import keeping, moving, records
from headway.store.contract import Transaction
from headway.store.moving import TENANT, Change
from headway.tracker import submission
from headway.tracker.connection import AnyId
from headway.tracker.lookup import find
from headway.tracker.reading import Reading


class Control(Reading):
    """Pause, resume, cancel, retry."""

    def pause(self, any_id: AnyId, reason: str | None = None, scope: str = "tree") -> Job:
        """Asks a job, and its children unless scope="job", to halt at the next checkpoint, keeping its progress."""
        return self._ask(any_id, "pause", reason, scope)

    def resume(self, any_id: AnyId, reason: str | None = None, scope: str = "tree") -> Job:
        """Sends a paused or interrupted job on from its checkpoint."""
        return self._ask(any_id, "resume", reason, scope)

    def cancel(self, any_id: AnyId, reason: str | None = None, scope: str = "tree") -> Job:
        """Stops a job for good; once this returned, it never ends completed."""
        return self._ask(any_id, "cancel", reason, scope)

    def retry(self, any_id: AnyId, reason: str | None = None) -> Job:
        """Sends a failed job back to the queue; finished steps, cursors and done items stay."""
        return self._ask(any_id, "retry", reason, "job")

    def _ask(self, any_id: AnyId, move: str, reason: str | None, scope: str) -> Job:
        if scope not in ("tree", "job"):
            raise InvalidInput(f"scope={scope!r}: expected 'tree' or 'job'.")
        _, row = find(self._database, any_id, changing=True)
        told = submission.why(reason, self._via)
        try:
            moved = self._database.write(lambda transaction: self._move_tree(transaction, row.id, move, told, scope))
        except IllegalChange as refused:
            other = keeping.open_in_context(self._database, row.context_id) if row.context_id else None
            if other is None:
                raise
            raise Conflict(
                f"Job {row.number} ({row.name}) can not {move}: its context {row.context_id!r} has an open job, "
                f"{other}. Wait for it or cancel it.",
                other,
            ) from refused
        if not moved:
            self._settle_refusal(row.id, move, told)
        if self._its_office is not None:
            self._its_office.recorder.look()
        return self.get(row.id)

    def _move_tree(self, transaction: Transaction, root: str, move: str, told: dict[str, Any], scope: str) -> bool:
        """Moves a job and then its children, level by level from the root; whether the root moved."""
        now = self._database.now()
        moved = root in moving.apply(transaction, [Change(job=root, actor="user", move=move, why=told)], now)
        if not moved:
            rows = transaction.run("job_by_id", tenant=TENANT, id=root)
            if not rows or (move, records.job_rows(rows)[0].state) not in HARMLESS:
                return False  # what is refused changes nothing, below it neither
        level = [root] if scope == "tree" else []
        while level:
            rows = transaction.run("children_of", tenant=TENANT, parents=level)
            level = [child.id for child in records.job_rows(rows)]
            if level:
                moving.apply(
                    transaction,
                    [Change(job=job, actor="user", move=move, why=told | {"root": root}) for job in level],
                    now,
                )
        return moved

    def _settle_refusal(self, job: str, move: str, told: dict[str, Any]) -> None:
        """A move that changed nothing: a harmless repeat, or a refusal that the history keeps."""
        row = keeping.by_id(self._database, job)
        if row is None:
            raise NotFound(f"Job {job} was deleted.")
        if (move, row.state) in HARMLESS:
            return
        moves = records.moves_of(row)

        def keep(transaction: Transaction) -> None:
            numbers = transaction.run("take_numbers", tenant=TENANT, id=job, n=1)
            data = {**told, "asked": move, "state": row.state, "possible": moves}
            transaction.each(
                "add_events",
                [
                    moving.event_row(job, seq, self._database.now(), "control", "refused", attempt, data)
                    for seq, attempt in numbers
                ],
            )

        self._database.write(keep)
        can = f"it can: {', '.join(moves)}" if moves else "nothing can be done with it but restart and delete"
        raise IllegalMove(f"Job {row.number} ({row.name}) is {row.state} and can not {move}; {can}.", row.state, moves)
