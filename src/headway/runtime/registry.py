"""Job types: functions registered under a name, and how a job's input becomes their arguments."""

from __future__ import annotations

import inspect
import threading
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

from headway.errors import DuplicateType, InvalidInput, UnknownType
from headway.secret import Secret
from headway.store.claiming import JobTypeRow
from headway.tracker.bulk import PREFIX, is_own

F = TypeVar("F", bound=Callable[..., Any])

PLAIN = frozenset("str int float bool bytes dict list tuple set frozenset Path datetime date Secret".split())
"""Types that a value of the input may have, and a context has not."""
HOW_TO_MARK = (
    'Mark it: headway.Secret("text") or headway.Secret.env("NAME"); {"$secret": "text"} in JSON; --secret NAME on the '
    "command line."
)


class JobType(msgspec.Struct, frozen=True, kw_only=True):
    """A function registered under a name. recover: a lost job goes on by itself; retries: after an error."""

    name: str
    function: Callable[..., Any]
    recover: bool = True
    retries: int = 0
    timeout_s: float | None = None
    asynchronous: bool = False
    keep_s: float | None = None

    @property
    def row(self) -> JobTypeRow:
        """What the database keeps of it, for processes that do not have its code."""
        return JobTypeRow(type=self.name, recover=self.recover, timeout_s=self.timeout_s, keep_s=self.keep_s)

    def arguments(self, given: Any) -> dict[str, Any]:
        """The input converted by the function's signature.

        Raises InvalidInput, naming the parameter, what was found and what was expected.
        """
        if not isinstance(given, Mapping):
            raise InvalidInput(f"The input of {self.name} must be an object of named values, found {_kind(given)}.")
        parameters, hints = _signature(self.function)
        free = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
        named = {name: p for name, p in parameters.items() if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)}
        unknown = [name for name in given if name not in named]
        if unknown and not free:
            raise InvalidInput(
                f"{self.name} takes {_listed(named) or 'no input'}; found {_listed(unknown)}, which it does not take."
            )
        missing = [name for name, p in named.items() if p.default is p.empty and name not in given]
        if missing:
            found = f"found only {_listed(given)}" if given else "it was given no input"
            raise InvalidInput(f"{self.name} needs {_listed(missing)}; {found}.")
        return {name: self._convert(name, value, hints.get(name)) for name, value in given.items()}

    @property
    def takes_secrets(self) -> bool:
        """Whether a parameter of the function is a Secret, or holds one."""
        return bool(_secret_parameters(self.function))

    def check_secrets(self, given: Mapping[str, Any]) -> None:
        """Raises InvalidInput where a plain value is given for a secret."""
        hints = _signature(self.function)[1]
        for name in _secret_parameters(self.function) & given.keys():
            self._convert(name, given[name], hints[name])

    def _convert(self, name: str, value: Any, hint: Any) -> Any:
        if hint is None or hint is Any:
            return value
        try:
            return msgspec.convert(value, hint, strict=True, str_keys=True, dec_hook=_from_plain)
        except msgspec.ValidationError as problem:
            if holds_secret(hint):  # what was found may be a secret in clear
                raise InvalidInput(f"{name} of {self.name} does not fit: {problem}. {HOW_TO_MARK}") from None
            raise InvalidInput(
                f"{name} of {self.name} does not fit: {problem}; found {_short(value)}.{_said_as_text(name, value)}"
            ) from None
        except TypeError:  # a hint that msgspec can not read says nothing about the value
            return value


class Registry:
    """The job types of one process."""

    def __init__(self) -> None:
        self._types: dict[str, JobType] = {}
        self._lock = threading.Lock()

    def add(self, kind: JobType) -> None:
        """Registers a type. The same module and function name again replaces it (a reload, a notebook cell)."""
        with self._lock:
            known = self._types.get(kind.name)
            if known is not None and _home(known.function) != _home(kind.function):
                raise DuplicateType(
                    f"{kind.name!r} is registered by {_home(known.function)} and now by {_home(kind.function)}. "
                    "Give one of them another name."
                )
            self._types[kind.name] = kind

    def get(self, name: str) -> JobType:
        """The type of that name. Raises UnknownType."""
        try:
            return self._types[name]
        except KeyError:
            raise UnknownType(
                f"No function is registered as {name!r} here; there are {_listed(self._types) or 'none'}. "
                "Import the module that registers it."
            ) from None

    def find(self, name: str) -> JobType | None:
        """The type of that name, None where this process does not have it."""
        return self._types.get(name)

    def names(self) -> list[str]:
        """The names of all types, sorted."""
        return sorted(self._types)

    def own(self) -> list[str]:
        """The names of the types that were registered beside those of Headway, sorted."""
        return [name for name in self.names() if not is_own(name)]

    def built_in(self) -> list[str]:
        """The names of Headway's own types, sorted."""
        return [name for name in self.names() if is_own(name)]


REGISTRY = Registry()


