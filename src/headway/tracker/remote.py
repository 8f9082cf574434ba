"""The verbs over HTTP: the same signatures, answers and exceptions, on whatever database a server has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

import msgspec

from headway.clock import Clock
from headway.errors import Deleted, InvalidInput, NotFound, NotSupported
from headway.model.configuration import ConfigDiff, JobConfiguration
from headway.model.failure import Failure, Failures
from headway.model.ids import RESERVED
from headway.model.job import (
    Artifact,
    Attempt,
    Branch,
    Checkpoint,
    Event,
    Item,
    Job,
    LogMatches,
    Page,
    Session,
    SessionVersion,
    Step,
    Undo,
    Worker,
)
from headway.model.ledger import LedgerCounts
from headway.model.recovery import Recovery
from headway.model.retention import Retention, WouldGo
from headway.model.search import Found
from headway.model.steps import JobProgress
from headway.model.support import SupportBundle
from headway.model.value import BadValue, clean_text, encode
from headway.store.sealing import Owner
from headway.tracker import asking, lookup, ordering, selecting, submission, workspace
from headway.tracker.ambient import current_session
from headway.tracker.asking import Labels
from headway.tracker.connection import AnyId, TypeOrFunction
from headway.tracker.headway import Headway
from headway.tracker.reattaching import Reattaching
from headway.tracker.searching import MOST_HITS
from headway.tracker.wire import Wire, part

if TYPE_CHECKING:
    from headway.store.contract import Database

R = TypeVar("R")

LONGEST_PAGE = 1000
"""Entries that a server gives at once; longer pages are put together of several."""
MOST_WAITING = 500
"""Jobs of the longest page of recovery, and groups of failures."""
MOST_BYTES = 500_000
"""Bytes of inputs that are submitted in one call: a body has 1 MiB at most."""
POLL_S = 25.0
"""How long a server may hold an answer back: proxies cut what is silent for longer."""


class Remote(Headway):
    """The verbs of a server. `Headway("https://...")` makes it; what runs jobs belongs on the server's side."""

    _poll_s = POLL_S

    def __init__(
        self, url: str | os.PathLike[str] | None = None, *, clock: Clock | None = None, via: str = "python",
        token: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(url, clock=clock, via=via)
        self._wire = Wire(self.url, token, self._clock)
        self.url = self._wire.url

    def close(self) -> None:
        """Gives back connections; the next use opens them again."""
        self._wire.close()

    # -- jobs: find and read ------------------------------------------------------------------------------------------

    def get(self, any_id: AnyId) -> Job:
        try:
            return _read(self._wire.get(*_found(any_id)).content, Job)
        except NotFound as gone:
            if isinstance(any_id, Job):
                raise Deleted(f"Job {any_id.number} ({any_id.name}) was deleted.") from gone
            raise

    def jobs(
        self, *, state: str | Sequence[str] | None = None, type: TypeOrFunction | None = None,
        session: str | None = None, category: str | None = None, context_id: str | None = None,
        labels: Labels | Sequence[Labels] | None = None, text: str | None = None, active: bool | None = None,
        parent: AnyId | None = None, root: AnyId | None = None, ids: Sequence[str] | None = None,
        q: str | None = None, sort: str = ordering.DEFAULT, limit: int = 50, after: str | None = None,
    ) -> Page[Job]:  # fmt: skip
        asking.labels(labels)
        asking.pattern(text)
        selecting.query(q)
        query: dict[str, Any] = {
            "type": None if type is None else self._type_name(type), "session": asking.session(session),
            "category": category, "context_id": context_id, "text": text or None, "q": q or None,
        }  # fmt: skip
        query = {name: None if value is None else asking.text(value, name) for name, value in query.items()}
        named = selecting.ids(ids)
        if named == []:
            return Page([])
        query |= {
            "state": asking.states(state), "labels": None if labels is None else _json(_lists(labels)).decode(),
            "active": active, "parent": None if parent is None else _id_text(parent),
            "root": None if root is None else _id_text(root), "ids": None if named is None else ",".join(named),
            "sort": None if ordering.checked(sort) == ordering.DEFAULT else sort,
        }  # fmt: skip
        return self._page("jobs", Job, "/jobs", limit, _cursor(after), query)

    def counts(self, session: str | None = None, q: str | None = None) -> dict[str, int]:
        selecting.query(q)
        asked = {"session": asking.session(session), "q": q or None}
        return _read(self._wire.get("/counts", asked).content, dict[str, int])

    def search(self, text: str, limit: int = MOST_HITS) -> Found:
        sought = lookup.asked(asking.text(text, "the text").strip())
        query = {"q": sought, "limit": min(asking.limit(limit), MOST_HITS)}
        return _read(self._wire.get("/search", query).content, Found)

    def events(self, any_id: AnyId, limit: int = 50, after: int = 0, logs: bool = True) -> Page[Event]:
        return self._page("events", Event, self._at(any_id, "events"), limit, _number(after), {"logs": bool(logs)})

    def logs(self, any_id: AnyId, limit: int = 50, after: int = 0, levels: Sequence[str] | None = None) -> Page[Event]:
        asked = None if levels is None else [asking.text(one, "a level") for one in levels]
        if asked == []:
            self.get(any_id)
            return Page([])
        return self._page("logs", Event, self._at(any_id, "logs"), limit, _number(after), {"level": asked})

    def last_logs(self, any_id: AnyId, limit: int = 10) -> list[Event]:
        return self._list("logs", Event, self._at(any_id, "logs"), {"last": asking.limit(limit)})

    def log_matches(
        self, any_id: AnyId, text: str | None = None, levels: Sequence[str] | None = None, limit: int = asking.MOST,
        after: int = 0,
    ) -> LogMatches:  # fmt: skip
        asking.pattern(text)
        wanted = None if levels is None else [asking.text(one, "a level") for one in levels]
        if wanted == []:
            self.get(any_id)
            return LogMatches(total=0)
        query = {"text": text or None, "level": wanted, "limit": asking.limit(limit), "after": _number(after)}
        return _read(self._wire.get(self._at(any_id, "logs/matches"), query).content, LogMatches)

    def steps(self, any_id: AnyId) -> list[Step]:
        return self._list("steps", Step, self._at(any_id, "steps"))

    def progress(self, any_id: AnyId) -> JobProgress:
        return _read(self._wire.get(self._at(any_id, "progress")).content, JobProgress)

    def attempts(self, any_id: AnyId, limit: int = 50, after: int = 0) -> Page[Attempt]:
        return self._page("attempts", Attempt, self._at(any_id, "attempts"), limit, _number(after))

    def checkpoint(self, any_id: AnyId) -> dict[str, Any]:
        return _read(self._wire.get(self._at(any_id, "checkpoint")).content, dict[str, Any])

    def checkpoints(self, any_id: AnyId) -> list[Checkpoint]:
        return self._list("checkpoints", Checkpoint, self._at(any_id, "checkpoints"))

    def artifacts(self, any_id: AnyId) -> list[Artifact]:
        return self._list("artifacts", Artifact, self._at(any_id, "artifacts"))

    def artifact(self, any_id: AnyId, name: str) -> bytes:
        path = self._at(any_id, f"artifacts/{part(asking.text(name, 'name'))}")
        return self._wire.get(path).content or b""

    def workers(self) -> list[Worker]:
        return self._list("workers", Worker, "/workers")

    def children(self, any_id: AnyId, limit: int = 50, after: str | None = None) -> Page[Job]:
        return self._page("children", Job, self._at(any_id, "children"), limit, _cursor(after))

    def tree(self, any_id: AnyId) -> Branch:
        return _read(self._wire.get(self._at(any_id, "tree")).content, Branch)

    def items(
        self, any_id: AnyId, ledger: str | None = None, limit: int = 50, after: str | None = None,
        state: str | None = None,
    ) -> Page[Item]:  # fmt: skip
        query = {"ledger": None if ledger is None else asking.text(ledger, "ledger"), "state": state}
        return self._page("items", Item, self._at(any_id, "items"), limit, _cursor(after), query)

    def ledgers(self, any_id: AnyId) -> list[LedgerCounts]:
        return self._list("ledgers", LedgerCounts, self._at(any_id, "ledgers"))

    def undos(self, any_id: AnyId, limit: int = 50, after: int = 0) -> Page[Undo]:
        return self._page("undos", Undo, self._at(any_id, "undos"), limit, _number(after))

    def last_rollback(self, any_id: AnyId) -> Job | None:
        content = self._wire.get(self._at(any_id, "rollback")).content
        return _read(content, Job) if content else None

    # -- what waits for a person --------------------------------------------------------------------------------------

    def recovery(
        self, cause: str | Sequence[str] | None = None, *, session: str | None = None, since: datetime | None = None,
        limit: int = 50, after: str | None = None,
    ) -> Recovery:  # fmt: skip
        query = {
            "cause": None if cause is None else asking.causes(cause), "session": asking.session(session),
            "since": _time(since), "limit": min(asking.limit(limit), MOST_WAITING), "after": _cursor(after),
        }  # fmt: skip
        return _read(self._wire.get("/recovery", query).content, Recovery)

    def failures(self, since: datetime | None = None, limit: int = 50, *, session: str | None = None) -> Failures:
        query = {
            "since": _time(since),
            "limit": min(asking.limit(limit), MOST_WAITING),
            "session": asking.session(session),
        }
        return _read(self._wire.get("/failures", query).content, Failures)

    def retention(self) -> Retention:
        return _read(self._wire.get("/retention").content, Retention)

    def would_go(
        self, keep_s: float, *, type: TypeOrFunction | None = None, session: str | None = None
    ) -> WouldGo:  # fmt: skip
        keep, kind, within = self._rule(keep_s, type, session)
        query = {"keep_s": keep, "type": kind, "session": within}
        return _read(self._wire.get("/retention/preview", query).content, WouldGo)

    def support(self) -> SupportBundle:
        return _read(self._wire.get("/support").content, SupportBundle)

    def failure(self, any_id: AnyId) -> Failure | None:
        content = self._wire.get(self._at(any_id, "failure")).content
        return _read(content, Failure) if content else None

    def session_diff(self, id: str, from_version: int | None = None, to_version: int | None = None) -> ConfigDiff:
        query = {
            "from": None if from_version is None else asking.number(from_version, "from_version"),
            "to": None if to_version is None else asking.number(to_version, "to_version"),
        }  # fmt: skip
        return _read(self._wire.get(f"{_session_path(id)}/diff", query).content, ConfigDiff)

    def job_configuration(self, any_id: AnyId) -> JobConfiguration:
        return _read(self._wire.get(self._at(any_id, "configuration")).content, JobConfiguration)

    # -- jobs: bring into being and control ---------------------------------------------------------------------------

    def submit(
        self, type: TypeOrFunction, input: Mapping[str, Any] | None = None, *, name: str | None = None,
        session: str | None = None, external_id: str | Mapping[str, str] | None = None, context_id: str | None = None,
        one_per_context: bool = False, category: str = "general", labels: Mapping[str, str] | None = None,
        parent: AnyId | None = None, priority: int = 0, queue: str = "default", run_at: datetime | None = None,
        timeout_s: float | None = None, idempotency_key: str | None = None,
    ) -> Job:  # fmt: skip
        options = {
            "name": name, "session": session, "external_id": external_id, "context_id": context_id,
            "one_per_context": one_per_context, "category": category, "labels": labels or {}, "parent": parent,
            "priority": priority, "queue": queue, "run_at": run_at, "timeout_s": timeout_s,
        }  # fmt: skip
        key = None if idempotency_key is None else submission.idempotency_key(idempotency_key)
        kind = self._type_name(type)
        body = self._options_sent(options) | {"type": kind, "input": self._input_sent(kind, input)}
        return _read(self._wire.send("/jobs", _json(body), key), Job)

    def submit_many(self, type: TypeOrFunction, inputs: Iterable[Mapping[str, Any]], **options: Any) -> list[str]:
        submission.refuse_unknown(options)
        kind, ids = self._type_name(type), list[str]()
        body = self._options_sent(options) | {"type": kind}
        for batch in _batches(self._input_sent(kind, given) for given in inputs):
            answer = self._wire.send("/batch", _json(body | {"inputs": batch}))
            ids += _read(answer, dict[str, list[str]])["ids"]
        return ids

    def restart(self, any_id: AnyId, reason: str | None = None, *, idempotency_key: str | None = None) -> Job:
        key = None if idempotency_key is None else submission.idempotency_key(idempotency_key)
        return self._ask_for(any_id, "restart", {"reason": _why(reason)}, key)

    def alias(self, any_id: AnyId, external_id: str | Mapping[str, str]) -> Job:
        return self._ask_for(any_id, "aliases", {"external_id": submission.external_ids_of(external_id)})

    def retry(self, any_id: AnyId, reason: str | None = None, items: str | None = None) -> Job:
        return self._ask_for(any_id, "retry", {"reason": _why(reason), "items": asking.items(items)})

    @overload
    def rollback(
        self, any_id: AnyId, reason: str | None = None, to_step: str | None = None, dry_run: Literal[False] = False
    ) -> Job: ...

    @overload
    def rollback(
        self, any_id: AnyId, reason: str | None = None, to_step: str | None = None, *, dry_run: Literal[True]
    ) -> list[Undo]: ...

    def rollback(
        self, any_id: AnyId, reason: str | None = None, to_step: str | None = None, dry_run: bool = False
    ) -> Job | list[Undo]:
        to_step = None if to_step is None else asking.text(to_step, "to_step")
        asked = {"reason": _why(reason), "to_step": to_step, "dry_run": bool(dry_run)}
        answer = self._wire.send(self._at(any_id, "rollback"), _json(asked))
        return _entries(answer, "undos", Undo)[0] if dry_run else _read(answer, Job)

    def delete(self, any_id: AnyId) -> Job:
        job = self.get(any_id)
        gone = self._wire.remove(f"/jobs/{part(f'id:{job.id}')}")
        return job if gone is None else _read(gone, Job)

    def _ask(self, any_id: AnyId, move: str, reason: str | None, scope: str) -> Job:
        return self._ask_for(any_id, move, {"reason": _why(reason), "scope": asking.reach(scope)})

    def _ask_all(self, any_id: AnyId, move: str, reason: str | None) -> list[Job]:
        answer = self._wire.send(f"{_session_path(any_id)}/{move}", _json({"reason": _why(reason)}))
        return _entries(answer, "jobs", Job)[0]

    def _pin(self, any_id: AnyId, pinned: bool, reason: str | None) -> Job:
        return self._ask_for(any_id, "pin" if pinned else "unpin", {"reason": _why(reason)})

    def _ask_for(self, any_id: AnyId, verb: str, asked: Mapping[str, Any], key: str | None = None) -> Job:
        return _read(self._wire.send(self._at(any_id, verb), _json(asked), key), Job)

    # -- sessions -----------------------------------------------------------------------------------------------------

    def create_session(
        self, id: str | None = None, config: Mapping[str, Any] | None = None,
        job_type: TypeOrFunction | None = None, concurrency: int = 10, *, owner: str | None = None,
        idle_s: float | None = None, keep_s: float | None = None,
    ) -> Session:  # fmt: skip
        asked = {
            "id": None if id is None else workspace.session_id(id), "config": _config_sent(config),
            "job_type": self._launched_type(job_type), "concurrency": workspace.concurrency(concurrency),
            "owner": None if owner is None else asking.text(owner, "owner"),
            "idle_s": workspace.span(idle_s, "idle_s"), "keep_s": workspace.span(keep_s, "keep_s"),
        }  # fmt: skip
        return _read(self._wire.send("/sessions", _json(asked)), Session)

    def session(self, id: str) -> Session:
        return _read(self._wire.get(_session_path(id)).content, Session)

    def sessions(self, limit: int = 50, after: str | None = None) -> Page[Session]:
        return self._page("sessions", Session, "/sessions", limit, _cursor(after))

    def session_versions(self, id: str, limit: int = 50, after: str | int | None = None) -> Page[SessionVersion]:
        cursor = None if after is None else str(asking.number(int(after), "after"))
        return self._page("versions", SessionVersion, f"{_session_path(id)}/versions", limit, cursor)

    def save_session(
        self, id: str, config: Mapping[str, Any], version: int | None = None, note: str | None = None,
        concurrency: int | None = None, *, job_type: TypeOrFunction | None = None, if_changed: bool = False,
        owner: str | None = None, idle_s: float | None = None, keep_s: float | None = None,
    ) -> Session:  # fmt: skip
        asked = {
            "owner": None if owner is None else asking.text(owner, "owner"),
            "idle_s": workspace.changed_span(idle_s, "idle_s"), "keep_s": workspace.changed_span(keep_s, "keep_s"),
            "config": _config_sent(config), "version": None if version is None else asking.number(version, "version"),
            "note": workspace.note(note), "if_changed": bool(if_changed), "job_type": self._launched_type(job_type),
            "concurrency": None if concurrency is None else workspace.concurrency(concurrency),
        }  # fmt: skip
        return _read(self._wire.send(f"{_session_path(id)}/config", _json(asked), method="PUT"), Session)

    def start_session(
        self, id: str, input: Mapping[str, Any] | None = None, concurrency: int | None = None, *,
        job_type: TypeOrFunction | None = None, alone: bool = False, config: Mapping[str, Any] | None = None,
        note: str | None = None,
    ) -> Job:  # fmt: skip
        asked = {
            "input": None if input is None else msgspec.Raw(submission.sent_input(input).encode()),
            "concurrency": None if concurrency is None else workspace.concurrency(concurrency),
            "job_type": self._launched_type(job_type), "alone": bool(alone), "config": _config_sent(config),
            "note": workspace.note(note),
        }  # fmt: skip
        return _read(self._wire.send(f"{_session_path(id)}/start", _json(asked)), Job)

    def launched_job(self, id: str, job_type: TypeOrFunction | None = None) -> Job | None:
        query = {"job_type": self._launched_type(job_type)}
        content = self._wire.get(f"{_session_path(id)}/launched", query).content
        return _read(content, Job) if content else None

    def close_session(self, id: str) -> Session:
        known = self.session(id)
        self._wire.remove(_session_path(known.id))
        return known

    # -- wait and watch -----------------------------------------------------------------------------------------------

    def watch(self, any_id: AnyId, after: int = 0) -> Iterator[Event]:
        yield from Reattaching(self._wire, self.get(any_id).id, asking.number(after, "after"))

    def changed(self, seen: int, timeout_s: float) -> int:
        reply = self._wire.get("/changes", {"seen": seen}, wait_s=max(0.0, min(timeout_s, POLL_S)))
        return _read(reply.content, _Moment).seen

    def now(self) -> float:
        return _read(self._wire.get("/changes").content, _Moment).now

    def _look_again(self, job: Job, seen: Any, wait_s: float) -> tuple[Any, Job]:
        reply = self._wire.get(f"/jobs/{part(f'id:{job.id}')}", known=seen, wait_s=0.0 if seen is None else wait_s)
        return reply.tag, job if reply.content is None else _read(reply.content, Job)

    # -- what needs the database itself -------------------------------------------------------------------------------

    def worker(
        self, slots: int = 4, queues: Sequence[str] = ("default",), types: Sequence[str] | None = None,
        *, tree: AnyId | None = None,
    ) -> Any:  # fmt: skip
        raise _not_here(
            "A worker needs the database itself. Start it where that is (headway serve --import MODULE, or headway "
            "worker --url with its address), or let a program take jobs by POST /claim"
        )

    def work_until_idle(self) -> int:
        raise _not_here("Running jobs needs the database itself. Start a worker where that is")

    def tracked(
        self, name: str, *, type: str = "block", external_id: str | Mapping[str, str] | None = None,
        input: Mapping[str, Any] | None = None, show: bool = True, **options: Any,
    ) -> Any:  # fmt: skip
        submission.refuse_unknown(options)
        raise _not_here(
            "A block keeps its job's lease in the database itself. Use its address, or report over HTTP: POST /jobs "
            'with "start": true'
        )

    @property
    def _database(self) -> Database:
        raise _not_here("This needs the database itself, and was asked of a server. Use the address of the database")

    # -- what they share ----------------------------------------------------------------------------------------------

    def _at(self, any_id: AnyId, below: str) -> str:
        """The path of a part of a job. An id that can not stand in a path is looked up first."""
        path, query = _found(any_id)
        if query:
            path = f"/jobs/{part(f'id:{self.get(any_id).id}')}"
        return f"{path}/{below}"

    def _list(self, name: str, kind: type[R], path: str, query: Mapping[str, Any] | None = None) -> list[R]:
        return _entries(self._wire.get(path, query).content, name, kind)[0]

    def _page(
        self, name: str, kind: type[R], path: str, limit: int, after: str | None,
        query: Mapping[str, Any] | None = None,
    ) -> Page[R]:  # fmt: skip
        rows: list[R] = []
        cursor, left = after, asking.limit(limit)
        while left:
            portion = min(left, LONGEST_PAGE)
            asked = {**(query or {}), "limit": portion, "after": cursor}
            found, cursor = _entries(self._wire.get(path, asked).content, name, kind)
            rows += found
            left -= len(found)
            if cursor is None or len(found) < portion:  # a page may be short although there is more to look through
                break
        return Page(rows, cursor, lambda after: self._page(name, kind, path, limit, after, query))

    def _options_sent(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Options of submit as a body has them; the session that the calling code is bound to, unless one is named."""
        session, parent = options.get("session"), options.get("parent")
        return {
            **options,
            "session": current_session() if session is None else workspace.session_id(session),
            "parent": None if parent is None else _id_text(parent),
        }

    def _input_sent(self, kind: str, given: Any) -> msgspec.Raw:
        text = submission.sent_input(given)
        check = self._input_check(kind)
        if check is not None:
            submission.stored_input(given, Owner("job", ""), check)
        return msgspec.Raw(text.encode())


class _Moment(msgspec.Struct, frozen=True):
    seen: int
    now: float


def _not_here(instead: str) -> NotSupported:
    return NotSupported(f"{instead}.")


def _found(any_id: AnyId) -> tuple[str, dict[str, str]]:
    """Path and query by which a job is read. An id that can not stand in a path stands in the query."""
    text = _id_text(any_id)
    if "/" in text or not text.strip(".") or text.lower() in RESERVED:
        return "/lookup", {"id": text}
    return f"/jobs/{part(text)}", {}


def _id_text(any_id: AnyId) -> str:
    return f"id:{any_id.id}" if isinstance(any_id, Job) else lookup.asked(any_id)


def _session_path(id: Any) -> str:
    return f"/sessions/{part(workspace.session_id(id))}"


def _cursor(after: Any) -> str | None:
    return None if after is None else asking.text(after, "after")


def _time(at: Any) -> str | None:
    asking.moment(at, "since")
    return None if at is None else str(at.isoformat())


def _number(after: Any) -> str:
    return str(asking.number(after, "after"))


def _why(reason: Any) -> str | None:
    return None if reason is None else clean_text(str(reason), 1000)


def _lists(labels: Any) -> Any:
    """Labels with lists where sets and tuples may stand."""
    if isinstance(labels, Mapping):
        return {name: value if isinstance(value, str) else list(value) for name, value in labels.items()}
    return [_lists(one) for one in labels]


def _config_sent(config: Any) -> msgspec.Raw | None:
    if config is None:
        return None
    if not isinstance(config, Mapping):
        workspace.config_text("", config)  # says what is wrong with it
    return msgspec.Raw(submission.sent_input(config, "the configuration").encode())


def _batches(inputs: Iterable[msgspec.Raw]) -> Iterator[list[msgspec.Raw]]:
    """Inputs in portions that fit into one body."""
    batch: list[msgspec.Raw] = []
    size = 0
    for one in inputs:
        if batch and (len(batch) >= LONGEST_PAGE or size + len(bytes(one)) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(bytes(one))
    if batch:
        yield batch


def _json(asked: Mapping[str, Any] | list[Any]) -> bytes:
    """A body; what is None is left out. Raises InvalidInput for what is no JSON."""
    given = {name: value for name, value in asked.items() if value is not None} if isinstance(asked, Mapping) else asked
    try:
        return encode(given, "what was asked").encode()
    except BadValue as problem:
        raise InvalidInput(f"{problem}.") from None


def _read(content: bytes | None, kind: type[R]) -> R:
    return msgspec.json.decode(content or b"null", type=kind)


def _entries(content: bytes | None, name: str, kind: type[R]) -> tuple[list[R], str | None]:
    """The entries of a page, and the cursor of the next one."""
    page = _read(content, dict[str, msgspec.Raw])
    return msgspec.json.decode(page[name], type=list[kind]), _read(bytes(page["next"]), str | None)  # type: ignore[valid-type,arg-type]
