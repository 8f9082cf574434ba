"""One recorder per process: commits what all its attempts say together, keeps their leases, hears what is asked."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import msgspec

from headway.clock import Clock
from headway.errors import Halt, IllegalChange, InvalidInput, StoreUnavailable, StoreUnusable
from headway.model.value import clean_text
from headway.runtime.leash import Leash
from headway.runtime.outbox import Outbox
from headway.store import claiming, forking, reporting
from headway.store.claiming import HEARTBEAT_S
from headway.store.contract import CommitUnknown, Database, Transaction
from headway.store.moving import Change
from headway.store.reporting import Report
from headway.store.sql import SQLITE

LOG = logging.getLogger("headway")

OUTAGE = (StoreUnavailable, StoreUnusable)
"""What a database says that work under way outlasts: a file or schema that is not there may be put back."""
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.02, 1.0
"""Between two tries at a database that does not answer."""
FLUSH_S = 0.1
"""Longest time that progress waits before it is committed."""
LOOK_S = 1.0
"""Longest time before a live runner hears of a pause or cancel, with half of the promised 2 s to spare."""
LONGEST_TRANSACTION_S = 1.0
"""How long a job's own transaction may keep everybody else from writing an SQLite file."""
CALM_S = 0.05
"""Shortest time between two looks, however often the database changes."""


class Figures:
    """What a recorder has done since it began. batches: transactions; reports in them; seconds that they took."""

    def __init__(self) -> None:
        self.batches = self.reports = 0
        self.seconds = 0.0

    def count(self, reports: int, seconds: float) -> None:
        """One batch more."""
        self.batches += 1
        self.reports += reports
        self.seconds += seconds


