"""Handlers that wait: one thread of the server waits for the database, and wakes them all."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from headway.errors import HeadwayError

if TYPE_CHECKING:
    from headway.server.site import Site

LOOK_S = 2.0
"""How often a handler that waits looks although nobody rang."""
LONGEST_WAIT_S = 60.0
"""The longest that one request may wait."""


class Changes:
    """Wakes coroutines when the database has changed. Its thread lives as long as anybody waits."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._thread: threading.Thread | None = None
        site.when_leaving(self._wake)

    async def next(self, timeout_s: float) -> None:
        """Returns when the database has changed, or perhaps has, or the time has passed."""
        mine = asyncio.get_running_loop(), asyncio.Event()
        self._join(mine)
        try:
            await asyncio.wait_for(mine[1].wait(), min(timeout_s, LOOK_S))
        except TimeoutError:
            return
        finally:
            with self._lock:
                self._waiting.discard(mine)

    def _join(self, mine: tuple[asyncio.AbstractEventLoop, asyncio.Event]) -> None:
        with self._lock:
            self._waiting.add(mine)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="headway-changes", daemon=True)
                self._thread.start()

    def _listen(self) -> None:
        seen = 0
        while True:
            try:
                heard = self._site.hw.changed(seen, LOOK_S)
            except HeadwayError:  # they look again themselves, and tell what they find
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
            for loop, event in self._waiting:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)
