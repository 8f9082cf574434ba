"""The verbs: everything a caller can do with jobs, on a local file or on PostgreSQL."""

from __future__ import annotations

import atexit
import functools
import logging
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from headway.clock import Clock, SystemClock
from headway.errors import (
    Conflict,
    IllegalChange,
    IllegalMove,
    InvalidInput,
    JobCancelled,
    JobFailed,
    KeyReused,
    NotFound,
)
from headway.model.ids import JobIds
from headway.model.job import Attempt, Event, Item, Job, Page, Step, Worker
from headway.model.moves import ENDED, HARMLESS, STATES, possible
from headway.model.value import decode
from headway.store import claiming, keeping, moving, opening, records, sweeping
from headway.store.contract import Database, Transaction
from headway.store.moving import TENANT, Change
from headway.store.records import JobRow
from headway.tracker import submission
from headway.tracker.asynchronous import AsyncVerbs
from headway.tracker.lookup import find
from headway.tracker.submission import Options

if TYPE_CHECKING:
    from headway.runtime.block import Block
    from headway.runtime.loop import Loop
    from headway.runtime.office import Office
    from headway.runtime.worker import Worker as RunningWorker

T = TypeVar("T")
AnyId = str | int | Job
TypeOrFunction = str | Callable[..., Any]

POLL_S = 2.0
"""How often wait and watch look although nobody rang."""
DAY_S = 86_400.0
LOG = logging.getLogger("headway")


