"""What a job's function is handed: everything it may say, and where it may be stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Never, TypeVar

from headway.errors import InvalidInput
from headway.model.ids import why_unnameable
from headway.model.job import Job
from headway.model.ledger import Counts
from headway.model.value import clean_text
from headway.runtime.attempt import AttemptAtHand
from headway.runtime.crew import how_many, run_map
from headway.runtime.item import current_item
from headway.runtime.ledger import Ledger
from headway.runtime.loop import Loop
from headway.runtime.mapping import opened
from headway.runtime.outbox import in_transaction
from headway.runtime.shell import CommandResult, run_command
from headway.secret import MARK
from headway.store import keeping, records, sealing, workspaces
from headway.store.sealing import Owner
from headway.tracker.connection import AnyId

if TYPE_CHECKING:
    from headway.tracker.headway import Headway

T = TypeVar("T")
R = TypeVar("R")

LONGEST_LABEL = 1000


class Context(AttemptAtHand):
    """One attempt at a job, as its code sees it. Thread-safe; may be handed to any thread.

    Halt is raised only by check, checkpoint and sleep, on entering a step or phase, and between members of a
    tracked loop; never by progress, log or warn.
    """

    @property
    def job(self) -> Job:
        """The job as it was when this attempt began."""
        ids = keeping.external_ids(self._office.database, [self._row.id]).get(self._row.id, {})
        return records.job_of(self._row, ids, self._office.now())

    @property
    def headway(self) -> Headway:
        """The verbs, on the job's own database: to read what this job or another one has recorded."""
        return self._office.verbs

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

    def sleep(self, seconds: float) -> None:
        """Waits, and stops at once where that is asked. Raises Halt."""
        until = self._office.clock.boot() + seconds
        self.check()
        while (left := until - self._office.clock.boot()) > 0:
            self._office.clock.sleep(self._outbox.heard, left)
            self.check()

    def progress(
        self, *counts: Never, done: float | None = None, total: float | None = None, add: int = 0,
        failed: int | None = None, skipped: int | None = None, percent: float | None = None, message: str | None = None,
        data: dict[str, Any] | None = None, unit: str | None = None,
    ) -> None:  # fmt: skip
        """Says how far the current phase is. Costs next to nothing: stored ten times a second at most.

        done, total, failed, skipped: in all; add: so many more. percent: 0 to 100, instead of counts. data replaces
        what was given before. unit: "it", "B", "rows", ... Raises InvalidInput for impossible values.
        """
        if counts:
            found: tuple[object, ...] = counts
            numbers = ", ".join(f"{name}={one!r:.20}" for name, one in zip(("done", "total"), found, strict=False))
            raise InvalidInput(f"progress() takes its values by name: ctx.progress({numbers}).")
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

        Gives counts, not results: a dict that fn returns is kept as the item's data, and read with hw.items(); of
        anything else that it returns nothing is kept, and the job's log says so once.

        items: a ledger of ctx.items(), which may grow meanwhile, fn getting each item; or anything to iterate over,
        fn getting the member, which is known by key (default: its text) and counts by size. current_item() is the
        item, wherever fn is. executor: threads of Headway's own, or any concurrent.futures.Executor; one without
        threads gets the bare function and members. concurrency: how many at a time, else that of the session.
        retries: further tries at an item in the life of the job, each after a pause that doubles from a second;
        hw.retry() begins them anew. max_failed: a count (a whole number), or a share (more than 0, less than 1) of
        all items; more failed ones fail the job, by default it completes with a warning. With sizes, bytes own the
        percentage.

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
        type: a name or the job function; a worker that has it does the rollback. Raises InvalidInput (also for a type
        that neither this process nor any worker has been known to have), Unstorable, and Halt where the lease is lost.
        """
        self.say_undo(type, input)
        self.settle()

    def _usable(self, text: str, what: str) -> str:
        problem = why_unnameable(text)
        if problem:
            raise InvalidInput(f"{text[:60]!r} can not be {what}: {problem}.")
        return text

    @cached_property
    def _concurrency(self) -> int:
        return workspaces.concurrency_of(self._office.database, self._row.session)


def _refuse_kind(name: str, given: object, kind: type, expected: str) -> None:
    if given is not None and (not isinstance(given, kind) or isinstance(given, bool)):
        raise InvalidInput(f"progress({name}={given!r:.60}): expected {expected}.")
