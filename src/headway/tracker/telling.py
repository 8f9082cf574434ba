"""What a runner in another language tells of its attempt, checked and made into the rows of a report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from headway.errors import InvalidInput, Unstorable
from headway.model.eta import Estimate
from headway.model.ids import why_unnameable
from headway.model.job import Level, Step
from headway.model.progress import Progress, ProgressTree
from headway.model.value import BadValue, clean_text, decode, encode
from headway.model.work import Work
from headway.store import ledgers, records
from headway.store.contract import Rows, Transaction
from headway.store.ledgers import KeptItem, Totals
from headway.store.moving import TENANT, Change
from headway.store.records import JobRow
from headway.store.reporting import Entry, Report

LONGEST_LINE = 64 * 1024
LONGEST_MESSAGE = 10_000
MOST_SERIAL = 1 << 52
ASKED = {"pausing": "pause", "cancelling": "cancel"}
ENDS = {"completed": "finish", "failed": "fail", "halted": "halt", "interrupted": "leave"}

Estimating = Callable[[Work], Estimate]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is told: a name that is not known is refused."""


class LogLine(Strict, frozen=True, kw_only=True):
    """A line of the job's log, with named values beside its text."""

    text: str
    level: Level = "info"
    attrs: dict[str, Any] = {}


class Fault(Strict, frozen=True, kw_only=True):
    """Why something failed. code: a stable word."""

    message: str
    code: str = "error"
    trace: str | None = None


class ProgressSaid(Strict, frozen=True, kw_only=True):
    """How far the work is. done, total, failed, skipped: in all; add, add_failed, add_skipped: so many more; percent:
    instead of counts.

    phase: the named part that is worked on, whose counts these are; plan: all parts with their weights, told first.
    """

    done: int | None = None
    add: int | None = None
    total: int | None = None
    failed: int | None = None
    skipped: int | None = None
    add_failed: int = 0
    add_skipped: int = 0
    unit: str | None = None
    percent: float | None = None
    message: str | None = None
    data: dict[str, Any] | None = None
    phase: str | None = None
    plan: dict[str, float] | None = None


class StepSaid(Strict, frozen=True, kw_only=True):
    """A step that was planned, has begun or has ended. A result that is recorded is never replaced."""

    name: str
    state: Literal["planned", "running", "completed", "failed", "skipped"]
    weight: float | None = None
    optional: bool = False
    result: Any = None
    error: Fault | str | None = None


class ItemSaid(Strict, frozen=True, kw_only=True):
    """A member of a collection: found (pending), done, failed or skipped."""

    key: str
    ledger: str = "items"
    state: Literal["pending", "done", "failed", "skipped"] = "done"
    value: Any = None
    size: float | None = None
    hash: str | None = None
    status_code: int | None = None
    data: dict[str, Any] | None = None
    error: Fault | str | None = None


class Told(Strict, frozen=True, kw_only=True):
    """A report of an attempt; all of it is stored, or nothing. An empty one renews the lease.

    checkpoint: merged into what was saved. end: the attempt is over; halted after a pause or cancel, interrupted where
    it was left early. serial: a number of the runner's own that rises with every report: one that comes again, because
    its answer was lost, is answered as done and not stored twice. epoch: the claim's; of another one nothing is stored.
    """

    progress: ProgressSaid | None = None
    log: str | list[str | LogLine] | None = None
    steps: list[StepSaid] = []
    items: list[ItemSaid] = []
    checkpoint: dict[str, Any] | None = None
    end: Literal["completed", "failed", "halted", "interrupted"] | None = None
    result: Any = None
    error: Fault | str | None = None
    serial: int | None = None
    epoch: str | None = None

    def check(self) -> None:
        """Raises InvalidInput for what does not go together."""
        if self.serial is not None and not 0 < self.serial < MOST_SERIAL:
            raise InvalidInput(f"serial is {self.serial}; expected 1 or more, less than 2**52.")
        if self.error is not None and self.end != "failed":
            raise InvalidInput(f"error belongs to end='failed'; found end={self.end!r}.")
        if self.result is not None and self.end is None:
            raise InvalidInput("result comes with the end of the attempt; found no end.")

    @property
    def numbers(self) -> tuple[int | None, int | None]:
        """The serials of the report and of the move that ends it."""
        return (None, None) if self.serial is None else (2 * self.serial - 1, 2 * self.serial)


