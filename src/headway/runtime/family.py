"""The children of a job, as its own code sees them: spawned once, waited for without holding a slot, rolled up."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import msgspec

from headway.errors import Halt, HeadwayError, IllegalChange, InvalidInput, KeyReused, NotFound
from headway.model.ids import why_unnameable
from headway.model.job import Job
from headway.runtime.gathering import Wait
from headway.runtime.lending import Lending
from headway.runtime.outbox import in_transaction
from headway.runtime.registry import REGISTRY, type_name
from headway.store import families, keeping, records
from headway.store.contract import CommitUnknown
from headway.store.keeping import NewJob
from headway.store.records import JobRow
from headway.tracker import bulk, submission
from headway.tracker.connection import AnyId, TypeOrFunction
from headway.tracker.lookup import find
from headway.tracker.submission import Options
from headway.tracker.waiting import result_of

if TYPE_CHECKING:
    from headway.runtime.attempt import AttemptAtHand
    from headway.runtime.office import Office

PHASE = "children"
"""The phase of a plan that children fill; without it they fill the phase at hand, or the job."""
LARGEST_WEIGHT = 1e12


class Family:
    """The children of one attempt's job. Safe for any number of threads.

    scope: stands before the keys of those that a part of the job spawns.
    """

    def __init__(self, context: AttemptAtHand, office: Office, scope: str = "") -> None:
        self._context = context
        self._office = office
        self._scope = scope
        self._lending = Lending(context, office)

    def spawn(
        self, kind: TypeOrFunction, given: Any, key: str | None, weight: float, options: Mapping[str, Any]
    ) -> Job:
        """See Context.spawn."""
        _refuse_in_transaction("spawn")
        new = self._child(type_name(kind), given, key, weight, options)
        while True:
            self._context.check()
            outbox = self._context.outbox
            fence, row = self._add(new, outbox.attempt)
            if row is not None:
                return self._known(new, row)
            outbox.hear(fence.state, outbox.attempt, fence.version, self._office.now())
            if outbox.joined and outbox.asked == "pause":
                raise Halt("pause")  # whose check() returns

    def gather(
        self, jobs: Sequence[AnyId], return_exceptions: bool, let_go: threading.Event | None = None
    ) -> list[Any]:
        """See Context.gather. let_go: ends the wait early; what is returned then means nothing."""
        _refuse_in_transaction("gather")
        wanted = [self._child_id(job) for job in jobs]
        if not wanted:
            return []
        self._context.check()
        let_go = let_go or threading.Event()
        measure = self._context.measure
        phase = measure.open_planned(PHASE)
        if phase is not None:
            self._context.steps.mark(PHASE, "running")
        try:
            wait = Wait(self._lending, self._context, self._office, wanted, return_exceptions, let_go)
            wait.run()
            if phase is not None and wait.all_ended:
                measure.close(phase)
                self._context.steps.mark(PHASE, "completed")
        finally:
            if phase is not None:
                measure.leave(phase)
        return self._results(wanted, return_exceptions, let_go)

    def let_go(self, wait: threading.Event) -> None:
        """Ends a gather that was given this event."""
        wait.set()
        self._office.database.wake()

    def _add(self, new: NewJob, attempt: int) -> tuple[families.Fence, JobRow | None]:
        """Stores the child. It is found by its key, so a COMMIT whose answer was lost is simply made again."""
        while True:
            try:
                return self._office.database.write(
                    lambda transaction: families.spawn(transaction, new, attempt, self._office.now())
                )
            except CommitUnknown:
                continue
            except IllegalChange as refused:
                submission.explain(self._office.database, new, refused)
                raise

    def _child(self, kind: str, given: Any, key: str | None, weight: float, options: Mapping[str, Any]) -> NewJob:
        row = self._context.row
        submission.refuse_unknown(options, without=("parent", "root"))
        related = {"session": options.get("session") or row.session, "parent": row.id, "root": row.root}
        identity = self._office.ids.new(self._office.database)
        known = REGISTRY.find(kind)
        new = submission.new_job(
            identity, kind, given, cast(Options, {**options, **related}), submission.why(None, "spawn"),
            check=known.check_secrets if known is not None else None,
        )  # fmt: skip
        bulk.check_jobs(self._office.database, kind, given)
        compared = msgspec.json.decode(submission.compared_input(given))
        name = submission.request_hash("spawn", kind, compared) if key is None else _key(key)
        new = msgspec.structs.replace(new, spawn_key=self._scope + name, weight=_weight(weight))
        self._refuse_secrets(new)
        return new

    def _refuse_secrets(self, new: NewJob) -> None:
        """Raises InvalidInput where what is stored of a child would hold a secret of its parent in clear."""
        names = msgspec.json.encode([new.name, new.spawn_key, new.labels, new.external_ids, new.context_id]).decode()
        for text in (new.input, names):
            if self._context.outbox.masked_json(text) != text:
                raise InvalidInput("The child would hold a secret in clear. Hand over the Secret itself, as its input.")

    def _known(self, new: NewJob, row: JobRow) -> Job:
        """The snapshot of a child that was spawned now or before. Raises KeyReused."""
        if row.type != new.type:
            raise KeyReused(
                f"spawn({new.type!r}, key={new.spawn_key!r}): this job has spawned {row.number} ({row.name}) of type "
                f"{row.type!r} under that key. Give each child its own key.",
                row.id,
            )
        if row.id == new.id:
            ids = {kind: [text] for kind, text in new.external_ids.items()}
            return records.job_of(row, ids, self._office.now())
        return self._jobs([row])[0]

    def _child_id(self, any_id: AnyId) -> str:
        """The id of a child of this job. Raises InvalidInput for what is none."""
        if isinstance(any_id, list | tuple | set):
            raise InvalidInput(f"gather() takes jobs, found a {type(any_id).__name__}: write gather(*jobs).")
        if isinstance(any_id, Job):
            identity, parent = any_id.id, any_id.parent_id
        else:
            _, row = find(self._office.database, any_id)
            identity, parent = row.id, row.parent
        if parent != self._context.job_id:
            raise InvalidInput(
                f"gather(): job {identity} is no child of this job. Spawn it with ctx.spawn(...), or submit it with "
                "parent=ctx.job; to wait for any other job, use hw.wait(...)."
            )
        return identity

    def _results(self, wanted: Sequence[str], return_exceptions: bool, let_go: threading.Event) -> list[Any]:
        if let_go.is_set():
            return []
        rows = families.rows(self._office.database, wanted)
        for identity in wanted:
            if identity not in rows:
                raise NotFound(f"Job {identity}, which was waited for, was deleted.")
        jobs = {job.id: job for job in self._jobs(list(rows.values()))}
        if not return_exceptions:
            # A failed one ends the wait while others go on, so the failed ones are looked at first.
            for identity in wanted:
                if jobs[identity].ended:
                    result_of(jobs[identity])
        return [_outcome(jobs[identity]) for identity in wanted]

    def _jobs(self, rows: Sequence[JobRow]) -> list[Job]:
        ids = keeping.external_ids(self._office.database, [row.id for row in rows])
        now = self._office.now()
        return [records.job_of(row, ids.get(row.id, {}), now) for row in rows]


def _outcome(job: Job) -> Any:
    """What asyncio.gather would put in its place: the result, or the error."""
    try:
        return result_of(job)
    except HeadwayError as error:
        return error


def _refuse_in_transaction(verb: str) -> None:
    if in_transaction():
        raise InvalidInput(f"{verb}() inside transaction(): it is a write of its own. Call it before or after.")


def _key(key: Any) -> str:
    problem = why_unnameable(key) if isinstance(key, str) else f"it is of type {type(key).__name__}"
    if problem:
        raise InvalidInput(f"{key!r:.60} can not be the key of a child: {problem}.")
    return str(key)


def _weight(weight: Any) -> float:
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not 0 <= weight <= LARGEST_WEIGHT:
        raise InvalidInput(f"weight is {weight!r:.60}; expected a number, 0 or more.")
    return float(weight)
