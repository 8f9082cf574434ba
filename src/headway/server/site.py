"""What all parts of one server share: the verbs, and from where and how it may be asked."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from headway.errors import StoreUnavailable

if TYPE_CHECKING:
    from headway.live.feed import Feed
    from headway.server.changes import Changes
    from headway.server.pages import Pages
    from headway.server.signin import Guesses
    from headway.tracker.headway import Headway

R = TypeVar("R")

PREFIX = "/api/v1"
"""Where the native API stands below the address of the app."""
THREADS = 32
"""Verbs that run at once: the core is synchronous. What only waits needs none."""
ANSWER_S = 5.0
"""How long a probe waits for the database before it says that there is no answer."""
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Site:
    """One app. It holds nothing that a restart could lose.

    hosts: names by which it may be called, "*" for any; origins: pages of other origins that may call it; token: what
    callers must know, None for callers of this machine only.
    """

    def __init__(
        self, hw: Headway, hosts: Sequence[str] | None = None, origins: Sequence[str] = (), token: str | None = None
    ) -> None:
        self.hw = hw
        self.clock = hw._clock
        self.hosts = frozenset(host.lower() for host in (LOOPBACK if hosts is None else hosts))
        self.origins = frozenset(origins)
        self.token = token
        self.leaving = False
        self._farewells: list[Callable[[], None]] = []

    @cached_property
    def reads_at_once(self) -> bool:
        """Whether a read never waits: a file is read beside those who write it; a server is asked over a network."""
        return "://" not in self.hw.url or self.hw.url.startswith("sqlite:")

    @cached_property
    def threads(self) -> ThreadPoolExecutor:
        """Where verbs run; the threads begin when they are needed."""
        return ThreadPoolExecutor(THREADS, "headway-verb")

    async def apart(self, work: Callable[..., R], *given: Any) -> R:
        """Calls a verb in a thread: the core is synchronous. It sees the context of the caller."""
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self.threads, context.run, work, *given)

    async def soon(self, work: Callable[..., R], *given: Any) -> R:
        """The same for whoever is not to wait for a database that has fallen silent. Raises StoreUnavailable."""
        try:
            return await asyncio.wait_for(self.apart(work, *given), ANSWER_S)
        except TimeoutError:
            raise StoreUnavailable(f"The database has given no answer for {ANSWER_S:.0f} s.") from None

    @cached_property
    def changes(self) -> Changes:
        """What tells handlers that wait that the database has changed."""
        from headway.server.changes import Changes

        return Changes(self)

    @cached_property
    def feed(self) -> Feed:
        """The one reader of all live streams; it begins with the first of them."""
        from headway.live.feed import Feed

        feed = Feed(self.hw)
        self.when_leaving(feed.close)
        return feed

    @cached_property
    def pages(self) -> Pages:
        """The web pages."""
        from headway.server.pages import Pages

        return Pages()

    @cached_property
    def guesses(self) -> Guesses:
        """Wrong tokens, which are answered late."""
        from headway.server.signin import Guesses

        return Guesses()

    def when_leaving(self, farewell: Callable[[], None]) -> None:
        """`farewell` is called, in whatever thread, when the server begins to stop: streams say goodbye and close."""
        self._farewells.append(farewell)

    def leave(self) -> None:
        """The server is about to stop: whoever waits or streams is told, and asks again elsewhere or later."""
        self.leaving = True
        for farewell in self._farewells:
            farewell()
