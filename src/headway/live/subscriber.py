"""One reader of a stream: its bounded queue."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Literal

from headway.live.message import MERGED, Message

MOST_EVENTS = 256
"""Events that wait for one subscriber."""
MOST_BYTES = 1 << 20
"""Bytes that wait for one subscriber."""

BEAT_S = 15.0
"""How often a subscriber is woken to show that it is not forgotten."""

Closed = Literal["slow", "shutdown", "left"]


class Subscriber:
    """Belongs to the event loop in which it was made; only that loop's thread touches it.

    Nobody waits for it: a subscriber that has left messages lie and has no room for the next ones is closed, and
    `on_close` is called, because it may be stuck in the sending of earlier ones. What comes into an empty queue is
    always taken: a burst cuts off nobody who keeps up.
    """

    __slots__ = ("_beat", "_bytes", "_latest", "_queue", "_timer", "_waiter", "beat_s", "closed", "loop", "on_close")

    def __init__(self, on_close: Callable[[], None] | None = None, beat_s: float = BEAT_S) -> None:
        self.loop = asyncio.get_running_loop()
        self.on_close = on_close
        self.beat_s = beat_s
        self.closed: Closed | None = None
        self._beat = False
        self._timer = self.loop.call_later(beat_s, self._beats)
        self._queue: deque[Message] = deque()
        self._latest: dict[str, Message] = {}
        self._bytes = 0
        self._waiter: asyncio.Future[None] | None = None

    def offer(self, messages: Sequence[Message]) -> None:
        """Queues messages, or closes the subscriber where it has no room for them."""
        if self.closed:
            return
        lagging = bool(self._queue or self._latest)
        for message in messages:
            self._bytes += len(message.data)
            if message.name in MERGED:
                replaced = self._latest.get(message.job)
                self._bytes -= len(replaced.data) if replaced else 0
                self._latest[message.job] = message
            else:
                self._queue.append(message)
        if lagging and (len(self._queue) > MOST_EVENTS or self._bytes > MOST_BYTES):
            self.close("slow")
        else:
            self._wake()

    def close(self, why: Closed) -> None:
        """Ends it; what it has not taken is dropped, and can be asked for again by the last id that it got."""
        if self.closed:
            return
        self.closed = why
        self._timer.cancel()
        self._forget()
        self._wake()
        if self.on_close is not None:
            self.on_close()

    async def take(self) -> list[Message]:
        """Waits for messages and returns all there are: events in order, then the merged, the end last.

        Returns nothing at a beat, and once it is closed.
        """
        while not (self._queue or self._latest or self.closed or self._beat):
            self._waiter = self.loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        last = [self._queue.pop()] if self._queue and self._queue[-1].name == "end" else []
        self._beat = False
        taken = [*self._queue, *self._latest.values(), *last]
        self._forget()
        return taken

    def _forget(self) -> None:
        self._queue.clear()
        self._latest.clear()
        self._bytes = 0

    def _beats(self) -> None:
        self._beat = True
        self._timer = self.loop.call_later(self.beat_s, self._beats)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
