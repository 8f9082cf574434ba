"""The verbs that control jobs: each a request with an answer, kept in the history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Literal, overload

from headway.errors import Conflict, Deleted, IllegalChange, IllegalMove
from headway.model.job import Job
from headway.model.moves import DONE_TO, HARMLESS, possible
from headway.store import families, keeping, ledgers, moving, records, undos, workspaces
from headway.store.contract import Transaction
from headway.store.moving import TENANT, Change
from headway.store.records import JobRow
from headway.tracker import asking, submission, workspace
from headway.tracker.connection import AnyId
from headway.tracker.lookup import find
from headway.tracker.reading import Reading

Reach = Literal["tree", "job"]

CHUNK = 1000
"""Jobs of a session or a tree that are moved in one transaction."""


class Control(Reading):
    """Pause, resume, cancel."""

    @overload
    def pause(self, any_id: AnyId, reason: str | None = None, scope: Reach = "tree") -> Job: ...

    @overload
    def pause(self, any_id: AnyId, reason: str | None = None, *, scope: Literal["session"]) -> list[Job]: ...

    def pause(self, any_id: AnyId, reason: str | None = None, scope: str = "tree") -> Job | list[Job]:
        """Asks a job, and its children unless scope="job", to halt at the next checkpoint, keeping its progress.

        scope="session": any_id is that of a session, and all its jobs that are open now are asked, with their
        children; those that can do it are returned. The same holds for resume and cancel.
        """
        return (
            self._ask_all(any_id, "pause", reason) if scope == "session" else self._ask(any_id, "pause", reason, scope)
        )

    @overload
    def resume(self, any_id: AnyId, reason: str | None = None, scope: Reach = "tree") -> Job: ...

    @overload
    def resume(self, any_id: AnyId, reason: str | None = None, *, scope: Literal["session"]) -> list[Job]: ...

    def resume(self, any_id: AnyId, reason: str | None = None, scope: str = "tree") -> Job | list[Job]:
        """Sends a paused or interrupted job on from its checkpoint."""
        return (
            self._ask_all(any_id, "resume", reason)
            if scope == "session"
            else self._ask(any_id, "resume", reason, scope)
        )

    @overload
    def cancel(self, any_id: AnyId, reason: str | None = None, scope: Reach = "tree") -> Job: ...

    @overload
    def cancel(self, any_id: AnyId, reason: str | None = None, *, scope: Literal["session"]) -> list[Job]: ...

    def cancel(self, any_id: AnyId, reason: str | None = None, scope: str = "tree") -> Job | list[Job]:
        """Stops a job for good; once this returned, it never ends completed."""
        return (
            self._ask_all(any_id, "cancel", reason)
            if scope == "session"
            else self._ask(any_id, "cancel", reason, scope)
        )

    def _ask(self, any_id: AnyId, move: str, reason: str | None, scope: str) -> Job:
        scope = asking.reach(scope)
        _, row = find(self._database, any_id, changing=True)
        told = submission.why(reason, self._via)
        if move == "retry" and row.rollback_of is not None:
            self._settle_refusal(row.id, move, told)
        moved, left = submission.explained(
            lambda: self._database.write(lambda transaction: self._move_tree(transaction, row.id, move, told, scope)),
            lambda refused: self._explain_busy(row, move, refused),
        )
        self._move_rest(left, move, told | {"root": row.id})
        if not moved:
            self._settle_refusal(row.id, move, told)
        if self._its_office is not None:
            self._its_office.recorder.look()
        return self._by_id(row.id)

    def _ask_all(self, any_id: AnyId, move: str, reason: str | None) -> list[Job]:
        """One move for every open job of a session, and for what is below them."""
        identity = workspace.session_id(any_id)
        workspaces.require(self._database, identity)
        told = submission.why(reason, self._via) | {"session": identity}
        asked: set[str] = set()
        reached: list[JobRow] = []
        # Once more for children that were spawned before their parents were asked; a new root is not waited for.
        while left := [job for job in workspaces.open_jobs(self._database, identity, bool(asked)) if job not in asked]:
            for first in range(0, len(left), CHUNK):
                work = partial(self._move_all, left[first : first + CHUNK], move, told)
                some, below = self._database.write(work)
                self._move_rest(below, move, told)
                reached += some
            asked |= set(left)
        if self._its_office is not None:
            self._its_office.recorder.look()
        return self._jobs(sorted(reached, key=lambda row: row.id))

    def _move_all(
        self, jobs: Sequence[str], move: str, told: dict[str, Any], transaction: Transaction
    ) -> tuple[list[JobRow], list[str]]:
        """Moves jobs and then their children.

        Returns those that are where the move leads, or on their way there, and what is below them and left to be moved.
        """
        now = self._database.now()
        moved = moving.apply(transaction, [Change(job=job, actor="user", move=move, why=told) for job in jobs], now)
        rows = records.job_rows(transaction.run("jobs_by_ids", tenant=TENANT, ids=list(jobs)))
        reached = [row for row in rows if row.id in moved or (move, row.state) in HARMLESS]
        below = _below(transaction, [row.id for row in reached])
        return reached, self._move_some(transaction, below, move, told, now)

    def _move_tree(
        self, transaction: Transaction, root: str, move: str, told: dict[str, Any], scope: str
    ) -> tuple[bool, list[str]]:
        """Moves a job and then its children, level by level from the root.

        Returns whether the root moved, and what is left to be moved: a retry, which may be refused, is done as a whole.
        """
        now = self._database.now()
        moved = root in moving.apply(transaction, [Change(job=root, actor="user", move=move, why=told)], now)
        if not moved:
            rows = transaction.run("job_by_id", tenant=TENANT, id=root)
            if not rows or (move, records.job_rows(rows)[0].state) not in HARMLESS:
                return False, []  # what is refused changes nothing, below it neither
        left = _below(transaction, [root]) if scope == "tree" else []
        told = told | {"root": root}
        while (left := self._move_some(transaction, left, move, told, now)) and move == "retry":
            pass
        return moved, left

    def _move_rest(self, left: list[str], move: str, told: dict[str, Any]) -> None:
        """Moves what is below a large tree's first part, in transactions of a moment each: others write between them.

        A job that is not moved yet may spawn; what it has spawned is read in the transaction that moves it.
        """
        while left:
            work = partial(self._move_some, jobs=left, move=move, told=told, now=self._database.now())
            left = self._database.write(work)

    def _move_some(
        self, transaction: Transaction, jobs: list[str], move: str, told: dict[str, Any], now: float
    ) -> list[str]:
        """Moves jobs and what is below them, as many as one transaction should; what is left, parents first."""
        room = CHUNK
        while jobs and room > 0:
            some, jobs = jobs[:room], jobs[room:]
            room -= len(some)
            moving.apply(transaction, [Change(job=job, actor="user", move=move, why=told) for job in some], now)
            jobs = jobs + _below(transaction, some)
        return jobs

    def _explain_busy(self, row: records.JobRow, move: str, refused: IllegalChange) -> None:
        """Raises Conflict where another job of its context, or of one below it, is why the database refused a move."""
        for one in (one for level in families.levels(self._database, row) for one in level if one.context_id):
            other = keeping.open_in_context(self._database, str(one.context_id))
            if other is not None and other != one.id:
                raise Conflict(
                    f"Job {one.number} ({one.name}) can not be {DONE_TO.get(move, move)}: its context "
                    f"{one.context_id!r} has an open job, {other}. Wait for it or cancel it.",
                    other,
                ) from refused

    def _settle_refusal(self, job: str, move: str, told: dict[str, Any]) -> None:
        """A move that changed nothing: a harmless repeat, or a refusal that the history keeps."""
        row = keeping.by_id(self._database, job)
        if row is None:
            raise Deleted(f"Job {job} was deleted.")
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
        raise self._refused(row, move)

    def _refused(self, row: records.JobRow, move: str) -> IllegalMove:
        """The refusal of a move: what is possible, and what else may be meant."""
        moves = records.moves_of(row)
        other = "" if row.rollback_of is not None else f" but {self._beside_moves(row)}restart and delete"
        can = f"it can: {', '.join(moves)}" if moves else f"nothing can be done with it{other}"
        return IllegalMove(
            f"Job {row.number} ({row.name}) is {row.state.replace('_', ' ')} and can not be {DONE_TO.get(move, move)}; "
            f"{can}.{self._instead(row, move)}",
            row.state, moves,
        )  # fmt: skip

    def _beside_moves(self, row: records.JobRow) -> str:
        """What a completed job with failed items can, though it has no way back itself."""
        failed = row.state == "completed" and any(known.failed for known in ledgers.every(self._database, row.id))
        return 'retry of its failed items (--items failed, items="failed"), ' if failed else ""

    def _instead(self, row: records.JobRow, move: str) -> str:
        """Where a rollback is concerned: which other job is to be asked."""
        if row.rollback_of is not None and move in ("retry", "rollback"):
            of = keeping.by_id(self._database, row.rollback_of)
            if of is None:
                return ""
            what = "roll that back again" if "rollback" in records.moves_of(of) else f"that is {of.state}"
            return f" It is the rollback of job {of.number} ({of.name}): {what}."
        rollback = undos.newest_rollback(self._database.read, row.id) if row.state == "rolling_back" else None
        if rollback is not None:
            return f" Its rollback is job {rollback.number}: pause, resume or cancel that."
        if move == "rollback" and not row.undos and move in possible(row.state):
            return " It has recorded nothing that could be undone."
        if move == "rollback" and (in_part := undos.standing(self._database, [row]).get(row.id)):
            return (
                f" It is rolled back {in_part}, and no second rollback follows one that has ended well: take back by "
                "hand what its undos name, or run it again by restart and roll that back."
            )
        return ""


def _below(transaction: Transaction, jobs: Sequence[str]) -> list[str]:
    """The children of jobs, by id."""
    rows = transaction.run("children_of", tenant=TENANT, parents=list(jobs)) if jobs else ()
    return [child.id for child in records.job_rows(rows)]
