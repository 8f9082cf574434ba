"""Job functions that are `async def`: the same Context, awaited. One thin adapter, no second implementation."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import inspect
import threading
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Sized,
)
from concurrent.futures import Executor, ThreadPoolExecutor
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from headway.errors import Halt, InvalidInput
from headway.model.job import Job
from headway.model.ledger import Counts
from headway.model.value import clean_key
from headway.runtime.context import Context
from headway.runtime.crew import how_many, run_map
from headway.runtime.ledger import Ledger
from headway.runtime.loop import Loop
from headway.runtime.mapping import opened
from headway.runtime.outbox import Outbox, in_transaction
from headway.runtime.registry import JobType
from headway.runtime.shell import CommandResult
from headway.runtime.tasks import run_tasks
from headway.tracker.connection import AnyId

if TYPE_CHECKING:
    from headway.tracker.headway import Headway

T = TypeVar("T")
R = TypeVar("R")


class AsyncContext:
    """What an `async def` job is handed: the names of Context; what may wait is awaited.

    store: where the job waits for its database. It is the job's own: threads that the job's code fills are not waited
    for. While a task is inside transaction(), other tasks wait for its end before they save a checkpoint or a step.
    """

    def __init__(self, context: Context, store: Executor) -> None:
        self.sync = context
        self._store = store
        self._transaction = asyncio.Lock()
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
    def headway(self) -> Headway:
        """See Context.headway; `ctx.headway.aio` has the same verbs, awaited."""
        return self.sync.headway

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
        clock = self.sync.clock
        if not clock.real:
            self.sync.sleep(seconds)
            return
        until = clock.boot() + seconds
        with _heard(self.sync.outbox) as heard:
            self.sync.check()
            while (left := until - clock.boot()) > 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(heard.wait(), left)
                heard.clear()
                self.sync.check()

    async def checkpoint(self, state: Mapping[str, Any] = MappingProxyType({}), /, **more: Any) -> None:
        """See Context.checkpoint."""
        await self._turn()
        self.sync.keep_state({**state, **more})
        await self._settle()
        self.sync.check()

    @overload
    async def step(self, name: str, fn: Callable[..., Awaitable[R]], /, *args: Any, optional: bool = False) -> R: ...

    @overload
    async def step(self, name: str, fn: Callable[..., R], /, *args: Any, optional: bool = False) -> R: ...

    async def step(self, name: str, fn: Callable[..., Any], /, *args: Any, optional: bool = False) -> Any:
        """See Context.step. fn may be a coroutine function; it is awaited in this job's event loop.

        Inside transaction() fn is called in the event loop's own thread, and must be a plain function.
        """
        if in_transaction() and inspect.iscoroutinefunction(fn):
            raise InvalidInput(
                f"The step {name!r} inside transaction() is a coroutine function, and a transaction does not wait for "
                "other work. Await the coroutine before the transaction, or give the step a plain function."
            )
        await self._turn()
        with self.sync.steps.open(name, fn, optional) as step:
            if step.recorded is None:
                try:
                    result = await _called(fn, args)
                finally:
                    await self._turn()
                step.keep(result)
        if step.kept:
            await self._settle()
        return step.result

    async def undo(self, type: str | Callable[..., Any], input: Mapping[str, Any] | None = None) -> None:
        """See Context.undo."""
        await self._turn()
        self.sync.say_undo(type, input)
        await self._settle()

    async def spawn(
        self, type: str | Callable[..., Any], input: Mapping[str, Any] | None = None, key: str | None = None,
        weight: float = 1.0, **options: Any,
    ) -> Job:  # fmt: skip
        """See Context.spawn."""
        await self._turn()
        carried = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(
            self._store, carried.run, lambda: self.sync.spawn(type, input, key, weight, **options)
        )

    async def gather(self, *jobs: AnyId, return_exceptions: bool = False) -> list[Any]:
        """See Context.gather. A task that is cancelled meanwhile ends when the job has its slot again."""
        let_go, carried = threading.Event(), contextvars.copy_context()
        with ThreadPoolExecutor(1, "headway gather") as own:  # it may wait for hours, which shared threads must not
            waiting = asyncio.get_running_loop().run_in_executor(
                own, carried.run, lambda: self.sync.family.gather(jobs, return_exceptions, let_go)
            )
            try:
                return await asyncio.shield(waiting)
            except asyncio.CancelledError:
                self.sync.family.let_go(let_go)
                await asyncio.wait([waiting])
                waiting.exception()  # the cancel is what is told
                raise

    @contextlib.asynccontextmanager
    async def phase(self, name: str, weight: float = 1.0, expect_silence_s: float = 0.0) -> AsyncIterator[None]:
        """See Context.phase."""
        with self.sync.phase(name, weight, expect_silence_s):
            yield

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """See Context.transaction."""
        async with contextlib.nullcontext() if in_transaction() else self._transaction:
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
                name = self.sync.outbox.masked_key(clean_key(key(member))) if key else ""
                if behind > 0:
                    behind -= 1
                elif name not in done or not key:
                    loop.key_at_hand = name if key else None
                    self.sync.check()
                    yield member
                    if key:
                        await self._turn()
                        self.sync.item_done(loop, name)
                    loop.count(1)
            left_early = False
        finally:
            loop.close(left_early)

    def items(self, name: str) -> Ledger:
        """See Context.items. Its methods return at once."""
        return self.sync.items(name)

    async def map(
        self, fn: Callable[[Any], Any], items: Iterable[Any], key: Callable[[Any], object] | None = None,
        size: Callable[[Any], float] | None = None, executor: Executor | None = None, concurrency: int | None = None,
        retries: int = 0, max_failed: float | None = None,
    ) -> Counts:  # fmt: skip
        """See Context.map. A coroutine function is awaited in this job's event loop, another one runs in threads."""
        mapping = opened(self.sync, fn, items, key, size, retries, max_failed)
        many = how_many(concurrency, lambda: self.concurrency)
        if not inspect.iscoroutinefunction(fn):
            return await asyncio.to_thread(run_map, self.sync, fn, mapping, executor, many)
        if executor is not None:
            raise InvalidInput("map(executor=...) with a coroutine function: it is awaited here. Leave one out.")
        await self._turn()
        return await run_tasks(mapping, fn, many, self._store)

    async def run(self, command: Sequence[str], /, **options: Any) -> CommandResult:
        """See Context.run."""
        return await asyncio.to_thread(lambda: self.sync.run(command, **options))

    async def _turn(self) -> None:
        """Returns when no other task is inside a transaction: what is said here would be rolled back with it."""
        if not in_transaction():
            async with self._transaction:
                pass

    async def _settle(self) -> None:
        if not in_transaction():  # whose locks belong to this thread
            await asyncio.get_running_loop().run_in_executor(self._store, self.sync.settle)


