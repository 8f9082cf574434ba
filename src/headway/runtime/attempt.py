"""The attempt at hand: what loops, steps, ledgers, families and commands need of the attempt they belong to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from functools import cached_property
from typing import Any, Self

from headway.clock import Clock
from headway.errors import Halt, InvalidInput, NotSupported, SecretUnavailable, Unstorable, Why
from headway.model.job import LEVELS
from headway.model.value import BadValue, clean_text, decode, encode
from headway.runtime.current import CURRENT
from headway.runtime.cursors import Cursors, done_item
from headway.runtime.family import Family
from headway.runtime.ledger import Ledger, Ledgers
from headway.runtime.loop import Loop
from headway.runtime.mapping import Mapping as Mapper
from headway.runtime.masks import Masks
from headway.runtime.measure import Measure
from headway.runtime.office import Office
from headway.runtime.outbox import Outbox, in_transaction
from headway.runtime.sources import Frontier
from headway.runtime.steps import CURRENT_STEP, Steps
from headway.runtime.undoing import undo_row
from headway.secret import HIDDEN, MARK
from headway.store import keeping, records, sealing, succession
from headway.store.records import JobRow
from headway.store.sealing import Owner

LONGEST_LINE = 64 * 1024
"""Characters of a log line that are kept."""


class AttemptAtHand:
    """One attempt at a job: what it says, what is asked of it, and where it stands. Thread-safe."""

    def __init__(self, office: Office, row: JobRow, outbox: Outbox, waits_in_place: bool = False) -> None:
        self._office = office
        self._row = row
        self._outbox = outbox
        self.waits_in_place = waits_in_place
        self.on_pause: Callable[[int], None] = lambda number: None  # told the number of the job that now waits in place
        self._waiting = threading.Lock()
        saved = keeping.checkpoints(office.database, row.id) if row.attempt > 1 else {}
        self._owner = Owner("job", row.id)
        self._scope = ""  # stands before the names of what is kept, in a part of a job
        self._saved = saved if row.rollback_of is not None else {}
        self._state: dict[str, Any] = decode(saved.get(("state", ""))) or {}
        self.measure = Measure(office.clock, office.now, records.progress_of(row.progress))
        self.cursors = Cursors(_cursors(saved), self.measure, office.now)
        self.ledgers = Ledgers(self, office)
        left = None if row.timeout_s is None else row.timeout_s - row.active_s
        self._deadline = None if left is None else office.clock.boot() + left
        self._masks = Masks()
        self._attach(outbox)
        self._learn_input()

    @cached_property
    def steps(self) -> Steps:
        """The steps of this attempt; made when the first is spoken of."""
        return Steps(self, self._office, self._row)

    @cached_property
    def family(self) -> Family:
        """The children of the job; made when the first is spoken of."""
        return Family(self, self._office)

    @property
    def job_id(self) -> str:
        """The id of the job."""
        return self._row.id

    @property
    def row(self) -> JobRow:
        """The job's row as it was claimed."""
        return self._row

    @property
    def outbox(self) -> Outbox:
        """Where this attempt's words go."""
        return self._outbox

    @property
    def clock(self) -> Clock:
        """The clock of this process, or the one that a test moves."""
        return self._office.clock

    @property
    def input(self) -> Any:
        """The input as it was submitted, with Secret objects. Raises SecretUnavailable."""
        return sealing.opened(self._row.input, self._owner)

    @property
    def stopping(self) -> bool:
        """Whether a pause, a cancel or a shutdown was asked, or the lease is lost. Never raises."""
        return self._is_asked() or (self._office.recorder.leash.is_over(self._outbox) and self._is_given_up())

    def _is_asked(self) -> bool:
        outbox = self._outbox
        return outbox.lost or outbox.ended or outbox.asked is not None

    def _is_given_up(self) -> bool:
        """Whether an attempt without a heartbeat for too long has to stop; returns when that is known."""
        if in_transaction():  # the fence is its last statement
            return False
        self._office.recorder.leash.hold(self._outbox)
        return self._is_asked()

    @property
    def why(self) -> Why | None:
        """What was asked: pause, cancel, shutdown, or lease_lost; None where nothing was."""
        return self._why_of(self._outbox)

    def _why_of(self, outbox: Outbox) -> Why | None:
        return "lease_lost" if outbox.lost or self._is_over(outbox) else outbox.asked

    def _is_over(self, outbox: Outbox) -> bool:
        """Whether the attempt has made its last move: what a left-over thread still says would not be stored."""
        return outbox.ended and not (self.waits_in_place and outbox.asked == "pause")

    def check(self) -> None:
        """The place to stop at: raises Halt where a stop was asked.

        In a block of this process a pause waits here, and returns after the resume.
        """
        if self._deadline is not None and self._office.clock.boot() > self._deadline and not self._outbox.lost:
            self._office.expire(self._outbox)
        while self.stopping and not in_transaction():
            asked = self._outbox  # another thread may go on in the next attempt at any moment
            if asked.joined and asked.asked == "pause":
                return  # whoever started this process stops it where it is
            why = self._why_of(asked)
            if why == "pause" and self.waits_in_place:
                self._wait_in_place(asked)
            elif why is not None:
                raise Halt(why)

    def wait_asked(self, timeout_s: float) -> bool:
        """Waits until something is asked (True) or the time has passed (False). Never raises."""
        return self.stopping or self._office.clock.sleep(self._outbox.heard, timeout_s)

    def settle(self) -> None:
        """Returns when everything said so far is stored. Inside transaction() it is stored with it."""
        if in_transaction():
            return
        said = self._outbox
        self._office.recorder.settle(said)
        if said.lost or self._is_over(said):
            raise Halt("lease_lost")
        if said.ended:  # paused in place by another thread: what was said goes into the next attempt
            self._wait_in_place(said)
            self.settle()

    def take_over(self) -> None:
        """Does what a retry has left to this attempt: before the work begins. Raises Halt, NotFound."""
        if self._row.rollback_of is not None:
            return
        while (write := succession.next_write(self._office.database, self._row)) is not None:
            self._office.fenced(self._outbox, write)
            self.check()

    def log(self, text: str, /, level: str = "info", **attrs: Any) -> None:
        """Adds a line to the job's log. level: debug, info, warning, error or critical."""
        if level not in LEVELS:
            raise InvalidInput(f"{level!r} is no level of a log line; expected one of {', '.join(LEVELS)}.")
        self._say("log", level, self._told(text, attrs))

    def warn(self, text: str, /, **attrs: Any) -> None:
        """Adds a warning: the job may still complete, and then shows that it did so with warnings."""
        self._say("warning", "warning", self._told(text, attrs), warning=True)

    def relieve(self) -> None:
        """Where too much waits to be stored, returns when it is. Never raises Halt."""
        if self._outbox.full and not self.stopping and not in_transaction():
            self._office.recorder.settle(self._outbox)

    def keep_secret(self, texts: Iterable[str]) -> None:
        """These are not told by the attempt, whoever says them."""
        self._masks.add(texts)
        self._outbox.masks = self._masks if self._masks else None

    def keep_state(self, state: Mapping[str, Any]) -> None:
        """Merges `state` into the checkpoint; durable after settle(). Raises Unstorable."""
        merged = {**self._state, **state}
        text = self._outbox.masked_json(self._fits(merged, "the checkpoint"))
        changed = merged != self._state
        self._state = decode(text)
        self._outbox.checkpoint("state", self._scope, text, self._office.now(), advanced=changed)

    def say_undo(self, type: str | Callable[..., Any], input: Mapping[str, Any] | None) -> None:
        """Records an undo; durable after settle(). Raises InvalidInput, Unstorable."""
        if self._row.rollback_of is not None:
            raise NotSupported("A rollback is not undone itself: undo() can not be called in one.")
        row = undo_row(self._office.database, self._row.id, type, input, CURRENT_STEP.get())
        if self._outbox.masked_json(row["input"]) != row["input"]:  # masked it could not undo, in clear it must not be
            raise InvalidInput("The input of the undo holds a secret in clear. Hand over the Secret itself.")
        self._outbox.undo(row)

    @contextmanager
    def within(self, scope: str, input: str, owner: Owner, shown: bool) -> Iterator[Self]:
        """This context as a part of the job has it: with an input, state, steps and cursors of its own.

        scope: stands before the names of what the part keeps. input: JSON text that belongs to `owner`. shown:
        whether its progress is the job's; else nobody sees it.
        """
        part, saved = copy(self), self._saved
        part._row, part._owner, part._scope = self._row._replace(input=input), owner, scope
        part._state = decode(saved.get(("state", scope))) or {}
        part.measure = self.measure if shown else Measure(self._office.clock, self._office.now, None)
        part.cursors = Cursors(_cursors(saved), part.measure, self._office.now, scope)
        part.steps = self.steps.within(part, scope)
        part.family = Family(part, self._office, scope)
        part._learn_input()

        def measure() -> str | None:
            part.cursors.save(part.outbox)
            return self._measure()

        self._outbox.measure = measure
        token = CURRENT.set(part)
        try:
            yield part
        finally:
            CURRENT.reset(token)
            part.cursors.save(self._outbox)
            self._outbox.measure = self._measure

    def enter_loop(self, loop: Loop[Any]) -> int:
        """A loop begins in the calling thread; how many members earlier attempts have done."""
        loop.label = self._outbox.masked_text(loop.label)  # its cursor is found by it
        self.cursors.enter(loop, self._outbox)
        if loop.phase is not None:
            self.steps.mark(loop.label, "running")
        return self.cursors.begin(loop)

    def exit_loop(self, loop: Loop[Any], finished: bool) -> None:
        """A loop ends, exhausted or left early."""
        self.cursors.leave(loop, finished, self._outbox)
        if loop.phase is not None and finished:
            self.steps.mark(loop.label, "completed")

    def enter_map(self, mapping: Mapper) -> None:
        """A map begins in the calling thread."""
        mapping.label = self._outbox.masked_text(mapping.label)  # its ledger is found by it
        self.cursors.enter(mapping, self._outbox)
        if mapping.phase is not None:
            self.steps.mark(mapping.label, "running")

    def exit_map(self, mapping: Mapper, finished: bool) -> None:
        """A map ends, every item being over, or stopped."""
        self.cursors.leave(mapping, finished, self._outbox)
        if mapping.phase is not None and finished:
            self.steps.mark(mapping.label, "completed")

    def done_keys(self, loop: Loop[Any]) -> set[str]:
        """The keys that earlier attempts have done in a keyed loop under way."""
        return self._office.done_keys(self._row.id, self.cursors.ledger(loop)) if self._row.attempt > 1 else set()

    def item_done(self, loop: Loop[Any], key: str) -> None:
        """A member of a keyed loop under way is done."""
        self._outbox.item(done_item(self.cursors.ledger(loop), key, self._office.now()), advanced=True)
        if self._outbox.full:
            self.settle()

    def frontier(self, ledger: Ledger, news: threading.Event) -> Frontier:
        """The pending items of a ledger; news: set where it grows."""
        return Frontier(self, self._office, ledger, news)

    def warn_of_failed(self, ledger: str, failed: int, text: str) -> None:
        """Adds a warning of the items that failed, unless it was given for that many already."""
        self.settle()
        told = keeping.checkpoints(self._office.database, self._row.id).get(("failed", ledger))
        if told != str(failed):
            self.warn(text)
            self._outbox.checkpoint("failed", ledger, str(failed), self._office.now(), advanced=False)

    def warn_of_hidden(self, ledger: str) -> None:
        """Adds a warning that a ledger holds secrets in its keys or values, once per job."""
        known = keeping.checkpoints(self._office.database, self._row.id) if self._row.attempt > 1 else {}
        if ("hidden", ledger) not in known:
            self.warn(
                f"Keys or values of {ledger!r} hold secrets. They are stored with {HIDDEN} in their place, and a later "
                "attempt gets them so unless it adds them again."
            )
            self._outbox.checkpoint("hidden", ledger, "true", self._office.now(), advanced=False)

    def _measure(self) -> str | None:
        """Called by the recorder: the cursors of all loops go with the progress."""
        self.ledgers.collect()
        self.cursors.save(self._outbox)
        return self.measure.measure()

    def _told(self, text: object, attrs: Mapping[str, Any]) -> dict[str, Any]:
        """What a log line says. Secrets go before it is cut, which may tear them in two."""
        said = clean_text(self._outbox.masked_text(str(text)), LONGEST_LINE)
        return {"text": said} | {name: _loggable(value, self._outbox) for name, value in attrs.items()}

    def _say(self, kind: str, name: str, data: dict[str, Any], warning: bool = False) -> None:
        step = CURRENT_STEP.get()
        if step:
            data.setdefault("step", step)
        self._outbox.say(kind, name, self._office.now(), data, warning)
        self.relieve()

    def _fits(self, value: Any, what: str) -> str:
        try:
            return encode(value, what)
        except BadValue as problem:
            raise Unstorable(f"{problem}.") from None

    @cached_property
    def _config(self) -> str:
        return self._office.config_of(self._row)

    def _attach(self, outbox: Outbox) -> None:
        self._outbox = outbox
        outbox.masks = self._masks if self._masks else None
        outbox.measure = self._measure
        self.cursors.attach(outbox)

    def _learn_input(self) -> None:
        """The secrets of the input, and of the session's configuration, are not to be told, from the first word on.

        What is named after one is found again by its masked name: so none may be learned in the middle.
        """
        self.keep_secret(sealing.key_texts())
        if MARK in self._config:
            with suppress(SecretUnavailable):  # whoever asks for the configuration is told
                self.keep_secret(sealing.texts_in(sealing.opened(self._config, Owner("session", self._row.session))))
        if MARK in self._row.input:
            with suppress(SecretUnavailable):  # whoever asks for the input is told
                self.keep_secret(sealing.texts_in(self.input))

    def _wait_in_place(self, paused: Outbox) -> None:
        """Halts, so that the job is paused as everywhere; goes on as a new attempt after the resume."""
        with self._waiting:
            if self._outbox is not paused:
                return  # another thread has waited for all of them
            began = self._office.clock.boot()
            self.on_pause(self._row.number)
            self._row, outbox = self._office.wait_in_place(self._row, paused)
            self.measure.waited(self._office.clock.boot() - began)
            outbox.take_over(paused)
            self._attach(outbox)


def _cursors(saved: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    return {name: decode(value) for (kind, name), value in saved.items() if kind == "cursor"}


def _loggable(value: Any, outbox: Outbox) -> Any:
    """A log line never fails for what it was given: what can not be stored is told as text."""
    try:
        return decode(encode(value, "it"))
    except BadValue:
        return clean_text(outbox.masked_text(repr(value)), 1000)
