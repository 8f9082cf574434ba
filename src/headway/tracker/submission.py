"""What a caller asks for, checked and made into a new job."""

from __future__ import annotations

import getpass
import hashlib
import os
import socket
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypedDict, TypeVar

import msgspec

from headway.errors import Conflict, Deleted, IllegalChange, InvalidInput, Unstorable
from headway.model.ids import LONGEST, NAMESPACES, why_unusable
from headway.model.value import BadValue, clean_text
from headway.store import keeping, sealing, workspaces
from headway.store.contract import Database
from headway.store.keeping import NewJob
from headway.store.records import JobRow
from headway.store.sealing import Owner
from headway.tracker import bulk
from headway.tracker.ambient import current_session
from headway.tracker.caller import CALLER
from headway.tracker.workspace import session_id

Check = Callable[[Any], object]

LONGEST_NAME = 1000
LONGEST_REASON = 1000
MOST_LABELS = 64
LATEST = 253_370_764_800.0
"""The first moment of the year 9999: what lies before it can be told in every time zone."""


class Options(TypedDict, total=False):
    """What submit takes beside type and input."""

    name: str | None
    session: str | None
    external_id: str | Mapping[str, str] | None
    context_id: str | None
    one_per_context: bool
    category: str
    labels: Mapping[str, str]
    parent: str | None
    root: str | None
    priority: int
    queue: str
    run_at: datetime | None
    timeout_s: float | None
    retries: int


def new_job(
    identity: str, kind: str, given: Any, options: Options, why: dict[str, Any], outside: bool = False,
    check: Check | None = None,
) -> NewJob:  # fmt: skip
    """A new job from what was asked. check: is shown the input, with Secret objects. Raises InvalidInput and
    Unstorable, naming the part that does not fit.
    """
    bulk.check(a_type(kind), given, outside)
    context_id = _an_id(options.get("context_id"), "a context id")
    one_per_context = bool(options.get("one_per_context", False))
    if one_per_context and context_id is None:
        raise InvalidInput("one_per_context=True needs a context_id: it is the context that holds one open job.")
    return NewJob(
        id=identity,
        type=a_type(kind),
        name=_a_name(options.get("name") or (bulk.default_name(given) if kind == bulk.BULK else kind)),
        input=stored_input(given, Owner("job", identity), check),
        category=_a_word(options.get("category", "general"), "a category", 255),
        session=_session(options.get("session")),
        context_id=context_id,
        one_per_context=one_per_context,
        external_ids=external_ids_of(options.get("external_id")),
        labels=_labels(options.get("labels") or {}),
        parent=options.get("parent"),
        root=options.get("root"),
        owner=who(),
        queue=_a_word(options.get("queue", "default"), "a queue", 255),
        priority=_a_whole_number(options.get("priority", 0), "priority"),
        outside=outside,
        retries=_a_whole_number(options.get("retries", 0), "retries"),
        timeout_s=_a_timeout(options.get("timeout_s")),
        due_at=_a_time(options.get("run_at")),
        limited=not bulk.is_own(kind),
        why=why,
    )


def refuse_unknown(options: Mapping[str, Any], without: tuple[str, ...] = ()) -> None:
    """Raises InvalidInput for what is no option of a job. without: options that are not the caller's to give."""
    known = Options.__annotations__.keys() - set(without)
    if unknown := options.keys() - known:
        raise InvalidInput(f"{min(unknown)!r} is no option of a job; there are {', '.join(sorted(known))}.")


def refuse_beside_input(verb: str, unknown: Mapping[str, object]) -> None:
    """Raises InvalidInput for keywords that are no options: most often values that belong into the input."""
    if unknown:
        known = ", ".join(sorted(Options.__annotations__.keys() - {"root", "retries"}))
        given = ", ".join(f'"{name}": {value!r:.40}' for name, value in unknown.items())
        raise InvalidInput(
            f"{verb}() takes no {', '.join(f'{name}=' for name in unknown)}: what the job is to work with goes into "
            f"its input, {verb}(type, {{{given}}}). Options are {known}, idempotency_key."
        )


def a_type(text: Any) -> str:
    """The name of a job type. Raises InvalidInput."""
    return _a_word(text, "a job type", 255)