def report_of(told: Told, row: JobRow, transaction: Transaction, now: float, estimating: Estimating) -> Report:
    """What an attempt tells, as the store takes it. row: its job's, held by the transaction.

    Raises InvalidInput, Unstorable.
    """
    asked = ASKED.get(row.state)
    first = asked is not None and row.delivered_at is None
    delivered = [_entry("control", "delivered", now, {"asked": asked})] if first else []
    kept_steps = _kept_steps(transaction, row.id) if told.steps else {}
    serial, last = told.numbers
    progress = _progress(told, row, now, estimating)
    return Report(
        job=row.id, attempt=row.attempt, serial=serial, progress=progress,
        entries=[*delivered, *_log(told.log, now), *_step_events(told.steps, now)],
        steps=[_step_row(step, kept_steps, now) for step in told.steps],
        checkpoints=_checkpoint(told.checkpoint, transaction, row.id, now),
        **_item_rows(told.items, transaction, row.id, now),
        advanced=any(step.state == "completed" for step in told.steps) or bool(told.items or told.checkpoint),
        delivered_at=now if first else None,
        end=None if told.end is None else _end(told, row, last, progress),
    )  # fmt: skip


def _progress(told: Told, row: JobRow, now: float, estimating: Estimating) -> str | None:
    stored = records.progress_of(row.progress)
    said = told.progress
    if said is None and (told.end != "completed" or stored is None):
        return None
    tree = _tree(stored, row)
    try:
        if said is not None:
            _say(tree, said, None if stored is None else stored.phase)
    except ValueError as problem:
        raise InvalidInput(f"The progress does not fit: {problem}.") from None
    if told.end == "completed":
        tree.complete()
    estimate = Estimate() if told.end else estimating(tree.work())
    return _text(tree.snapshot(now, estimate), "the progress")


def _tree(stored: Progress | None, row: JobRow) -> ProgressTree:
    """The progress to go on from: that of this attempt, or what an earlier one has left."""
    if stored is None:
        return ProgressTree()
    began_after = stored.last_progress_at is None or stored.last_progress_at < row.state_since
    return ProgressTree.restore(stored, same_attempt=not (row.state == "running" and began_after))


def _say(tree: ProgressTree, said: ProgressSaid, current: str | None) -> None:
    if said.plan:
        tree.plan(said.plan)
    known = current if current is not None and current in tree.root.phases else None
    if said.phase is not None and known not in (None, said.phase):
        tree.close(tree.open(str(known)))
    name = said.phase if said.phase is not None else known
    phase = tree.root if name is None else tree.open(name)
    tree.report(
        phase, done=said.done, add=said.add, total=said.total, failed=_more(said.failed, phase.failed, said.add_failed),
        skipped=_more(said.skipped, phase.skipped, said.add_skipped), unit=said.unit, percent=said.percent,
        data=said.data, message=None if said.message is None else clean_text(said.message, LONGEST_MESSAGE),
    )  # fmt: skip


def _more(in_all: int | None, before: int, more: int) -> int | None:
    """A count: what is said of it in all, or what was counted before and so many more. Raises ValueError."""
    if more < 0:
        raise ValueError(f"add_failed and add_skipped are counts; found {more}")
    return before + more if in_all is None and more else in_all


def _log(log: str | list[str | LogLine] | None, now: float) -> list[Entry]:
    lines = [log] if isinstance(log, str) else log or []
    given = [LogLine(text=line) if isinstance(line, str) else line for line in lines]
    texts = [{**line.attrs, "text": clean_text(line.text, LONGEST_LINE)} for line in given]
    return [_entry("log", line.level, now, text) for line, text in zip(given, texts, strict=True)]


def _step_events(steps: list[StepSaid], now: float) -> list[Entry]:
    return [
        _entry("step", step.name, now, {"state": step.state} | ({"error": _fault(step.error)} if step.error else {}))
        for step in steps
        if step.state != "planned"
    ]


def _kept_steps(transaction: Transaction, job: str) -> dict[str, Step]:
    rows = transaction.run("steps_of", tenant=TENANT, job=job)
    return {step.name: step for step in (records.step_of(job, row) for row in rows)}


def _step_row(step: StepSaid, kept: dict[str, Step], now: float) -> dict[str, Any]:
    _named(step.name, "a step")
    known = kept.get(step.name)
    began = known.started_at.timestamp() if known is not None and known.started_at is not None else None
    weight = step.weight if step.weight is not None else known.weight if known is not None else 1.0
    if weight <= 0:
        raise InvalidInput(f"The weight of step {step.name!r:.60} is {weight}; expected more than 0.")
    row: dict[str, Any] = {
        "name": step.name, "position": known.position if known is not None else len(kept) + 1, "state": step.state,
        "weight": float(weight), "optional": step.optional,
        "started_at": None if step.state == "planned" else began or now,
        "ended_at": now if step.state in ("completed", "failed") else None,
        "result": None if step.result is None else _text(step.result, f"the result of step {step.name!r:.60}"),
        "error": None if step.error is None else _text(_fault(step.error), "the error"),
    }  # fmt: skip
    kept[step.name] = Step(job_id="", name=step.name, position=row["position"], state=step.state, weight=weight)
    return row


