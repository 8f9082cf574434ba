"""The run of a rollback job: what the original has recorded is undone from the last to the first, each as a step."""

from __future__ import annotations

from typing import Any

from headway.errors import HeadwayError
from headway.model.value import decode
from headway.runtime.asynchronous import call_asynchronous
from headway.runtime.context import Context
from headway.runtime.office import Office
from headway.runtime.registry import REGISTRY
from headway.store import undos
from headway.store.records import JobRow
from headway.store.undos import UndoRow

PAGE = 100
MOST_PLANNED = 500
"""Undos that are planned by name, each with a share of the percentage of its own; more are only counted."""


class UndoFailed(Exception):
    """An undo has raised. result: what is undone and what is left; retries, used: of the tries that its type gives it.

    told: for the history.
    """

    code = "undo_failed"

    def __init__(self, undo: UndoRow, cause: Exception, used: int, result: Any, told: dict[str, int]) -> None:
        super().__init__(f"undo {undo.position} ({undo.type}) failed: {type(cause).__name__}: {cause}")
        kind = REGISTRY.find(undo.type)
        self.retries = 0 if kind is None or isinstance(cause, HeadwayError) else kind.retries
        self.used = used
        self.result = result
        self.told = told


def roll_back(office: Office, context: Context, row: JobRow) -> Any:
    """Undoes what is left of the original, as far as the rollback was asked for; what is undone and what is left.

    Raises UndoFailed, and Halt where a stop was asked.
    """
    original, to_step = str(row.rollback_of), decode(row.input).get("to_step")
    read = office.database.read
    planned = _plan(context, undos.left(read, original, to_step, MOST_PLANNED + 1))
    done, rest = (0, 0) if planned else undos.counts(office.database, original)
    below, tried = undos.LAST, 0
    while page := undos.left(read, original, to_step, PAGE, below):
        for undo in page:
            try:
                _undo(context, original, undo, planned)
            except Exception as cause:
                if office.is_away(cause):
                    raise
                context.settle()
                used = _used(context, row, bool(tried))
                raise UndoFailed(undo, cause, used, *_outcome(office, original)) from cause
            below, tried = undo.position, tried + 1
            if not planned:
                context.progress(done=done + tried, total=done + rest, unit="undos")
    return undos.outcome(office.database, original)


def counted(office: Office, original: str) -> dict[str, int]:
    """How much of a job is undone and how much is left, for the history."""
    done, left = undos.counts(office.database, original)
    return {"undone": done, "left": left}


def _plan(context: Context, left: list[UndoRow]) -> bool:
    """Declares the undos as steps, so that the percentage means something from the start; not where there are many."""
    if not 0 < len(left) <= MOST_PLANNED:
        return not left
    context.plan(*(_name(undo) for undo in left))
    context.steps.refill()
    return True


def _undo(context: Context, original: str, undo: UndoRow, planned: bool) -> None:
    """Runs one undo. That it is undone is stored in the transaction of its step's end."""
    name = _name(undo)
    with context.steps.open(name, _undo, False) as step:
        step.undoes = original, undo.position
        kind = REGISTRY.get(undo.type)
        owner = undos.owner(original, undo.key)
        with context.within(f"{name} / ", undo.input, owner, planned) as part:
            arguments = kind.arguments(part.input)
            step.keep(
                call_asynchronous(kind, part, arguments) if kind.asynchronous else kind.function(part, **arguments)
            )
    context.settle()


def _used(context: Context, row: JobRow, anew: bool) -> int:
    """How often the undo at hand was tried again: retries count for each undo, the job's for all of them.

    anew: its first try is in this attempt, because others were undone before it.
    """
    before = row.retries_used if anew else int(context.state.get("retries_before", 0))
    if anew:
        context.keep_state({"retries_before": before})
        context.settle()
    return row.retries_used - before if before <= row.retries_used else row.retries_used


def _outcome(office: Office, original: str) -> tuple[Any, dict[str, int]]:
    return undos.outcome(office.database, original), counted(office, original)


def _name(undo: UndoRow) -> str:
    return f"{undo.type[:200]} #{undo.position}"