def call_asynchronous(kind: JobType, context: Context, arguments: dict[str, Any]) -> Any:
    """Runs an `async def` job in an event loop of its own. A cancel also cancels its task."""

    async def main() -> Any:
        loop = asyncio.get_running_loop()
        task = loop.create_task(kind.function(AsyncContext(context, store), **arguments))

        def heard() -> None:
            if context.why in ("cancel", "lease_lost"):
                with contextlib.suppress(RuntimeError):  # the loop was closed while the listeners were gone through
                    loop.call_soon_threadsafe(task.cancel)

        listening = context.outbox.listeners
        listening.append(heard)
        try:
            heard()
            return await task
        except asyncio.CancelledError:
            if context.stopping:
                raise Halt(context.why or "cancel") from None
            raise
        finally:
            listening.remove(heard)  # from the list of then: the outbox of a lost attempt has let go of it

    with ThreadPoolExecutor(1, "headway store") as store:  # one commit stores what all tasks have said
        return asyncio.run(main())


@contextlib.contextmanager
def _heard(outbox: Outbox) -> Iterator[asyncio.Event]:
    """Set in this event loop when the attempt hears of something."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()

    def hear() -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed while the listeners were gone through
            loop.call_soon_threadsafe(event.set)

    outbox.listeners.append(hear)
    try:
        yield event
    finally:
        if hear in outbox.listeners:
            outbox.listeners.remove(hear)


async def _called(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """What a step's function returns: a coroutine is awaited here, anything else may block and gets a thread."""
    if inspect.iscoroutinefunction(function) or in_transaction():  # whose connection belongs to this thread
        result = function(*arguments)
    else:
        result = await asyncio.to_thread(function, *arguments)
    return await result if inspect.isawaitable(result) else result


async def _members(iterable: Iterable[T] | AsyncIterable[T]) -> AsyncIterator[T]:
    if isinstance(iterable, AsyncIterable):
        async for member in iterable:
            yield member
    else:
        for member in iterable:
            yield member


def _length(iterable: Any, given: int | None) -> int | None:
    return given if given is not None or not isinstance(iterable, Sized) else len(iterable)
