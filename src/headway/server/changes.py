"""Handlers that wait: one thread of the server waits for the database, and wakes them all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from headway.errors import HeadwayError

if TYPE_CHECKING:
    from headway.server.site import Site

LOOK_S = 2.0
"""How often a handler that waits looks although nobody rang."""


class Changes:
    """Wakes coroutines when the database has changed. Its thread lives as long as anybody waits."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self._waiting: set[Listener] = set()
        self._thread: threading.Thread | None = None
        self._pause = threading.Event()
        site.when_leaving(self._wake)

    @contextmanager
    def listening(self) -> Iterator[Listener]:
        """What happens in the block wakes the listener, also between its look at the database and its wait."""
        mine = Listener()
        with self._lock:
            self._waiting.add(mine)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="headway-changes", daemon=True)
                self._thread.start()
        try:
            yield mine
        finally:
            with self._lock:
                self._waiting.discard(mine)

    def _listen(self) -> None:
        seen = 0
        while True:
            try:
                heard = self._site.hw.changed(seen, LOOK_S)
            except HeadwayError:  # they look again themselves, and tell what they find
                self._pause.wait(LOOK_S)
                heard = seen - 1
            if heard != seen:
                seen = heard
                self._wake()
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return

    def _wake(self) -> None:
        with self._lock:
            for one in self._waiting:
                one.tell()


class Listener:
    """One coroutine that waits."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()

    def tell(self) -> None:
        """Wakes it, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told.set)

    def begin(self) -> None:
        """What is told from here on counts: to be called before each look."""
        self._told.clear()

    async def wait(self, timeout_s: float) -> None:
        """Returns when the database has changed, or perhaps has, or the time has passed."""
        try:
            await asyncio.wait_for(self._told.wait(), min(timeout_s, LOOK_S))
        except TimeoutError:
            return
