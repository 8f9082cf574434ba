"""Handlers that wait: one thread of the server waits for the database, and wakes those whom a change concerns."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from headway.errors import HeadwayError
from headway.server.logs import LOG
from headway.store.watching import Head
from headway.tracker.watching import Watching

if TYPE_CHECKING:
    from headway.server.site import Site

LOOK_S = 2.0
"""How often a handler that waits looks although nobody rang."""
LOOK_AT_JOB_S = 10.0
"""The same where it waits for one job: that is watched for it, and only what time makes of a job is left to be seen."""
REST = 4.0
"""How long the watch rests after it has read the heads of jobs, in times of what that took: writers go first."""


class Changes:
    """Wakes coroutines when the database has changed, or the job that they wait for has. One read serves them all.

    Its thread lives as long as anybody waits.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self._waiting: set[Listener] = set()
        self._heads: dict[str, Head | None] = {}
        self._watching = Watching(site.hw)
        self._thread: threading.Thread | None = None
        self._pause = threading.Event()
        site.when_leaving(self._wake)

    @contextmanager
    def listening(self, job: str | None = None) -> Iterator[Listener]:
        """What happens in the block wakes the listener, also between its look at the database and its wait.

        job: the whole id of the only one that counts.
        """
        mine = Listener(job)
        with self._lock:
            if self._thread is None:
                thread = threading.Thread(target=self._listen, name="headway-changes", daemon=True)
                thread.start()
                self._thread = thread
            self._waiting.add(mine)
        try:
            yield mine
        finally:
            with self._lock:
                self._waiting.discard(mine)

    def _listen(self) -> None:
        seen = 0
        while True:
            seen = self._turn(seen)
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return

    def _turn(self, seen: int) -> int:
        """One wait and one look; where they fail, those who wait look themselves, and tell what they find."""
        try:
            heard = self._site.hw.changed(seen, LOOK_S)
            moved = self._moved()
        except HeadwayError:
            heard, moved = seen - 1, None
        except Exception:
            LOG.exception("the watch for changes failed, and goes on")
            heard, moved = seen - 1, None
        if moved is None:
            self._pause.wait(LOOK_S)
        self._wake(moved, heard != seen)
        return heard

    def _moved(self) -> set[str]:
        """The jobs waited for that have moved since the last look, or are looked at for the first time."""
        with self._lock:
            jobs = {one.job for one in self._waiting if one.job is not None}
        clock = self._site.clock
        began = clock.precise()
        heads = self._watching.heads(jobs) if jobs else {}
        known, self._heads = self._heads, {job: heads.get(job) for job in jobs}
        self._pause.wait(min(LOOK_S, REST * (clock.precise() - began)))
        return {job for job in jobs if job not in known or known[job] != heads.get(job)}

    def _wake(self, moved: set[str] | None = None, others: bool = True) -> None:
        """Wakes those who wait for these jobs, or for any; and the others, where something has changed."""
        with self._lock:
            for one in self._waiting:
                if others if one.job is None else moved is None or one.job in moved:
                    one.tell()


class Listener:
    """One coroutine that waits. job: the only one that it waits for, by its whole id."""

    def __init__(self, job: str | None = None) -> None:
        self.job = job
        self._loop = asyncio.get_running_loop()
        self._told = asyncio.Event()

    def tell(self) -> None:
        """Wakes it, from any thread."""
        with suppress(RuntimeError):  # its loop has ended
            self._loop.call_soon_threadsafe(self._told.set)

    @property
    def is_told(self) -> bool:
        """Whether it was woken since it began."""
        return self._told.is_set()

    def begin(self) -> None:
        """What is told from here on counts: to be called before each look."""
        self._told.clear()

    async def wait(self, timeout_s: float) -> None:
        """Returns when what it waits for has changed, or perhaps has, or the time has passed."""
        try:
            await asyncio.wait_for(self._told.wait(), min(timeout_s, LOOK_S if self.job is None else LOOK_AT_JOB_S))
        except TimeoutError:
            return
