"""The children of a job, as its own code sees them: spawned once, waited for without holding a slot, rolled up."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import msgspec

from headway.errors import Halt, IllegalChange, InvalidInput, KeyReused, NotFound
from headway.model.ids import why_unnameable
from headway.model.job import Job
from headway.runtime.outbox import Outbox, in_transaction
from headway.runtime.registry import REGISTRY, type_name
from headway.store import families, keeping, records
from headway.store.contract import CommitUnknown
from headway.store.families import Child, NoPlace
from headway.store.keeping import NewJob
from headway.store.records import JobRow
from headway.tracker import submission
from headway.tracker.connection import AnyId, TypeOrFunction
from headway.tracker.lookup import find
from headway.tracker.submission import Options
from headway.tracker.waiting import result_of

if TYPE_CHECKING:
    from headway.runtime.context import Context
    from headway.runtime.office import Office

PHASE = "children"
"""The phase of a plan that children fill; without it they fill the phase at hand, or the job."""
LOOK_S = 1.0
"""How often a waiting parent looks at its children although nobody rang."""
SHARE = 20
"""It rests at least so many times as long as a look took, so that large families do not read all the time."""
CALM_S, LONGEST_CALM_S = 0.02, 1.0
LARGEST_WEIGHT = 1e12


class Family:
    """The children of one attempt's job. Safe for any number of threads.

    scope: stands before the keys of those that a part of the job spawns.
    """

    def __init__(self, context: Context, office: Office, scope: str = "") -> None:
        self._context = context
        self._office = office
        self._scope = scope
        self._lending = threading.Lock()
        self._lent_by: Outbox | None = None  # the attempt that has given back slot and place
        self._waits: set[Wait] = set()  # for these

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
            wait = Wait(self, self._context, self._office, wanted, return_exceptions, let_go)
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

    def lend(self, wait: Wait) -> None:
        """Gives back the worker's slot and the place under the limit, for as long as any part of the job waits."""
        outbox = self._context.outbox
        with self._lending:
            if outbox.joined:
                return
            if self._lent_by is outbox:
                self._waits.add(wait)
                return
            if not families.begin_waiting(self._office.database, outbox.job, outbox.attempt):
                self._office.recorder.look()  # a stop was asked; the next check() says which
                return
            self._lent_by, self._waits = outbox, {wait}
            if outbox.slot is not None:
                outbox.slot.lend()

    def take_back(self, wait: Wait) -> None:
        """Returns when the job has its slot and its place again, or other parts of it still wait.

        Which of them work and which only wait for the others is not known here: a job that held its slot for one
        while the children of another need it would never end. Raises Halt where a stop was asked.
        """
        with self._lending:
            if wait not in self._waits:
                return
            self._waits.remove(wait)
            while not self._waits and (outbox := self._context.outbox) is self._lent_by:
                seen = self._office.database.wait(0, 0)
                if not self._take_slot(outbox):
                    self._context.check()
                    continue
                try:
                    if families.end_waiting(self._office.database, outbox.job, outbox.attempt):
                        self._lent_by = None
                        return
                    self._office.recorder.look()
                except NoPlace:
                    if outbox.slot is not None:
                        outbox.slot.lend()
                    families.want_place(self._office.database, outbox.job, outbox.attempt)
                    self._office.database.wait(seen, LOOK_S)
                self._context.check()

    def _take_slot(self, outbox: Outbox) -> bool:
        if outbox.slot is None:
            return True
        with _heard_by(outbox, outbox.slot.look):
            return outbox.slot.take_back(lambda: self._context.stopping)

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
        identity = self._office.ids.new(self._office.now())
        known = REGISTRY.find(kind)
        new = submission.new_job(
            identity, kind, given, cast(Options, {**options, **related}), submission.why(None, "spawn"),
            check=known.check_secrets if known is not None else None,
        )  # fmt: skip
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


class Wait:
    """One gather under way: it lends, looks, rolls up, and takes back."""

    def __init__(
        self, family: Family, context: Context, office: Office, wanted: Sequence[str], return_exceptions: bool,
        let_go: threading.Event,
    ) -> None:  # fmt: skip
        self._family = family
        self._context = context
        self._office = office
        self._wanted = set(wanted)
        self._return_exceptions = return_exceptions
        self._let_go = let_go
        self._children: list[Child] = []
        self._rest_s = CALM_S

    @property
    def all_ended(self) -> bool:
        """Whether no child is open."""
        return all(child.ended for child in self._children)

    def run(self) -> None:
        """Returns when the wait is over and the job may go on. Raises Halt."""
        try:
            self._wait()
        except Exception:  # the database, for instance: the job's code may catch it and go on
            self._family.take_back(self)
            raise
        self._family.take_back(self)

    def _wait(self) -> None:
        lent_by, seen = None, self._office.database.wait(0, 0)
        while not self._over():
            self._context.check()
            if lent_by is not self._context.outbox:  # at first, and after a pause in place
                lent_by = self._context.outbox
                self._family.lend(self)
            elif lent_by.slot is None or not lent_by.slot.meanwhile(self._children):
                seen = self._rest(lent_by, seen)

    def _over(self) -> bool:
        """Looks at the children, and tells the progress of the job how far they are."""
        began = self._office.clock.precise()
        self._children = families.of(self._office.database, self._context.job_id)
        roll_up(self._context, self._children)
        mine = [child for child in self._children if child.id in self._wanted]
        spent = self._office.clock.precise() - began
        self._rest_s = min(LONGEST_CALM_S, max(CALM_S, spent * SHARE))
        gone = len(mine) < len(self._wanted)
        failed = any(child.ended and child.state != "completed" for child in mine)
        ended = all(child.ended for child in mine)
        return ended or gone or self._let_go.is_set() or (failed and not self._return_exceptions)

    def _rest(self, outbox: Outbox, seen: int) -> int:
        """Waits until something may have changed; the moment of it."""
        with _heard_by(outbox, self._office.database.wake):
            if not outbox.heard.is_set() and not self._let_go.is_set():
                seen = self._office.database.wait(seen, LOOK_S)
            self._office.clock.wait(outbox.heard, self._rest_s)
        return seen


def roll_up(context: Context, children: Sequence[Child]) -> None:
    """Tells the progress of a job how far its children are: by weight, an ended one counts fully."""
    if not children:
        return
    whole = math.fsum(child.weight for child in children)
    parts = math.fsum(child.weight * (100.0 if child.ended else child.percent or 0.0) for child in children)
    ended = sum(child.ended for child in children)
    context.measure.roll_up(
        percent=parts / whole if whole else 100.0 * ended / len(children),
        done=ended,
        total=len(children),
        failed=sum(child.ended and child.state != "completed" for child in children),
    )


@contextlib.contextmanager
def _heard_by(outbox: Outbox, listener: Callable[[], None]) -> Iterator[None]:
    """The listener is called when the attempt hears of something."""
    outbox.listeners.append(listener)
    try:
        yield
    finally:
        if listener in outbox.listeners:
            outbox.listeners.remove(listener)


def _outcome(job: Job) -> Any:
    """What asyncio.gather would put in its place: the result, or the error."""
    try:
        return result_of(job)
    except Exception as error:
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