class Recorder:
    """Group commit: whoever needs something durable commits for everybody who waits at that moment.

    Progress is committed by a thread of its own every 100 ms. A database that does not answer is tried again with
    the same serials, until the attempts have not renewed their leases for too long and stop. chores: what else is
    done now and then while any attempt is open.
    """

    def __init__(self, database: Database, clock: Clock, worker: str) -> None:
        self.worker = worker
        self._database = database
        self._clock = clock
        self._boxes: set[Outbox] = set()
        self._committing = threading.RLock()
        self._changed = threading.Lock()
        self._closed = threading.Event()
        self._threads: list[threading.Thread] = []
        self._wake = threading.Event()
        self._unrung = False  # something was stored that nobody was told of
        self._rung_at = clock.boot()
        self._told = ""  # what went wrong last: it is tried again many times in a second
        self.chores: list[Callable[[], None]] = []
        self.figures = Figures()
        self.leash = Leash(clock, self._open, self._forget)
        forking.keeps(self)

    def open(self, outbox: Outbox, background: bool = True, claimed_at: float | None = None) -> None:
        """Takes charge of an attempt. background: with the recorder's own threads. claimed_at: when its claim was sent,
        by the boot clock; None for just now.
        """
        outbox.renewed_at = self._clock.boot() if claimed_at is None else claimed_at
        outbox.watched = background and self._clock.real and not outbox.joined
        with self._changed:
            self._boxes.add(outbox)
        if background:
            self._start()

    def settle(self, outbox: Outbox) -> None:
        """Returns when everything that the attempt has said is stored, or the attempt is lost.

        While the database does not answer it tries again; that ends when the lease is in danger.
        """
        self._deliver(outbox, outbox.unanswered)  # was taken before: it may lack what was said last
        self._deliver(outbox, outbox.take())
        if outbox.ended or outbox.lost:
            self._forget(outbox)

    def _deliver(self, outbox: Outbox, report: Report | None) -> None:
        """Returns when this report is answered, by whichever thread stores it, or the attempt is lost."""
        pause_s = SHORTEST_PAUSE_S
        while report is not None and outbox.unanswered is report and not outbox.lost:
            try:
                if self._committing.acquire(timeout=LOOK_S):  # who holds it may wait for an answer without end
                    try:
                        if outbox.unanswered is report:
                            self._commit()
                    finally:
                        self._committing.release()
            except OUTAGE:
                pause_s = self.rest(pause_s)

    def rest(self, pause_s: float) -> float:
        """Waits before the next try at a database that does not answer; the pause after that. It ends as well when the
        attempts have not renewed their leases for too long: they are lost then.
        """
        self.leash.look(refused=True)
        self._clock.wait(self._closed, pause_s)
        return min(pause_s * 2, LONGEST_PAUSE_S)

    @contextmanager
    def transaction(self, outbox: Outbox) -> Iterator[Any]:
        """A transaction for the job's own statements, fenced by what the attempt says in it as its last statement.

        Yields the driver's connection. Raises Halt where the lease is lost; then everything is rolled back. What
        other threads said meanwhile is stored with it, or by the next report.
        """
        self.settle(outbox)
        with ExitStack() as held, outbox.apart() as said:
            if self._database.dialect == SQLITE:  # it has one writer: who reports meanwhile would wait inside a lock
                held.enter_context(self._committing)
            began = self._clock.boot()
            report: Report | None = None
            try:
                with self._database.transaction() as transaction:
                    yield transaction.connection
                    held.enter_context(self._committing)
                    report = outbox.take(always=True)
                    if report is None or not self._fenced(transaction, outbox, outbox.masked(said.added_to(report))):
                        raise Halt("lease_lost")
                    self._refuse_long(began)
            except CommitUnknown:
                if report is None or not self._was_stored(report):
                    raise
            self._unrung = True
            outbox.answered(True, None, 0, self._database.now())

    def _fenced(self, transaction: Transaction, outbox: Outbox, report: Report) -> bool:
        answer = reporting.store(transaction, [report], self._database.now())[outbox.key]
        if not answer.accepted:
            outbox.lose()
        return answer.accepted

    def _refuse_long(self, began: float) -> None:
        lasted = self._clock.boot() - began
        if self._database.dialect == SQLITE and lasted > LONGEST_TRANSACTION_S:
            raise InvalidInput(
                f"transaction() lasted {lasted:.1f} s and was rolled back: on SQLite every writer waits for it, "
                f"so {LONGEST_TRANSACTION_S:.0f} s is the limit. Do the slow part outside, or use PostgreSQL."
            )

    def _was_stored(self, report: Report) -> bool:
        """After a lost answer: the serial on the job's row tells whether the COMMIT happened."""
        return reporting.is_stored(self._database, report)

    def hurry(self) -> None:
        """Lets the recorder's thread commit now, without waiting for it."""
        self._wake.set()

    def flush(self) -> None:
        """Stores what all attempts have said so far. Raises StoreUnavailable."""
        with self._committing:
            self._commit()

    def beat(self) -> None:
        """Renews the leases of all attempts whose own thread lives. Raises StoreUnavailable."""
        boxes = [box for box in self._open() if box.alive]
        if not boxes:
            return
        asked_at = self._clock.boot()
        own_time = self._clock.wall() if self._clock.real else None  # else the database has the test's time, too
        alive = {
            (row.job, row.attempt): row
            for row in claiming.heartbeat(self._database, self.worker, [box.key for box in boxes], own_time)
        }
        now = self._database.now()
        for box in boxes:
            row = alive.get(box.key)
            if row is None:
                self._check_lost(box)
            else:
                self.leash.renewed(box, asked_at)
                box.hear(row.state, row.attempt, row.version, now)

    def look(self) -> None:
        """Hears what has been asked of the attempts. Raises StoreUnavailable."""
        boxes = [box for box in self._open() if not box.ended and not box.lost]
        if not boxes:
            return
        found = {row.job: row for row in claiming.asked(self._database, sorted({box.job for box in boxes}))}
        now = self._database.now()
        for box in boxes:
            row = found.get(box.job)
            if box.ended:
                continue  # it ended between the question and its answer
            if row is not None:
                box.follow(row.worker, row.attempt)
            if row is None:
                box.lose()
            elif row.attempt == box.attempt and row.state in ("running", "pausing", "cancelling"):
                box.hear(row.state, row.attempt, row.version, now)
            else:
                self._check_lost(box)

    def close(self) -> bool:
        """Stores what is left, as far as the database answers, and ends the threads; whether all have ended. One that
        waits for a database which has fallen silent is left to itself.
        """
        self._closed.set()
        self._wake.set()
        for thread in self._threads:
            while thread is not threading.current_thread() and thread.is_alive():
                thread.join(LOOK_S)
                if self.leash.silent:
                    break
        self.leash.end()
        ended = not any(thread.is_alive() for thread in self._threads if thread is not threading.current_thread())
        self._threads.clear()
        return ended

    def drain(self) -> None:
        """Returns when the last moves of all attempts that have one are stored."""
        for box in self._open():
            if box.ending:
                self.settle(box)

    def keys(self) -> set[tuple[str, int]]:
        """Job and attempt of all that is open here."""
        return {box.key for box in self._open()}

    @property
    def busy(self) -> bool:
        """Whether any attempt is open here."""
        return bool(self._boxes)

    def _check_lost(self, box: Outbox) -> None:
        """A job that is not executing as this attempt: lost, unless its own end was stored meanwhile."""
        with self._committing:
            if not box.ended:
                box.lose()

    def _commit(self) -> None:
        self._follow()
        boxes = {box.key: box for box in self._open()}
        reports = [report for box in boxes.values() if (report := self._taken(box)) is not None]
        if reports:
            self._store(reports, boxes)

    def _ring(self) -> None:
        """Tells of what was stored since the last time: once for all of it, since telling costs more than storing."""
        if self._unrung:
            self._note_ring(True)
            self._database.ring()

    def _rings(self, reports: Sequence[Report]) -> bool:
        """Whether whoever waits is told with the commit: of moves, and of anything after some quiet."""
        return any(said.end is not None for said in reports) or self._clock.boot() - self._rung_at >= FLUSH_S

    def _note_ring(self, rung: bool) -> None:
        self._unrung = not rung
        if rung:
            self._rung_at = self._clock.boot()

    def _follow(self) -> None:
        """Joined attempts may have become others since: asked before their words are sent under an old number."""
        for box in self._open():
            if box.joined and not box.lost:
                for row in claiming.asked(self._database, [box.job]):
                    box.follow(row.worker, row.attempt)

    def _taken(self, box: Outbox) -> Report | None:
        """What a box has to say; one that can not even say it fails alone."""
        try:
            return box.take()
        except Exception as problem:
            LOG.exception("attempt %s of job %s can not be reported", box.attempt, box.job)
            self._refuse(box, f"{type(problem).__name__}: {problem}")
            return box.take()

    def _store(self, reports: Sequence[Report], boxes: dict[tuple[str, int], Outbox]) -> None:
        """Stores a batch. One that fails for its content is split until the culprit alone fails."""
        began = self._clock.precise()
        try:
            rings = self._rings(reports)
            answers = reporting.report(self._database, reports, rings)
        except IllegalChange as error:
            if len(reports) > 1:
                half = len(reports) // 2
                self._store(reports[:half], boxes)
                self._store(reports[half:], boxes)
            else:
                self._refuse(boxes[reports[0].job, reports[0].attempt], str(error))
            return
        self.figures.count(len(reports), self._clock.precise() - began)
        self._note_ring(rings)
        now = self._database.now()
        for key, answer in answers.items():
            box = boxes[key]
            box.answered(answer.accepted, answer.state, answer.version, now)
            if box.ended or box.lost:
                self._forget(box)

    def _refuse(self, box: Outbox, problem: str) -> None:
        error = msgspec.json.encode({"code": "unstorable", "message": clean_text(problem, 10_000)}).decode()
        box.refuse(Change(job=box.job, actor="runner", move="fail", error=error))

    def _open(self) -> list[Outbox]:
        with self._changed:
            return list(self._boxes)

    def _forget(self, box: Outbox) -> None:
        with self._changed:
            self._boxes.discard(box)
        box.let_go()
        box.heard.set()

    def _start(self) -> None:
        with self._changed:
            if self._closed.is_set():
                return
            self._threads = self._threads or [
                threading.Thread(target=self._record, name="headway-recorder", daemon=True),
                threading.Thread(target=self._listen, name="headway-control", daemon=True),
            ]
            for thread in self._threads:
                if thread.ident is None:  # also where Ctrl-C came between two of them before
                    thread.start()
            self.leash.start()

    def _record(self) -> None:
        """Commits every 100 ms, beats every 10 s; heartbeats go first."""
        beaten_at = self._clock.boot()
        while True:
            closing = self._closed.is_set()
            try:
                now = self._clock.boot()
                if now - beaten_at >= HEARTBEAT_S:
                    self.beat()
                    beaten_at = now  # as of the question: an answer may be long in coming
                self.flush()
                self._ring()
            except Exception as problem:
                self._go_on_after(problem)
            if closing:
                return
            if self._wake.is_set():
                self._wake.clear()
            else:
                self._clock.wait(self._wake, FLUSH_S)

    def _go_on_after(self, problem: Exception) -> None:
        """Whatever goes wrong with the database, this thread goes on: without it the process would only look well."""
        before, self._told = self._told, str(problem)
        if not isinstance(problem, StoreUnavailable) and self._told != before:
            LOG.error("the recorder goes on after %s: %s", type(problem).__name__, problem)
        self.leash.look(refused=True)
        self._clock.wait(self._closed, FLUSH_S)

    def _listen(self) -> None:
        seen = 0
        while not self._closed.is_set():
            seen = self._database.wait(seen, LOOK_S)
            try:
                self.look()
                for chore in self.chores:
                    chore()
            except Exception as problem:
                self._go_on_after(problem)
            self._closed.wait(CALM_S)  # of real time, as what it hears: a clock that a test moves may stand still

    def let_go_in_child(self) -> None:
        """After a fork: the attempts are the parent's, and what this child says would be taken for its words."""
        for box in self._boxes:
            box.lose_in_child()
        self._boxes = set()
        self._threads = []
        self._committing, self._changed = threading.RLock(), threading.Lock()
        self.leash = Leash(self._clock, self._open, self._forget)
