"""One attempt from its claim to its end: the function is called, and what became of it is the attempt's last move."""

from __future__ import annotations

import contextvars
import logging
import random
import threading
from typing import Any

import msgspec

from headway.errors import Halt, HeadwayError, Unstorable
from headway.model.value import BadValue, encode
from headway.runtime.asynchronous import call_asynchronous
from headway.runtime.context import Context
from headway.runtime.current import CURRENT
from headway.runtime.cutting import stop_follows
from headway.runtime.item import ITEM
from headway.runtime.journal import capture
from headway.runtime.office import Office
from headway.runtime.outbox import Outbox
from headway.runtime.registry import JobType
from headway.runtime.rollback import UndoFailed, counted, roll_back
from headway.runtime.slots import PutOff
from headway.runtime.steps import error_text
from headway.runtime.trace import reraise_of_main
from headway.store.moving import Change
from headway.store.records import JobRow
from headway.tracker.ambient import CURRENT_SESSION

LOG = logging.getLogger("headway")

LONGEST_PAUSE_S = 600.0
"""The pause before a retry doubles from one second up to this."""


def run(office: Office, kind: JobType, row: JobRow, outbox: Outbox) -> Change:
    """Runs an attempt in the calling thread. Its last move is left in the outbox for the recorder, and returned.

    Raises KeyboardInterrupt where Ctrl-C reaches the job: it is left as by a worker that shuts down.
    """
    try:
        end = contextvars.copy_context().run(_attempt, office, kind, row, outbox)
    except KeyboardInterrupt:
        outbox.end(left(kind, row))
        raise
    except BaseException as problem:  # whatever it was, the job ends
        end = fallen(row, problem)
    outbox.end(end)
    return end


def left(kind: JobType, row: JobRow) -> Change:
    """The last move of an attempt whose program somebody stops: as by a worker that shuts down."""
    return stopped(Change(job=row.id, actor="runner", move="halt"), Halt("shutdown"), _recovers(kind, row))


def fallen(row: JobRow, problem: BaseException) -> Change:
    """The last move of an attempt that fell for another reason than what its function raised."""
    return Change(job=row.id, actor="runner", move="fail", error=error_text(problem))


def _attempt(office: Office, kind: JobType, row: JobRow, outbox: Outbox) -> Change:
    end = Change(job=row.id, actor="runner", move="halt")
    context: Context | None = None
    try:
        context = Context(office, row, outbox)
        CURRENT.set(context)
        CURRENT_SESSION.set(row.session)
        ITEM.set(None)  # of the parent that runs it while it waits
        capture()
        if row.rollback_of is not None:
            return _rolled_back(office, context, row)
        context.take_over()
        arguments = kind.arguments(context.input)
        context.check()
        result = (
            call_asynchronous(kind, context, arguments) if kind.asynchronous else kind.function(context, **arguments)
        )
        return finished(context, result)
    except BaseException as error:
        halt = halt_in(error)
        if halt is not None and (outbox.was_asked or outbox.lost):
            return stopped(end, halt, _recovers(kind, row))
        if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
            raise  # no error of the job: somebody stops the program that runs it
        if stop_follows(error, outbox):
            return stopped(end, Halt(outbox.asked or "lease_lost"), _recovers(kind, row))
        if isinstance(halt, PutOff):
            return msgspec.structs.replace(end, why={"why": "its children"}, due_at=halt.until)
        if office.is_away(error):  # not the job's fault: it goes on when the database is back
            return msgspec.structs.replace(end, why={"why": error.code}, due_at=office.now() + pause_before_retry(1))
        return _failed(office, kind, row, error)
    finally:
        CURRENT.set(None)


def _rolled_back(office: Office, context: Context, row: JobRow) -> Change:
    """The last move of a rollback that has undone all that it was asked to. Raises as roll_back does."""
    end = finished(context, roll_back(office, context, row))
    return msgspec.structs.replace(end, why=counted(office, str(row.rollback_of)))


def finished(context: Context, result: Any) -> Change:
    """The last move of work that returned. Raises Unstorable for a result that can not be kept."""
    try:
        text = None if result is None else encode(result, "the result")
    except BadValue as problem:
        raise Unstorable(f"{problem}.") from None
    context.steps.finish()
    return Change(job=context.job_id, actor="runner", move="finish", result=text, progress=context.measure.complete())


def stopped(end: Change, halt: Halt, recover: bool) -> Change:
    """The last move of work that stopped because it was asked to."""
    move = "leave" if halt.why == "shutdown" and not recover else "halt"
    return Change(job=end.job, actor="runner", move=move, why={"why": halt.why})


def _recovers(kind: JobType, row: JobRow) -> bool:
    return kind.recover or row.rollback_of is not None


def _failed(office: Office, kind: JobType, row: JobRow, error: BaseException) -> Change:
    """The last move of work that raised: back off while its retries last, else fail."""
    text, (retries, used) = error_text(error), _retries(kind, row, error)
    if retries > used:
        due = office.now() + pause_before_retry(used)
        return Change(
            job=row.id, actor="runner", move="back_off", error=text, due_at=due,
            why={"retries_left": retries - used - 1},
        )  # fmt: skip
    told = error.told if isinstance(error, UndoFailed) else {}
    return Change(job=row.id, actor="runner", move="fail", error=text, result=partial_result(error), why=told)


def _retries(kind: JobType, row: JobRow, error: BaseException) -> tuple[int, int]:
    """How often it may be tried again after such an error, and how often it was."""
    if isinstance(error, UndoFailed):
        return error.retries, error.used
    if isinstance(error, HeadwayError) or not isinstance(error, Exception):
        return 0, row.retries_used
    return max(row.retries, kind.retries), row.retries_used


def partial_result(error: BaseException) -> str | None:
    """What was done before it failed: the `result` that an exception carries, where it can be stored."""
    try:
        carried = getattr(error, "result", None)
        return None if carried is None or callable(carried) else encode(carried, "the partial result")
    except BaseException as problem:  # the exception is the job's own: whatever it does, the job fails for its error
        reraise_of_main(problem)
        LOG.debug("the partial result of a job could not be kept", exc_info=True)
        return None


def pause_before_retry(used: int) -> float:
    """Seconds before the next try: doubling from one second, spread by half so that failures do not march in step."""
    longest: float = min(LONGEST_PAUSE_S, 2.0**used)
    return longest * random.uniform(0.5, 1.5)  # noqa: S311 - spreads retries, no secret


def halt_in(error: BaseException) -> Halt | None:
    """The Halt that an exception is; a group of nothing but Halts (from a TaskGroup) is one too."""
    found: Halt | None = None
    left = [error]
    while left:  # not by recursion: groups may be nested deeper than calls
        one = left.pop()
        if isinstance(one, BaseExceptionGroup):
            left += reversed(one.exceptions)
        elif isinstance(one, Halt):
            found = found or one
        else:
            return None
    return found