def _checkpoint(state: dict[str, Any] | None, transaction: Transaction, job: str, now: float) -> list[dict[str, Any]]:
    if not state:
        return []
    saved = {(kind, name): value for kind, name, value in transaction.run("checkpoints_of", tenant=TENANT, job=job)}
    merged = (decode(saved.get(("state", ""))) or {}) | state
    return [{"kind": "state", "name": "", "value": _text(merged, "the checkpoint"), "saved_at": now}]


class _Inside:
    """The reads of a transaction: they see what it holds."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def read(self, name: str, /, **parameters: Any) -> Rows:
        """Runs one statement that only reads."""
        return self._transaction.run(name, **parameters)


def _item_rows(items: list[ItemSaid], transaction: Transaction, job: str, now: float) -> dict[str, Any]:
    """Rows of items, and the totals of their ledgers with them."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    inside = _Inside(transaction)
    totals: dict[str, Totals] = {}
    for ledger in dict.fromkeys(item.ledger for item in items):
        _named(ledger, "a ledger")
        mine = [item for item in items if item.ledger == ledger]
        kept = ledgers.named(inside, job, ledger, [_named(item.key, "the key of an item") for item in mine])
        totals[ledger] = ledgers.totals(inside, job, ledger)
        for item in mine:
            rows[ledger, item.key] = _item_row(item, kept, totals[ledger], now)
    counted = [msgspec.structs.asdict(found) for found in totals.values()]
    return {"items": list(rows.values()), "ledgers": counted}


def _item_row(item: ItemSaid, kept: dict[str, KeptItem], totals: Totals, now: float) -> dict[str, Any]:
    known = kept.get(item.key)
    size_before = known.size if known is not None else None
    size = item.size if item.size is not None else size_before
    if known is None:
        totals.total, totals.position = totals.total + 1, totals.position + 1
    totals.size += (size or 0.0) - (size_before or 0.0)
    _count(totals, "pending" if known is None else known.state, size_before or 0.0, -1)
    _count(totals, item.state, size or 0.0, +1)
    data = (decode(known.data) if known is not None else {}) | (item.data or {})
    row: dict[str, Any] = {
        "ledger": item.ledger, "key": item.key, "position": totals.position if known is None else known.position,
        "state": item.state, "attempts": (0 if known is None else known.attempts) + (item.state != "pending"),
        "value": None if item.value is None else _text(item.value, "the value of an item"), "size": size,
        "hash": item.hash, "status_code": item.status_code, "duplicate_of": None,
        "data": _text(data, "the data of an item"),
        "error": None if item.error is None else _text(_fault(item.error), "the error"), "updated_at": now,
    }  # fmt: skip
    kept[item.key] = KeptItem(
        item.key, row["position"], item.state, row["attempts"], row["value"], size, item.hash, item.status_code, None,
        row["data"], row["attempts"],
    )  # fmt: skip
    return row


def _count(totals: Totals, state: str, size: float, change: int) -> None:
    if state != "pending":
        setattr(totals, state, getattr(totals, state) + change)
        totals.size_done += change * size


def bare_end(told: Told, job: str, attempt: int, serial: int | None) -> Change | None:
    """The end of a report by which it is known again, when it came before."""
    if told.end is None:
        return None
    return Change(job=job, actor="runner", move=ENDS[told.end], attempt=attempt, serial=serial)


def _end(told: Told, row: JobRow, serial: int | None, progress: str | None) -> Change:
    end = str(told.end)
    fault = told.error if told.error is not None else "it said no more" if end == "failed" else None
    return Change(
        job=row.id, actor="runner", move=ENDS[end], attempt=row.attempt, serial=serial, progress=progress,
        result=None if told.result is None else _text(told.result, "the result"),
        error=None if fault is None else _text(_fault(fault), "the error"),
    )  # fmt: skip


def _fault(error: Fault | str) -> dict[str, Any]:
    told = Fault(message=error) if isinstance(error, str) else error
    shown = {"code": clean_text(told.code, 100), "message": clean_text(told.message, LONGEST_MESSAGE)}
    return shown if told.trace is None else shown | {"trace": clean_text(told.trace, 32 * 1024)}


def _entry(kind: str, name: str, now: float, data: dict[str, Any]) -> Entry:
    return Entry(kind, name, now, _text(data, "what is logged"))


def _named(text: str, what: str) -> str:
    problem = why_unnameable(text)
    if problem:
        raise InvalidInput(f"{text!r:.60} can not be the name of {what}: {problem}.")
    return text


def _text(value: Any, what: str) -> str:
    try:
        return encode(value, what)
    except BadValue as problem:
        raise Unstorable(f"{problem}.") from None
