"""The verbs that bring jobs into being."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Never, cast

from headway.clock import DAY_S
from headway.errors import KeyReused, NotSupported
from headway.model.job import Job
from headway.store import keeping, records, sealing, workspaces
from headway.store.contract import CommitUnknown, Transaction
from headway.store.moving import TENANT
from headway.store.records import JobRow
from headway.store.sealing import Owner
from headway.tracker import asking, bulk, submission
from headway.tracker.ambient import BEGINNING
from headway.tracker.connection import AnyId, TypeOrFunction
from headway.tracker.lookup import find
from headway.tracker.reading import A_SLOT, Reading
from headway.tracker.submission import Options, Written

BATCH = 1000
"""Jobs that submit_many stores in one transaction."""


class Submitting(Reading):
    """Submit, one or many; restart; alias."""

    def submit(
        self, type: TypeOrFunction, input: Mapping[str, Any] | None = None, *, name: str | None = None,
        session: str | None = None, external_id: str | Mapping[str, str] | None = None, context_id: str | None = None,
        one_per_context: bool = False, category: str = "general", labels: Mapping[str, str] | None = None,
        parent: AnyId | None = None, priority: int = 0, queue: str = "default", run_at: datetime | None = None,
        timeout_s: float | None = None, idempotency_key: str | None = None, **unknown: Never,
    ) -> Job:  # fmt: skip
        """Submits a job; its row is committed when this returns.

        input: plain values; a Secret in it, or {"$secret": "text"}, is kept encrypted, and shown as ***. Where type
        is the job's function, it must fit the function's parameters.
        one_per_context: refused while another open job has that context. idempotency_key: the same key and request
        within 24 hours gives the same job. Raises InvalidInput, Unstorable, NotFound (session, parent), Deleted,
        Conflict, KeyReused.
        """
        submission.refuse_beside_input("submit", unknown)
        options = self._options(
            name=name, session=session, external_id=external_id, context_id=context_id,
            one_per_context=one_per_context, category=category, labels=labels or {}, priority=priority, queue=queue,
            run_at=run_at, timeout_s=timeout_s, parent=parent,
        )  # fmt: skip
        if idempotency_key is not None:
            asking.text(idempotency_key, "idempotency_key")
        kind = self._type_name(type)
        new = self._new(kind, input, options)
        self._refuse_misfit(type, new.input, Owner("job", new.id))
        if idempotency_key is None:
            return self._add_one(new)
        told = {key: value for key, value in options.items() if key != "run_at"} | {"session": new.session}
        request = submission.request_hash("submit", kind, submission.compared_input(input), told, str(run_at))
        return self._add_one(new, idempotency_key, request)

    def submit_many(self, type: TypeOrFunction, inputs: Iterable[Mapping[str, Any]], **options: Any) -> list[str]:
        """Submits many jobs of one type with the same options, in batches; returns their ids in order.

        Raises what submit raises; batches before the one that is refused are stored.
        """
        kind, given_options, ids = self._type_name(type), self._options(**options), []
        batch: list[keeping.NewJob] = []
        for given in asking.inputs(inputs):
            batch.append(self._new(kind, given, given_options))
            self._refuse_misfit(type, batch[-1].input, Owner("job", batch[-1].id))
            if len(batch) >= BATCH:
                self._add(batch)
                ids += [new.id for new in batch]
                batch = []
        if batch:
            self._add(batch)
        return ids + [new.id for new in batch]

    def restart(
        self, any_id: AnyId, reason: str | None = None, *, input: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Job:  # fmt: skip
        """Submits a new job with the type, input and options of an old one; `restarted_from` links it.

        It has the external ids of the old one as well: by them the newest job is found. input: all of another input, in
        the place of the old one's; a secret in it that is given as it is shown, {"$secret": "***"}, is the old one's.
        Raises NotSupported for the work of a program of its own, which nobody else could begin, and for a rollback;
        for an input what submit raises.
        """
        _, old = find(self._database, any_id)
        new = self._successor(old, reason, input)
        changed = [] if input is None else [submission.compared_input(input)]
        request = submission.request_hash("restart", old.id, submission.reason(reason), *changed)
        return self._add_one(new, idempotency_key, request)

    def _successor(self, old: JobRow, reason: str | None, given: Any = None) -> keeping.NewJob:
        """A new job like an old one, which is what its external ids mean from now on. Raises NotSupported."""
        if old.rollback_of is not None:
            of = keeping.by_id(self._database, old.rollback_of)
            raise NotSupported(
                f"Job {old.number} ({old.name}) is a rollback, of which a job has one at a time. "
                f"Roll job {of.number if of else old.rollback_of} back again instead."
            )
        if old.outside:
            raise NotSupported(
                f"Job {old.number} ({old.name}) is the work of its own program, which no worker can begin. "
                "To have it once more, run that again."
            )
        identity = self._ids.new(self._database)
        return keeping.NewJob(
            id=identity, type=old.type, name=old.name, input=self._input_after(old, identity, given),
            category=old.category, session=old.session, context_id=old.context_id,
            one_per_context=bool(old.one_per_context), labels=records.labels_of(old), restarted_from=old.id,
            inherited=keeping.external_ids(self._database, [old.id]).get(old.id, {}),
            owner=submission.who(), queue=old.queue, priority=old.priority, retries=old.retries,
            timeout_s=old.timeout_s, outside=bool(old.outside), limited=not bulk.is_own(old.type),
            why=submission.why(reason, self._via) | {"restarted_from": old.id},
        )  # fmt: skip

    def _input_after(self, old: JobRow, new: str, given: Any) -> str:
        """What the successor of a job is to work with: the same, or what is given in its place."""
        owners = Owner("job", old.id), Owner("job", new)
        if given is None:
            return sealing.moved(old.input, *owners, "the input")
        bulk.check(old.type, given, outside=False)
        bulk.check_jobs(self._database, old.type, given)
        return submission.other_input(given, old.input, *owners, self._input_check(old.type))

    def alias(self, any_id: AnyId, external_id: str | Mapping[str, str]) -> Job:
        """Gives a job one more external id, or several by namespace."""
        named = submission.external_ids_of(external_id)
        job = self.get(any_id)
        now = self._database.now()
        self._database.write(lambda transaction: keeping.add_aliases(transaction, job.id, named, now))
        return self._by_id(job.id)

    def _submit_batch(
        self, type: TypeOrFunction, inputs: Sequence[Mapping[str, Any]], key: str | None, **options: Any
    ) -> list[str]:
        """Submits a few jobs in one transaction; with a key at most once. Raises what submit_many raises, KeyReused."""
        kind, given = self._type_name(type), self._options(**options)
        batch = [self._new(kind, one, given) for one in inputs]
        ids = [new.id for new in batch]
        if not batch:
            return []
        if key is None:
            self._add(batch)
            return ids
        told = {name: str(value) for name, value in given.items()} | {"session": batch[0].session}
        request = submission.request_hash("batch", kind, [submission.compared_input(one) for one in inputs], told)

        def work(transaction: Transaction) -> str | None:
            now = self._database.now()
            kept = self._keep_request(transaction, key, request, " ".join(ids), now)
            if kept is None:
                keeping.add(transaction, batch, now)
            return kept

        try:
            kept = self._stored(work, batch[0])
        except CommitUnknown:
            if keeping.by_id(self._database, ids[0]) is None:
                raise
            return ids
        return ids if kept is None else kept.split(" ")

    def _options(self, *, parent: AnyId | None = None, **options: Any) -> Options:
        """Options of a new job, the parent found by any id. Raises InvalidInput for what is no option."""
        submission.refuse_unknown(options)
        above = None if parent is None else self.get(parent)
        related = {"parent": above and above.id, "root": above and above.root_id}
        return cast(Options, options | related)

    def _new(self, kind: str, given: Any, options: Options, outside: bool = False) -> keeping.NewJob:
        identity = self._ids.new(self._database)
        check = None if outside else self._input_check(kind)
        new = submission.new_job(identity, kind, given, options, submission.why(None, self._via), outside, check)
        bulk.check_jobs(self._database, kind, given)
        begin = BEGINNING.get()
        if begin is not None:
            begin(new.session)
        return new

    def _add(self, jobs: list[keeping.NewJob]) -> None:
        """Stores new jobs. A COMMIT whose answer was lost is settled by looking whether they are there."""
        try:
            self._stored(lambda transaction: keeping.add(transaction, jobs, self._database.now()), jobs[0])
        except CommitUnknown:
            if keeping.by_id(self._database, jobs[0].id) is None:
                raise

    def _stored(self, work: Callable[[Transaction], Written], new: keeping.NewJob) -> Written:
        """Stores new jobs, of which one is given. Raises NotFound, Deleted or Conflict where they are refused."""
        return submission.explained(
            lambda: self._database.write(work), lambda refused: submission.explain(self._database, new, refused)
        )

    def _add_one(self, new: keeping.NewJob, key: str | None = None, request: str = "") -> Job:
        """Stores a new job; or gives the one that the idempotency key stands for. See _add for a lost answer."""
        try:
            found = self._stored(functools.partial(self._store_new, new, key, request), new)
        except CommitUnknown:
            if keeping.by_id(self._database, new.id) is None:
                raise
            return self._by_id(new.id)
        if isinstance(found, str):
            return self._by_id(found)
        return self._just_submitted(found, new)

    def _just_submitted(self, row: records.JobRow, new: keeping.NewJob) -> Job:
        """The snapshot of a job whose row came back when it was stored. It is not said to wait for a slot: where one is
        free a worker takes it in this moment.
        """
        limits = workspaces.limits(self._database, [row.limit_key])
        ids = {kind: [text] for kind, text in new.external_ids.items()}
        waits = self._waiting_for(row, limits)
        return records.job_of(row, ids, self._database.now(), None if waits == A_SLOT else waits)

    def _store_new(
        self, new: keeping.NewJob, key: str | None, request: str, transaction: Transaction
    ) -> records.JobRow | str:
        """The row of the new job; the id of the job that the idempotency key stands for, where it does."""
        now = self._database.now()
        if key is not None:
            kept = self._keep_request(transaction, key, request, new.id, now)
            if kept is not None:
                return kept
        return keeping.add(transaction, [new], now, returns=True)[0]

    def _keep_request(self, transaction: Transaction, key: str, request: str, job: str, now: float) -> str | None:
        """Keeps an idempotency key; the job it stood for already, None where it is new."""
        place = {
            "tenant": TENANT, "actor": submission.who(), "verb": "submit", "key": submission.idempotency_key(key),
        }  # fmt: skip
        transaction.run("forget_request", before=now - DAY_S, **place)
        if transaction.run("keep_request", request=request, job=job, created_at=now, **place):
            return None
        (kept, of, _), *_ = transaction.run("kept_request", **place)
        if kept != request:
            raise KeyReused(f"The idempotency key {key!r} was used for another request, which became job {of}.", of)
        return str(of)
