"""The engine of map: hands items out in chunks, takes in what became of them, tries again, and knows the end."""

from __future__ import annotations

import heapq
import math
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from headway.errors import HeadwayError, InvalidInput, TooManyFailed
from headway.model.ledger import Counts
from headway.model.phase import Phase
from headway.model.value import clean_text
from headway.runtime.current import CURRENT
from headway.runtime.item import ItemAtHand
from headway.runtime.ledger import Ledger
from headway.runtime.outbox import in_transaction
from headway.runtime.sources import Frontier, Members
from headway.runtime.steps import error_text

if TYPE_CHECKING:
    from headway.runtime.attempt import AttemptAtHand

CHUNK_S = 0.02
"""How much work is handed out in one go: little enough to share out evenly and to stop soon."""
MOST_IN_CHUNK = 1000
MOST_READY = 5000
"""Items that are read ahead."""
MOST_WAITING = 10_000
"""Failed items that wait for their next try before no others are begun: memory stays bounded."""
LONGEST_PAUSE_S = 600.0
"""The pause before another try at an item doubles from one second up to this."""
MOST_DOUBLINGS = 10  # are beyond the longest pause, and many more beyond what a float holds
MAX_FAILED = "a count (0, or a whole number), or a share of all items (more than 0 and less than 1, such as 0.05)"
UNNAMED = "items"
"""The label of a map whose function has no name of its own."""
LONGEST_LABEL = 200

Begin = Callable[["Mapping"], tuple[Ledger, Frontier | Members]]


