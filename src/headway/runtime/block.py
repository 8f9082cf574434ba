"""A block or loop of this process as a job: an outside job, that its own process submits, claims and ends."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
from contextvars import Token
from types import TracebackType
from typing import Any, Literal

import msgspec

from headway.errors import AlreadyRunning, Halt, IllegalChange
from headway.model.moves import EXECUTING
from headway.model.progress import Progress
from headway.runtime import runner
from headway.runtime.attempt import AttemptAtHand
from headway.runtime.bar import Bar
from headway.runtime.context import Context
from headway.runtime.current import CURRENT, current_context
from headway.runtime.journal import capture
from headway.runtime.loop import outcome_of
from headway.runtime.office import Office
from headway.runtime.outbox import Outbox
from headway.runtime.steps import error_text
from headway.store import claiming, keeping, moving, sweeping
from headway.store.contract import Transaction
from headway.store.keeping import NewJob
from headway.store.moving import TENANT, Change
from headway.store.records import JobRow
from headway.tracker.ambient import CURRENT_SESSION
from headway.tracker.submission import explain

LOG = logging.getLogger("headway")

Taken = tuple[Literal["taken", "busy", "waits"], JobRow]

STOPPED_EXIT_CODE = 5
"""What a script ends with when its block was cancelled and nothing catches the Halt."""


class Block:
    """`with hw.tracked(...) as ctx`: the block is the job. A pause waits inside it, a cancel raises Halt out of it.

    With an external id the newest job of that id goes on, if it is resumable; if it is alive, AlreadyRunning.
    """

    def __init__(self, office: Office, new: NewJob, external_id: tuple[str, str] | None, show: bool = True) -> None:
        self._office = office
        self._new = new
        self._external_id = external_id
        self._show = show
        self._bar: Bar | None = None
        self._last: Progress | None = None
        self._context: Context | None = None
        self._tokens: tuple[Token[AttemptAtHand | None], Token[str]] | None = None

    @property
    def job_id(self) -> str:
        """The job that it is, or is to become."""
        return self._new.id if self._context is None else self._context.job_id

    def begin(self) -> Context:
        """Takes the job and returns its context. Raises AlreadyRunning, Conflict."""
        _end_calmly_when_stopped()
        self._office.enlist()
        row = self._take()
        outbox = Outbox(row.id, row.attempt, threading.current_thread())
        self._office.recorder.open(outbox)
        context = self._context = Context(self._office, row, outbox, waits_in_place=True)
        self._office.blocks.add(self)
        if self._show:
            self._bar = Bar(self._new.name, self._office.clock)
            context.on_pause = self._bar.paused
        context.measure.watchers.append(self._watch)
        capture()
        self._enter(context)
        try:
            context.take_over()
        except BaseException as error:
            self.end("fail", error)
            raise
        return context

    def end(self, outcome: str, error: BaseException | None = None, result: Any = None) -> None:
        """Ends the job. outcome: finish, leave, fail or halt."""
        context = self._context
        if context is None:
            return
        self._context = None
        self._office.blocks.discard(self)
        self._exit()
        halt = None if error is None else runner.halt_in(error)
        if halt is not None:
            change = runner.stopped(Change(job=context.job_id, actor="runner", move="halt"), halt, recover=False)
        elif outcome == "finish":
            change = runner.finished(context, result)
        elif outcome == "leave":
            change = Change(job=context.job_id, actor="runner", move="leave")
        else:
            text = error_text(error, outbox=context.outbox) if error is not None else None
            partial = runner.partial_result(error) if error is not None else None
            change = Change(job=context.job_id, actor="runner", move="fail", error=text, result=partial)
        cancelled = context.why == "cancel"
        context.outbox.end(change)
        self._office.recorder.settle(context.outbox)
        if self._bar is not None:
            words = {"finish": "completed", "fail": "failed", "leave": "interrupted", "halt": "stopped"}
            self._bar.end("cancelled" if cancelled else words[change.move], self._last)

    def __enter__(self) -> Context:
        return self.begin()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end("finish" if error is None else outcome_of(error), error)

    def _enter(self, context: Context) -> None:
        """What is tracked inside the block belongs to its job."""
        self._tokens = CURRENT.set(context), CURRENT_SESSION.set(context.session)

    def _exit(self) -> None:
        tokens, self._tokens = self._tokens, None
        if tokens is not None:
            try:
                CURRENT.reset(tokens[0])
                CURRENT_SESSION.reset(tokens[1])
            except ValueError:  # the iterator of a loop was dropped in another thread, where nothing was set
                LOG.debug("the block of job %s ended in another context than it began in", self._new.id)

    def _watch(self, progress: Progress) -> None:
        self._last = progress
        if self._bar is not None:
            self._bar.draw(progress)

    def _take(self) -> JobRow:
        """The job to go on with, or a new one: found or submitted, and claimed, in one transaction.

        Where its session is full it is pending, and waits here for a place.
        """
        try:
            taken, row = self._office.database.write(self._take_in)
            if taken == "busy":  # it is alive, or its process has just gone and nobody has swept since
                sweeping.sweep(self._office.database)
                taken, row = self._office.database.write(self._take_in)
        except IllegalChange as refused:
            explain(self._office.database, self._new, refused)
            raise
        if taken == "busy":
            raise AlreadyRunning(
                f"{self._new.name!r} is {row.state} already as job {row.number}, in worker {row.worker}. "
                f"Wait for it, or stop it with: headway cancel {row.number}",
                row.id,
            )
        return row if taken == "taken" else self._take_later(row)

    def _take_later(self, row: JobRow) -> JobRow:
        """Waits for a place of the session. Ctrl-C meanwhile cancels the job: nobody else would ever take it."""
        try:
            return self._office.take_when_possible(row)
        except KeyboardInterrupt:
            change = Change(job=row.id, actor="user", move="cancel", why={"reason": "interrupted while it waited"})
            self._office.database.write(lambda transaction: moving.apply(transaction, [change], self._office.now()))
            raise

    def _take_in(self, transaction: Transaction) -> Taken:
        """Whether the job was taken, and its row: one that is executing is busy, one whose session is full waits."""
        now = self._office.now()
        known = keeping.newest_in(transaction, *self._external_id) if self._external_id else None
        if known is None or (known.ended_at is not None and known.state != "failed"):
            keeping.add(transaction, [self._as_wanted()], now)
            return self._claim(transaction, self._new.id, now)
        if known.state in EXECUTING:
            return "busy", known
        move = {"paused": "resume", "interrupted": "resume", "failed": "retry"}.get(known.state)
        if move is not None:
            why = {"reason": "the same external id was begun again"}
            moving.apply(transaction, [Change(job=known.id, actor="user", move=move, why=why)], now)
        return self._claim(transaction, known.id, now)

    def _as_wanted(self) -> NewJob:
        """A block inside a job of the same session works in that one's place: a second one it might never get."""
        around = current_context()
        inside = around is not None and around.session == self._new.session
        return msgspec.structs.replace(self._new, limited=not inside)

    def _claim(self, transaction: Transaction, job: str, now: float) -> Taken:
        row = claiming.claim_own_in(transaction, now, self._office.worker, job)
        if row is not None:
            return "taken", row
        found = JobRow(*transaction.run("job_by_id", tenant=TENANT, id=job)[0])
        if found.state != "pending":
            raise AlreadyRunning(f"Job {job} was taken by another process at this moment.", job)
        return "waits", found


