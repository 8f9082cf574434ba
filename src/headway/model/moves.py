"""The life of a job: one table, a reason on every row.

Everything that speaks of states derives from `MOVES`: the diagram in the docs, the moves a caller is offered, the
rows by which the database itself refuses an illegal change, and the tests.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

State = Literal[
    "pending",
    "running",
    "pausing",
    "paused",
    "interrupted",
    "cancelling",
    "rolling_back",
    "completed",
    "failed",
    "cancelled",
    "rolled_back",
    "rollback_failed",
]
Actor = Literal["user", "claimer", "runner", "sweep", "rollback"]

OPEN: tuple[str, ...] = ("pending", "running", "pausing", "paused", "interrupted", "cancelling", "rolling_back")
ENDED: tuple[str, ...] = ("completed", "failed", "cancelled", "rolled_back", "rollback_failed")
STATES: tuple[str, ...] = OPEN + ENDED
EXECUTING: tuple[str, ...] = ("running", "pausing", "cancelling")
"""States in which an attempt may hold a lease and write."""
RESUMABLE: tuple[str, ...] = ("paused", "interrupted", "failed")


class Move(NamedTuple):
    """One permitted change of state. `source` is None where a job begins."""

    source: str | None
    move: str
    by: Actor
    target: str
    reason: str


MOVES: tuple[Move, ...] = (
    Move(None, "submit", "user", "pending", "the row is committed before the caller gets the id"),
    Move(None, "import", "user", "completed", "history brought in from elsewhere"),
    Move(None, "import", "user", "failed", "history brought in from elsewhere"),
    Move(None, "import", "user", "cancelled", "history brought in from elsewhere"),
    Move(None, "import", "user", "rolled_back", "history brought in from elsewhere"),
    Move(None, "import", "user", "rollback_failed", "history brought in from elsewhere"),
    Move("pending", "claim", "claimer", "running", "a worker that has the type takes it under a lease; attempt + 1"),
    Move("pending", "pause", "user", "paused", "it had not started; nothing to wait for"),
    Move("pending", "cancel", "user", "cancelled", "it had not started; nothing to stop"),
    Move(
        "pending", "fail", "claimer", "failed", "its input does not fit its type, found by a worker that knows the type"
    ),
    Move("running", "finish", "runner", "completed", "the work is done, perhaps with warnings"),
    Move("running", "fail", "runner", "failed", "error and partial result are kept"),
    Move("running", "back_off", "runner", "pending", "an error that its retry policy covers; due later"),
    Move(
        "running",
        "halt",
        "runner",
        "pending",
        "it had already stopped: a pause that was taken back, or a shutdown; due now, not a loss",
    ),
    Move(
        "running",
        "leave",
        "runner",
        "interrupted",
        "its worker shuts down and the type waits for a person, or a bare loop was left early",
    ),
    Move("running", "lose", "sweep", "interrupted", "the lease ran out; the checkpoint stands"),
    Move("running", "pause", "user", "pausing", "asked for; the runner halts at its next checkpoint"),
    Move("running", "cancel", "user", "cancelling", "asked for; the runner halts at its next checkpoint"),
    Move(
        "running", "expire", "sweep", "failed", "the deadline has passed (code timeout); fenced from here, unconfirmed"
    ),
    Move("pausing", "cancel", "user", "cancelling", "asked for while it was still halting"),
    Move(
        "pausing", "expire", "sweep", "failed", "the deadline has passed (code timeout); fenced from here, unconfirmed"
    ),
    Move("pausing", "halt", "runner", "paused", "the runner has stopped and said so"),
    Move("pausing", "lose", "sweep", "paused", "nobody can write any more; unconfirmed for a while"),
    Move("pausing", "resume", "user", "running", "changed their mind before it halted; the runner is kept"),
    Move("pausing", "finish", "runner", "completed", "its last work ended before the pause took hold"),
    Move("pausing", "fail", "runner", "failed", "its work failed before the pause took hold"),
    Move("pausing", "back_off", "runner", "paused", "an error that may be retried, after the resume"),
    Move("cancelling", "halt", "runner", "cancelled", "the runner has stopped and said so"),
    Move(
        "cancelling",
        "finish",
        "runner",
        "cancelled",
        "an acknowledged cancel is never followed by success; the result is kept",
    ),
    Move("cancelling", "fail", "runner", "cancelled", "it was being cancelled; the error is kept"),
    Move("cancelling", "back_off", "runner", "cancelled", "it was being cancelled; nothing is retried"),
    Move("cancelling", "lose", "sweep", "cancelled", "the lease ran out; nobody can write any more; unconfirmed"),
    Move("cancelling", "expire", "sweep", "cancelled", "its grace is over; fenced from here, unconfirmed"),
    Move("paused", "resume", "user", "pending", "it goes on from its checkpoint"),
    Move("paused", "cancel", "user", "cancelled", "nothing runs; nothing to stop"),
    Move("interrupted", "resume", "user", "pending", "a person sends it on from its checkpoint"),
    Move(
        "interrupted",
        "resume",
        "sweep",
        "pending",
        "its type recovers or a rule says so, and losses were few",
    ),
    Move("interrupted", "pause", "user", "paused", "keeps it from being resumed by itself"),
    Move("interrupted", "cancel", "user", "cancelled", "nothing runs; nothing to stop"),
    Move("interrupted", "fail", "sweep", "failed", "lost too often without new durable progress (code crash_loop)"),
    Move("failed", "retry", "user", "pending", "finished steps, cursors and done items stay"),
    Move("completed", "rollback", "user", "rolling_back", "an undo exists; the one rollback job does it"),
    Move("failed", "rollback", "user", "rolling_back", "an undo exists; the one rollback job does it"),
    Move("cancelled", "rollback", "user", "rolling_back", "an undo exists; the one rollback job does it"),
    Move("rolling_back", "finish", "rollback", "rolled_back", "in the transaction of the rollback job's own move"),
    Move(
        "rolling_back",
        "fail",
        "rollback",
        "rollback_failed",
        "in the transaction of the rollback job's own move; what is left is listed",
    ),
    Move("rollback_failed", "rollback", "user", "rolling_back", "goes on where the undo stopped"),
)

HARMLESS: frozenset[tuple[str, str]] = frozenset(
    {
        ("pause", "pausing"),
        ("pause", "paused"),
        ("cancel", "cancelling"),
        ("cancel", "cancelled"),
        ("resume", "pending"),
        ("resume", "running"),
    }
)
"""(verb, state) pairs in which asking again changes nothing and is no error."""


def target(source: str | None, move: str, by: str) -> str | None:
    """Where `move` by `by` leads from `source`; None where no row permits it."""
    return _TARGETS.get((source, move, by))


DONE_TO = {
    "pause": "paused", "resume": "resumed", "cancel": "cancelled", "retry": "tried again", "rollback": "rolled back",
    "restart": "restarted", "delete": "deleted",
}  # fmt: skip
"""What a verb does to a job, for sentences."""


def possible(state: str, by: str = "user") -> list[str]:
    """The moves that `by` may make in `state`, in the order of the table."""
    return list(_possible(state, by))


@cache
def _possible(state: str, by: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.move for row in MOVES if row.source == state and row.by == by))


def diagram() -> str:
    """The table as a Mermaid state diagram, for the docs."""
    rows = [f"    {row.source or '[*]'} --> {row.target}: {row.move} ({row.by})" for row in MOVES]
    return "\n".join(["stateDiagram-v2", *rows]) + "\n"


_TARGETS: dict[tuple[str | None, str, str], str] = {(row.source, row.move, row.by): row.target for row in MOVES}