class Mapping:
    """One walk over a ledger, or over the members of something else, that several workers share.

    It is what counts in the progress meanwhile: `done` are all items that are over, in bytes where sizes are known.
    broken: what went wrong; torn: the chunks whose process has ended.
    """

    is_item = False
    is_map = True

    def __init__(
        self,
        context: AttemptAtHand,
        label: str,
        begin: Begin,
        over_ledger: bool,
        retries: int = 0,
        max_failed: float | None = None,
    ) -> None:
        self.label = label
        self.phase: Phase | None = None
        self.base = 0
        self.broken: BaseException | None = None
        self.torn: list[tuple[list[ItemAtHand], BaseException]] = []
        self.news = threading.Event()
        self.chunks = 0
        self.context = context
        self.over_ledger = over_ledger
        self._begin = begin
        self._retries = retries
        self._max_failed = max_failed
        self._pace = 1.0  # items in a chunk
        self._ready: deque[ItemAtHand] = deque()
        self._later: list[tuple[float, int, ItemAtHand]] = []
        self._order = count()
        self._lock = threading.Lock()
        self._told_of_dropped = False

    # What the progress asks.

    @property
    def sized(self) -> bool:
        """Whether bytes count, not items."""
        return bool(self._source.extent[1])

    @property
    def unit(self) -> str:
        """What is counted."""
        return "B" if self.sized else "it"

    @property
    def done(self) -> int:
        """How much is over: items, or the size of them and of what progress() told of those under way."""
        totals = self.ledger.totals
        if not self.sized:
            return totals.passed
        return int(totals.size_done + sum(min(item.moved, item.size or 0) for item in list(self.ledger.moving)))

    @property
    def total(self) -> int | None:
        """How much there is in all, as far as it is known."""
        members, size = self._source.extent
        return int(size) if size else members

    @property
    def failed(self) -> int:
        """How many items have failed."""
        return self.ledger.totals.failed

    @property
    def skipped(self) -> int:
        """How many items were skipped."""
        return self.ledger.totals.skipped

    def interrupt(self) -> None:
        """Somebody asked for something, or took it back: whoever waits looks again."""
        self.news.set()

    # What whoever hands out asks.

    @property
    def halted(self) -> bool:
        """Whether no item is begun now, because a stop was asked or something went wrong.

        It is looked up each time: what one thread found out, another one might write down too late.
        """
        return self.context.stopping or self.broken is not None or bool(self.torn)

    @property
    def over(self) -> bool:
        """Whether every item is over."""
        with self._lock:
            if self.chunks or self._ready or self._later:
                return False
        return self._source.over  # asked last: what an item has added was there before it ended

    def chunk(self, change: int) -> None:
        """A worker has begun a chunk (1), or ended it (-1)."""
        with self._lock:
            self.chunks += change
        self.news.set()

    def join(self) -> None:
        """Returns when no worker is at a chunk."""
        while True:
            self.news.clear()
            if not self.chunks:
                return
            self.news.wait()

    def raise_broken(self) -> None:
        """Raises what broke the map; that too many have failed is judged at its end."""
        if self.broken is not None and not isinstance(self.broken, TooManyFailed):
            raise self.broken

    def carry(self) -> None:
        """In the context variables of a worker: it belongs to the job that called map."""
        CURRENT.set(self.context)
        self.context.cursors.inside(self)

    @property
    def due_in(self) -> float | None:
        """Seconds until the next failed item is tried again; None where none waits."""
        return max(0.0, self._later[0][0] - self.context.clock.boot()) if self._later else None

    def take(self, concurrency: int) -> list[ItemAtHand]:
        """The next items for one of so many workers; none where none are ready. May ask the database."""
        self.refill(concurrency)
        return self.pick(min(int(self._pace), math.ceil(len(self._ready) / concurrency)))

    def refill(self, concurrency: int) -> None:
        """Where no item is ready, more are read. May ask the database."""
        with self._lock:
            self._bring_back()
        ahead = max(1, min(int(self._pace) * concurrency * 2, MOST_READY))
        while not (self._ready or self._source.over or self.halted or len(self._later) >= MOST_WAITING):
            self._ready.extend(self._source.more(ahead))
            ahead = min(ahead * 2, MOST_READY)  # what an earlier attempt has done is passed over in long strides

    def pick(self, most: int) -> list[ItemAtHand]:
        """So many items that are ready, or fewer."""
        with self._lock:
            return [self._ready.popleft() for _ in range(min(most, len(self._ready)))]

    def paced(self, items: int, seconds: float) -> None:
        """So many items took so long: the next chunks are as large as fits."""
        wanted = CHUNK_S * items / max(seconds, 1e-6)
        self._pace = max(1.0, min(wanted, self._pace * 2, MOST_IN_CHUNK))

    def wait(self) -> None:
        """Returns when there is news, or an item is due again."""
        clock, due = self.context.clock, self.due_in
        if due is None:
            self.news.wait()
        elif self.chunks:
            clock.wait(self.news, due)
        else:
            clock.sleep(self.news, due)

    # What became of items.

    def finished(self, item: ItemAtHand, result: Any) -> None:
        """The function returned."""
        if result and isinstance(result, dict):
            try:
                item.take(result)
            except Exception as problem:
                self.fell(item, error_text(problem))
                return
        elif result is not None and not isinstance(result, dict):
            self.dropped(type(result).__name__)
        if item.state == "pending":
            item.state, item.error = "done", None
        self.ledger.ended(item)

    def dropped(self, kind: str) -> None:
        """Says once that a result of that type is not kept: else nobody would miss it before results are wanted."""
        if self._told_of_dropped:
            return
        with self._lock:
            told, self._told_of_dropped = self._told_of_dropped, True
        if not told:
            self.context.log(
                f"map() keeps dicts, as data of the item; what the function returned ({kind}) is not kept. To "
                "keep it, return {'result': ...}, and read hw.items(job, ...)."
            )

    def fell(self, item: ItemAtHand, error: str) -> None:
        """The function failed: the item is tried again, or has failed. error: as JSON text."""
        item.error, item.state = error, "pending"  # skip() may have been said before
        if item.kept:
            item.state = "done"  # its work is stored, whatever came after
            self.ledger.ended(item)
        elif item.tries < self._retries:
            self._put_off(item)
        else:
            item.state = "failed"
            self.ledger.ended(item)
            self._judge(1)

    def left(self, items: Iterable[ItemAtHand]) -> None:
        """These were not begun, or were stopped: they stay pending."""
        with self._lock:
            for item in reversed(list(items)):
                item.moved, item.state = 0.0, "pending"
                self._ready.appendleft(item)
        self.news.set()

    def break_off(self, problem: BaseException) -> None:
        """Nothing more is begun; whoever called map gets this."""
        self.broken = self.broken or problem
        self.interrupt()

    def tear(self, items: list[ItemAtHand], problem: BaseException) -> None:
        """A chunk broke off because its process ended. Nothing more is begun until somebody has judged why."""
        self.torn.append((items, problem))
        self.interrupt()

    @property
    def counts(self) -> Counts:
        """What became of the items, those of earlier attempts included."""
        totals = self.ledger.totals
        return Counts(done=totals.done, failed=totals.failed, skipped=totals.skipped)

    @contextmanager
    def walked(self) -> Iterator[None]:
        """The block hands out all items; afterwards they are judged. Raises TooManyFailed."""
        context, finished = self.context, False
        context.enter_map(self)
        try:
            self.ledger, self._source = self._begin(self)
            self._failed = self.ledger.totals.failed
            context.cursors.counted(self)
            try:
                yield
                finished = True
            finally:
                self.ledger.collect()
                self._source.close()
        finally:
            context.exit_map(self, finished)
        self._refuse_left()
        self._judge_all()

    # The place that it is among loops: where its members are drawn, none may count them on its own.

    @property
    def member_at_hand(self) -> str:
        """None is: many are."""
        return ""

    def begun_inside(self) -> None:
        """A tracked loop begins while members are drawn: what it hands out counts as done, long before it is."""
        raise InvalidInput(
            f"What map() of {self.label!r} draws its members from is a tracked loop, which would count them as done "
            "before they are. Give map() the members themselves: it remembers which are done."
        )

    def _bring_back(self) -> None:
        now = self.context.clock.boot()
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[2])

    def _put_off(self, item: ItemAtHand) -> None:
        """Back to the others, to be tried after a pause: it holds no worker meanwhile."""
        item.used += 1
        self.ledger.put_off(item)
        due = self.context.clock.boot() + min(LONGEST_PAUSE_S, 2.0 ** min(item.tries, MOST_DOUBLINGS))
        item.tries += 1
        with self._lock:
            item.moved = 0.0
            heapq.heappush(self._later, (due, next(self._order), item))
        self.news.set()

    def _judge(self, more: int = 0) -> None:
        """Breaks off where more items have failed than may."""
        with self._lock:
            self._failed += more
        if isinstance(self._max_failed, int) and self._failed > self._max_failed:
            self.break_off(TooManyFailed("", self.counts))  # told at the end, with those that were under way

    def _refuse_left(self) -> None:
        """All items were handed out and are over: where the totals know of more, these would never be worked on."""
        ledger = self.ledger
        with ledger.lock:
            totals = ledger.totals
            left = totals.total - totals.passed if self.over_ledger and self._source.over and ledger.settled else 0
        if left and self.broken is None:
            raise HeadwayError(
                f"The ledger {ledger.name!r} has {left:,} pending items, and none of them can be found. Its totals and "
                "its items do not belong together: restart the job."
            )

    def _judge_all(self) -> None:
        totals, most = self.ledger.totals, self._max_failed
        self._judge()
        if self.broken is None and isinstance(most, float) and totals.failed > most * totals.total:
            self.break_off(TooManyFailed("", self.counts))
        told = f"{totals.failed:,} of {totals.total:,} items of {self.label!r} failed"
        if isinstance(self.broken, TooManyFailed):
            limit = f"{most:.0%}" if isinstance(most, float) else f"{most:,}"
            raise TooManyFailed(f"{told}, and at most {limit} may.", self.counts)
        if totals.failed:
            self.context.warn_of_failed(self.ledger.name, totals.failed, f"{told}.")


