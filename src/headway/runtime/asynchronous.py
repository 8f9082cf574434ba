"""Job functions that are `async def`: the same Context, awaited. One thin adapter, no second implementation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence, Sized
from types import MappingProxyType
from typing import Any, TypeVar

from headway.errors import Halt
from headway.model.job import Job
from headway.model.value import clean_key
from headway.runtime.context import Context
from headway.runtime.loop import Loop
from headway.runtime.registry import JobType
from headway.runtime.shell import CommandResult

T = TypeVar("T")
R = TypeVar("R")


class AsyncContext:
    """What an `async def` job is handed: the names of Context; what may wait is awaited."""

    def __init__(self, context: Context, loop: asyncio.AbstractEventLoop) -> None:
        self.sync = context
        self._loop = loop
        for name in ("log", "warn", "progress", "plan", "alias", "artifact"):
            setattr(self, name, getattr(context, name))

    log: Callable[..., None]
    warn: Callable[..., None]
    progress: Callable[..., None]
    plan: Callable[..., None]
    alias: Callable[..., None]
    artifact: Callable[..., None]

    @property
    def job(self) -> Job:
        """See Context.job."""
        return self.sync.job

    @property
    def input(self) -> Any:
        """See Context.input."""
        return self.sync.input

    @property
    def attempt(self) -> int:
        """See Context.attempt."""
        return self.sync.attempt

    @property
    def session(self) -> str:
        """See Context.session."""
        return self.sync.session

    @property
    def config(self) -> dict[str, Any]:
        """See Context.config."""
        return self.sync.config

    @property
    def concurrency(self) -> int:
        """See Context.concurrency."""
        return self.sync.concurrency

    @property
    def state(self) -> Mapping[str, Any]:
        """See Context.state."""
        return self.sync.state

    @property
    def stopping(self) -> bool:
        """See Context.stopping."""
        return self.sync.stopping

    async def check(self) -> None:
        """See Context.check."""
        self.sync.check()
        await asyncio.sleep(0)

    async def sleep(self, seconds: float) -> None:
        """See Context.sleep."""
        await asyncio.to_thread(self.sync.sleep, seconds)

    async def checkpoint(self, state: Mapping[str, Any] = MappingProxyType({}), /, **more: Any) -> None:
        """See Context.checkpoint."""
        await asyncio.to_thread(self.sync.checkpoint, state, **more)

    async def step(self, name: str, fn: Callable[..., Awaitable[R] | R], /, *args: Any, optional: bool = False) -> R:
        """See Context.step. fn may be a coroutine function; it runs in this job's event loop."""

        def call(*given: Any) -> Any:
            result = fn(*given)
            if isinstance(result, Awaitable):
                return asyncio.run_coroutine_threadsafe(_awaited(result), self._loop).result()
            return result

        call.__annotations__ = {"return": getattr(fn, "__annotations__", {}).get("return", Any)}
        call.__wrapped__ = fn  # type: ignore[attr-defined]  # where the names of its annotations are looked up
        result: R = await asyncio.to_thread(self.sync.step, name, call, *args, optional=optional)
        return result

    @contextlib.asynccontextmanager
    async def phase(self, name: str, weight: float = 1.0, expect_silence_s: float = 0.0) -> AsyncIterator[None]:
        """See Context.phase."""
        with self.sync.phase(name, weight, expect_silence_s):
            yield

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """See Context.transaction."""
        with self.sync.transaction() as connection:
            yield connection

    async def track(
        self, iterable: Iterable[T] | AsyncIterable[T], label: str | None = None, *, total: int | None = None,
        unit: str = "it", key: Callable[[T], Any] | None = None,
    ) -> AsyncIterator[T]:  # fmt: skip
        """See Context.track; goes over asynchronous iterables too."""
        loop: Loop[T] = self.sync.track(None, label, total=_length(iterable, total), unit=unit)
        behind = loop.resume() * (key is None)  # with keys, what is done may stand anywhere
        done = self.sync.done_keys(loop) if key else set()
        left_early = True
        try:
            async for member in _members(iterable):
                name = clean_key(key(member)) if key else ""
                if behind > 0:
                    behind -= 1
                elif name not in done or not key:
                    loop.key_at_hand = name if key else None
                    self.sync.check()
                    yield member
                    if key:
                        self.sync.item_done(loop, name)
                    loop.count(1)
            left_early = False
        finally:
            loop.close(left_early)

    async def run(self, command: Sequence[str], /, **options: Any) -> CommandResult:
        """See Context.run."""
        return await asyncio.to_thread(lambda: self.sync.run(command, **options))


def call_asynchronous(kind: JobType, context: Context, arguments: dict[str, Any]) -> Any:
    """Runs an `async def` job in an event loop of its own. A cancel also cancels its task."""

    async def main() -> Any:
        loop = asyncio.get_running_loop()
        task = loop.create_task(kind.function(AsyncContext(context, loop), **arguments))

        def heard() -> None:
            if context.why in ("cancel", "lease_lost"):
                loop.call_soon_threadsafe(task.cancel)

        context.outbox.listeners.append(heard)
        try:
            heard()
            return await task
        except asyncio.CancelledError:
            if context.stopping:
                raise Halt(context.why or "cancel") from None
            raise
        finally:
            context.outbox.listeners.remove(heard)

    return asyncio.run(main())


async def _awaited(awaitable: Awaitable[R]) -> R:
    return await awaitable


async def _members(iterable: Iterable[T] | AsyncIterable[T]) -> AsyncIterator[T]:
    if isinstance(iterable, AsyncIterable):
        async for member in iterable:
            yield member
    else:
        for member in iterable:
            yield member


def _length(iterable: Any, given: int | None) -> int | None:
    return given if given is not None or not isinstance(iterable, Sized) else len(iterable)