def stored_input(given: Any, owner: Owner, check: Check | None = None) -> str:
    """A job's input as JSON text, its secrets sealed. Raises InvalidInput, Unstorable, SecretUnavailable."""
    return _input(given, lambda plain: sealing.stored(plain, owner, "the input", check))


def other_input(given: Any, before: str, old: Owner, new: Owner, check: Check | None = None) -> str:
    """The input of a job that begins in the place of an old one, as stored_input has it. before: what that was given.

    A secret that is given as it is shown is that of the old one. Raises what stored_input raises.
    """

    def text_of(plain: dict[str, Any]) -> str:
        known = sealing.with_shown(plain, lambda: sealing.opened(before, old), "the input")
        return sealing.stored(known, new, "the input", check)

    return _input(given, text_of)


def sent_input(given: Any, what: str = "the input") -> str:
    """A job's input as JSON text with its secrets as they were given, to be sealed where it is kept.

    Raises what stored_input raises.
    """
    return _input(given, lambda plain: sealing.in_clear(plain, what))


def compared_input(given: Any) -> str:
    """JSON text that is the same for the same input, secrets included. Raises what stored_input raises."""
    return _input(given, lambda plain: sealing.fingerprint(plain, "the input"))


def _input(given: Any, text_of: Callable[[dict[str, Any]], str]) -> str:
    if given is None:
        given = {}
    if not isinstance(given, Mapping):
        raise InvalidInput(
            f"The input of a job is an object of named values; found {type(given).__name__}. Give a dict."
        )
    try:
        plain = dict(given)
    except Exception as problem:  # whatever the caller's own mapping may raise
        raise InvalidInput(f"The input can not be read: {type(problem).__name__}: {problem}. Give a dict.") from problem
    try:
        return text_of(plain)
    except BadValue as problem:
        raise Unstorable(f"{problem}.") from None


def external_ids_of(given: str | Mapping[str, str] | None) -> dict[str, str]:
    """External ids by namespace. Raises InvalidInput for what can not be an id or a namespace."""
    if given is not None and not isinstance(given, str | Mapping):
        raise InvalidInput(f"{given!r:.60} is no external id; expected a text, or an object of texts by namespace.")
    named = {} if given is None else {"external": given} if isinstance(given, str) else dict(given)
    for namespace, text in named.items():
        if not isinstance(namespace, str):
            raise InvalidInput(f"{namespace!r:.60} is no namespace: expected a word such as 'gui'.")
        usable = namespace.isidentifier() and namespace not in NAMESPACES and len(namespace) <= LONGEST
        if namespace != "external" and not usable:
            raise InvalidInput(
                f"{namespace!r:.60} is no namespace: expected a word such as 'gui' without a meaning of its own."
            )
        _an_id(text, "an external id")
    return named


Written = TypeVar("Written")
TRIES = 3
"""How often a write is made that the database refuses and nothing explains."""


def explained(write: Callable[[], Written], explain: Callable[[IllegalChange], None]) -> Written:
    """Writes. explain: raises what the refusal of the database means.

    Where it finds nothing, whoever was in the way has gone meanwhile, and the write is made again.
    """
    for left in reversed(range(TRIES)):
        try:
            return write()
        except IllegalChange as refused:
            explain(refused)
            if not left:
                raise
    raise AssertionError("unreachable")


def explain(database: Database, new: NewJob, refused: IllegalChange) -> None:
    """Raises NotFound, Deleted or Conflict where that is why the database refused a new job."""
    if workspaces.find(database, new.session) is None and new.rollback_of is None:
        raise workspaces.no_session(database, new.session) from refused
    if new.parent is not None and keeping.by_id(database, new.parent) is None:
        raise Deleted(keeping.deleted(database, new.parent) or f"Job {new.parent} was deleted.") from refused
    other = keeping.open_in_context(database, new.context_id) if new.one_per_context and new.context_id else None
    row = other and keeping.by_id(database, other)
    if row:
        raise Conflict(
            f"Context {new.context_id!r} has an open job already: {row.number} ({row.name}, {row.state}), id {row.id}. "
            "Wait for it or cancel it.",
            row.id,
        ) from refused