def opened(
    context: AttemptAtHand, fn: Callable[..., Any] | None, items: Any, key: Callable[[Any], object] | None = None,
    size: Callable[[Any], float] | None = None, retries: int = 0, max_failed: float | None = None,
) -> Mapping:  # fmt: skip
    """A map that has not begun. Raises InvalidInput."""
    if in_transaction():
        raise InvalidInput("map() inside transaction(): other transactions record its items. Call it outside.")
    _refuse_unusable(fn, items, key, size, retries, max_failed)
    if isinstance(max_failed, float) and max_failed.is_integer():
        max_failed = int(max_failed)
    if isinstance(items, Ledger):

        def walk(mapping: Mapping) -> tuple[Ledger, Frontier]:
            return items, context.frontier(items, mapping.news)

        return Mapping(context, items.name, walk, True, retries, max_failed)

    def members(mapping: Mapping) -> tuple[Ledger, Members]:
        ledger = context.ledgers.get(context.cursors.ledger(mapping), given=False)
        return ledger, Members(context, ledger, items, key, size)

    name = str(getattr(fn, "__name__", type(fn).__name__))
    label = UNNAMED if name == "<lambda>" else clean_text(name, LONGEST_LABEL)
    return Mapping(context, label, members, False, retries, max_failed)


def _refuse_unusable(fn: object, items: object, key: object, size: object, retries: object, max_failed: object) -> None:
    if fn is not None and not callable(fn):
        wrong, expected = f"fn={fn!r:.60}", "a function that is called with each item"
    elif isinstance(items, str | bytes) or not isinstance(items, Iterable):
        wrong, expected = f"items={items!r:.60}", "a ledger of ctx.items(), or something to iterate over"
    elif isinstance(items, Ledger) and (key is not None or size is not None):
        wrong, expected = "key and size for a ledger", "them to be given to its add()"
    elif key is not None and not callable(key):
        wrong, expected = f"key={key!r:.60}", "a function that gives each member its key"
    elif size is not None and not callable(size):
        wrong, expected = f"size={size!r:.60}", "a function that gives each member its size"
    elif type(retries) is not int or retries < 0:
        wrong, expected = f"retries={retries!r:.60}", "a whole number, 0 or more"
    elif max_failed is not None and not _is_threshold(max_failed):
        wrong, expected = f"max_failed={max_failed!r:.60}", MAX_FAILED
    else:
        return
    raise InvalidInput(f"map({wrong}): expected {expected}.")


def _is_threshold(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value >= 0 and (value < 1 or (math.isfinite(value) and value == int(value)))
