"""Work in any language: a process that reaches Headway over HTTP begins, claims, reports and ends jobs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from headway.errors import Conflict, IllegalChange, IllegalMove, InvalidInput
from headway.model.eta import Estimate, Estimator
from headway.model.job import Job, Record
from headway.model.work import Work
from headway.store import claiming, epoch, keeping, reporting, succession
from headway.store.claiming import LEASE_S
from headway.store.contract import CommitUnknown, Transaction
from headway.store.moving import TENANT
from headway.store.records import JobRow
from headway.store.reporting import Answer, Report
from headway.tracker import asking, submission, telling
from headway.tracker.headway import Headway
from headway.tracker.telling import Told

MOST_LANES = 1000
"""Queues times types that one claim may name."""
REMEMBERED = 1000
"""Attempts whose pace is followed at once; of older ones the time left is estimated anew."""


class Claimed(Record, frozen=True, kw_only=True):
    """A job that was taken. lease_s: so many seconds after each report the attempt may still write.

    epoch: a report that brings it back is refused once the database was put back from a copy, where the number of this
    attempt may be given to somebody else.
    """

    job: Job
    attempt: int
    lease_s: float = LEASE_S
    epoch: str


class Heard(Record, frozen=True, kw_only=True):
    """The answer to a report. asked: what the attempt is to do: pause or cancel, None to go on."""

    asked: str | None
    state: str
    lease_s: float = LEASE_S


def heard(job: Job, over: bool) -> Heard:
    """What a repeated report is answered: what is asked by now, unless it has ended the attempt."""
    return Heard(asked=None if over else telling.ASKED.get(job.state), state=job.state)


class LeaseLost(Exception):
    """The attempt may not write: its job was taken from it, or it has ended, or it never was the caller's."""


