"""A worker: claims jobs of the types it has, runs them in slots, and sweeps."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from headway.errors import InvalidInput, StoreUnavailable
from headway.runtime import bulk as _its_own_type  # noqa: F401  # registers it
from headway.runtime import runner, worklog
from headway.runtime.office import Office
from headway.runtime.outbox import Outbox
from headway.runtime.registry import REGISTRY, Registry
from headway.runtime.resting import all_rest
from headway.runtime.slots import Slots
from headway.store import claiming, sweeping
from headway.store.families import Child
from headway.store.records import JobRow
from headway.store.sweeping import SWEEP_S

LOG = logging.getLogger("headway")

POLL_S = 2.0
"""How often an idle worker looks for jobs although nobody rang."""
HEED_S = 1.0
"""After how long the calling thread hears a signal that its wait did not hear."""
AHEAD_S = 0.05
"""Work for so long is claimed ahead of the slots, so that jobs of a millisecond do not wait for a claim each."""
MOST_AHEAD = 128


class Worker:
    """Runs jobs in `slots` threads until it is stopped. Use it with `with`, or call run().

    Stopping is graceful: the jobs under way halt at their next checkpoint and go on elsewhere.
    """

    def __init__(
        self, office: Office, slots: int = 4, queues: Sequence[str] = ("default",), types: Sequence[str] | None = None,
        registry: Registry = REGISTRY, root: str | None = None,
    ) -> None:  # fmt: skip
        if slots < 1:
            raise InvalidInput(f"A worker needs at least one slot; found slots={slots}.")
        self._office = office
        self._number = slots
        self._slots = Slots(slots, self._slots_changed, office.clock)
        self._queues = tuple(queues)
        self._only = types
        self._registry = registry
        self._root = root
        self._known: list[str] | None = None
        self._waiting: queue.SimpleQueue[tuple[JobRow, Outbox] | None] = queue.SimpleQueue()
        self._held: set[Outbox] = set()
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._claimer = threading.Thread(target=self._claim_until_stopped, name="headway-claimer", daemon=True)
        self._mean_s = 1.0
        self._unsure = False

    def start(self) -> None:
        """Begins to claim and to run, in threads of its own."""
        self._learn_types()
        self._add_threads()
        self._claimer.start()

    def stop(self) -> None:
        """Claims no more, asks the jobs under way to halt at their next checkpoint, and returns when they have."""
        self._stopping.set()
        self._office.database.wake()
        self._shut_down_held()
        _join(self._claimer)
        self._shut_down_held()  # what a last claim has brought in
        with self._changed:
            threads, self._threads = self._threads, []
        for _ in threads:
            self._waiting.put(None)
        for thread in threads:
            _join(thread)
        self._office.recorder.drain()

    def run(self, until_idle: bool = False) -> None:
        """Works in the foreground until stop() is called, or until_idle: until nothing is ready or delayed."""
        try:
            self.start()
            if until_idle:
                self.wait_idle()
            else:
                while not self._stopping.wait(HEED_S):  # a signal just before a wait does not end it
                    pass
        finally:
            self.stop()

    def wait_idle(self) -> None:
        """Returns when no job that this worker could take is ready, and none is under way here.

        One that waits for children that nobody works on does not count.
        """
        seen = 0
        while not self._stopping.is_set():
            seen_now = self._office.database.wait(seen, 0)
            with self._office.claiming:  # what a claim brings in is held before anybody looks
                held = list(self._held)
                rests = not self._slots.expects_some and not self._anything_ready()
                if rests and all_rest(self._office.database, held, self._has):
                    return
            seen = self._office.database.wait(seen_now, 0.2)

    @property
    def busy(self) -> int:
        """How many jobs are under way here."""
        return len(self._held)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:  # such as Ctrl-C, when its threads are at work already
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def claim_once(self, n: int, without: frozenset[str] = frozenset()) -> list[tuple[JobRow, Outbox]]:
        """Claims up to n jobs and takes charge of them. without: none of these types."""
        lanes = self._lanes(without)
        if not lanes or n < 1:
            return []
        with self._office.claiming:
            asked_at = self._office.clock.boot()
            rows = claiming.claim(self._office.database, self._office.worker, lanes, n, self._root)
            return self._take_charge(rows, asked_at)

    def work(self, row: JobRow, outbox: Outbox) -> None:
        """Runs one claimed job in the calling thread; its end is stored with the recorder's next batch."""
        outbox.thread = threading.current_thread()
        outbox.slot = slot = self._slots.take(row.type)
        began = self._office.clock.precise()
        try:
            worklog.began(row)
            end = runner.run(self._office, self._registry.get(row.type), row, outbox)
            worklog.ended(row, outbox, end, self._office.clock.precise() - began, self._office.now)
        except BaseException as problem:  # such as of a log's handler: the job ends whatever happens, and so does this
            if not outbox.ending:
                outbox.end(runner.fallen(row, problem))
            raise
        finally:
            slot.leave()
            self._give_back(outbox, self._office.clock.precise() - began)

    def _give_back(self, outbox: Outbox, spent: float) -> None:
        """A job is over here: others take its place."""
        self._mean_s += 0.05 * (spent - self._mean_s) if spent < self._mean_s else spent - self._mean_s
        self._office.recorder.hurry()
        with self._changed:
            self._held.discard(outbox)
            if self._under_way() <= self._room() // 2:
                self._changed.notify_all()

    def _serve(self) -> None:
        while not self._is_one_too_many() and (work := self._waiting.get()) is not None:
            try:
                self.work(*work)
            except BaseException as problem:  # this thread is needed for other jobs
                LOG.error("a slot goes on after %s: %s", type(problem).__name__, work[0].id)

    def _is_one_too_many(self) -> bool:
        """Whether the calling thread, which has no job, is not needed any more: its place is given up then."""
        with self._changed:
            spare = len(self._threads) - self._number - self._slots.lent
            if spare > 0 and not self._stopping.is_set():
                self._threads.remove(threading.current_thread())
            return spare > 0 and not self._stopping.is_set()

    def _claim_until_stopped(self) -> None:
        seen, failing_s = 0, 0.05
        while not self._stopping.is_set():
            try:
                seen = self._office.database.wait(seen, 0)
                self._office.sweep_when_due()
                self._office.be_seen()
                if self._fill():
                    continue
                failing_s = 0.05
                self._wait_for_work(seen)
            except Exception as problem:
                if not isinstance(problem, StoreUnavailable):  # without this thread the process would only look well
                    LOG.error("claiming goes on after %s: %s", type(problem).__name__, problem)
                self._unsure = True
                self._office.clock.wait(self._stopping, failing_s)
                failing_s = min(failing_s * 2, POLL_S)

    def _shut_down_held(self) -> None:
        with self._changed:
            held = list(self._held)
            self._changed.notify_all()
        for outbox in held:
            outbox.shut_down()

    def _take_charge(self, rows: Sequence[JobRow], asked_at: float | None = None) -> list[tuple[JobRow, Outbox]]:
        taken = [(row, Outbox(row.id, row.attempt, None)) for row in rows]
        with self._changed:
            self._held.update(outbox for _, outbox in taken)
        for _, outbox in taken:
            self._office.recorder.open(outbox, claimed_at=asked_at)
        return taken

    def _take_up_unanswered(self) -> list[tuple[JobRow, Outbox]]:
        """Takes charge of what a claim gave to this worker if its answer was lost: no lease has to run out."""
        with self._office.claiming:
            held = list(self._held)  # asked before the database: they may end
            begun = self._office.recorder.keys() | {outbox.key for outbox in held}
            rows = claiming.claimed_by(self._office.database, self._office.worker)
            mine = [row for row in rows if row.type in (self._known or ()) and row.queue in self._queues]
            # A serial means that it was begun here once, and was given up when the database did not answer.
            new = [row for row in mine if not row.outside and not row.serial and (row.id, row.attempt) not in begun]
            asked_at = self._office.clock.boot()
            keys = [(row.id, row.attempt) for row in new]  # nobody has renewed their leases since the claim
            kept = claiming.heartbeat(self._office.database, self._office.worker, keys) if keys else ()
            renewed = {(one.job, one.attempt) for one in kept}
            return self._take_charge([row for row in new if (row.id, row.attempt) in renewed], asked_at)

    def _fill(self) -> bool:
        """Claims what there is room for; whether more may be ready."""
        if self._unsure:
            for work in self._take_up_unanswered():
                self._waiting.put(work)
            self._unsure = False
        with self._changed:
            room = min(self._room() - self._under_way(), claiming.MOST_AT_ONCE)
        crowd = self._slots.waiting_kinds(room)  # the children of those that wait come first, or nobody goes on
        without = crowd if crowd and self._anything_ready(crowd) else frozenset()
        if room <= 0 or not (without or self._anything_ready()):  # an empty claim would be a write, and wake everybody
            return False
        taken = self.claim_once(room, without)
        for work in taken:
            self._waiting.put(work)
        return bool(without) or len(taken) == room

    def _room(self) -> int:
        """How many jobs may be under way: the slots, and as many again as short jobs keep them busy for a moment."""
        ahead = int(min(MOST_AHEAD, self._number * AHEAD_S / max(self._mean_s, 1e-4)))
        return self._number + (ahead if self._mean_s < AHEAD_S else 0)

    def _under_way(self) -> int:
        """How many jobs need a slot: those that wait for their children do not, until they would go on."""
        return len(self._held) - self._slots.lent + self._slots.wanted

    def _slots_changed(self) -> None:
        """A slot was lent, which takes a thread more, or is wanted back."""
        with self._changed:
            self._changed.notify_all()
        self._add_threads()

    def _add_threads(self) -> None:
        """As many threads as there are slots, and one for each job that waits in its thread."""
        with self._changed:
            missing = self._number + self._slots.lent - len(self._threads)
            if self._stopping.is_set():
                return
            for _ in range(missing):
                name = f"headway-slot-{len(self._threads) + 1}"
                self._threads.append(threading.Thread(target=self._serve, name=name, daemon=True))
                self._threads[-1].start()

    def _wait_for_work(self, seen: int) -> None:
        with self._changed:
            if self._under_way() >= self._room():
                self._changed.wait_for(
                    lambda: self._stopping.is_set() or self._under_way() <= self._room() // 2, SWEEP_S
                )
                return
        due = sweeping.release_due(self._office.database)
        left = POLL_S if due is None else max(0.0, min(POLL_S, due - self._office.now()))
        if not self._stopping.is_set():
            self._office.database.wait(seen, left)

    def _learn_types(self) -> None:
        """The types of this process, and the worker's row where they have changed."""
        names = [name for name in self._registry.names() if self._only is None or name in self._only]
        if names == self._known:
            return
        missing = [name for name in self._only or () if name not in names]
        if missing:
            known = ", ".join(map(repr, self._registry.names())) or "none"
            raise InvalidInput(f"No function is registered for {', '.join(map(repr, missing))}. There are: {known}.")
        kinds = [self._registry.get(name) for name in names]
        self._office.enlist(
            self._number, self._queues,
            tuple(kind.row for kind in kinds),
        )  # fmt: skip
        self._known = names

    def _has(self, child: Child) -> bool:
        return child.type in (self._known or ()) and child.queue in self._queues

    def _anything_ready(self, without: frozenset[str] = frozenset()) -> bool:
        return claiming.anything_ready(self._office.database, self._lanes(without), self._root)

    def _lanes(self, without: frozenset[str]) -> list[tuple[str, str]]:
        self._learn_types()
        return [(name, kind) for name in self._queues for kind in self._known or () if kind not in without]


def _join(thread: threading.Thread) -> None:
    """Waits for a thread's end, but not for the calling one's, and not for one that never began."""
    if thread is not threading.current_thread() and thread.ident is not None:
        thread.join()
