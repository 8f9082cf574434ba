"""What one reader of a stream is sent, from its first message to its last: the same over every transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from headway.errors import InvalidInput, StoreUnavailable
from headway.live import message
from headway.live.feed import Feed
from headway.live.message import Message
from headway.live.subscriber import Closed, Subscriber
from headway.model.job import Event, Job
from headway.store.watching import Head, Span
from headway.tracker.connection import AnyId

T = TypeVar("T")
After = str | int | None

FIRST_PAGE, PAGE = 4, 500
"""Events that a reader which comes late is sent at once: at first, and at most."""
PAGE_BYTES = 1 << 16
"""About how large such a page may get: a reader that does not read keeps one."""
FASTER = 4
"""How many times as many events as the page before a page may have."""
MOST_LISTED = 500
"""The longest listing that can be followed."""
LISTED = 200
"""The newest jobs that a listing follows when it is not told how many."""


class Following:
    """One subscription of the event loop in which it is made; `messages` is read once, to its end.

    An empty portion is a beat: nothing has happened for a while. cut: called in that loop when its reader was too
    slow and may be stuck in sending. `closed` says why it ended before its job did.
    """

    def __init__(self, feed: Feed, cut: Callable[[], object] | None = None) -> None:
        self.cut = cut
        self._feed = feed
        self._key = ""
        self._left = False
        self._subscriber: Subscriber | None = None

    @property
    def closed(self) -> Closed | None:
        """Why it was ended before its end: its reader was too slow or has left, or the server stops."""
        if self._subscriber is not None and self._subscriber.closed:
            return self._subscriber.closed
        return "left" if self._left else "shutdown" if self._feed.closing else None

    def leave(self) -> None:
        """Takes no more messages, and ends `messages`. Calling it again changes nothing."""
        self._left = True
        if self._subscriber is not None:
            self._feed.hub.leave(self._key, self._subscriber)
            self._subscriber.close("left")

    def _subscribe(self, key: str) -> Subscriber:
        self._key = key
        self._subscriber = Subscriber(self._closed, self._feed.beat_s)
        return self._subscriber

    def _closed(self) -> None:
        if self.closed == "slow" and self.cut is not None:
            self.cut()

    async def _ask(self, read: Callable[..., T], *given: Any, **named: Any) -> T:
        """Reads in a thread that handlers of other requests do not need."""
        if self._feed.closing:
            raise StoreUnavailable("The server is stopping. Ask again in a moment.")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._feed.threads, lambda: read(*given, **named))


class FollowedJob(Following):
    """Follows one job: its snapshot, then its events after a number, its progress, and its end."""

    _job: Job
    _epoch = ""
    _sent = 0
    _many = FIRST_PAGE
    _reset = ""

    async def begin(self, any_id: AnyId, after: After = None) -> None:
        """Finds the job, and where to go on: after a number, or the id of the last event that was received.

        None: after the snapshot. Raises NotFound, Ambiguous, InvalidInput, StoreUnavailable.
        """
        self._job, self._epoch = await self._ask(self._find, any_id)
        self._sent = self._job.events
        if after is not None and after != "":
            known = _number(after, self._epoch)
            if known is None or known > self._job.events:
                self._reset = "unknown"
            else:
                self._sent = known

    async def messages(self) -> AsyncGenerator[Sequence[Message], None]:
        """Everything for the reader, in portions, until the job has ended or was deleted, or the reader was closed."""
        try:
            portion = self._first()
            yield portion
            async for portion in self._told():
                yield portion
                if portion and portion[-1].is_last:
                    return
            del self._job, portion  # thousands may wait from here on, and hold nothing of their own meanwhile
            while self._subscriber is not None:
                taken = await self._subscriber.take()
                if self.closed:
                    return
                yield [one for one in taken if self._is_news(one)]
                if any(one.is_last for one in taken):
                    return
                del taken
        finally:
            self.leave()

    def _first(self) -> Sequence[Message]:
        told = [message.snapshot(self._job)]
        if self._reset:
            told.append(message.reset(self._job.id, self._reset, self._epoch, self._sent))
        return told

    async def _told(self) -> AsyncIterator[Sequence[Message]]:
        """What is stored already; joins the hub where that ends, and tells what the hub's other readers had then."""
        while True:
            while self._sent < self._job.events:
                if self.closed:
                    return
                yield await self._page()
            if self._job.ended:
                yield [message.end(self._job)]
                return
            if self._subscriber is not None:
                return
            here = Head(self._epoch, self._job.version, self._sent)
            head = self._feed.hub.join_job(self._job.id, here, self._subscribe(self._job.id))
            self._feed.begin()
            if head.epoch != self._epoch:
                yield await self._from_here("restored")
            if head.events <= self._sent:
                return
            await self._read_again()

    async def _page(self) -> Sequence[Message]:
        upto = min(self._job.events, self._sent + self._many)
        story = await self._ask(self._story, Span(self._job.id, self._sent, upto))
        if [event.seq for event in story] == list(range(self._sent + 1, upto + 1)):
            self._sent = upto
            told = [message.event(event, self._epoch) for event in story]
            fitting = PAGE_BYTES * len(told) // sum(len(one.data) for one in told)
            self._many = max(1, min(fitting, self._many * FASTER, PAGE))
            return told
        return await self._from_here("not kept")

    async def _from_here(self, reason: str) -> Sequence[Message]:
        """The job as it is, and a reset: what was told before does not lead to it."""
        if not await self._read_again():
            return [message.reset(self._job.id, "deleted")]
        self._epoch = await self._ask(self._feed.watching.epoch)
        self._sent = self._job.events
        return [message.snapshot(self._job), message.reset(self._job.id, reason, self._epoch, self._sent)]

    def _is_news(self, one: Message) -> bool:
        if one.name == "event" and one.seq <= self._sent:
            return False
        self._sent = one.seq or self._sent
        return True

    async def _read_again(self) -> bool:
        jobs = await self._ask(self._feed.watching.snapshots, [self._job.id])
        self._job = jobs.get(self._job.id, self._job)
        return bool(jobs)

    def _find(self, any_id: AnyId) -> tuple[Job, str]:
        return self._feed.hw.get(any_id), self._feed.watching.epoch()

    def _story(self, span: Span) -> list[Event]:
        return self._feed.watching.stories([span])[span.job]


