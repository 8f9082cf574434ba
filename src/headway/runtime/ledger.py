"""A ledger while a job works on it: its keys are known, its members counted, its totals stored with them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from headway.errors import InvalidInput, Unstorable
from headway.model.ledger import LedgerCounts
from headway.model.value import BadValue, clean_key, encode
from headway.runtime.item import ItemAtHand, a_size
from headway.runtime.outbox import in_transaction
from headway.store import ledgers
from headway.store.ledgers import Totals

if TYPE_CHECKING:
    from headway.runtime.attempt import AttemptAtHand
    from headway.runtime.office import Office
    from headway.runtime.sources import Frontier

REMEMBERED = 65_536
"""Keys and hashes that are known without asking the database: more than wait to be stored at any time."""
AT_ONCE = 1000
"""Members that are added in one go."""
LONGEST_KEY = 2000
"""Bytes of a key; LONGEST_NAME: those of a ledger's name. Together they have to fit into an index of the database."""
LONGEST_NAME = 500
MOMENT_S = 0.05
MOST_OUTCOMES = 2000
"""Outcomes that wait to be counted before whoever adds one counts them."""


class Ledger:
    """The members of a collection, by key, each with what became of it. Durable: it outlives the attempt.

    Thread-safe. It may grow at any time, also while it is worked on. Iterating over it gives the members that are
    not done; each is done when the next one is asked for.
    """

    def __init__(self, context: AttemptAtHand, office: Office, name: str) -> None:
        self.name = name
        self.job_id = context.job_id
        self.totals: Totals = ledgers.totals(office.database, self.job_id, name)
        self._context = context
        self._office = office
        self._lock = threading.RLock()
        self._keys = Remembered(whole=self.totals.position == 0 and self.totals.total == 0)
        self._hashes = Remembered(whole=False)
        self.given: dict[str, tuple[str, str | None]] = {}
        """Keys and values that hold secrets, as this attempt has added them, by the keys that are stored."""
        self.moving: dict[ItemAtHand, None] = {}  # those under way that have told how far they are
        self._outcomes: deque[ItemAtHand] = deque()
        self._held = False
        self._warned = False
        self._frontier: Frontier | None = None

    def add(self, key: object, value: Any = None, size: float | None = None) -> bool:
        """Adds a member, unless its key is known already (False). Stored within 100 ms, or with ctx.settle().

        What is added while an item is worked on is stored no later than that the item is done; inside transaction()
        it is stored whether or not that is committed. size: of the member, in bytes where it has any. Raises
        InvalidInput, Unstorable; then nothing was added.
        """
        return self._add([self._new(key, value, size)]) == 1

    def add_many(self, members: Iterable[object]) -> int:
        """Adds members, each a key or a tuple (key, value, size); how many of them were new. Raises as add does."""
        coming, new = iter(members), 0
        while some := [self._member(member) for member in islice(coming, AT_ONCE)]:
            new += self._add(some)
        return new

    @property
    def counts(self) -> LedgerCounts:
        """How many members there are, and what became of them."""
        self.collect()
        with self._lock:
            return self.totals.counts(self.job_id)

    def __len__(self) -> int:
        return self.totals.total

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[ItemAtHand]:
        from headway.runtime.crew import walk

        return walk(self._context, self)

    # What the work on its items needs.

    def collect(self, wait: bool = True) -> None:
        """Counts the outcomes of items, and leaves rows and totals for the recorder.

        wait=False, for whoever stores reports, and only for a moment: a transaction may hold this ledger and wait for
        that very thread.
        """
        if not self._outcomes or not self._lock.acquire(timeout=-1 if wait else MOMENT_S):
            return
        try:
            if self._held:
                return  # a transaction counts on the totals: they wait for its end
            now = self._office.now()
            items = [self._outcomes.popleft() for _ in range(len(self._outcomes))]
            count(self.totals, items)
            for item in items:
                item.counted = True
                if item.moved:
                    self.moving.pop(item, None)
            self._say([item.row(now) for item in items], advanced=True)
        finally:
            self._lock.release()

    def ended(self, item: ItemAtHand) -> None:
        """What became of an item is known: it is counted and stored with the next report."""
        if item.raw is not None:
            self.given.pop(item.stored_key, None)
        if item.kept:
            self._context.outbox.item(item.row(self._office.now()))
        else:
            item.used += 1
            self._outcomes.append(item)

    def relieve(self) -> None:
        """Where too many outcomes wait, they are counted; where too much waits to be stored, returns when it is."""
        if len(self._outcomes) >= MOST_OUTCOMES:
            self.collect()
        self._context.relieve()

    def save(self, item: ItemAtHand, size: float | None) -> None:
        """What is known of an item is stored although the work on it goes on."""
        with self._lock:
            if size is not None and size != item.size:
                if item.counted:
                    self.totals.size += size - (item.size or 0)
                item.size = size
            if not item.counted:
                item.counted = True
                self.totals.total += 1
                self.totals.size += item.size or 0
            row = {**item.row(self._office.now()), "state": "done" if item.kept else "pending", "error": None}
            if not in_transaction():
                self._say([row])
                return
            self._context.outbox.item(row)
            self._context.outbox.ledger(msgspec.structs.asdict(self.totals))

    def put_off(self, item: ItemAtHand) -> None:
        """A try at the item has failed, and another one follows: what is known of it is stored now."""
        with self._lock:
            count(self.totals, [item])
            item.counted = True
            self.moving.pop(item, None)
            self._say([item.row(self._office.now())])

    @contextmanager
    def done_within(self, item: ItemAtHand) -> Iterator[None]:
        """The block commits a transaction with which the item is done: its totals are those of that moment."""
        self.collect()
        with self._lock:
            before, item.state = item.state, "done"
            totals = msgspec.structs.replace(self.totals)
            count(totals, [item])
            item.used += 1
            self._context.outbox.item(item.row(self._office.now()), advanced=True)
            self._context.outbox.ledger(msgspec.structs.asdict(totals))
            self._held = True
            try:
                yield
                self.totals, item.counted, item.kept = totals, True, True
            except BaseException:
                item.state, item.used = before, item.used - 1
                raise
            finally:
                self._held = False

    def first_with(self, digest: str, key: str) -> str | None:
        """The key of the first item with this content; None where it is this one."""
        known = self._hashes.get(digest)
        if known is None:
            known = ledgers.with_hash(self._office.database, self.job_id, self.name, digest) or key
        with self._lock:
            first = self._hashes.keep(digest, known)
        return None if first == key else first

    def meet(self, keys: Sequence[str]) -> dict[str, ledgers.KeptItem | None]:
        """Those of the keys that this attempt meets for the first time, and what earlier ones have stored of them."""
        stored = self._stored(self._keys.unknown(keys))
        with self._lock:
            return {key: stored.get(key) for key in self._keys.add(keys)}

    def stored_key(self, name: str) -> str:
        """A usable key as it is stored, without the secrets that the attempt was given. Raises SecretUnavailable."""
        return self._context.outbox.masked_key(name)

    def next_positions(self, members: int) -> range:
        """The places of so many more members in the order of the ledger."""
        with self._lock:
            self.totals.position += members
            return range(self.totals.position - members + 1, self.totals.position + 1)

    def be_walked(self, frontier: Frontier | None) -> None:
        """Somebody works through the ledger, None: no longer. Raises InvalidInput where another one does."""
        with self._lock:
            if frontier is not None and self._frontier is not None:
                raise InvalidInput(
                    f"The ledger {self.name!r} is being worked through already, and its items would be handed out "
                    "twice. Use one map or loop at a time; concurrency= makes it do more at once."
                )
            self._frontier = frontier

    @property
    def settled(self) -> bool:
        """Whether every outcome that is known is among the totals; asked under the lock."""
        return not self._outcomes

    @property
    def lock(self) -> threading.RLock:
        """What keeps the totals, and the order of what is added."""
        return self._lock

    def _add(self, members: Sequence[ItemAtHand]) -> int:
        by_key = {item.stored_key: item for item in reversed(members)}  # of two with one key the first counts
        stored = self._stored(self._keys.unknown(by_key))
        with self._lock:
            self.given |= {item.stored_key: item.raw for item in members if item.raw is not None}
            keys = self._keys.add([item.stored_key for item in members])
            new = [by_key[key] for key in keys if key not in stored]
            for position, item in enumerate(new, self.totals.position + 1):
                item.position, item.counted = position, True
            self.totals.position += len(new)
            self.totals.total += len(new)
            self.totals.size += sum(item.size for item in new if item.size)
            now = self._office.now()
            self._say([item.row(now) for item in new])
            if self._frontier is not None:
                self._frontier.offer(new)
        self._context.relieve()
        return len(new)

    def _stored(self, keys: Collection[str]) -> dict[str, ledgers.KeptItem]:
        """What is stored under these keys. Not asked under the lock: the recorder needs that meanwhile."""
        if not keys or self._keys.whole:
            return {}
        return ledgers.named(self._office.database, self.job_id, self.name, list(keys))

    def _member(self, member: object) -> ItemAtHand:
        if not isinstance(member, tuple):
            return self._new(member, None, None)
        if not 0 < len(member) <= 3:
            raise InvalidInput(f"{member!r:.60}: expected a key, or a tuple (key, value, size).")
        return self._new(*member, *(None,) * (3 - len(member)))

    def _new(self, key: object, value: Any, size: Any) -> ItemAtHand:
        name = usable_key(key)
        if not name:
            raise InvalidInput("The key of an item is empty; expected one that tells it from the others.")
        stored = self.stored_key(name)
        try:
            text = None if value is None else encode(value, f"the value of item {stored[:60]!r}")
        except BadValue as problem:
            raise Unstorable(f"{problem}.") from None
        kept = None if text is None else self._context.outbox.masked_json(text)
        item = ItemAtHand(self, stored, 0, kept, None if size is None else a_size(size))
        if stored != name or kept != text:
            item.raw = name, text
            self._warn_of_hidden()
        return item

    def _warn_of_hidden(self) -> None:
        """Told once: what is stored is not what was given."""
        if not self._warned:
            self._warned = True
            self._context.warn_of_hidden(self.name)

    def _say(self, rows: list[dict[str, Any]], advanced: bool = False) -> None:
        """Leaves rows for the recorder, together with the totals that count them; under the lock."""
        self._context.outbox.count(msgspec.structs.asdict(self.totals), rows, advanced)


