"""Steps: named units whose result is recorded once and never computed again."""

from __future__ import annotations

import threading
import typing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from typing import TYPE_CHECKING, Any

import msgspec

from headway.errors import DuplicateStep, InvalidInput, Unstorable
from headway.model.ids import why_unnameable
from headway.model.job import Step
from headway.model.value import BadValue, clean_text, decode, encode
from headway.runtime.current import CURRENT
from headway.runtime.trace import reraise_of_main, trace_of
from headway.store import keeping
from headway.store.records import JobRow

if TYPE_CHECKING:
    from headway.runtime.attempt import AttemptAtHand
    from headway.runtime.office import Office
    from headway.runtime.outbox import Outbox


CURRENT_STEP: ContextVar[str | None] = ContextVar("headway_step", default=None)
"""The name of the step that the calling code is in."""


class Steps:
    """The steps of one attempt, and what earlier attempts recorded of them."""

    def __init__(self, context: AttemptAtHand, office: Office, row: JobRow) -> None:
        self._context = context
        self._office = office
        known = keeping.steps(office.database, row.id) if row.attempt > 1 else []
        self._known: dict[str, Step] = {step.name: step for step in known}
        self._attempt = row.attempt
        self._scope = ""
        self._used: set[str] = set()
        self._began: dict[str, float | None] = {}
        self._lock = threading.Lock()

    @property
    def known(self) -> tuple[dict[str, Step], set[str]]:
        """What is recorded, and the names that this attempt has used: to be set again where it was rolled back."""
        with self._lock:
            return dict(self._known), set(self._used)

    @known.setter
    def known(self, before: tuple[dict[str, Step], set[str]]) -> None:
        with self._lock:
            self._known, self._used = before

    def within(self, context: AttemptAtHand, scope: str) -> Steps:
        """The steps of a part of the job: their names begin with its scope, and may be those of another part."""
        part = copy(self)
        part._context, part._scope, part._used = context, scope, set()
        return part

    def plan(self, weights: Mapping[str, float]) -> None:
        """Declares steps to come; those that are known already stay as they are."""
        for name, weight in weights.items():
            if self._scope + name not in self._known:
                self._save(name, "planned", weight=weight)

    def refill(self) -> None:
        """Fills the phases of what earlier attempts have completed."""
        for step in [step for step in self._known.values() if step.state == "completed"]:
            self._fill_phase(step.name)

    def finish(self) -> None:
        """The work is done: what never ran is skipped; what failed and may not have leaves a warning."""
        for step in list(self._known.values()):
            if step.state in ("planned", "running"):
                self._fill_phase(step.name, skipped=True)
                self._save(step.name, "skipped", optional=step.optional)
            elif step.state == "failed" and not step.optional:
                self._context.warn(f"step {step.name!r} failed, and the work went on without it")

    def mark(self, name: str, state: str, error: Exception | None = None) -> None:
        """A phase or loop of the plan's name begins or ends: the plan shows it."""
        known = self._known.get(self._scope + name)
        if known is not None and known.state != "completed":
            started = self._office.now() if state == "running" else None
            self._save(name, state, started=started, error=None if error is None else error_text(error))

    def run(self, name: str, function: Callable[..., Any], arguments: tuple[Any, ...], optional: bool) -> Any:
        """See Context.step."""
        with self.open(name, function, optional) as step:
            if step.recorded is None:
                step.keep(function(*arguments))
        if step.kept:
            self._context.settle()
        return step.result

    @contextmanager
    def open(self, name: str, function: Callable[..., Any], optional: bool) -> Iterator[StepAtHand]:
        """The block runs the step's function, where nothing is recorded, and keeps what it returned.

        It ends the step: completed, which is durable after settle(), or failed, where the block raises. Raises as
        Context.step does; what the block raises not where the step is optional.
        """
        self._enter(name := self._usable(name))
        self._context.check()
        known = self._known.get(self._scope + name)
        if known is not None and known.state == "completed":
            self._fill_phase(name)
            yield StepAtHand(name, function, known)
            return
        step = StepAtHand(name, function, None)
        phase = self._context.measure.open_planned(name)
        started = self._office.now()
        self._save(name, "running", started=started, optional=optional)
        token = CURRENT_STEP.set(name)
        try:
            yield step
        except (Exception, SystemExit) as error:
            self._fail(name, error, started, optional, step)
            if not optional:
                raise
            self._context.warn(f"optional step {name!r} failed: {error}")
        finally:
            CURRENT_STEP.reset(token)
            if phase is not None:
                self._context.measure.leave(phase)
        if phase is not None:
            self._context.measure.close(phase, skipped=not step.kept)
        if step.text is not None:
            step.text = self._context.outbox.masked_json(step.text)  # what is returned is what is stored
            self._save(name, "completed", started=started, result=step.text, optional=optional, step=step)

    def _usable(self, name: str) -> str:
        """The name by which the result is found again: without secrets, as it is stored. Raises InvalidInput."""
        if not isinstance(name, str):
            called = getattr(name, "__name__", "copy")
            raise InvalidInput(f"step() takes a name first, found {name!r:.60}: ctx.step({called!r}, {called}, ...).")
        problem = why_unnameable(name)
        if problem:
            raise InvalidInput(f"{name!r:.80} can not be the name of a step: {problem}.")
        return self._context.outbox.masked_text(name)

    def _enter(self, name: str) -> None:
        with self._lock:
            if name in self._used:
                raise DuplicateStep(
                    f"The step {name!r} was run before in this attempt, and its name stands for its recorded result. "
                    f"Give each its own name, for instance f'{name}-{{member}}'."
                )
            self._used.add(name)

    def _fill_phase(self, name: str, skipped: bool = False) -> None:
        phase = self._context.measure.open_planned(name)
        if phase is not None:
            self._context.measure.close(phase, skipped=skipped)

    def _fail(self, name: str, error: BaseException, started: float, optional: bool, step: StepAtHand) -> None:
        text = error_text(error)
        self._save(name, "failed", started=started, error=text, optional=optional, step=step)

    def _save(
        self, name: str, state: str, *, weight: float | None = None, started: float | None = None,
        result: str | None = None, error: str | None = None, optional: bool = False, step: StepAtHand | None = None,
    ) -> None:  # fmt: skip
        name = self._scope + name
        known = self._known.get(name)
        weight = weight if weight is not None else (known.weight if known else 0.0)  # no share of the plan
        position = known.position if known else len(self._known) + 1
        ended = self._office.now() if state in ("completed", "failed") else None
        began = self._began[name] = started if ended is None else started or self._began.get(name)
        self._known[name] = Step(
            job_id=self._context.job_id, name=name, position=position, state=state, weight=weight, optional=optional
        )
        self._context.outbox.step(
            {
                "name": name, "position": position, "state": state, "weight": float(weight), "optional": optional,
                "started_at": began, "ended_at": ended, "result": result, "error": error,
            },
            advanced=state == "completed", undo=None if step is None else step.tried(state, error, ended),
        )  # fmt: skip
        if state != "planned":
            told: dict[str, Any] = {"state": state}
            if error is not None:
                told["error"] = msgspec.Raw(error.encode())
            self._context.outbox.say("step", name, self._office.now(), told)