class FollowedList(Following):
    """Follows a listing: all its jobs, then each that changes, and which leave it."""

    _filters: dict[str, Any]

    async def begin(self, filters: Mapping[str, Any]) -> None:
        """filters: as Headway.jobs takes them, but for the cursor; the newest `limit` jobs are followed.

        Raises InvalidInput, NotFound (of parent), StoreUnavailable.
        """
        self._filters = {"limit": LISTED, **{name: value for name, value in filters.items() if value is not None}}
        limit = self._filters["limit"]
        if isinstance(limit, int) and limit > MOST_LISTED:
            raise InvalidInput(f"limit={limit}: a stream follows {MOST_LISTED} jobs at most. Narrow the filters.")
        await self._ask(self._feed.hw.jobs, **{**self._filters, "limit": min(limit, 1)})

    async def messages(self) -> AsyncGenerator[Sequence[Message], None]:
        """Everything for the reader, in portions, until it is closed."""
        key = msgspec.json.encode(self._filters, order="deterministic").decode()
        self._feed.hub.join_list(key, self._filters, self._subscribe(key))
        try:
            self._feed.begin()
            while self._subscriber is not None:
                taken = await self._subscriber.take()
                if self.closed:
                    return
                yield taken
        finally:
            self.leave()


def _number(after: str | int, epoch: str) -> int | None:
    """The event number that `after` means in this database; None where it means none."""
    its_epoch, _, number = str(after).rpartition("-")
    if not number.isascii() or not number.isdecimal() or len(number) > 18 or its_epoch not in ("", epoch):
        return None
    return None if str(after).startswith("-") else int(number)