class Headway:
    """Jobs in one database. Connects at first use and again after a fork; thread-safe; close() or `with` ends it.

    url: a path, ":memory:", "sqlite:///...", or "postgresql://..."; else $HEADWAY_URL, else the user's own file.
    clock: for tests, headway.testing.Clock(). via: what the history calls this caller.
    """

    def __init__(
        self, url: str | os.PathLike[str] | None = None, *, clock: Clock | None = None, via: str = "python"
    ) -> None:
        self.url = os.fspath(url) if url is not None else opening.default_url()
        self._clock = clock or SystemClock()
        self._via = via
        self._ids = JobIds()
        self._lock = threading.RLock()
        self._pid = 0
        self._opened: Database | None = None
        self._its_office: Office | None = None
        self._known_workers: tuple[float, list[Worker]] = (0.0, [])
        _INSTANCES.add(self)

    # Bringing jobs into being

    def submit(
        self, type: TypeOrFunction, input: Mapping[str, Any] | None = None, *, name: str | None = None,
        session: str | None = None, external_id: str | Mapping[str, str] | None = None, context_id: str | None = None,
        one_per_context: bool = False, category: str = "general", labels: Mapping[str, str] | None = None,
        parent: AnyId | None = None, priority: int = 0, queue: str = "default", run_at: datetime | None = None,
        timeout_s: float | None = None, idempotency_key: str | None = None,
    ) -> Job:  # fmt: skip
        """Submits a job; its row is committed when this returns.

        one_per_context: refused while another open job has that context. idempotency_key: the same key and request
        within 24 hours gives the same job. Raises InvalidInput, Unstorable, NotFound (session, parent), Conflict,
        KeyReused.
        """
        options = Options(
            name=name, session=session, external_id=external_id, context_id=context_id,
            one_per_context=one_per_context, category=category, labels=labels or {}, priority=priority, queue=queue,
            run_at=run_at, timeout_s=timeout_s, parent=self.get(parent).id if parent is not None else None,
        )  # fmt: skip
        kind = self._type_name(type)
        new = self._new(kind, input, options)
        asked = (kind, new.input, {key: value for key, value in options.items() if key != "run_at"}, str(run_at))
        identity = self._add(
            [new], idempotency_key, submission.request_hash("submit", *asked) if idempotency_key else ""
        )
        return self._by_id(identity)

    def submit_many(self, type: TypeOrFunction, inputs: Iterable[Mapping[str, Any]], **options: Any) -> list[str]:
        """Submits many jobs of one type with the same options, in batches; returns their ids in order."""
        kind, ids = self._type_name(type), []
        batch: list[keeping.NewJob] = []
        for given in inputs:
            batch.append(self._new(kind, given, cast(Options, options)))
            if len(batch) >= BATCH:
                self._add(batch)
                ids += [new.id for new in batch]
                batch = []
        if batch:
            self._add(batch)
        return ids + [new.id for new in batch]

    def restart(self, any_id: AnyId, reason: str | None = None) -> Job:
        """Submits a new job with the type, input and options of an old one; `restarted_from` links it."""
        _, old = find(self._database, any_id)
        new = keeping.NewJob(
            id=self._ids.new(self._database.now()), type=old.type, name=old.name, input=old.input,
            category=old.category, session=old.session, context_id=old.context_id, labels=records.labels_of(old),
            restarted_from=old.id, owner=submission.who(), queue=old.queue, priority=old.priority,
            retries=old.retries, timeout_s=old.timeout_s, outside=bool(old.outside),
            why=submission.why(reason, self._via) | {"restarted_from": old.id},
        )  # fmt: skip
        return self.get(self._add([new]))

    def alias(self, any_id: AnyId, external_id: str | Mapping[str, str]) -> Job:
        """Gives a job one more external id, or several by namespace."""
        named = submission.external_ids_of(external_id)
        job = self.get(any_id)
        now = self._database.now()
        self._database.write(lambda transaction: keeping.add_aliases(transaction, job.id, named, now))
        return self.get(job.id)

    # Finding and reading

    def get(self, any_id: AnyId) -> Job:
        """The job that an id means; `found_by` says by which rule. Raises NotFound, Ambiguous, InvalidInput."""
        rule, row = find(self._database, any_id)
        return self._jobs([row], rule)[0]

    def jobs(
        self, *, state: str | Sequence[str] | None = None, type: TypeOrFunction | None = None,
        session: str | None = None, category: str | None = None, context_id: str | None = None,
        labels: Mapping[str, str] | None = None, text: str | None = None, active: bool | None = None,
        parent: AnyId | None = None, limit: int = 50, after: str | None = None,
    ) -> Page[Job]:  # fmt: skip
        """Jobs that fit every filter given, newest first, a page at a time.

        state: one or several; active: True for open jobs, False for ended ones; labels: all of them (4 at most);
        text: part of name, type or id. Raises InvalidInput.
        """
        states = [state] if isinstance(state, str) else list(state or [])
        unknown = [name for name in states if name not in STATES]
        if unknown or not 0 < limit <= 10_000 or len(labels or {}) > MOST_LABELS:
            raise InvalidInput(_bad_listing(unknown, limit, labels))
        filters: dict[str, Any] = {
            "after": after, "type": None if type is None else self._type_name(type), "session": session,
            "category": category, "context_id": context_id, "parent": None if parent is None else self.get(parent).id,
            "active": active or None, "ended": (active is False) or None, "text": _pattern(text),
        }  # fmt: skip
        for place, (name, value) in enumerate((labels or {}).items()):
            filters |= {f"label{place}": name, f"value{place}": value}
        wanted: Sequence[str | None] = states or [None]
        pages = [keeping.page(self._database, filters | {"state": one}, limit + 1) for one in wanted]
        found = sorted((row for page in pages for row in page), key=lambda row: row.id, reverse=True)

        def following(cursor: str) -> Page[Job]:
            return self.jobs(
                state=state, type=type, session=session, category=category, context_id=context_id, labels=labels,
                text=text, active=active, parent=parent, limit=limit, after=cursor,
            )  # fmt: skip

        more = found[limit - 1].id if len(found) > limit else None
        return Page(self._jobs(found[:limit]), more, following)

    def counts(self, session: str | None = None) -> dict[str, int]:
        """How many jobs are in each state."""
        return keeping.counts(self._database, session)

    def children(self, any_id: AnyId) -> list[Job]:
        """The children of a job, oldest first."""
        return self._jobs(keeping.children(self._database, [self.get(any_id).id]))

    def events(self, any_id: AnyId, limit: int = 50, after: int = 0, logs: bool = True) -> Page[Event]:
        """The history of a job after event number `after`, oldest first. logs: with the log lines."""
        job = self.get(any_id).id
        found = keeping.events(self._database, job, after, limit + 1, logs)
        more = str(found[limit - 1].seq) if len(found) > limit else None
        return Page(found[:limit], more, lambda cursor: self.events(job, limit, int(cursor), logs))

    def logs(self, any_id: AnyId, limit: int = 50, after: int = 0, levels: Sequence[str] | None = None) -> Page[Event]:
        """The log lines of a job after number `after`, oldest first. levels: only these."""
        job = self.get(any_id).id
        found = keeping.logs(self._database, job, after, limit + 1, levels)
        more = str(found[limit - 1].seq) if len(found) > limit else None
        return Page(found[:limit], more, lambda cursor: self.logs(job, limit, int(cursor), levels))

    def last_logs(self, any_id: AnyId, limit: int = 10) -> list[Event]:
        """The newest log lines of a job, oldest first."""
        return keeping.last_logs(self._database, self.get(any_id).id, limit)

    def steps(self, any_id: AnyId) -> list[Step]:
        """The steps of a job, planned ones included, in order."""
        return keeping.steps(self._database, self.get(any_id).id)

    def attempts(self, any_id: AnyId, limit: int = 50, after: int = 0) -> Page[Attempt]:
        """The attempts at a job, first one first."""
        job = self.get(any_id).id
        found = keeping.attempts(self._database, job, after, limit + 1)
        more = str(found[limit - 1].attempt) if len(found) > limit else None
        return Page(found[:limit], more, lambda cursor: self.attempts(job, limit, int(cursor)))

    def items(
        self, any_id: AnyId, ledger: str, limit: int = 50, after: str | None = None, state: str | None = None
    ) -> Page[Item]:
        """The items of one ledger of a job, by key."""
        job = self.get(any_id).id
        found = keeping.items(self._database, job, ledger, after, limit + 1, state)
        more = found[limit - 1].key if len(found) > limit else None
        return Page(found[:limit], more, lambda cursor: self.items(job, ledger, limit, cursor, state))

    def checkpoint(self, any_id: AnyId) -> dict[str, Any]:
        """What a job has saved to go on from: its state, and the cursor of each loop."""
        saved = keeping.checkpoints(self._database, self.get(any_id).id)
        decoded = {key: decode(value) for key, value in saved.items()}
        cursors = {name: value for (kind, name), value in decoded.items() if kind == "cursor"}
        return {"state": decoded.get(("state", ""), {}), "cursors": cursors}

    def artifact(self, any_id: AnyId, name: str) -> bytes:
        """The content of a file that a job handed over. Raises NotFound."""
        job = self.get(any_id)
        rows = self._database.read("artifact_of", tenant=TENANT, job=job.id, name=name)
        if not rows:
            kept = [row[0] for row in self._database.read("artifacts_of", tenant=TENANT, job=job.id)]
            raise NotFound(f"Job {job.number} has no artifact {name[:80]!r}; it has {', '.join(kept) or 'none'}.")
        return bytes(rows[0][0])

    def workers(self) -> list[Worker]:
        """The workers that were seen within the last half minute, newest first."""
        return claiming.workers(self._database)

    # Control

    def pause(self, any_id: AnyId, reason: str | None = None, scope: str = "tree") -> Job:
        """Asks a job, and its children unless scope="job", to halt at the next checkpoint, keeping its progress."""
        return self._ask(any_id, "pause", reason, scope)

    def resume(self, any_id: AnyId, reason: str | None = None, scope: str = "tree") -> Job:
        """Sends a paused or interrupted job on from its checkpoint."""
        return self._ask(any_id, "resume", reason, scope)

    def cancel(self, any_id: AnyId, reason: str | None = None, scope: str = "tree") -> Job:
        """Stops a job for good; once this returned, it never ends completed."""
        return self._ask(any_id, "cancel", reason, scope)

    def retry(self, any_id: AnyId, reason: str | None = None) -> Job:
        """Sends a failed job back to the queue; finished steps, cursors and done items stay."""
        return self._ask(any_id, "retry", reason, "job")

    def delete(self, any_id: AnyId) -> Job:
        """Removes an ended job with all that belongs to it; returns its last snapshot. Raises IllegalMove."""
        job = self.get(any_id)
        now = self._database.now()
        if not self._database.write(lambda transaction: keeping.delete(transaction, job.id, now)):
            raise IllegalMove(
                f"Job {job.number} ({job.name}) can not be deleted: it is {job.state}, or has open children. "
                f"Only what is over can go: {', '.join(ENDED)}.",
                job.state, job.moves,
            )  # fmt: skip
        return job

    # Waiting and watching

    def wait(self, any_id: AnyId, until: str = "ended", timeout_s: float | None = None) -> Job:
        """Returns the job when it has ended, or reached the state `until`; also when it can not reach it any more.

        Raises TimeoutError.
        """
        if until != "ended" and until not in STATES:
            raise InvalidInput(f"until={until!r}: expected 'ended' or one of {', '.join(STATES)}.")
        job = self.get(any_id)
        limit = None if timeout_s is None else self._clock.boot() + timeout_s
        seen, told = 0, False
        while not (job.ended or job.state == until):
            left = POLL_S if limit is None else min(POLL_S, limit - self._clock.boot())
            if left <= 0:
                raise TimeoutError(
                    f"Job {job.number} ({job.name}) is {job.state} after {timeout_s} s, not yet {until}."
                )
            heard = self._database.wait(seen, left)
            if heard == seen and not told and "waiting_for" in job.marks:
                LOG.warning("job %s waits for %s", job.number, job.marks["waiting_for"])
                told = True
            seen, job = heard, self.get(job.id)
        return job

    def result(self, any_id: AnyId, timeout_s: float | None = None) -> Any:
        """Waits for the end and returns the result. Raises JobFailed, JobCancelled, TimeoutError."""
        job = self.wait(any_id, timeout_s=timeout_s)
        if job.state == "completed":
            return job.result
        said = f": {job.error.message}" if job.error else ""
        kind = JobCancelled if job.state == "cancelled" else JobFailed
        raise kind(f"Job {job.number} ({job.name}) {job.state}{said}", job)

    def watch(self, any_id: AnyId, after: int = 0) -> Iterator[Event]:
        """The history of a job as it happens, log lines included, to its end."""
        job = self.get(any_id).id
        seen = 0
        while True:
            heard = self._database.wait(seen, 0)
            row = keeping.by_id(self._database, job)
            for event in self.events(job, BATCH, after).all() if row and row.seq > after else ():
                yield event
                after = event.seq
            if row is None or (row.ended_at is not None and row.seq <= after):
                return
            seen = self._database.wait(heard, POLL_S)

    # Working

    def worker(
        self, slots: int = 4, queues: Sequence[str] = ("default",), types: Sequence[str] | None = None
    ) -> RunningWorker:
        """A worker in this process: use it with `with`, or call .run(). types: only these; else all registered."""
        from headway.runtime.worker import Worker as RunningWorker

        return RunningWorker(self._office, slots, queues, types)

    def work_until_idle(self) -> int:
        """Runs what is due, one job after the other, in the calling thread; returns how many attempts it ran."""
        from headway.runtime.idle import work_until_idle

        return work_until_idle(self._office)

    def tracked(
        self, name: str, *, type: str = "block", external_id: str | Mapping[str, str] | None = None,
        input: Mapping[str, Any] | None = None, show: bool = True, **options: Any,
    ) -> Block:  # fmt: skip
        """A block of this process as a job: `with hw.tracked("Nightly import") as ctx:`.

        A pause waits inside it, a cancel raises Halt out of it. With an external id the newest job of that id goes
        on if it is resumable. show: a bar on a terminal, plain lines elsewhere. Raises AlreadyRunning.
        """
        from headway.runtime.block import Block, Joined

        given = cast(Options, {"name": name, "external_id": external_id, **options})
        new = self._new(type, input, given, outside=True)
        around = self._around()
        if around is not None:
            return Joined(self._office, new, *around)
        return Block(self._office, new, next(iter(new.external_ids.items()), None), show)

    def track(
        self, iterable: Iterable[T] | None = None, label: str | None = None, *, total: int | None = None,
        unit: str = "it", key: Callable[[T], Any] | None = None,
        external_id: str | Mapping[str, str] | None = None, show: bool = True,
    ) -> Loop[T]:  # fmt: skip
        """A loop of this process as a job: `for path in hw.track(paths, "Transfer"):`.

        Inside a job it is a loop of that job. Exhausted it completes; left early it is interrupted, with its count;
        in a `with` break completes, an exception fails, Ctrl-C interrupts.
        """
        from headway.runtime.current import current_context
        from headway.runtime.loop import Loop

        context = current_context()
        if context is not None:
            return context.track(iterable, label, total=total, unit=unit, key=key)
        block = self.tracked(label or "loop", type="loop", external_id=external_id, show=show)
        return Loop(block.begin, iterable, label, total, unit, key, block.end)

    @property
    def aio(self) -> AsyncVerbs:
        """The same verbs, awaited: `await hw.aio.get(17)`, `async for event in hw.aio.watch(17)`."""
        return AsyncVerbs(self)

    # Opening and closing

    def close(self) -> None:
        """Stores what is left and gives back connections; the next use opens them again."""
        with self._lock:
            office, self._its_office = self._its_office, None
            database, self._opened = self._opened, None
            if self._pid != os.getpid():
                return  # the parent's connections are the parent's
            if office is not None:
                office.close()
            if database is not None:
                database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _database(self) -> Database:
        if self._opened is None or self._pid != os.getpid():
            with self._lock:
                if self._opened is None or self._pid != os.getpid():
                    self._its_office = None
                    self._opened = opening.open_database(self.url, self._clock)
                    self._pid = os.getpid()
                    sweeping.sweep(self._opened)
        return self._opened

    @property
    def _office(self) -> Office:
        from headway.runtime.office import Office

        database = self._database
        with self._lock:
            if self._its_office is None:
                self._its_office = Office(database, self._clock)
            return self._its_office

    def _around(self) -> tuple[str, int] | None:
        """The job and attempt for which another process started this one, if they are kept in this database."""
        job, attempt = os.environ.get("HEADWAY_JOB"), os.environ.get("HEADWAY_ATTEMPT", "")
        if not job or not attempt.isdecimal() or self.url != opening.default_url():
            return None
        return job, int(attempt)

    def _type_name(self, type_or_function: TypeOrFunction) -> str:
        if isinstance(type_or_function, str):
            return type_or_function
        from headway.runtime.registry import type_name

        return type_name(type_or_function)

    def _new(self, kind: str, given: Any, options: Options, outside: bool = False) -> keeping.NewJob:
        identity = self._ids.new(self._database.now())
        return submission.new_job(identity, kind, given, options, submission.why(None, self._via), outside)

    def _add(self, jobs: list[keeping.NewJob], key: str | None = None, request: str = "") -> str:
        """Stores new jobs; the id of the first, or of the job that the idempotency key stands for."""
        try:
            return self._database.write(functools.partial(self._store_new, jobs, key, request))
        except IllegalChange as refused:
            self._explain(refused, jobs[0])
            raise

    def _store_new(self, jobs: list[keeping.NewJob], key: str | None, request: str, transaction: Transaction) -> str:
        now = self._database.now()
        if key is not None:
            kept = self._keep_request(transaction, key, request, jobs[0].id, now)
            if kept is not None:
                return kept
        keeping.add(transaction, jobs, now)
        return jobs[0].id

    def _keep_request(self, transaction: Transaction, key: str, request: str, job: str, now: float) -> str | None:
        """Keeps an idempotency key; the job it stood for already, None where it is new."""
        if not 0 < len(key) <= submission.LONGEST_NAME or "\x00" in key:
            raise InvalidInput(
                f"{key!r:.60} is no idempotency key: expected 1 to {submission.LONGEST_NAME} characters."
            )
        place = {"tenant": TENANT, "actor": submission.who(), "verb": "submit", "key": key}
        transaction.run("forget_request", before=now - DAY_S, **place)
        if transaction.run("keep_request", request=request, job=job, created_at=now, **place):
            return None
        (kept, of, _), *_ = transaction.run("kept_request", **place)
        if kept != request:
            raise KeyReused(f"The idempotency key {key!r} was used for another request, which became job {of}.", of)
        return str(of)

    def _explain(self, refused: IllegalChange, new: keeping.NewJob) -> None:
        if keeping.session(self._database, new.session) is None:
            raise NotFound(f"There is no session {new.session!r} in {self._database.url}.") from refused
        if new.one_per_context and new.context_id:
            other = keeping.open_in_context(self._database, new.context_id)
            if other is not None:
                job = self.get(other)
                raise Conflict(
                    f"Context {new.context_id!r} has an open job already: {job.number} ({job.name}, {job.state}). "
                    "Wait for it or cancel it.",
                    other,
                ) from refused

    def _ask(self, any_id: AnyId, move: str, reason: str | None, scope: str) -> Job:
        if scope not in ("tree", "job"):
            raise InvalidInput(f"scope={scope!r}: expected 'tree' or 'job'.")
        _, row = find(self._database, any_id, changing=True)
        told = submission.why(reason, self._via)
        moved = self._database.write(lambda transaction: self._move_tree(transaction, row.id, move, told, scope))
        if not moved:
            self._settle_refusal(row.id, move, told)
        if self._its_office is not None:
            self._its_office.recorder.look()
        return self.get(row.id)

    def _move_tree(self, transaction: Transaction, root: str, move: str, told: dict[str, Any], scope: str) -> bool:
        """Moves a job and then its children, level by level from the root; whether the root moved."""
        now = self._database.now()
        transaction.lock([root])
        moved = root in moving.apply(transaction, [Change(job=root, actor="user", move=move, why=told)], now)
        level = [root] if scope == "tree" else []
        while level:
            rows = transaction.run("children_of", tenant=TENANT, parents=level)
            level = [child.id for child in records.job_rows(rows)]
            if level:
                transaction.lock(level)
                moving.apply(
                    transaction,
                    [Change(job=job, actor="user", move=move, why=told | {"root": root}) for job in level],
                    now,
                )
        return moved

    def _settle_refusal(self, job: str, move: str, told: dict[str, Any]) -> None:
        """A move that changed nothing: a harmless repeat, or a refusal that the history keeps."""
        row = keeping.by_id(self._database, job)
        if row is None:
            raise NotFound(f"Job {job} was deleted.")
        if (move, row.state) in HARMLESS:
            return
        moves = possible(row.state)

        def keep(transaction: Transaction) -> None:
            numbers = transaction.run("take_numbers", tenant=TENANT, id=job, n=1)
            data = {**told, "asked": move, "state": row.state, "possible": moves}
            transaction.each(
                "add_events",
                [
                    moving.event_row(job, seq, self._database.now(), "control", "refused", attempt, data)
                    for seq, attempt in numbers
                ],
            )

        self._database.write(keep)
        can = f"it can: {', '.join(moves)}" if moves else "nothing can be done with it but restart and delete"
        raise IllegalMove(f"Job {row.number} ({row.name}) is {row.state} and can not {move}; {can}.", row.state, moves)

    def _by_id(self, identity: str) -> Job:
        row = keeping.by_id(self._database, identity)
        if row is None:
            raise NotFound(f"Job {identity} was deleted.")
        return self._jobs([row])[0]

    def _jobs(self, rows: Sequence[JobRow], rule: str | None = None) -> list[Job]:
        ids = keeping.external_ids(self._database, [row.id for row in rows]) if rows else {}
        now = self._database.now()
        return [records.job_of(row, ids.get(row.id, {}), now, self._waiting_for(row), rule) for row in rows]

    def _waiting_for(self, row: JobRow) -> str | None:
        """What keeps a pending job that is due: a worker with its type, or a free slot."""
        if row.state != "pending":
            return None
        if row.outside:
            return f"its own program, which begins {row.type!r} again under its external id"
        at, workers = self._known_workers
        if self._clock.boot() - at > 1.0 or not at:
            workers = claiming.workers(self._database)
            self._known_workers = (self._clock.boot(), workers)
        able = [one for one in workers if row.type in one.types and row.queue in one.queues and one.stopped_at is None]
        return "a free slot of a worker" if able else f"a worker that has {row.type!r}"


def _bad_listing(unknown: list[str], limit: int, labels: Mapping[str, str] | None) -> str:
    if unknown:
        return f"state={unknown[0]!r}: expected one of {', '.join(STATES)}."
    if not 0 < limit <= 10_000:
        return f"limit={limit}: expected 1 to 10,000; .all() walks on from page to page."
    return f"{len(labels or {})} labels were given; a listing takes {MOST_LABELS} at most."


def _pattern(text: str | None) -> str | None:
    """Text to look for, as a LIKE pattern without signs of its own."""
    if not text:
        return None
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


BATCH = 1000
MOST_LABELS = 4
_INSTANCES: weakref.WeakSet[Headway] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """What a program's end must not lose: the last words of its jobs."""
    for instance in list(_INSTANCES):
        try:
            instance.close()
        except Exception:
            LOG.exception("closing %s failed", instance.url)
