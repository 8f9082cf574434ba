"""Who works on the items of a map: threads of its own, or the executor that was given."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from headway.errors import InvalidInput, StoreError, Unstorable
from headway.model.value import BadValue, decode, encode
from headway.runtime.cutting import CUT, stop_follows
from headway.runtime.item import ITEM, ItemAtHand
from headway.runtime.mapping import Mapping, opened
from headway.runtime.steps import error_text

if TYPE_CHECKING:
    from headway.model.ledger import Counts
    from headway.runtime.attempt import AttemptAtHand
    from headway.runtime.ledger import Ledger

Items = list[ItemAtHand]


def run_map(
    context: AttemptAtHand, fn: Callable[[Any], Any], mapping: Mapping, executor: Executor | None, concurrency: int
) -> Counts:
    """Walks the map to its end in the calling thread. Raises what Context.map does."""
    context.check()
    with mapping.walked():
        if executor is None and concurrency > 1:
            with ThreadPoolExecutor(concurrency, "headway map") as threads:
                _hand_out(mapping, Threads(mapping, fn, threads).start, concurrency)
        elif executor is None:
            _hand_out(mapping, Threads(mapping, fn, None).start, 1)
        elif isinstance(executor, ThreadPoolExecutor):
            _hand_out(mapping, Threads(mapping, fn, executor).start, concurrency)
        else:
            _hand_out(mapping, Elsewhere(mapping, fn, executor).start, concurrency)
    return mapping.counts


def how_many(asked: Any, usual: Callable[[], int]) -> int:
    """How many items are worked on at once. Raises InvalidInput."""
    if asked is None:
        return usual()
    if type(asked) is not int or not 0 < asked <= MOST_AT_ONCE:
        raise InvalidInput(f"map(concurrency={asked!r:.60}): expected a whole number, 1 to {MOST_AT_ONCE:,}.")
    return asked


MOST_AT_ONCE = 1000
LONGEST_CHUNK_S = 0.1
"""After so long the rest of a chunk is given back: its items are slower than those before."""


def _hand_out(mapping: Mapping, start: Callable[[Items], None], concurrency: int) -> None:
    """Keeps the workers busy until every item is over. Raises Halt between two items, and what broke the map.

    In a block of this process a pause waits here, when those under way are over.
    """
    while not mapping.over and mapping.broken is None:
        mapping.context.check()
        try:
            _round(mapping, start, concurrency)
        except BaseException as problem:
            mapping.break_off(problem)
        finally:
            mapping.join()
        _judge_torn(mapping)
    if isinstance(mapping.broken, BrokenExecutor) and stop_follows(mapping.broken, mapping.context.outbox):
        mapping.context.check()
    mapping.raise_broken()


def _judge_torn(mapping: Mapping) -> None:
    """Chunks whose process has ended: their items stay pending where a stop was asked, else each was tried once."""
    if not mapping.torn:
        return
    stopped = isinstance(mapping.broken, KeyboardInterrupt)  # of this thread: its program is told to stop
    stopped = stopped or stop_follows(mapping.torn[0][1], mapping.context.outbox)
    for items, problem in mapping.torn:
        if stopped:
            mapping.left(items)
        else:
            error = error_text(problem)
            for item in items:
                mapping.fell(item, error)
    mapping.torn = []


def _round(mapping: Mapping, start: Callable[[Items], None], concurrency: int) -> None:
    """Hands out chunks until all items are over or no more may begin."""
    while not mapping.halted:
        mapping.news.clear()
        items = mapping.take(concurrency) if mapping.chunks < concurrency else []
        if items:
            mapping.chunk(+1)
            try:
                start(items)
            except BaseException:
                mapping.left(items)
                mapping.chunk(-1)
                raise
        elif mapping.over:
            return
        elif not mapping.halted:
            mapping.wait()


class Threads:
    """Chunks for threads of this process: each item with the context variables of whoever called map, and its own.

    pool: None to work in the calling thread.
    """

    def __init__(self, mapping: Mapping, fn: Callable[[Any], Any], pool: ThreadPoolExecutor | None) -> None:
        self._mapping = mapping
        self._fn = fn
        self._pool = pool
        self._clock = mapping.context.clock
        self._whole = mapping.over_ledger  # the function gets items, and else the members themselves
        self._variables = contextvars.copy_context()
        self._variables.run(mapping.carry)

    def start(self, items: Items) -> None:
        """Begins a chunk."""
        if self._pool is None:
            self._work(items)
        else:
            self._pool.submit(self._work, items).add_done_callback(lambda done: self._landed(items, done))

    def _landed(self, items: Items, future: Future[None]) -> None:
        if future.cancelled():  # the pool was shut down by whoever gave it
            self._mapping.break_off(CancelledError())
            self._mapping.left(items)
            self._mapping.chunk(-1)

    def _work(self, items: Items) -> None:
        mapping, began, ended = self._mapping, self._clock.precise(), 0
        try:
            for item in items:
                if mapping.halted or self._clock.precise() - began > LONGEST_CHUNK_S:
                    break
                self._variables.copy().run(self._one, item)
                ended += 1
            mapping.paced(ended, self._clock.precise() - began)
            mapping.ledger.relieve()
        except BaseException as problem:
            mapping.break_off(problem)
        finally:
            mapping.left(items[ended:])
            mapping.chunk(-1)

    def _one(self, item: ItemAtHand) -> None:
        mapping = self._mapping
        ITEM.set(item)
        mapping.context.cursors.at_item(item)
        try:
            result = self._fn(item if self._whole else item.member)
        except StoreError:
            raise  # not the item's fault: the job goes on when the database is back
        except Exception as problem:
            mapping.fell(item, error_text(problem))
        else:
            mapping.finished(item, result)


class Elsewhere:
    """Chunks for any other executor: the bare function and members, as they can be sent to another process."""

    def __init__(self, mapping: Mapping, fn: Callable[[Any], Any], executor: Executor) -> None:
        self._mapping = mapping
        self._fn = fn
        self._executor = executor
        self._clock = mapping.context.clock

    def start(self, items: Items) -> None:
        """Begins a chunk, when what earlier ones have left is not too much to be stored in a moment."""
        self._mapping.ledger.relieve()
        members = [item.snapshot() if self._mapping.over_ledger else item.member for item in items]
        began = self._clock.precise()
        try:
            future = self._executor.submit(call_each, self._fn, members)
        except BrokenExecutor as problem:
            raise BrokenExecutor(
                f"The executor of map() is broken and takes no more items ({problem}). Those that it had count as "
                "tried once and are kept; retry the job, which gives map() a new one."
            ) from problem
        future.add_done_callback(lambda done: self._landed(items, done, began))

    def _landed(self, items: Items, future: Future[list[Answer]], began: float) -> None:
        mapping, ended = self._mapping, 0
        try:
            for item, (error, result) in zip(items, future.result(), strict=True):
                kept = decode(result)
                if isinstance(kept, str):
                    mapping.dropped(kept)
                    kept = None
                mapping.fell(item, error) if error is not None else mapping.finished(item, kept)
                ended += 1
            mapping.paced(ended, self._clock.precise() - began)
        except CUT as problem:  # nobody knows at which item its process has ended
            mapping.tear(items[ended:], problem)
            ended = len(items)
        except BaseException as problem:
            mapping.break_off(problem)
        finally:
            mapping.left(items[ended:])
            mapping.chunk(-1)


Answer = tuple[str | None, str | None]
"""An error, and the dict that the function returned, or the name of another type: JSON texts or None, which any process
can send.
"""


def call_each(fn: Callable[[Any], Any], members: Sequence[Any]) -> list[Answer]:
    """Calls the function with each member, in whatever process; an exception comes back as text."""
    answers: list[Answer] = []
    for member in members:
        try:
            answers.append((None, _told(fn(member))))
        except KeyboardInterrupt:
            raise  # somebody stops this process: no fault of the item
        except BaseException as problem:  # sys.exit() too: this process goes on, and so do the other items
            answers.append((error_text(problem), None))
    return answers


def _told(result: Any) -> str | None:
    """What is kept of a result: dicts alone; the name of the type of another one. Raises Unstorable."""
    try:
        if isinstance(result, dict) or result is None:
            return encode(result, "the data of an item") if result else None
        return encode(type(result).__name__, "a result")
    except BadValue as problem:
        raise Unstorable(f"{problem}.") from None


def walk(context: AttemptAtHand, ledger: Ledger) -> Iterator[ItemAtHand]:
    """The pending items of a ledger, one after the other; each is done when the next one is asked for."""
    mapping = opened(context, None, ledger)
    context.check()
    with mapping.walked():
        while not mapping.over:
            context.check()
            mapping.news.clear()
            for item in mapping.take(1):
                mapping.chunk(+1)
                try:
                    with context.cursors.around(mapping, item):
                        yield item
                    mapping.finished(item, None)
                except BaseException:
                    mapping.left([item])
                    raise
                finally:
                    mapping.chunk(-1)
                ledger.relieve()
