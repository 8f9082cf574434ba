"""The items of a map as tasks of an event loop: the same engine, awaited."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from headway.errors import StoreError
from headway.runtime.item import ITEM, ItemAtHand
from headway.runtime.mapping import Mapping
from headway.runtime.steps import error_text

if TYPE_CHECKING:
    from headway.model.ledger import Counts


async def run_tasks(mapping: Mapping, fn: Callable[[Any], Awaitable[Any]], concurrency: int, store: Executor) -> Counts:
    """Walks the map to its end in the running event loop. store: where the database is waited for."""
    crew = Tasks(mapping, fn, concurrency, store)
    mapping.context.check()
    await crew.in_store(mapping.context.settle)
    with mapping.walked():
        crew.carry()
        while not mapping.over and mapping.broken is None:
            mapping.context.check()
            await crew.round()
        mapping.raise_broken()
    return mapping.counts


class Tasks:
    """The tasks that are at the items of one map."""

    def __init__(
        self, mapping: Mapping, fn: Callable[[Any], Awaitable[Any]], concurrency: int, store: Executor
    ) -> None:
        self._mapping = mapping
        self._fn = fn
        self._concurrency = concurrency
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._news = mapping.news = News(self._loop)

    def carry(self) -> None:
        """Takes the context variables of the calling task for all of them."""
        self._variables = contextvars.copy_context()
        self._variables.run(self._mapping.carry)

    async def in_store(self, call: Callable[..., None], *arguments: Any) -> None:
        """Waits for the database without keeping the loop from other tasks."""
        await self._loop.run_in_executor(self._store, call, *arguments)

    async def round(self) -> None:
        """Begins tasks until all items are over or no more may begin, and waits for them."""
        mapping = self._mapping
        try:
            while not mapping.halted:
                self._news.forget()
                await self._begin()
                if mapping.over:
                    break
                if not mapping.halted:
                    await self._wait()
        except BaseException:
            for task in self._tasks:
                task.cancel()
            raise
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def _begin(self) -> None:
        mapping = self._mapping
        while (free := self._concurrency - len(self._tasks)) > 0 and not mapping.halted:
            if mapping.over_ledger:
                await self.in_store(mapping.refill, self._concurrency)
            else:  # what is gone over belongs to this thread
                mapping.refill(self._concurrency)
            if mapping.context.outbox.full:
                await self.in_store(mapping.ledger.relieve)
            items = mapping.pick(free)
            for item in items:
                mapping.chunk(+1)
                task = self._loop.create_task(self._one(item), context=self._variables.copy())
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            if not items:
                return

    async def _one(self, item: ItemAtHand) -> None:
        mapping = self._mapping
        ITEM.set(item)
        mapping.context.cursors.at_item(item)
        try:
            result = await self._fn(item if mapping.over_ledger else item.member)
        except StoreError as problem:  # not the item's fault
            mapping.left([item])
            mapping.break_off(problem)
        except Exception as problem:
            mapping.fell(item, error_text(problem))
        except BaseException as problem:
            mapping.left([item])
            mapping.break_off(problem)
        else:
            mapping.finished(item, result)
        finally:
            mapping.chunk(-1)

    async def _wait(self) -> None:
        """Returns when there is news, or an item is due again."""
        due, clock = self._mapping.due_in, self._mapping.context.clock
        if due is not None and not clock.real and not self._tasks:
            clock.sleep(self._news, due)
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._news.noticed.wait(), due if clock.real else None)


class News(threading.Event):
    """An event that tasks of a loop can wait for too, as `noticed`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.noticed = asyncio.Event()
        self._loop = loop

    def set(self) -> None:
        """Wakes whoever waits, in the loop and elsewhere."""
        super().set()
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            self._loop.call_soon_threadsafe(self.noticed.set)

    def forget(self) -> None:
        """From here on there is no news."""
        self.clear()
        self.noticed.clear()
