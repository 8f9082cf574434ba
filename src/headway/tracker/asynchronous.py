"""The same verbs, awaited: each runs in a thread, so that an event loop goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headway.model.job import Event
    from headway.tracker.connection import AnyId
    from headway.tracker.headway import Headway

_END = object()


class AsyncVerbs:
    """`hw.aio.<verb>(...)` is `hw.<verb>(...)`, awaited."""

    def __init__(self, verbs: Headway) -> None:
        self._verbs = verbs

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        verb = getattr(self._verbs, name)
        if name.startswith("_") or not callable(verb):
            raise AttributeError(f"{name!r} is no verb")

        async def awaited(*args: Any, **options: Any) -> Any:
            return await asyncio.to_thread(verb, *args, **options)

        return awaited

    async def watch(self, any_id: AnyId, after: int = 0) -> AsyncIterator[Event]:
        """See Headway.watch."""
        events = self._verbs.watch(any_id, after)
        while (event := await asyncio.to_thread(next, events, _END)) is not _END:
            yield event  # type: ignore[misc]