class OutsideWork:
    """The verbs of a runner that is no thread of this process, fenced like those of any other."""

    def __init__(self, hw: Headway) -> None:
        self._hw = hw
        self._database = hw._database
        self._paces = _PACES.setdefault(hw, OrderedDict())

    def begin(
        self, type: str, input: Mapping[str, Any] | None = None, worker: str | None = None,
        idempotency_key: str | None = None, **options: Any,
    ) -> Job:  # fmt: skip
        """Submits the caller's own work and takes it, in one transaction: attempt 1, which no worker ever gets.

        Raises what submit raises, and Conflict where its session is full.
        """
        hw = self._hw
        new = hw._new(submission.a_type(type), input, hw._options(**options), outside=True)
        runner = submission.worker_name(worker)
        told = {name: str(value) for name, value in options.items()} | {"session": new.session}
        request = submission.request_hash("begin", type, submission.compared_input(input), told)

        def work(transaction: Transaction) -> str:
            kept = idempotency_key and hw._keep_request(transaction, idempotency_key, request, new.id, hw.now())
            if kept:
                return kept
            keeping.add(transaction, [new], hw.now())
            if claiming.claim_own_in(transaction, hw.now(), runner, new.id) is None:
                raise Conflict(f"Session {new.session!r} is full: as many of its jobs run as may. Wait for one to end.")
            return new.id

        try:
            return hw.get(f"id:{self._database.write(work)}")
        except CommitUnknown:
            if keeping.by_id(self._database, new.id) is None:
                raise
            return hw.get(f"id:{new.id}")
        except IllegalChange as refused:
            submission.explain(self._database, new, refused)
            raise

    def enlist(self, types: Sequence[str], queues: Sequence[str], worker: str | None, host: str | None) -> None:
        """Makes a runner known that asks for jobs of these types: others see that they do not wait in vain.

        worker: what the caller calls itself; host: where it is. Raises InvalidInput.
        """
        named = [submission.a_type(kind) for kind in types]
        claiming.enlist_outside(self._database, submission.worker_name(worker), host or "outside", queues, named)

    def claim(self, types: Sequence[str], queues: Sequence[str], worker: str | None) -> Claimed | None:
        """Takes the first ready job of these types, under a lease; None where there is none. Raises InvalidInput."""
        lanes = [(queue, submission.a_type(kind)) for queue in queues for kind in types]
        if not 0 < len(lanes) <= MOST_LANES:
            raise InvalidInput(f"{len(lanes)} pairs of queue and type were named; expected 1 to {MOST_LANES:,}.")
        self._hw._sweep_when_due()
        if not claiming.anything_ready(self._database, lanes):
            return None
        past = epoch.epoch(self._database)  # read first: where it ends before the claim, its first report is refused
        rows = claiming.claim(self._database, submission.worker_name(worker), lanes, 1)
        return self._claimed(rows[0], past) if rows and succession.catch_up(self._database, rows[0]) else None

    def _claimed(self, row: JobRow, past: str) -> Claimed:
        return Claimed(job=self._hw.get(f"id:{row.id}"), attempt=row.attempt, epoch=past)

    def claimed_before(self, job: str) -> Claimed:
        """The answer to a claim that comes again, because its answer was lost. job: the id of what it took."""
        past, found = epoch.epoch(self._database), self._hw.get(f"id:{job}")
        return Claimed(job=found, attempt=found.attempt, epoch=past)

    def claim_own(self, any_id: str | int, worker: str | None) -> Claimed | None:
        """Takes the caller's own job again, when it was resumed; None while it is paused or its session is full.

        Raises InvalidInput for a job that is not outside work, IllegalMove for one that has ended or is at work, and
        NotFound, Ambiguous.
        """
        job = self._hw.get(any_id)
        if not job.outside:
            raise InvalidInput(
                f"Job {job.number} ({job.name}) is no program's own: claim jobs of its type, {job.type!r}."
            )
        if job.state not in ("pending", "paused", "interrupted"):
            raise IllegalMove(
                f"Job {job.number} ({job.name}) is {job.state} and can not be claimed.", job.state, job.moves
            )
        self._hw._sweep_when_due()
        if job.state != "pending":
            return None
        past = epoch.epoch(self._database)
        row = claiming.claim_own(self._database, submission.worker_name(worker), job.id)
        return self._claimed(row, past) if row and succession.catch_up(self._database, row) else None

    def report(self, job: Job, attempt: int, told: Told) -> Heard:
        """Stores what an attempt tells, renews its lease, and answers what is asked of it.

        Raises LeaseLost, InvalidInput, Unstorable.
        """
        told.check()
        number = asking.number(attempt, "attempt")
        self._hw._sweep_when_due()

        def work(transaction: Transaction) -> tuple[Answer, JobRow | None]:
            return self._store(transaction, job.id, number, told)

        answer, row = self._database.write(work)
        if not answer.accepted:
            raise LeaseLost
        if told.end is not None:
            self._forget(job.id, number)
        state = answer.state or (row.state if row else "")
        return Heard(asked=None if told.end else telling.ASKED.get(state), state=state)

    def _store(self, transaction: Transaction, job: str, attempt: int, told: Told) -> tuple[Answer, JobRow | None]:
        now = self._database.now()
        serial, last = told.numbers
        if told.epoch not in (None, epoch.epoch_in(transaction)):
            raise LeaseLost  # whatever attempt has this number here, the caller was never given it
        if not claiming.renew_in(transaction, job, attempt):
            end = telling.bare_end(told, job, attempt, last)
            late = Report(job=job, attempt=attempt, serial=serial, end=end)
            return reporting.store(transaction, [late], now)[job, attempt], None
        row = JobRow(*transaction.run("job_by_id", tenant=TENANT, id=job)[0])
        if not submission.is_outside(row):
            raise LeaseLost  # a worker of Headway's has it, and tells of it itself
        if serial is not None and row.serial >= serial:
            return Answer(True, row.state, row.version), row
        said = telling.report_of(told, row, transaction, now, lambda work: self._estimate(job, attempt, work, now))
        if said.end is None and not said.says_more_than_its_end and serial is None:
            return Answer(True, row.state, row.version), row
        return reporting.store(transaction, [said], now)[job, attempt], row

    def _forget(self, job: str, attempt: int) -> None:
        with _LOCK:
            if (job, attempt) in self._paces:
                del self._paces[job, attempt]

    def _estimate(self, job: str, attempt: int, work: Work, now: float) -> Estimate:
        """The time left, from the reports that came to this process."""
        with _LOCK:
            known = self._paces.pop((job, attempt)) if (job, attempt) in self._paces else (now, Estimator())
            self._paces[job, attempt] = began, estimator = known
            while len(self._paces) > REMEMBERED:
                self._paces.popitem(last=False)
            estimator.sample(now - began, work)
            return estimator.estimate(now - began, now)


Paces = OrderedDict[tuple[str, int], tuple[float, Estimator]]
_LOCK = threading.Lock()
_PACES: WeakKeyDictionary[Headway, Paces] = WeakKeyDictionary()
