"""Several tasks of one `async def` job: transactions, steps and sleeps side by side."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
from typing import Any

import pytest

import headway
from headway import AsyncContext, Headway, InvalidInput
from tests.contract.traces import Trace


def test_another_task_waits_for_the_end_of_a_transaction(trace: Trace) -> None:
    """A checkpoint of another task is not in a transaction that is rolled back, and does not stop it."""

    async def work(ctx: AsyncContext) -> None:
        inside = asyncio.Event()

        async def other() -> None:
            await inside.wait()
            await ctx.checkpoint(other=1)

        async def torn() -> None:
            async with ctx.transaction():
                inside.set()
                await asyncio.sleep(0)
                await ctx.checkpoint(mine=1)
                raise ValueError("torn")

        await asyncio.gather(other(), torn(), return_exceptions=True)

    assert trace.hw.checkpoint(trace.run(work))["state"] == {"other": 1}


def test_transactions_of_two_tasks_take_turns(trace: Trace) -> None:
    """The second begins when the first has ended; both are stored."""
    told: list[str] = []

    async def work(ctx: AsyncContext) -> None:
        async def one(name: str) -> None:
            async with ctx.transaction():
                told.append(f"{name} begins")
                await asyncio.sleep(0)
                await ctx.checkpoint({name: 1})
                told.append(f"{name} ends")

        await asyncio.gather(one("a"), one("b"))

    assert trace.hw.checkpoint(trace.run(work))["state"] == {"a": 1, "b": 1}
    assert told == ["a begins", "a ends", "b begins", "b ends"]


def test_a_step_inside_a_transaction_has_its_thread(trace: Trace) -> None:
    """The function of a step may use the connection: it is called in the thread that the transaction belongs to."""

    async def work(ctx: AsyncContext) -> bool:
        async with ctx.transaction():
            return await ctx.step("thread", threading.get_ident) == threading.get_ident()

    assert trace.run(work).result is True


def test_a_coroutine_is_no_step_inside_a_transaction(trace: Trace) -> None:
    """A transaction does not wait for other work: InvalidInput, before anything is said of the step."""

    async def fetch() -> int:
        return 1

    async def work(ctx: AsyncContext) -> None:
        async with ctx.transaction():
            with pytest.raises(InvalidInput, match="'fetch' inside transaction"):
                await ctx.step("fetch", fetch)
        assert await ctx.step("fetch", fetch) == 1

    assert trace.run(work).state == "completed"


def test_steps_under_way_leave_threads_free(trace: Trace) -> None:
    """Coroutine steps hold no thread, however many run: each of eight uses the one thread that the loop has."""

    async def fetch(n: int) -> int:
        return await asyncio.to_thread(lambda: n)

    async def work(ctx: AsyncContext) -> list[Any]:
        asyncio.get_running_loop().set_default_executor(concurrent.futures.ThreadPoolExecutor(1))
        return list(await asyncio.gather(*(ctx.step(f"s{n}", fetch, n) for n in range(8))))

    assert trace.run(work).result == list(range(8))


def test_a_step_is_stored_while_all_threads_are_taken(trace: Trace) -> None:
    """What makes a step and a checkpoint durable needs none of the threads that the job's code fills."""

    async def fetch() -> int:
        return 1

    async def work(ctx: AsyncContext) -> None:
        asyncio.get_running_loop().set_default_executor(concurrent.futures.ThreadPoolExecutor(1))
        free = threading.Event()
        taken = asyncio.create_task(asyncio.to_thread(free.wait))
        await asyncio.sleep(0)
        try:
            await ctx.step("fetch", fetch)
            await ctx.checkpoint(n=1)
        finally:
            free.set()
        await taken

    assert trace.run(work).state == "completed"


def test_sleeps_take_no_threads_and_hear_a_cancel(live: Headway) -> None:
    """Sixty tasks that sleep leave the loop's one thread free, and a cancel wakes them all."""
    asleep = threading.Event()

    async def work(ctx: AsyncContext) -> None:
        asyncio.get_running_loop().set_default_executor(concurrent.futures.ThreadPoolExecutor(1))
        async with asyncio.TaskGroup() as group:
            for _ in range(60):
                group.create_task(ctx.sleep(3600))
            group.create_task(asyncio.to_thread(asleep.set))

    headway.job("async.sleeps")(work)
    job = live.submit("async.sleeps")
    with live.worker(slots=1):
        asleep.wait()
        live.cancel(job)
        assert live.wait(job).state == "cancelled"


def test_a_pause_wakes_a_sleep(live: Headway) -> None:
    """A pause halts a job that sleeps, although it cancels no task."""
    asleep = threading.Event()

    async def work(ctx: AsyncContext) -> None:
        asyncio.get_running_loop().call_soon(asleep.set)
        await ctx.sleep(3600)

    headway.job("async.naps")(work)
    job = live.submit("async.naps")
    with live.worker(slots=1):
        asleep.wait()
        live.pause(job)
        assert live.wait(job, until="paused").state == "paused"