def worker_name(text: Any) -> str:
    """What a runner calls itself, where it is no process that Headway knows. Raises InvalidInput."""
    return "outside" if text is None else f"outside:{_a_word(text, 'the name of a worker', 200)}"


def is_outside(row: JobRow) -> bool:
    """Whether what works on a running job is no process that Headway knows: it began or claimed it from outside."""
    return bool(row.outside) or str(row.worker).partition(":")[0] == "outside"


def idempotency_key(text: Any) -> str:
    """A key under which a request is known. Raises InvalidInput."""
    if isinstance(text, str) and 0 < len(text) <= LONGEST_NAME and "\x00" not in text and text.isprintable():
        return text
    raise InvalidInput(f"{text!r:.60} is no idempotency key: expected 1 to {LONGEST_NAME} characters.")


def request_hash(verb: str, *parts: Any) -> str:
    """What an idempotency key stands for, so that the key is not used for something else."""
    return hashlib.sha256(msgspec.json.encode([verb, *parts], order="sorted")).hexdigest()


@cache
def who() -> str:
    """The user of this process, for the history."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name, as in some containers
        return f"uid {os.getuid()}"


@cache
def host() -> str:
    """The name of this machine, for the history."""
    return socket.gethostname()


def why(given: str | None, via: str) -> dict[str, Any]:
    """Who asks, from where, and the reason: what an event tells of a verb."""
    caller = CALLER.get()
    told: dict[str, Any] = {"who": who(), "via": via, "host": host(), "pid": os.getpid()}
    if caller is not None:
        told = {"who": who(), "via": caller.via, "host": caller.host}
    if given is not None:
        told["reason"] = reason(given)
    return told


def reason(given: Any) -> str | None:
    """Why somebody asks, as it is kept."""
    return None if given is None else clean_text(str(given), LONGEST_REASON)


def _an_id(text: Any, what: str) -> str | None:
    if text is None:
        return None
    problem = why_unusable(text) if isinstance(text, str) else f"it is of type {type(text).__name__}"
    if problem:
        raise InvalidInput(f"{text!r:.60} can not be {what}: {problem}.")
    return str(text)


def _session(text: Any) -> str:
    return current_session() if text is None else session_id(text)


def _a_word(text: Any, what: str, longest: int) -> str:
    if not isinstance(text, str) or not text.strip() or len(text) > longest or not text.isprintable():
        found = f"{len(text):,} characters" if isinstance(text, str) and len(text) > longest else repr(text)[:60]
        raise InvalidInput(f"That can not be {what}: found {found}; expected 1 to {longest} printable characters.")
    return text


def _a_name(text: Any) -> str:
    if not isinstance(text, str) or "\x00" in text or len(text) > LONGEST_NAME:
        found = f"{len(text):,} characters" if isinstance(text, str) and "\x00" not in text else repr(text)[:60]
        raise InvalidInput(
            f"That can not be the name of a job: found {found}; expected text of at most {LONGEST_NAME:,} characters."
        )
    return clean_text(text, LONGEST_NAME)


def _labels(given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping) or len(given) > MOST_LABELS:
        raise InvalidInput(f"labels are an object of at most {MOST_LABELS} texts; found {repr(given)[:60]}.")
    return {
        _a_word(name, "the name of a label", 255): _a_word(value, f"the value of label {str(name)[:60]!r}", 255)
        for name, value in given.items()
    }


def _a_whole_number(value: Any, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 31:
        raise InvalidInput(f"{what} is {value!r:.60}; expected a whole number.")
    return value


def _a_timeout(value: Any) -> float | None:
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1e12:
        raise InvalidInput(f"timeout_s is {value!r:.60}; expected seconds, more than 0.")
    return float(value)


def _a_time(value: Any) -> float | None:
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InvalidInput(
            f"run_at is {value!r:.60}; expected a datetime with a time zone: datetime.now(UTC) + timedelta(hours=1)."
        )
    seconds = (value - _EPOCH) / timedelta(seconds=1)
    if not 0 <= seconds < LATEST:
        raise InvalidInput(
            f"run_at is {value.isoformat()}; expected a time from 1970 to 9998. For at once leave it out."
        )
    return seconds


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
