"""What one attempt has to say and has not yet been stored."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import msgspec

from headway.errors import Why
from headway.runtime.batch import Batch
from headway.store.moving import Change
from headway.store.reporting import Entry, Report

if TYPE_CHECKING:
    from headway.runtime.masks import Masks
    from headway.runtime.slots import Slot

LONGEST_QUEUE = 20_000
"""Entries that wait before whoever adds more has to wait for the recorder: memory stays bounded."""


class Outbox:
    """Collects what an attempt says between two commits; the recorder takes it from here.

    joined_to: the worker whose attempt it is, where another process keeps the lease and ends it; this one adds to it.
    asked: what the attempt has been told to do; lost: it may write no more. `heard` is set while either holds.
    was_asked: something was, even if it was taken back since: the code may be on its way out already.
    unanswered: the report that was taken and is not known to be stored. measure: called before each taking; it may
    add what has changed and returns the progress as JSON text, None where it is unchanged.
    """

    def __init__(self, job: str, attempt: int, thread: threading.Thread | None, joined_to: str | None = None) -> None:
        self.joined_to = joined_to
        self.job = job
        self.attempt = attempt
        self.thread = thread
        self.slot: Slot | None = None
        self.masks: Masks | None = None  # the secrets that the attempt was given; None where there are none
        self.asked: Why | None = None
        self.was_asked = False
        self.lost = False
        self.ended = False
        self.heard = threading.Event()
        self.listeners: list[Callable[[], None]] = []
        self.measure: Callable[[], str | None] = _nothing
        self.renewed_at = 0.0  # when the last heartbeat that was accepted was sent, by the boot clock
        self.watched = False  # whether it stops by that clock alone: see runtime.leash
        self.ending = False
        self._refused: Change | None = None
        self.unanswered: Report | None = None
        self._taking, self._hearing = threading.RLock(), threading.RLock()
        self._lock = threading.Lock()
        self._serial = 0
        self._version = 0
        self._said = Batch()
        self._delivered_at: float | None = None
        self._end: Change | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Job and attempt: two attempts of one job in one process are different writers."""
        return self.job, self.attempt

    @property
    def joined(self) -> bool:
        """Whether the attempt is another process's."""
        return self.joined_to is not None

    def follow(self, worker: str | None, attempt: int) -> None:
        """The worker that was joined has taken the job again, after a pause in place: its attempt is this one's."""
        if self.joined_to is not None and worker == self.joined_to:
            self.attempt = max(self.attempt, attempt)

    @property
    def alive(self) -> bool:
        """Whether a heartbeat may be sent for it."""
        return not (self.ended or self.lost or self.joined) and (self.thread is None or self.thread.is_alive())

    @property
    def full(self) -> bool:
        """Whether whoever adds more should let the recorder work first."""
        return len(self._said.entries) >= LONGEST_QUEUE or len(self._said.items) >= LONGEST_QUEUE

    @contextmanager
    def apart(self) -> Iterator[Batch]:
        """What is said in this block is for whoever opened it, to be stored or dropped as a whole.

        That is what the calling code says, here or in a thread or task that carries its context variables.
        """
        batch = Batch()
        _APART.set((self, batch))
        try:
            yield batch
        finally:
            batch.open = False  # for tasks that outlive the block too
            _APART.set(None)

    def say(self, kind: str, name: str, at: float, data: dict[str, Any], warning: bool = False) -> None:
        """Adds an event or a log line. data: made storable by the caller."""
        entry = Entry(kind, name, at, msgspec.json.encode(data).decode())
        with self._lock:
            batch = self._batch()
            batch.entries.append(entry)
            batch.warnings += warning

    def step(self, row: dict[str, Any], advanced: bool = False, undo: dict[str, Any] | None = None) -> None:
        """Adds or replaces the row of a step. undo: what became of the one that the step has tried."""
        with self._lock:
            batch = self._batch()
            batch.steps[row["name"]] = row
            if undo is not None:
                batch.undos[str(undo["position"])] = undo
            batch.advanced = batch.advanced or advanced

    def checkpoint(self, kind: str, name: str, value: str, at: float, advanced: bool = True) -> None:
        """Adds or replaces something to go on from. value: JSON text."""
        with self._lock:
            batch = self._batch()
            batch.checkpoints[kind, name] = {"kind": kind, "name": name, "value": value, "saved_at": at}
            batch.advanced = batch.advanced or advanced

    def item(self, row: dict[str, Any], advanced: bool = False) -> None:
        """Adds or replaces an item."""
        with self._lock:
            batch = self._batch()
            batch.items[row["ledger"], row["key"]] = row
            batch.advanced = batch.advanced or advanced

    def ledger(self, row: dict[str, Any]) -> None:
        """Adds or replaces the totals of a ledger."""
        with self._lock:
            self._batch().ledgers[row["ledger"]] = row

    def count(self, totals: dict[str, Any], items: Sequence[dict[str, Any]], advanced: bool) -> None:
        """Adds or replaces the totals of a ledger with the items that they count: both are stored, or neither.

        Not part of a transaction() of the calling code: what is counted in memory stays counted.
        """
        with self._lock:
            said, ledger = self._said, totals["ledger"]
            said.ledgers[ledger] = totals
            for row in items:
                said.items[ledger, row["key"]] = row
            said.advanced = said.advanced or advanced

    def undo(self, row: dict[str, Any]) -> None:
        """Records an undo; the first one of a key counts."""
        with self._lock:
            self._batch().undos.setdefault(row["key"], row)

    def end(self, change: Change) -> None:
        """Closes the outbox with the attempt's final move: nothing is said after it."""
        with self._lock:
            self._end = self._refused or change  # what was refused has failed, whatever the code makes of it
            self.ending = True

    def hear(self, state: str | None, attempt: int, version: int, now: float) -> None:
        """Takes in the state that the job was found in. Threads may tell of it in another order than they looked.

        When it returns everybody has been told, also where another thread was just about to.
        """
        with self._hearing:
            self._hear(state, attempt, version, now)

    def _hear(self, state: str | None, attempt: int, version: int, now: float) -> None:
        asked: Why | None = {"pausing": "pause", "cancelling": "cancel"}.get(state or "")  # type: ignore[assignment]
        with self._lock:
            if version < self._version:
                return
            self._version = version
            over = attempt != self.attempt or state not in ("running", "pausing", "cancelling")
            news = not over and asked != self.asked and not (asked is None and self.asked == "shutdown")
            if news:
                self.asked, self.was_asked = asked, self.was_asked or asked is not None
        if over:
            self.lose()
        elif news:
            if asked is not None and not self.joined:
                self._delivered(asked, now)
            self._tell()

    def shut_down(self) -> None:
        """Its worker ends: the attempt halts at its next checkpoint, unless something else was asked before."""
        with self._lock:
            news = self.asked is None
            if news:
                self.asked, self.was_asked = "shutdown", True
        if news:
            self._tell()

    def lose(self) -> None:
        """The lease is gone: nothing that this attempt writes is taken any more."""
        if not self.lost and not self.ended:
            self.lost = True
            self._tell()

    def lose_in_child(self) -> None:
        """After a fork: a lock may have been held by a thread that is not here, so none is taken."""
        self._taking, self._hearing, self._lock = threading.RLock(), threading.RLock(), threading.Lock()
        self.lost = True
        self.heard = threading.Event()
        self.heard.set()

    def take(self, always: bool = False) -> Report | None:
        """What is to be stored now; the same again, under the same serial, until it is answered.

        always: a report even where there is nothing to say, for its fence.
        """
        if self._is_over():
            return None
        with self._taking:  # a progress is measured once: it belongs into the report that is taken next
            ends = self._end is not None  # asked first: the last progress is one that was measured after the end
            progress = None if self.unanswered is not None else self.measure()
            with self._lock:
                if self.unanswered is None and not self._is_over():
                    self.unanswered = self._next(always, progress, ends)
                return self.unanswered

    def _next(self, always: bool, progress: str | None, ends: bool) -> Report | None:
        """The next report, which empties the outbox; under the lock. ends: with the attempt's final move."""
        end = self._end if ends else None
        if not (always or progress or end is not None or self._delivered_at or not self._said.empty):
            return None
        self._serial += 1
        if end is not None:
            self._serial += 1
            end = msgspec.structs.replace(
                end, attempt=self.attempt, serial=self._serial, progress=end.progress or progress
            )
        said = self._said
        report = Report(
            job=self.job,
            attempt=self.attempt,
            serial=None if self.joined else self._serial - (end is not None),
            progress=progress,
            entries=said.entries,
            steps=list(said.steps.values()),
            checkpoints=list(said.checkpoints.values()),
            items=list(said.items.values()),
            ledgers=list(said.ledgers.values()),
            undos=list(said.undos.values()),
            warnings=said.warnings,
            advanced=said.advanced,
            delivered_at=self._delivered_at,
            end=end,
        )
        masked = self.masked(report)
        self._clear()
        self._end = None if ends else self._end
        return masked

    def masked(self, said: Report) -> Report:
        """A report without the secrets that the attempt was given."""
        return said if self.masks is None else self.masks.report(said)

    def masked_text(self, text: str) -> str:
        """A text without them: for what is cut, or found again by its name, before it is reported."""
        return text if self.masks is None else self.masks.text(text)

    def masked_key(self, text: str) -> str:
        """A key or the name of a ledger without them, found again by it: see Masks.key."""
        return text if self.masks is None else self.masks.key(text)

    def masked_json(self, text: str) -> str:
        """JSON text without them: for what the job reads back before it is reported."""
        return text if self.masks is None else self.masks.json(text)

    def answered(self, accepted: bool, state: str | None, version: int, now: float) -> None:
        """The report that was taken is stored, or the attempt is over."""
        said, self.unanswered = self.unanswered, None
        if not accepted:
            self.lose()
        elif said is not None and said.end is not None:
            self.ended = True
        elif state is not None:
            self.hear(state, self.attempt, version, now)

    def refuse(self, end: Change) -> None:
        """What was taken can not be stored: the attempt ends with this failure instead."""
        with self._lock:
            self.unanswered = None
            self._clear()
            self._end = self._refused = end
            self.ending = True
            self.measure = _nothing
        self.asked = self.asked or "cancel"
        self._tell()

    def _is_over(self) -> bool:
        return self.lost or self.ended

    def _batch(self) -> Batch:
        """Where the words of the calling code go."""
        apart = _APART.get()
        return apart[1] if apart is not None and apart[0] is self and apart[1].open else self._said

    def _clear(self) -> None:
        self._said, self._delivered_at = Batch(), None

    def take_over(self, other: Outbox) -> None:
        """What was said to an outbox after its end is said to this one, which is new."""
        with other._lock, self._lock:
            self._said, other._said = other._said, Batch()

    def let_go(self) -> None:
        """Nothing is taken any more: what refers to the attempt's context goes, without a garbage collector."""
        self.measure = _nothing
        self.listeners = []

    def _delivered(self, asked: str, now: float) -> None:
        with self._lock:
            self._delivered_at = now
        self.say("control", "delivered", now, {"asked": asked})

    def _tell(self) -> None:
        with self._lock:
            if self.asked is None and not self.lost:
                self.heard.clear()
            else:
                self.heard.set()
        for listener in list(self.listeners):
            listener()


def _nothing() -> None:
    return None


def in_transaction() -> bool:
    """Whether the calling code is inside a transaction() that is open."""
    apart = _APART.get()
    return apart is not None and apart[1].open


_APART: ContextVar[tuple[Outbox, Batch] | None] = ContextVar("headway_apart", default=None)