class Joined(Block):
    """A block in a process that another one started for its job: it adds to that job, and does not end it."""

    def __init__(self, office: Office, new: NewJob, job: str, attempt: int) -> None:
        super().__init__(office, new, None, show=False)
        self._job, self._attempt = job, attempt

    def begin(self) -> Context:
        _end_calmly_when_stopped()
        # One for all blocks of this process: two writers would take each other's answers.
        self._context = self._office.joined = self._office.joined or self._join()
        capture()
        self._enter(self._context)
        return self._context

    def end(self, outcome: str, error: BaseException | None = None, result: Any = None) -> None:
        context, self._context = self._context, None
        if context is not None:
            self._exit()
            self._office.recorder.settle(context.outbox)

    def _join(self) -> Context:
        row = keeping.by_id(self._office.database, self._job)
        if row is None or row.attempt < self._attempt or row.state not in EXECUTING:
            raise Halt("lease_lost")
        outbox = Outbox(row.id, row.attempt, None, joined_to=row.worker)
        self._office.recorder.open(outbox)
        return Context(self._office, row, outbox)


def _end_calmly_when_stopped() -> None:
    """A script that does not catch that its block was stopped, or may not begin, ends with one line and no trace."""
    if sys.excepthook is _stopped_hook:
        return
    _HOOKS.append(sys.excepthook)
    sys.excepthook = _stopped_hook


def _stopped_hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, AlreadyRunning):  # the usual end of a script that is started while an earlier one works
        sys.stderr.write(f"headway: {error}\n")
        return
    if not isinstance(error, Halt):
        _HOOKS[-1](kind, error, trace)
        return
    sys.stderr.write(f"headway: stopped here ({error.why}); what was done is kept.\n")
    sys.stderr.flush()
    sys.stdout.flush()
    atexit._run_exitfuncs()  # what an orderly end would have run
    os._exit(STOPPED_EXIT_CODE)  # an excepthook can not set the exit code in any other way


_HOOKS: list[Any] = []
