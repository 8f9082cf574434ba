"""A tracked loop: walked in C, counted from outside, going on after its cursor, and stoppable between members.

The members come out of `map(next, [source] * n)`: a segment of n, fetched without a line of Python in between. The
count is read off the iterator that `compress` draws its selectors from. Emptying the list ends the segment at the
next member, so a pause or cancel reaches the loop at once, however long the segment was meant to be.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import chain, compress, islice, repeat
from operator import length_hint
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar

from headway.errors import InvalidInput
from headway.model.phase import Phase
from headway.model.value import clean_key, clean_text

if TYPE_CHECKING:
    from headway.runtime.attempt import AttemptAtHand

T = TypeVar("T")

SEGMENT = 4096
"""Members between two returns to Python; a request to stop does not wait for them."""
LONGEST_LABEL = 1000
ENDLESS = 1 << 62


class Ticks:
    """Counts what is drawn from an iterable, at the cost of C alone."""

    def __init__(self, iterable: Iterable[Any]) -> None:
        self._ticks = repeat(True, ENDLESS)
        self.members: Iterator[Any] = compress(iterable, self._ticks)

    @property
    def drawn(self) -> int:
        """How many members were handed out."""
        return ENDLESS - self._ticks.__length_hint__()


class Loop(Generic[T]):
    """What `track` returns: iterate over it once, or enter it with `with` so that break and errors are told apart.

    Left early without `with`, it can not know why: a member counts as done when the next one is asked for.
    """

    is_item = is_map = False
    failed = skipped = 0

    def __init__(
        self, begin: Callable[[], AttemptAtHand], iterable: Iterable[T] | None, label: str | None, total: int | None,
        unit: str, key: Callable[[T], Hashable] | None, end: Callable[[str, BaseException | None], None] | None = None,
    ) -> None:  # fmt: skip
        if isinstance(iterable, str | bytes):
            raise InvalidInput(
                f"track() goes over the members of something; found the text {str(iterable)[:60]!r}. "
                "For a block under that name use tracked()."
            )
        _refuse_unusable(iterable, total, unit, key)
        self.label = clean_text(str(label or "loop"), LONGEST_LABEL)
        self.total = total if total is not None else _length(iterable)
        self.unit = unit
        self.phase: Phase | None = None
        self.base = 0
        self._begin, self._end = begin, end
        self._iterable, self._key = iterable, key
        self._context: AttemptAtHand | None = None
        self._segment: list[Any] = []
        self._places: Iterator[Any] = iter(())
        self._before = 0
        self._ticks: Ticks | None = None
        self._cursor = 0
        self._skipped = 0
        self._added = 0
        self._most = 0
        self.key_at_hand: str | None = None
        self._inside = False
        self._outcome: str | None = None
        self._holds = False
        self._entered = False

    @property
    def done(self) -> int:
        """How many members are done, those of earlier attempts included."""
        drawn = self._ticks.drawn if self._ticks else 0
        # Between two segments one is in a member and has drawn none: the count must not step back there.
        inside = self._inside and not self._asks_for_next
        self._most = max(self._most, self._skipped + self._added + max(0, drawn - inside))
        return self._most

    @property
    def _asks_for_next(self) -> bool:
        """Whether the next member of the segment is asked for and has not come: an error of the source leaves it so."""
        asked = SEGMENT - length_hint(self._places)
        drawn = self._ticks.drawn if self._ticks else 0
        return asked > drawn - self._before and bool(self._segment)  # an emptied one tells nothing

    @property
    def done_with_member(self) -> int:
        """The same with the member at hand."""
        return self._skipped + self._added + (self._ticks.drawn if self._ticks else 0)

    @property
    def member_at_hand(self) -> int | str:
        """Which member is at hand: its key, or without keys its position from 0."""
        if self.key_at_hand is not None:
            return self.key_at_hand
        return self._skipped + self._added + (self._ticks.drawn - self._inside if self._ticks else 0)

    def keep_member(self) -> None:
        """The member at hand is done, whatever comes after: its work is stored."""
        self._most = max(self._most, self.done_with_member)

    def add(self, n: int = 1) -> None:
        """n more are done, in a loop without an iterable."""
        if n < 0:
            raise InvalidInput(f"add({n}) of {self.label!r}: expected 0 or more.")
        self.count(n)
        self._started().check()

    def __iter__(self) -> Iterator[T]:
        if self._iterable is None:
            raise InvalidInput(f"track(total=...) of {self.label!r} has nothing to iterate over; call add() on it.")
        if self._context is not None and self._ticks is not None:
            raise InvalidInput(
                f"The loop {self.label!r} was iterated already; a tracked loop goes over its members once."
            )
        if self._key is not None:
            return self._keyed(self._key)
        return chain.from_iterable(self._segments())

    def __enter__(self) -> Self:
        if self._iterable is None:
            self.resume()
        self._started()
        self._entered = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._inside = False
            self._finish("finish", None)
        else:
            self._finish(outcome_of(error), error)

    def resume(self) -> int:
        """Begins a loop that its caller walks itself; how many members earlier attempts have done."""
        context = self._started()
        self._skipped = self._cursor
        context.cursors.counted(self)
        return self._skipped

    def count(self, n: int) -> None:
        """n more are done, in a loop that its caller walks itself."""
        if self._context is None:
            self.resume()
        self._added += n

    def interrupt(self) -> None:
        """Ends the segment under way at its next member; called by whoever hears that something was asked."""
        self._segment.clear()

    def begun_inside(self) -> None:
        """A loop begins inside the member at hand; once, the next one is looked at before it is handed out."""
        if not self._holds:
            self._holds = True
            self.interrupt()

    def _segments(self) -> Iterator[Iterator[T]]:
        context = self._started()
        ticks = self._walk(iter(self._iterable or ()))
        left_early = True
        try:
            while True:
                segment = self._segment = [ticks.members] * SEGMENT
                context.check()  # after the segment is there to be emptied: no request falls in between
                self._before, self._places = ticks.drawn, iter(segment)
                self._inside = True
                yield map(next, self._places)
                self._inside = False
                context.cursors.refuse_zip(self)
                if ticks.drawn == self._before and segment:
                    break
            left_early = False
        finally:
            self.close(left_early)

    def _keyed(self, key: Callable[[T], Hashable]) -> Iterator[T]:
        """Members by key: those that are done are remembered one by one, so their order may change."""
        context = self._started()
        done = context.done_keys(self)
        self._ticks = Ticks(self._iterable or ())
        context.cursors.counted(self)
        left_early = True
        try:
            for member in self._ticks.members:
                name = context.outbox.masked_key(clean_key(key(member)))
                if name not in done:
                    self._inside, self.key_at_hand = True, name
                    context.check()
                    yield member
                    if self._holds:
                        context.cursors.refuse_zip(self)
                    context.item_done(self, name)
                    done.add(name)
                self._inside = False
            left_early = False
        finally:
            self.close(left_early)

    def _walk(self, members: Iterator[T]) -> Ticks:
        """The members after the cursor."""
        self.resume()
        deque(islice(members, self._skipped), maxlen=0)
        self._ticks = Ticks(members)
        return self._ticks

    def _started(self) -> AttemptAtHand:
        if self._context is None:
            context = self._begin()
            self._cursor = context.enter_loop(self)
            self._context = context
        return self._context

    def close(self, left_early: bool) -> None:
        """The iteration is over. Inside `with` the block says how; else leaving early is all that is known."""
        if not left_early:
            self._inside = False
        if not self._entered:
            self._finish("leave" if left_early else "finish", None)

    def _finish(self, outcome: str, error: BaseException | None) -> None:
        if self._context is None or self._outcome is not None:
            return
        self._outcome = outcome
        self._context.exit_loop(self, outcome == "finish")
        if self._end is not None:
            self._end(outcome, error)


def outcome_of(error: BaseException) -> Literal["finish", "leave", "fail"]:
    """How a block or loop ends that an exception leaves: sys.exit() without a fault is an orderly end."""
    if isinstance(error, SystemExit) and error.code in (None, 0):
        return "finish"
    return "leave" if isinstance(error, KeyboardInterrupt) else "fail"


def _refuse_unusable(iterable: object, total: object, unit: object, key: object) -> None:
    if iterable is not None and not (isinstance(iterable, Iterable) or hasattr(iterable, "__getitem__")):
        wrong, expected = f"track({iterable!r:.60})", "something to iterate over, or track(total=...) without it"
    elif total is not None and (type(total) is not int or total < 0):
        wrong, expected = f"track(total={total!r:.60})", "a whole number, 0 or more"
    elif not isinstance(unit, str):
        wrong, expected = f"track(unit={unit!r:.60})", 'a text such as "files"'
    elif key is not None and not callable(key):
        wrong, expected = f"track(key={key!r:.60})", "a function that gives each member its key"
    else:
        return
    raise InvalidInput(f"{wrong}: expected {expected}.")


def _length(iterable: Iterable[Any] | None) -> int | None:
    try:
        return None if iterable is None else len(iterable)  # type: ignore[arg-type]
    except TypeError:
        return None