class StepAtHand:
    """A step that was entered. recorded: what an earlier attempt kept of it; then its function is not run again."""

    def __init__(self, name: str, function: Callable[..., Any], recorded: Step | None) -> None:
        self.name = name
        self.function = function
        self.recorded = recorded
        self.text: str | None = None
        self.undoes: tuple[str, int] | None = None  # the job and position of the undo that it tries

    def tried(self, state: str, error: str | None, ended: float | None) -> dict[str, Any] | None:
        """What became of the undo that it tries, as a report takes it."""
        if self.undoes is None or ended is None:
            return None
        of, position = self.undoes
        undone = "done" if state == "completed" else "failed"
        return {"of": of, "position": position, "state": undone, "error": error, "ended_at": ended}

    def keep(self, result: Any) -> None:
        """Takes what the function returned. Raises Unstorable."""
        self.text = _encoded(result, self.name)

    @property
    def kept(self) -> bool:
        """Whether this attempt has run it, and it has not failed."""
        return self.text is not None

    @property
    def result(self) -> Any:
        """What was stored, read back by the function's annotation; None where the step failed."""
        if self.text is not None:
            return _read_back(decode(self.text), self.function)
        return None if self.recorded is None else _read_back(self.recorded.result, self.function)


def error_text(error: BaseException, code: str = "error", outbox: Outbox | None = None) -> str:
    """An exception as the error of a job or step: code, message and traceback, as JSON text.

    outbox: of the attempt whose secrets it may tell, if not of the one that the calling code is in.
    """
    kind, context = type(error).__name__, CURRENT.get()
    if outbox is None and context is not None:
        outbox = context.outbox
    masked = str if outbox is None else outbox.masked_text  # before the cut, which may tear a secret in two
    try:
        said, found = "".join(str(error)), getattr(error, "code", None)
        trace = trace_of(error)
    except BaseException as problem:  # the exception is the job's own, and may fail to tell of itself
        reraise_of_main(problem)
        said, found, trace = f"(its text can not be had: {type(problem).__name__})", None, ""
    told = {
        "code": clean_text(found, 100) if type(found) is str else code,
        "message": clean_text(masked(f"{kind}: {said}" if said else kind), LONGEST_MESSAGE),
        "trace": clean_text(masked(trace)[-LONGEST_TRACE:], LONGEST_TRACE) or None,
    }
    return msgspec.json.encode(told).decode()


LONGEST_MESSAGE = 10_000
"""Characters of an error's message that are kept."""
LONGEST_TRACE = 32 * 1024
"""Characters at the end of a traceback that are kept."""


def _encoded(result: Any, name: str) -> str:
    try:
        return encode(result, f"the result of step {name!r}")
    except BadValue as problem:
        raise Unstorable(f"{problem}.") from None


def _read_back(stored: Any, function: Callable[..., Any]) -> Any:
    """What was stored, as the function's annotation says: the same in the first attempt and in every later one."""
    hint = _return_type(function)
    if hint is None or hint is Any:
        return stored
    try:
        return msgspec.convert(stored, hint, strict=True, str_keys=True, dec_hook=_from_plain)
    except (msgspec.ValidationError, TypeError):
        return stored  # the annotation does not describe what was returned


def _from_plain(kind: type, value: Any) -> Any:
    return kind(value)


def _return_type(function: Callable[..., Any]) -> Any:
    if "return" not in getattr(function, "__annotations__", {}):
        return None
    try:
        return typing.get_type_hints(function).get("return")
    except (NameError, TypeError):
        return None
