"""What a job's function is handed: everything it may say, and where it may be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager, suppress
from copy import copy
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from headway.clock import Clock
from headway.errors import Halt, InvalidInput, NotSupported, SecretUnavailable, Unstorable, Why
from headway.model.ids import why_unnameable
from headway.model.job import Job
from headway.model.ledger import Counts
from headway.model.value import BadValue, clean_text, decode, encode
from headway.runtime.crew import how_many, run_map
from headway.runtime.current import CURRENT
from headway.runtime.cursors import Cursors, done_item
from headway.runtime.family import Family
from headway.runtime.item import current_item
from headway.runtime.ledger import Ledger, Ledgers
from headway.runtime.loop import Loop
from headway.runtime.mapping import Mapping as Mapper
from headway.runtime.mapping import opened
from headway.runtime.masks import Masks
from headway.runtime.measure import Measure
from headway.runtime.office import Office
from headway.runtime.outbox import Outbox, in_transaction
from headway.runtime.shell import CommandResult, run_command
from headway.runtime.sources import Frontier
from headway.runtime.steps import CURRENT_STEP, Steps
from headway.runtime.undoing import undo_row
from headway.secret import HIDDEN, MARK
from headway.store import keeping, records, sealing, succession, workspaces
from headway.store.records import JobRow
from headway.store.sealing import Owner
from headway.tracker.connection import AnyId

if TYPE_CHECKING:
    from headway.tracker.headway import Headway

T = TypeVar("T")
R = TypeVar("R")

LONGEST_LINE = 64 * 1024
"""Characters of a log line that are kept."""
LONGEST_LABEL = 1000
LEVELS = ("debug", "info", "warning", "error", "critical")


class Context:
    """One attempt at a job, as its code sees it. Thread-safe; may be handed to any thread.

    Halt is raised only by check, checkpoint and sleep, on entering a step or phase, and between members of a
    tracked loop; never by progress, log or warn.
    """

    def __init__(self, office: Office, row: JobRow, outbox: Outbox, waits_in_place: bool = False) -> None:
        self._office = office
        self._row = row
        self._outbox = outbox
        self.waits_in_place = waits_in_place
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
    def job(self) -> Job:
        """The job as it was when this attempt began."""
        ids = keeping.external_ids(self._office.database, [self._row.id]).get(self._row.id, {})
        return records.job_of(self._row, ids, self._office.now())

    @property
    def job_id(self) -> str:
        """The id of the job."""
        return self._row.id

    @property
    def headway(self) -> Headway:
        """The verbs, on the job's own database: to read what this job or another one has recorded."""
        return self._office.verbs

    @property
    def input(self) -> Any:
        """The input as it was submitted, with Secret objects. Raises SecretUnavailable."""
        return sealing.opened(self._row.input, self._owner)

    @property
    def attempt(self) -> int:
        """The number of this attempt, from 1."""
        return self._row.attempt

    @property
    def session(self) -> str:
        """The id of the job's session."""
        return self._row.session

    @property
    def config(self) -> dict[str, Any]:
        """The configuration of the job's session, as it was when the job was submitted, with Secret objects.

        Raises SecretUnavailable.
        """
        config: dict[str, Any] = sealing.opened(self._config, Owner("session", self._row.session))
        if MARK in self._config:
            self.keep_secret(sealing.texts_in(config))
        return config

    @property
    def concurrency(self) -> int:
        """How many things the session wants done at once, as it was when this attempt began to ask."""
        return self._concurrency

    @property
    def state(self) -> Mapping[str, Any]:
        """What checkpoint() saved, in this attempt or an earlier one. Read-only: checkpoint() merges."""
        return MappingProxyType(self._state)

    @property
    def stopping(self) -> bool:
        """Whether a pause, a cancel or a shutdown was asked, or the lease is lost. Never raises."""
        return self._outbox.lost or self._outbox.asked is not None or self._over

    @property
    def why(self) -> Why | None:
        """What was asked: pause, cancel, shutdown, or lease_lost; None where nothing was."""
        return "lease_lost" if self._outbox.lost or self._over else self._outbox.asked

    @property
    def _over(self) -> bool:
        """Whether the attempt has made its last move: what a left-over thread still says would not be stored."""
        return self._outbox.ended and not (self.waits_in_place and self._outbox.asked == "pause")

    def check(self) -> None:
        """The place to stop at: raises Halt where a stop was asked.

        In a block of this process a pause waits here, and returns after the resume.
        """
        if self._deadline is not None and self._office.clock.boot() > self._deadline and not self._outbox.lost:
            self._office.expire(self._outbox)
        if not self.stopping or in_transaction():
            return
        if self._outbox.joined and self._outbox.asked == "pause":
            return  # whoever started this process stops it where it is
        if self._outbox.asked == "pause" and self.waits_in_place and not self._outbox.lost:
            self._wait_in_place()
            return
        raise Halt(self.why or "cancel")

    def sleep(self, seconds: float) -> None:
        """Waits, and stops at once where that is asked. Raises Halt."""
        until = self._office.clock.boot() + seconds
        self.check()
        while (left := until - self._office.clock.boot()) > 0:
            self._office.clock.sleep(self._outbox.heard, left)
            self.check()

    def wait_asked(self, timeout_s: float) -> bool:
        """Waits until something is asked (True) or the time has passed (False). Never raises."""
        return self.stopping or self._office.clock.sleep(self._outbox.heard, timeout_s)

    def log(self, text: str, /, level: str = "info", **attrs: Any) -> None:
        """Adds a line to the job's log. level: debug, info, warning, error or critical."""
        if level not in LEVELS:
            raise InvalidInput(f"{level!r} is no level of a log line; expected one of {', '.join(LEVELS)}.")
        self._say("log", level, self._told(text, attrs))

    def warn(self, text: str, /, **attrs: Any) -> None:
        """Adds a warning: the job may still complete, and then shows that it did so with warnings."""
        self._say("warning", "warning", self._told(text, attrs), warning=True)

    def progress(
        self, *, done: float | None = None, total: float | None = None, add: int = 0, failed: int | None = None,
        skipped: int | None = None, percent: float | None = None, message: str | None = None,
        data: dict[str, Any] | None = None, unit: str | None = None,
    ) -> None:  # fmt: skip
        """Says how far the current phase is. Costs next to nothing: stored ten times a second at most.

        done, total, failed, skipped: in all; add: so many more. percent: 0 to 100, instead of counts. data replaces
        what was given before. unit: "it", "B", "rows", ... Raises InvalidInput for impossible values.
        """
        if (
            done is None and total is None and percent is None and message is None
            and failed is None and skipped is None and data is None and unit is None and type(add) is int and add >= 0
        ):  # fmt: skip
            self.measure.add(add)
            return
        _refuse_kind("data", data, dict, "a dict")
        _refuse_kind("unit", unit, str, 'a text such as "files"')
        _refuse_kind("add", add, int, "a whole number, 0 or more")
        self._fits(data, "progress data")
        try:
            said = {
                "done": None if done is None else int(done),
                "total": None if total is None else int(total),
                "add": add or None,
                "failed": failed,
                "skipped": skipped,
                "percent": percent,
                "data": data,
                "unit": None if unit is None else clean_text(unit, 60),
                "message": None if message is None else clean_text(self._outbox.masked_text(str(message)), 1000),
            }
            self.measure.report(**{name: value for name, value in said.items() if value is not None})
        except (ValueError, OverflowError) as problem:
            raise InvalidInput(f"progress(): {problem}") from None

    def plan(self, first: str | Mapping[str, float], /, *others: str) -> None:
        """Declares the steps and phases to come, so that the percentage means something from the start.

        plan("scan", "copy") weighs them alike, plan({"fetch": 20, "sync": 70}) by number. Counts once per job.
        """
        named = dict(first) if isinstance(first, Mapping) else dict.fromkeys((first, *others), 1.0)
        for name in named:
            self._usable(name, "the name of a step or phase")
        if self._outbox.masks is not None:
            first, others = {self._outbox.masked_text(name): weight for name, weight in named.items()}, ()
            named = first
        try:
            self.measure.plan(first, *others)
        except ValueError as problem:
            raise InvalidInput(f"plan(): {problem}") from None
        self.steps.plan(named)

    def step(self, name: str, fn: Callable[..., R], /, *args: Any, optional: bool = False) -> R:
        """Runs fn(*args) once per job: its result is recorded, and a later attempt gets it without running fn.

        Returns what was stored, read back, converted to fn's return annotation. optional: where fn raises, the step
        fails with a warning and None is returned. Raises Halt, DuplicateStep, Unstorable, and what fn raises.
        """
        result: R = self.steps.run(name, fn, args, optional)
        return result

    @contextmanager
    def phase(self, name: str, weight: float = 1.0, expect_silence_s: float = 0.0) -> Iterator[None]:
        """A named part of the progress. expect_silence_s: it may be silent so long without counting as stalled."""
        self.check()
        name = clean_text(self._outbox.masked_text(str(name)), LONGEST_LABEL)
        try:
            phase = self.measure.open(name, weight)
        except ValueError as problem:
            raise InvalidInput(f"phase(): {problem}") from None
        before, self.measure.silence_s = self.measure.silence_s, expect_silence_s
        self.steps.mark(name, "running")
        try:
            yield
            self.measure.close(phase)
            self.steps.mark(name, "completed")
        except Exception as error:
            self.steps.mark(name, "failed", error)
            raise
        finally:
            self.measure.silence_s = before
            self.measure.leave(phase)

    def track(
        self, iterable: Iterable[T] | None = None, label: str | None = None, *, total: int | None = None,
        unit: str = "it", key: Callable[[T], Any] | None = None,
    ) -> Loop[T]:  # fmt: skip
        """Goes over the members of `iterable`, counting them, and goes on after the last one in a later attempt.

        Without key the cursor is a position: give the same order again. With key, done members are remembered by
        it. Without iterable, call add() on what is returned.
        """
        return Loop(lambda: self, iterable, label, total, unit, key)

    def items(self, name: str) -> Ledger:
        """The ledger of that name: what the job works through, member by member, each by its key. It may grow.

        Durable: a later attempt finds it as it was. Raises InvalidInput.
        """
        return self.ledgers.get(self._scope + self._usable(name, "the name of a ledger"))

    def map(
        self, fn: Callable[[Any], Any], items: Iterable[Any], key: Callable[[Any], object] | None = None,
        size: Callable[[Any], float] | None = None, executor: Executor | None = None, concurrency: int | None = None,
        retries: int = 0, max_failed: float | None = None,
    ) -> Counts:  # fmt: skip
        """Calls fn with each member, several at a time; a later attempt leaves out what is done, failed or skipped.

        items: a ledger of ctx.items(), which may grow meanwhile, fn getting each item; or anything to iterate over,
        fn getting the member, which is known by key (default: its text) and counts by size. A dict that fn returns
        is merged into the item's data; current_item() is the item, wherever fn is. executor: threads of Headway's
        own, or any concurrent.futures.Executor; one without threads gets the bare function and members.
        concurrency: how many at a time, else that of the session. retries: further tries at an item in the life
        of the job, each after a pause that doubles from a second; hw.retry() begins them anew. max_failed: a count (a
        whole number), or a share (more than 0, less than 1) of all items; more failed ones fail the job, by default
        it completes with a warning. With sizes, bytes own the percentage.

        Returns what became of the items, those of earlier attempts included. Raises Halt, InvalidInput,
        TooManyFailed.
        """
        mapping = opened(self, fn, items, key, size, retries, max_failed)
        return run_map(self, fn, mapping, executor, how_many(concurrency, lambda: self.concurrency))

    def checkpoint(self, state: Mapping[str, Any] = MappingProxyType({}), /, **more: Any) -> None:
        """Saves what a later attempt goes on from, merged into what was saved before; durable when it returns.

        Raises Unstorable, and Halt where a stop was asked.
        """
        self.keep_state({**state, **more})
        self.settle()
        self.check()

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A transaction of the job's own database: what is written in it counts exactly once, with the cursor.

        Yields the driver's connection (apsw or psycopg). The fenced write is its last statement: where the lease is
        lost, everything is rolled back and Halt is raised. Checkpoints and steps inside it are stored with it or not
        at all, and the member at hand of the tracked loop around it, or the item of a map, counts as done with it:
        use one for each member.
        On SQLite it must not last longer than a second.
        """
        if in_transaction():
            raise InvalidInput("transaction() inside transaction(): one is open here already.")
        self.check()
        state, known, item = self._state, self.steps.known, current_item()
        saved = None if item is None or item.job_id != self.job_id else item.saved
        try:
            with ExitStack() as committed, self._office.recorder.transaction(self._outbox) as connection:
                yield connection
                committed.enter_context(self.cursors.member_done(self._outbox))
        except BaseException:
            self._state, self.steps.known = state, known
            if item is not None and saved is not None:
                item.saved = saved
            raise

    def run(self, command: Sequence[str], /, **options: Any) -> CommandResult:
        """Runs a command: its output is the job's log, what it prints of progress the job's; stopped as a group.

        options: cwd, env, progress_regex, grace_s, check; see runtime.shell.run_command. Raises CommandFailed, Halt.
        """
        return run_command(self, command, **options)

    def artifact(self, name: str, content: Path | bytes) -> None:
        """Keeps a file with the job, 16 MiB at most; the first content under a name stays."""
        if isinstance(content, str):
            raise InvalidInput(f"artifact({name!r}, ...) takes a Path or bytes; a text could mean either. Wrap it.")
        data = content if isinstance(content, bytes) else content.read_bytes()
        self.settle()
        name = self._scope + self._outbox.masked_text(self._usable(name, "the name of an artifact"))
        self._office.keep_artifact(self._outbox, name, data)

    def alias(self, external_id: str | Mapping[str, str]) -> None:
        """Gives the job one more external id, or {namespace: id}. Raises InvalidInput."""
        told = repr(external_id)
        if self._outbox.masked_text(told) != told:
            raise InvalidInput("alias(): the id holds a secret, and ids are kept and shown as they are. Give another.")
        self._office.add_alias(self._outbox, external_id)

    def spawn(
        self, type: str | Callable[..., Any], input: Mapping[str, Any] | None = None, key: str | None = None,
        weight: float = 1.0, **options: Any,
    ) -> Job:  # fmt: skip
        """Submits a child of this job, once per job: the same key gives the same child, also in a later attempt.

        key: else type and input are the key. weight: its share of what gather() tells as this job's progress.
        options: those of submit, but no parent; the session is this job's unless told otherwise. Raises what submit
        raises, KeyReused where the key stands for a child of another type, and Halt where a stop was asked.
        """
        return self.family.spawn(type, input, key, weight, options)

    def gather(self, *jobs: AnyId, return_exceptions: bool = False) -> list[Any]:
        """Waits for children and returns their results in order, as asyncio.gather does.

        Meanwhile this job holds neither a slot of its worker nor a place of its session, and its progress is that of
        its children by weight: in the phase "children" of its plan, else in the phase at hand, else in all. Raises
        JobFailed or JobCancelled as soon as one of these children ended so (the others go on); return_exceptions=True
        waits for all and returns these errors among the results. Raises InvalidInput for a job that is no child, and
        Halt where a stop was asked.
        """
        return self.family.gather(jobs, return_exceptions)

    def undo(self, type: str | Callable[..., Any], input: Mapping[str, Any] | None = None) -> None:
        """Records how to undo what comes next: durable when this returns, so call it before the effect.

        Counts once per job by type and input. A rollback of the job runs what was recorded from the last to the
        first, as jobs of that type; an undo must be safe to run although its effect never came about, or twice.
        type: a name or the job function; a worker that has it does the rollback. Raises InvalidInput, Unstorable,
        and Halt where the lease is lost.
        """
        self.say_undo(type, input)
        self.settle()

    def settle(self) -> None:
        """Returns when everything said so far is stored. Inside transaction() it is stored with it."""
        if in_transaction():
            return
        said = self._outbox
        self._office.recorder.settle(said)
        if said.lost or self._over:
            raise Halt("lease_lost")
        if said.ended:  # paused in place by another thread: what was said goes into the next attempt
            self._wait_in_place()
            self.settle()

    # What loops and steps need of their context.

    def take_over(self) -> None:
        """Does what a retry has left to this attempt: before the work begins. Raises Halt, NotFound."""
        if self._row.rollback_of is not None:
            return
        while (write := succession.next_write(self._office.database, self._row)) is not None:
            self._office.fenced(self._outbox, write)
            self.check()

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

    def say_undo(self, type: str | Callable[..., Any], input: Mapping[str, Any] | None) -> None:
        """Records an undo; durable after settle(). Raises InvalidInput, Unstorable."""
        if self._row.rollback_of is not None:
            raise NotSupported("A rollback is not undone itself: undo() can not be called in one.")
        row = undo_row(self._row.id, type, input, CURRENT_STEP.get(), self._office.now())
        if self._outbox.masked_json(row["input"]) != row["input"]:  # masked it could not undo, in clear it must not be
            raise InvalidInput("The input of the undo holds a secret in clear. Hand over the Secret itself.")
        self._outbox.undo(row)

    @contextmanager
    def within(self, scope: str, input: str, owner: Owner, shown: bool) -> Iterator[Context]:
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

    def relieve(self) -> None:
        """Where too much waits to be stored, returns when it is. Never raises Halt."""
        if self._outbox.full and not self.stopping and not in_transaction():
            self._office.recorder.settle(self._outbox)

    def done_keys(self, loop: Loop[Any]) -> set[str]:
        """The keys that earlier attempts have done in a keyed loop under way."""
        return self._office.done_keys(self._row.id, self.cursors.ledger(loop)) if self._row.attempt > 1 else set()

    def item_done(self, loop: Loop[Any], key: str) -> None:
        """A member of a keyed loop under way is done."""
        self._outbox.item(done_item(self.cursors.ledger(loop), key, self._office.now()), advanced=True)
        if self._outbox.full:
            self.settle()

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

    def _usable(self, text: str, what: str) -> str:
        problem = why_unnameable(text)
        if problem:
            raise InvalidInput(f"{text[:60]!r} can not be {what}: {problem}.")
        return text

    @cached_property
    def _config(self) -> str:
        return self._office.config_of(self._row)

    @cached_property
    def _concurrency(self) -> int:
        return workspaces.concurrency_of(self._office.database, self._row.session)

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

    def _wait_in_place(self) -> None:
        """Halts, so that the job is paused as everywhere; goes on as a new attempt after the resume."""
        paused = self._outbox
        with self._waiting:
            if self._outbox is not paused:
                return  # another thread has waited for all of them
            began = self._office.clock.boot()
            self._row, outbox = self._office.wait_in_place(self._row, paused)
            self.measure.waited(self._office.clock.boot() - began)
            outbox.take_over(paused)
            self._attach(outbox)


def _cursors(saved: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    return {name: decode(value) for (kind, name), value in saved.items() if kind == "cursor"}


def _refuse_kind(name: str, given: object, kind: type, expected: str) -> None:
    if given is not None and (not isinstance(given, kind) or isinstance(given, bool)):
        raise InvalidInput(f"progress({name}={given!r:.60}): expected {expected}.")


def _loggable(value: Any, outbox: Outbox) -> Any:
    """A log line never fails for what it was given: what can not be stored is told as text."""
    try:
        return decode(encode(value, "it"))
    except BadValue:
        return clean_text(outbox.masked_text(repr(value)), 1000)
