"""Reports: everything a runner writes goes through here, fenced and in one transaction per batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from headway.store import moving, undos
from headway.store.contract import Database, Transaction
from headway.store.moving import TENANT, Change


class Entry(msgspec.Struct, frozen=True):
    """An event or log line to be numbered. data: JSON text."""

    kind: str
    name: str
    at: float
    data: str


class Report(msgspec.Struct, kw_only=True):
    """What one attempt has to say. serial: rises with every report, so that a repeat is known;
    None from a process that has joined the job of another.

    steps, checkpoints, items, ledgers, undos: rows as the statements take them, without tenant, job and attempt; an
    undo with `of` is one of that job, which this one rolls back. end: the move that ends the attempt; nothing follows
    it. advanced: something durable went beyond earlier attempts.
    """

    job: str
    attempt: int
    serial: int | None
    progress: str | None = None
    entries: list[Entry] = []
    steps: list[dict[str, Any]] = []
    checkpoints: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    ledgers: list[dict[str, Any]] = []
    undos: list[dict[str, Any]] = []
    warnings: int = 0
    advanced: bool = False
    delivered_at: float | None = None
    end: Change | None = None

    @property
    def says_more_than_its_end(self) -> bool:
        """Whether there is anything to write beside the final move."""
        return bool(
            self.entries or self.steps or self.checkpoints or self.items or self.ledgers or self.undos or self.advanced
            or self.delivered_at or (self.progress and self.end is None)
        )  # fmt: skip


class Answer(msgspec.Struct, frozen=True):
    """What became of a report. accepted: it is stored, now or earlier; state: the job's, where it is known, at that
    version.
    """

    accepted: bool
    state: str | None
    version: int = 0


def report(database: Database, reports: Sequence[Report], ring: bool = True) -> dict[tuple[str, int], Answer]:
    """Stores reports and answers each, keyed by (job, attempt). A refused one belongs to a lost attempt.

    ring: wake whoever waits for changes.
    """
    return database.write(lambda transaction: store(transaction, reports, database.now()), ring)


def store(transaction: Transaction, reports: Sequence[Report], now: float) -> dict[tuple[str, int], Answer]:
    """See report; inside a transaction of the caller."""
    if len(reports) > 1:
        transaction.lock([said.job for said in reports])
    answers = _take(transaction, [said for said in reports if said.says_more_than_its_end or said.end is None])
    ends = [said for said in reports if said.end and (not said.says_more_than_its_end or _key(said) in answers)]
    answers |= _end(transaction, ends, now)
    missing = [said for said in reports if _key(said) not in answers or (said.end and not _ended(answers, said))]
    return answers | _settle(transaction, missing, now)


def _take(transaction: Transaction, reports: Sequence[Report]) -> dict[tuple[str, int], Answer]:
    rows = transaction.each("report", [_fence(said) for said in reports], returns=True)
    taken = {(job, attempt): (seq, Answer(True, state, version)) for job, attempt, seq, state, version in rows}
    accepted = [said for said in reports if _key(said) in taken]
    numbered = [(said, taken[_key(said)][0]) for said in accepted]
    _add_entries(transaction, numbered)
    for statement in ("steps", "checkpoints", "items", "ledgers"):
        transaction.each(
            f"save_{statement}",
            [
                row if "tenant" in row else {"tenant": TENANT, "job": said.job, "attempt": said.attempt, **row}
                for said in accepted
                for row in getattr(said, statement)
            ],
        )
    undos.save(transaction, [{"tenant": TENANT, "of": said.job, **row} for said in accepted for row in said.undos])
    return {key: answer for key, (_, answer) in taken.items()}


def _add_entries(transaction: Transaction, numbered: Sequence[tuple[Report, int]]) -> None:
    events: list[dict[str, Any]] = []
    logs: list[dict[str, Any]] = []
    for said, last in numbered:
        for seq, entry in enumerate(said.entries, last - len(said.entries) + 1):
            (logs if entry.kind == "log" else events).append({
                "tenant": TENANT, "job": said.job, "seq": seq, "at": entry.at, "kind": entry.kind,
                "name": entry.name, "attempt": said.attempt, "data": entry.data,
            })  # fmt: skip
    transaction.each("add_events", events)
    transaction.each("add_logs", logs)


def _end(transaction: Transaction, reports: Sequence[Report], now: float) -> dict[tuple[str, int], Answer]:
    if not reports:
        return {}
    changes = [said.end for said in reports if said.end is not None]
    moved = moving.apply(transaction, changes, now)
    # A shutdown leaves a running job; where a pause or cancel came first, it halts instead, as that was asked for.
    halts = [
        msgspec.structs.replace(change, move="halt", error=None)
        for change in changes
        if change.job not in moved and change.move == "leave"
    ]
    moved |= moving.apply(transaction, halts, now)
    ended = {(move.job, move.attempt): Answer(True, move.state) for move in moved.values()}
    return {key: ended[key] for said in reports if (key := _key(said)) in ended}


def may_write(transaction: Transaction, job: str, attempt: int) -> bool:
    """Whether an attempt may still write, asked on the row itself: the transaction holds it from here on."""
    return bool(transaction.each("report", [_fence(Report(job=job, attempt=attempt, serial=None))], returns=True))


def is_stored(database: Database, said: Report) -> bool:
    """Whether a report whose answer was lost is stored."""
    rows = database.read("written", tenant=TENANT, ids=[said.job])
    last = said.serial
    return last is not None and any(attempt == said.attempt and serial >= last for _, attempt, serial, *_ in rows)


def _settle(transaction: Transaction, reports: Sequence[Report], now: float) -> dict[tuple[str, int], Answer]:
    """Tells repeats from late writers. A repeat's serial is on the row; once another attempt has begun, the last
    move of this one is in its attempt's own row.
    """
    if not reports:
        return {}
    rows = transaction.run("written", tenant=TENANT, ids=[said.job for said in reports])
    stored = {(job, attempt): known for job, attempt, *known in rows}
    answers = {}
    for said in reports:
        serial, state, version = stored.get(_key(said), (-1, None, 0))
        last = said.end.serial if said.end else said.serial
        repeated = (last is not None and serial >= last) or _made_its_last_move(transaction, said)
        if not repeated:
            note_late_write(transaction, said.job, said.attempt, now)
        answers[_key(said)] = Answer(repeated, state, version)
    return answers


def _made_its_last_move(transaction: Transaction, said: Report) -> bool:
    if said.end is None:
        return False
    rows = transaction.run("attempt_outcome", tenant=TENANT, job=said.job, attempt=said.attempt)
    outcomes = (said.end.move, "halt") if said.end.move == "leave" else (said.end.move,)
    return bool(rows) and rows[0][0] in outcomes


def note_late_write(transaction: Transaction, job: str, attempt: int, now: float) -> None:
    """Keeps one `late_writer` event per attempt, however often it tries; none where the job is gone."""
    tries = transaction.run("note_late_write", tenant=TENANT, job=job, attempt=attempt)
    if tries and tries[0][0] == 1:
        numbers = transaction.run("take_numbers", tenant=TENANT, id=job, n=1)
        if numbers:
            row = moving.event_row(job, numbers[0][0], now, "note", "late_writer", attempt, {"attempt": attempt})
            transaction.each("add_events", [row])


def _fence(said: Report) -> dict[str, Any]:
    return {
        "tenant": TENANT, "id": said.job, "attempt": said.attempt, "serial": said.serial,
        "events": len(said.entries), "progress": said.progress, "warnings": said.warnings,
        "advanced": said.advanced, "delivered_at": said.delivered_at,
    }  # fmt: skip


def _key(said: Report) -> tuple[str, int]:
    return said.job, said.attempt


def _ended(answers: dict[tuple[str, int], Answer], said: Report) -> bool:
    state = answers[_key(said)].state
    return state not in ("running", "pausing", "cancelling")