def job(
    name: str, *, recover: bool = True, retries: int = 0, timeout_s: float | None = None, keep_s: float | None = None
) -> Callable[[F], F]:
    """Registers a function as a job type and returns it unchanged.

    name: what jobs of it are submitted as. recover: after a crash it goes on by itself from its checkpoint; False
    waits for a person. retries: how often an error is tried again, with growing pauses. timeout_s: limit of active
    time in seconds. keep_s: ended jobs go by themselves after so many seconds (headway.DAY_S is a day), unless their
    session says otherwise; None keeps them. The function's first parameter is the Context; the others are filled from
    the job's input. Raises InvalidInput, and DuplicateType where another module has registered that name.
    """
    if callable(name):
        called = _home(name).removeprefix("__main__.").replace("<locals>.", "")
        raise InvalidInput(f'A job type has a name that outlives its code: write @headway.job("{called}").')
    if not name or len(name) > 255 or not name.isprintable():
        raise InvalidInput(f"{name!r} is no name for a job type: expected 1 to 255 printable characters.")
    if is_own(name):
        raise InvalidInput(f"{name!r:.60}: types that begin with {PREFIX!r} are Headway's own. Give it another name.")
    if retries < 0 or (timeout_s is not None and timeout_s <= 0):
        raise InvalidInput(f"{name}: retries must be 0 or more and timeout_s above 0; found {retries} and {timeout_s}.")

    if keep_s is not None and not 0 < keep_s < 1e12:
        raise InvalidInput(f"{name}: keep_s is {keep_s!r}; expected seconds, more than 0, or None to keep its jobs.")

    def register(function: F) -> F:
        if not callable(function):
            raise InvalidInput(f"@headway.job({name!r}) goes on a function; found {_kind(function)}.")
        _refuse_without_context(name, function)
        asynchronous = inspect.iscoroutinefunction(function)
        REGISTRY.add(
            JobType(
                name=name, function=function, recover=recover, retries=retries, timeout_s=timeout_s,
                asynchronous=asynchronous, keep_s=keep_s,
            )
        )  # fmt: skip
        return function

    return register


def type_name(type_or_function: str | Callable[..., Any]) -> str:
    """The name of a type that was given by name or as the function registered for it."""
    if isinstance(type_or_function, str):
        return type_or_function
    for name in REGISTRY.names():
        if REGISTRY.get(name).function is type_or_function:
            return name
    raise UnknownType(f"{type_or_function!r} is registered under no name. Put @headway.job('name') on it.")


def _refuse_without_context(name: str, function: Callable[..., Any]) -> None:
    """Raises InvalidInput for a function whose first parameter can not be the context."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a callable that does not tell its parameters
        return
    first = parameters[0] if parameters else None
    by_position = first is not None and first.kind not in (first.KEYWORD_ONLY, first.VAR_KEYWORD)
    if first is None or not by_position or _is_plain(first) or any(_is_context(other) for other in parameters[1:]):
        raise InvalidInput(
            f"The function of {name!r}, {getattr(function, '__qualname__', function)}, does not take the job's context "
            f"first: found ({', '.join(parameter.name for parameter in parameters)}). Write def "
            f"{getattr(function, '__name__', 'work')}(ctx: headway.Context, ...); the input fills the others."
        )


def _is_context(parameter: inspect.Parameter) -> bool:
    hint = parameter.annotation
    told = hint if isinstance(hint, str) else getattr(hint, "__name__", "")
    return parameter.name == "ctx" or told.rpartition(".")[2] in ("Context", "AsyncContext")


def _is_plain(parameter: inspect.Parameter) -> bool:
    """Whether a parameter is for a value of the input."""
    hint = parameter.annotation
    told = hint if isinstance(hint, str) else getattr(hint, "__name__", "")
    return told.partition("[")[0].rpartition(".")[2] in PLAIN


@cache
def _signature(function: Callable[..., Any]) -> tuple[dict[str, inspect.Parameter], dict[str, Any]]:
    """The parameters after the context, and their types."""
    parameters = dict(list(inspect.signature(function).parameters.items())[1:])
    try:
        hints = typing.get_type_hints(function)
    except (NameError, TypeError):  # a hint names what is not there at run time: nothing to convert by
        hints = {}
    return parameters, hints


@cache
def _secret_parameters(function: Callable[..., Any]) -> frozenset[str]:
    """The parameters that are a Secret, or hold one."""
    return frozenset(name for name, hint in _signature(function)[1].items() if holds_secret(hint))


def holds_secret(hint: Any, seen: frozenset[Any] = frozenset()) -> bool:
    """Whether values of a type may hold a Secret: itself, its members, or fields of a class."""
    if hint is Secret:
        return True
    members = typing.get_args(hint)
    if not members and isinstance(hint, type) and hint not in seen and hasattr(hint, "__annotations__"):
        try:
            members, seen = tuple(typing.get_type_hints(hint).values()), seen | {hint}
        except (NameError, TypeError):  # a hint names what is not there at run time
            return False
    return any(holds_secret(member, seen) for member in members)


def _from_plain(kind: type, value: Any) -> Any:
    if kind is Secret:
        return value  # a plain value is refused: it was stored in clear
    try:
        return kind(value)  # Path and its like are made from their text
    except (TypeError, ValueError) as problem:
        raise msgspec.ValidationError(f"Expected `{kind.__name__}`: {problem}") from problem


def _home(function: Callable[..., Any]) -> str:
    return f"{getattr(function, '__module__', '?')}.{getattr(function, '__qualname__', '?')}"


def _listed(names: typing.Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _kind(value: Any) -> str:
    return f"a value of type {type(value).__name__}"


def _said_as_text(name: str, value: Any) -> str:
    """What to write where a number or the like was given as a text, as the command line does without a colon."""
    try:
        meant = msgspec.json.decode(value) if isinstance(value, str) else value
    except msgspec.DecodeError:
        return ""
    return f" It was given as a text; on the command line write {name}:={value}." if meant is not value else ""


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
