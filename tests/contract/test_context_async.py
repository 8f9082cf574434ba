"""Jobs that are `async def`: the same names, awaited; each in an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import headway
from headway import AsyncContext, DuplicateStep, Halt, Headway
from tests.contract.traces import Trace


async def _pages(n: int) -> AsyncIterator[int]:
    for page in range(n):
        await asyncio.sleep(0)
        yield page


def test_an_async_job_is_run_in_a_loop_of_its_own(trace: Trace) -> None:
    """Doors 13: input, result and context are as in any job."""

    async def work(ctx: AsyncContext, n: int) -> int:
        await asyncio.sleep(0)
        assert (ctx.attempt, ctx.input, ctx.session, ctx.state, ctx.stopping) == (
            1,
            {"n": 20},
            "default.yaml",
            {},
            False,
        )
        assert (ctx.config, ctx.concurrency, ctx.job.input) == ({}, 10, {"n": 20})
        return 2 * n + 2

    assert trace.run(work, {"n": 20}).result == 42


def test_every_word_of_the_context_is_there(trace: Trace) -> None:
    """log, warn, progress, plan, alias, artifact; checkpoint, step, phase, track, sleep, check awaited."""

    async def work(ctx: AsyncContext) -> None:
        ctx.plan("read", "write")
        ctx.alias({"cloud": "op-7"})
        ctx.artifact("a.txt", b"a")
        ctx.log("said")
        ctx.warn("careful")
        await ctx.checkpoint(page=7)
        await ctx.sleep(60)
        await ctx.check()
        async with ctx.phase("read"):
            ctx.progress(done=1, total=2)
        async for _ in ctx.track(_pages(3), "write"):
            pass

    job = trace.run(work)
    assert (job.state, job.external_ids, job.warnings) == ("completed", {"cloud": "op-7"}, 1)
    assert [line.data["text"] for line in trace.hw.logs(job)] == ["said"]
    assert trace.hw.checkpoint(job)["state"] == {"page": 7}
    assert [step.name for step in trace.hw.steps(job)] == ["read", "write"]


def test_a_step_may_be_a_coroutine(trace: Trace) -> None:
    """fn may be a coroutine function or a plain one; both are read back by their annotation, and once recorded."""
    called: list[str] = []
    seen: list[Any] = []

    async def fetch(name: str) -> Path:
        await asyncio.sleep(0)
        called.append(name)
        return Path("/srv") / name

    async def work(ctx: AsyncContext) -> None:
        seen.append(await ctx.step("fetch", fetch, "a"))
        seen.append(await ctx.step("plain", str.upper, "b"))
        if ctx.attempt == 1:
            trace.make(ctx.job.id, "sweep", "lose")
            raise Halt("lease_lost")

    assert trace.run(work, recover=True).state == "completed"
    assert (called, seen) == (["a"], [Path("/srv/a"), "B"] * 2)


def test_steps_may_run_together(trace: Trace) -> None:
    """Several steps are awaited at once; each waits for the other, so they do run together."""

    async def work(ctx: AsyncContext) -> list[Any]:
        first, second = asyncio.Event(), asyncio.Event()

        async def meet(mine: asyncio.Event, other: asyncio.Event) -> int:
            mine.set()
            await other.wait()
            return 1

        steps: list[Any] = [ctx.step("a", meet, first, second), ctx.step("b", meet, second, first)]
        return await asyncio.gather(*steps)

    assert trace.run(work).result == [1, 1]


def test_a_step_name_is_used_once(trace: Trace) -> None:
    """DuplicateStep, as in any job."""

    async def work(ctx: AsyncContext) -> None:
        await ctx.step("a", int)
        with pytest.raises(DuplicateStep):
            await ctx.step("a", int)

    assert trace.run(work).state == "completed"


def test_an_optional_step_may_fail(trace: Trace) -> None:
    """A coroutine that raises fails its step; the job goes on with a warning."""

    async def broken() -> None:
        raise OSError("no cache")

    async def work(ctx: AsyncContext) -> Any:
        return await ctx.step("warm", broken, optional=True)

    job = trace.run(work)
    assert (job.state, job.result, job.warnings) == ("completed", None, 1)


@pytest.mark.parametrize("key", [None, str], ids=["by position", "by key"])
def test_an_async_loop_goes_on_after_its_last_member(trace: Trace, key: Any) -> None:
    """A cursor over an asynchronous iterable: after a pause nothing is repeated and nothing left out."""
    seen: list[Any] = []

    async def work(ctx: AsyncContext) -> None:
        async for page in ctx.track(_pages(6), "pages", total=6, key=key):
            seen.append(page)
            if page == 3 and ctx.attempt == 1:
                seen.append("|")
                trace.hw.pause(ctx.job)

    job = trace.run(work)
    assert job.state == "paused"
    trace.hw.resume(job)
    trace.hw.work_until_idle()
    done = trace.hw.get(job)
    assert seen == [0, 1, 2, 3, "|", 4, 5]
    assert done.progress
    assert (done.state, done.progress.done, done.progress.percent) == ("completed", 6, 100)


def test_loops_of_two_tasks_are_told_apart(trace: Trace) -> None:
    """Loops that run at once in one event loop are not inside each other: each has its own cursor and goes on."""
    seen: list[tuple[str, int]] = []

    async def copy(ctx: AsyncContext, part: str, begun: asyncio.Barrier) -> None:
        async for n in ctx.track(range(4), part):
            if n == 0:
                await begun.wait()
            seen.append((part, n))
            if (ctx.attempt, n) == (1, 2):
                await begun.wait()
                trace.hw.pause(ctx.job)

    async def work(ctx: AsyncContext) -> None:
        begun = asyncio.Barrier(2)
        async with asyncio.TaskGroup() as group:
            for part in ("a", "b"):
                group.create_task(copy(ctx, part, begun))

    job = trace.run(work)
    assert {name: cursor["done"] for name, cursor in trace.hw.checkpoint(job)["cursors"].items()} == {"a": 3, "b": 3}
    trace.hw.resume(job)
    trace.hw.work_until_idle()
    assert trace.state(job.id) == "completed"
    assert sorted(seen) == [(part, n) for part in "ab" for n in range(4)]


def test_a_plain_iterable_is_tracked_too(trace: Trace) -> None:
    """async for over a list or generator."""

    async def work(ctx: AsyncContext) -> list[str]:
        return [member async for member in ctx.track("a b c".split(), "letters")]

    assert trace.run(work).result == ["a", "b", "c"]


def test_a_halt_in_a_group_is_a_halt(trace: Trace) -> None:
    """Doors 13: a TaskGroup makes a group of Halts of it; that is a Halt, and no failure."""

    async def work(ctx: AsyncContext) -> None:
        async def member() -> None:
            await ctx.check()

        trace.hw.pause(ctx.job)
        async with asyncio.TaskGroup() as group:
            group.create_task(member())
            group.create_task(member())

    assert trace.run(work).state == "paused"


def test_an_error_in_a_group_is_a_failure(trace: Trace) -> None:
    """A group that holds anything but Halts fails the job, and tells of it."""

    async def work(ctx: AsyncContext) -> None:
        async def member() -> None:
            raise ValueError("torn")

        async with asyncio.TaskGroup() as group:
            group.create_task(member())

    job = trace.run(work)
    assert job.error
    assert (job.state, "ValueError: torn" in str(job.error.trace)) == ("failed", True)


def test_a_cancel_cancels_the_task(live: Headway) -> None:
    """Doors 13: a coroutine that waits for something else is woken by a cancel; its clean-up runs."""
    reached, cleaned = threading.Event(), threading.Event()

    async def work(ctx: AsyncContext) -> None:
        try:
            reached.set()
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    headway.job("async.waits")(work)
    job = live.submit("async.waits")
    with live.worker(slots=1):
        reached.wait()
        live.cancel(job)
        assert live.wait(job).state == "cancelled"
    assert cleaned.is_set()


def test_a_pause_does_not_cancel_the_task(trace: Trace) -> None:
    """A pause waits for the next place to stop; what is awaited meanwhile is left alone."""
    reached = []

    async def work(ctx: AsyncContext) -> None:
        trace.hw.pause(ctx.job)
        await asyncio.sleep(0)
        reached.append("after a wait")
        await ctx.check()
        reached.append("after a check")

    assert trace.run(work).state == "paused"
    assert reached == ["after a wait"]


def test_a_transaction_is_entered_awaited(trace: Trace) -> None:
    """async with ctx.transaction(): data and checkpoint together."""
    trace.sql("CREATE TABLE mine (n INTEGER)")

    async def work(ctx: AsyncContext) -> None:
        async with ctx.transaction() as db:
            db.execute("INSERT INTO mine VALUES (1)")
            await ctx.checkpoint(n=1)

    job = trace.run(work)
    assert job.state == "completed"
    assert trace.sql("SELECT count(*) FROM mine")[0][0] == 1
    assert trace.hw.checkpoint(job)["state"] == {"n": 1}


def test_a_step_inside_a_transaction_joins_it(trace: Trace) -> None:
    """A6: awaited calls of the same task inside a transaction do not wait for its end."""

    async def work(ctx: AsyncContext) -> None:
        async with ctx.transaction():
            await ctx.step("one", int)

    job = trace.run(work)
    assert (job.state, trace.hw.steps(job)[0].state) == ("completed", "completed")


def test_two_async_jobs_run_side_by_side(live: Headway) -> None:
    """Each slot has an event loop of its own: two coroutines that block meet across threads."""
    together = threading.Barrier(2)

    async def work(ctx: AsyncContext) -> int:
        await asyncio.to_thread(together.wait)
        return 1

    headway.job("async.meets")(work)
    jobs = live.submit_many("async.meets", [{}, {}])
    with live.worker(slots=2):
        assert [live.result(job) for job in jobs] == [1, 1]


def test_the_current_context_is_the_jobs(trace: Trace) -> None:
    """current_context() works in coroutines, in their tasks and in threads that they start."""

    async def work(ctx: AsyncContext) -> bool:
        found = [headway.current_context(), await asyncio.to_thread(headway.current_context)]
        found.append(await asyncio.create_task(_current()))
        return found == [ctx.sync] * 3

    assert trace.run(work).result is True


async def _current() -> Any:
    return headway.current_context()