class Ledgers:
    """The ledgers that an attempt has spoken of."""

    def __init__(self, context: AttemptAtHand, office: Office) -> None:
        self._context = context
        self._office = office
        self._known: dict[str, tuple[Ledger, bool]] = {}
        self._lock = threading.Lock()

    def get(self, name: str, given: bool = True) -> Ledger:
        """The ledger of that name, without the secrets in it. given: by the work itself; else it is that of a map over
        something else.

        Raises InvalidInput for a name that can not be kept, or that the other kind has.
        """
        name = self._context.outbox.masked_key(name)
        if len(name.encode()) > LONGEST_NAME:
            raise InvalidInput(f"The name {name[:60]!r}... of a ledger is longer than {LONGEST_NAME} bytes.")
        with self._lock:
            if name not in self._known:
                self._known[name] = Ledger(self._context, self._office, name), given
            ledger, before = self._known[name]
        if before is not given:
            raise InvalidInput(
                f"{name!r} names both a ledger of ctx.items() and that of a ctx.map() over something else, and their "
                "keys would mix. Give the one of ctx.items() another name."
            )
        return ledger

    def collect(self) -> None:
        """Counts the outcomes that are known, for whoever stores reports."""
        for ledger, _ in list(self._known.values()):
            ledger.collect(wait=False)


