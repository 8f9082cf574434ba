"""What the attempts of one process share: the database, the recorder, the clock, and the process's name as a worker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeGuard
from weakref import WeakSet

from headway.clock import Clock
from headway.errors import Halt, StoreError, StoreUnavailable, StoreUnusable, Unstorable
from headway.model.value import LARGEST
from headway.runtime.outbox import Outbox
from headway.runtime.recorder import Recorder
from headway.store import claiming, host, keeping, reporting, retention, sweeping, workspaces
from headway.store.claiming import HEARTBEAT_S, JobTypeRow
from headway.store.contract import Database, Transaction
from headway.store.moving import TENANT, Change
from headway.store.records import JobRow
from headway.store.sweeping import SWEEP_S
from headway.tracker.submission import external_ids_of

if TYPE_CHECKING:
    from headway.runtime.block import Block
    from headway.runtime.context import Context
    from headway.tracker.headway import Headway

LOG = logging.getLogger("headway")

CONFIG_S = 60.0
"""How long a version of a session's configuration is known without asking."""
MOST_CONFIGS = 1000
FORGET_S = 600.0
"""How often a process with work removes what is no use to anybody any more."""
WAIT_S = 2.0
"""How often a waiting process looks again although nobody rang."""


class Office:
    """The runner's side of one process on one database.

    verbs: those of whoever opened the database. joined: the context of another process's job, where this process was
    started for one. blocks: those that have begun here and not ended.
    """

    def __init__(self, database: Database, clock: Clock, verbs: Headway) -> None:
        self.database = database
        self.clock = clock
        self.verbs = verbs
        self.worker = host.new_worker_id()
        self.ids = verbs._ids
        self.recorder = Recorder(database, clock, self.worker)
        self.claiming = threading.Lock()
        self.joined: Context | None = None
        self.blocks: WeakSet[Block] = WeakSet()
        self._enlisted: tuple[int, tuple[str, ...], tuple[JobTypeRow, ...]] | None = None
        self._configs: dict[tuple[str, int | None], tuple[float, str]] = {}
        self._lock = threading.Lock()
        self._swept_at = self._seen_at = self._forgot_at = clock.boot()
        self.recorder.chores.append(self.sweep_when_due)

    def now(self) -> float:
        """Seconds since the epoch by the clock that all users of the database share."""
        return self.database.now()

    def enlist(self, slots: int = 0, queues: tuple[str, ...] = (), types: tuple[JobTypeRow, ...] = ()) -> None:
        """Makes this process known as a worker, once; again where what it can run has changed."""
        with self._lock:
            if self._enlisted is None or types:
                claiming.enlist(self.database, self.worker, slots, queues, types)
                self._enlisted = slots, queues, types

    def _enlist_again(self) -> None:
        """A machine that slept for more than a day finds its worker forgotten, and what waits for it has nobody."""
        if self._enlisted is not None and not claiming.is_known(self.database, self.worker):
            claiming.enlist(self.database, self.worker, *self._enlisted)

    def sweep_when_due(self) -> None:
        """Whoever has the database open for work sweeps it every 5 s. Raises StoreUnavailable."""
        now = self.clock.boot()
        with self._lock:
            due = now - self._swept_at >= SWEEP_S and not self.recorder.leash.in_doubt
            self._swept_at = now if due else self._swept_at
        if due:
            sweeping.sweep(self.database)
            if retention.go_on(self.database, self.clock):
                self._swept_at = now - SWEEP_S + retention.AGAIN_S
            if now - self._forgot_at >= FORGET_S:
                self._forgot_at = now
                sweeping.forget_old(self.database)
            self._enlist_again()

    def be_seen(self) -> None:
        """Says that this worker lives, although it renews no lease while it is idle. Raises StoreUnavailable."""
        now = self.clock.boot()
        if now - self._seen_at >= HEARTBEAT_S:
            self._seen_at = now
            claiming.heartbeat(self.database, self.worker, (), self.clock.wall() if self.clock.real else None)

    def expire(self, outbox: Outbox) -> None:
        """The deadline of an attempt has passed: the sweep ends it now, and it hears of that."""
        sweeping.sweep(self.database)
        self.recorder.look()

    def is_away(self, error: BaseException) -> TypeGuard[StoreError]:
        """Whether work under way failed for its database alone, which may be back in a moment. One that can not be used
        may also be another one, which the job itself names.
        """
        if isinstance(error, StoreUnusable):
            return error.where == self.database.url
        return isinstance(error, StoreUnavailable)

    def config_of(self, row: JobRow) -> str:
        """The configuration that a job runs with, as JSON text, secrets sealed. A version never changes, so that it is
        asked for now and then only: a session that is gone for a day may come back with other ones.
        """
        place, now = (row.session, row.config_version), self.clock.boot()
        known = self._configs.get(place)
        if known is None or row.config_version is None or now - known[0] > CONFIG_S:
            if len(self._configs) >= MOST_CONFIGS:
                self._configs = {}
            known = self._configs[place] = now, workspaces.config_of(self.database, row)
        return known[1]

    def close(self) -> None:
        """Stores what is left and ends the recorder. Blocks that are still open are interrupted: nobody would keep
        their leases.
        """
        for block in list(self.blocks):
            LOG.warning("job %s is interrupted: its database was closed inside its block", block.job_id)
            block.end("leave")
        ended = self.recorder.close()
        if ended and self._enlisted is not None:
            claiming.dismiss(self.database, self.worker)

    def add_alias(self, outbox: Outbox, external_id: str | Mapping[str, str]) -> None:
        """Gives the job of an attempt one more external id, or several by namespace. Raises Halt."""
        named = external_ids_of(external_id)
        self.fenced(outbox, lambda transaction: keeping.add_aliases(transaction, outbox.job, named, self.now()))

    def keep_artifact(self, outbox: Outbox, name: str, content: bytes) -> None:
        """Keeps a file with the job of an attempt; the first content under a name stays. Raises Halt."""
        if len(content) > LARGEST:
            raise Unstorable(f"The artifact {name!r} has {len(content):,} bytes, and at most {LARGEST:,} are kept.")
        row = {"tenant": TENANT, "job": outbox.job, "name": name, "content": content, "saved_at": self.now()}
        self.fenced(outbox, lambda transaction: transaction.run("save_artifact", **row))

    def fenced(self, outbox: Outbox, write: Callable[[Transaction], object]) -> None:
        """Writes beside the reports of an attempt, if it may still write. Raises Halt where it may not."""

        def work(transaction: Transaction) -> bool:
            if not reporting.may_write(transaction, outbox.job, outbox.attempt):
                return False
            write(transaction)
            return True

        if not self.database.write(work):
            outbox.lose()
            raise Halt("lease_lost")

    def done_keys(self, job: str, ledger: str) -> set[str]:
        """The keys of a ledger that are done."""
        keys: set[str] = set()
        after = None
        while True:
            page = keeping.items(self.database, job, ledger, after, 10_000, state="done")
            keys.update(item.key for item in page)
            if len(page) < 10_000:
                return keys
            after = page[-1].key

    def wait_in_place(self, row: JobRow, outbox: Outbox) -> tuple[JobRow, Outbox]:
        """Halts an outside job and waits until it is resumed; then this process alone takes it again.

        Raises Halt where it is cancelled or deleted meanwhile, or where somebody else has taken it.
        """
        outbox.end(Change(job=row.id, actor="runner", move="halt", why={"waits": "in place"}))
        self.recorder.settle(outbox)
        if outbox.lost:
            raise Halt("lease_lost")
        taken = self.take_when_possible(row)
        again = Outbox(taken.id, taken.attempt, outbox.thread)
        self.recorder.open(again)
        return taken, again

    def take_when_possible(self, row: JobRow) -> JobRow:
        """Waits until an outside job of this process is pending and its session has a place for it, and takes it.

        Raises Halt where it is cancelled or deleted meanwhile, or where somebody else has taken it.
        """
        heard, told = 0, False
        while True:
            seen = self.database.wait(heard, 0)
            found = keeping.by_id(self.database, row.id)
            if found is None or found.ended_at is not None or found.attempt != row.attempt:
                raise Halt("cancel" if found is None or found.state == "cancelled" else "lease_lost")
            # Asked before it claims: a claim in vain would be a write, and wake everybody.
            full = workspaces.full_limit(self.database, found) if found.state == "pending" else None
            if found.state == "pending" and full is None:
                taken = claiming.claim_own(self.database, self.worker, row.id)
                if taken is not None:
                    return taken
            if full is not None and not told:
                LOG.warning("job %s waits for %s", found.number, full)
                told = True
            self.sweep_when_due()  # who holds the place may have died
            heard = self.database.wait(seen, WAIT_S)