class Remembered:
    """The newest keys that were met, bounded. whole: nothing was forgotten, and nothing is stored beside them."""

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self._newest: dict[str, str] = {}
        self._older: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """What was kept under a key; None where it is not known."""
        found = self._newest.get(key)
        return self._older.get(key) if found is None else found

    def keep(self, key: str, value: str) -> str:
        """Keeps a value under a key, unless there is one; the one that is kept."""
        known = self.get(key)
        if known is None:
            known = self._newest[key] = value
            self._forget()
        return known

    def unknown(self, keys: Iterable[str]) -> dict[str, str]:
        """Those of the keys that are not known, each once, in their order."""
        newest, older = self._newest, self._older
        return {key: key for key in keys if key not in newest and key not in older}

    def add(self, keys: Iterable[str]) -> dict[str, str]:
        """The same; from now on they are known."""
        new = self.unknown(keys)
        self._newest.update(new)
        self._forget()
        return new

    def _forget(self) -> None:
        if len(self._newest) >= REMEMBERED:
            self.whole = self.whole and not self._older
            self._older, self._newest = self._newest, {}


def count(totals: Totals, items: Sequence[ItemAtHand]) -> None:
    """Counts items whose outcome is known: done, failed or skipped; one that goes back is only known."""
    for item in items:
        size, state = item.size or 0, item.state
        if not item.counted:
            totals.total += 1
            totals.size += size
        if state == "done":
            totals.done += 1
        elif state == "failed":
            totals.failed += 1
        elif state == "skipped":
            totals.skipped += 1
        else:
            continue
        if size:
            totals.size_done += size
        if item.duplicate_of is not None and state == "done":
            totals.duplicates += 1
            totals.size_saved += size


def usable_key(key: object) -> str:
    """A key as it is stored. Raises InvalidInput for one that no database can seek."""
    if type(key) is str and len(key) <= LONGEST_KEY and key.isascii() and "\x00" not in key:
        return key
    name = clean_key(key)
    if len(name) > LONGEST_KEY or (not name.isascii() and len(name.encode()) > LONGEST_KEY):
        raise InvalidInput(
            f"The key {name[:60]!r}... has {len(name):,} characters; expected at most {LONGEST_KEY:,} bytes. "
            "Add a digest of it as the key, and the whole as the value."
        )
    return name
