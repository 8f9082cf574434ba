"""map: over any executor and in tasks, stopped between items, named by its place."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

import headway
from headway import AsyncContext, Context, Headway, InvalidInput, ItemAtHand, current_context, current_item
from headway.runtime import cutting, ledger, outbox
from headway.store import reporting
from headway.store.contract import Database
from tests.contract.traces import Trace


def squared(n: int) -> dict[str, int]:
    """What another process is given: a bare function and bare members."""
    if n == 3:
        raise ValueError("not three")
    return {"square": n * n}


def odd(n: int) -> Any:
    """Results that no process can send to another one."""
    return {0: lambda: None, 1: {"of": lambda: None}}.get(n, {"n": n})


def deadly(n: int) -> None:
    """Work that takes its whole process with it."""
    if n == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def told(item: headway.Item) -> dict[str, Any]:
    """The same for a ledger: another process is handed snapshots of its items."""
    return {"seen": item.key, "value": item.value}


def test_threads_of_a_given_executor_know_job_and_item(trace: Trace) -> None:
    """The context variables of the caller are carried into the threads of a pool."""
    seen = set()

    def one(member: str) -> None:
        item, context = current_item(), current_context()
        assert item
        assert context
        seen.add((member, item.key, threading.current_thread().name.startswith("given")))

    def work(ctx: Context) -> None:
        with ThreadPoolExecutor(2, "given") as pool:
            ctx.map(one, ["a", "b"], executor=pool)

    trace.run(work)
    assert seen == {("a", "a", True), ("b", "b", True)}


def test_other_executors_get_the_bare_function(live: Headway) -> None:
    """A process pool gets function and members, and failures come back with their traceback."""

    @headway.job("items.squares")
    def squares(ctx: Context) -> list[dict[str, int]]:
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:  # a fork of a process with threads may hang
            files = ctx.items("files")
            files.add("f", {"n": 1})
            return [
                ctx.map(squared, range(8), executor=pool, concurrency=2).to_dict(),
                ctx.map(told, files, executor=pool).to_dict(),
            ]

    job = live.submit(squares)
    live.work_until_idle()
    assert live.result(job) == [{"done": 7, "failed": 1, "skipped": 0}, {"done": 1, "failed": 0, "skipped": 0}]
    assert [item.data.get("square") for item in live.items(job, "squared")] == [0, 1, 4, None, 16, 25, 36, 49]
    (failed,) = live.items(job, "squared", state="failed")
    assert failed.error
    assert "in squared" in (failed.error.trace or "")
    assert live.items(job, "files")[0].data == {"seen": "f", "value": {"n": 1}}


class AtOnce(Executor):
    """An executor that is faster than any database."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Done when it returns."""
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def test_no_more_is_handed_out_than_can_be_stored(live: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """An executor that outruns the database waits for it: no report grows beyond what one commit takes."""
    sizes: list[int] = []
    report = reporting.report

    def measured(database: Database, reports: Sequence[reporting.Report], ring: bool = True) -> Any:
        sizes.extend(len(one.items) for one in reports)
        return report(database, reports, ring)

    monkeypatch.setattr(reporting, "report", measured)
    monkeypatch.setattr(ledger, "MOST_OUTCOMES", 500)
    monkeypatch.setattr(outbox, "LONGEST_QUEUE", 500)
    job = live.submit(headway.job("items.fast")(lambda ctx: ctx.map(str, range(20_000), executor=AtOnce()).to_dict()))
    live.work_until_idle()
    assert live.result(job) == {"done": 20_000, "failed": 0, "skipped": 0}
    assert max(sizes) < 3000


def test_a_result_that_can_not_be_sent_is_its_items_fault(live: Headway) -> None:
    """S1.26: from a process too, only a dict that can not be stored fails its item, and the others are kept."""

    @headway.job("items.odd")
    def odds(ctx: Context) -> dict[str, int]:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            return ctx.map(odd, range(4), executor=pool).to_dict()

    job = live.submit(odds)
    live.work_until_idle()
    assert live.result(job) == {"done": 3, "failed": 1, "skipped": 0}
    (failed,) = live.items(job, "odd", state="failed")
    assert failed.error
    assert (failed.key, failed.error.code) == ("1", "unstorable")


def test_a_process_that_dies_is_a_failed_try_of_what_it_had(live: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """S1.26: the items on their way have failed by policy; the pool takes no more, and the job fails saying so."""
    monkeypatch.setattr(cutting, "GRACE_S", 0.01)  # no stop is on its way here

    @headway.job("items.deadly", recover=False)
    def deaths(ctx: Context) -> dict[str, int]:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            return ctx.map(deadly, range(ctx.attempt, 4), executor=pool, concurrency=1).to_dict()

    job = live.submit(deaths)
    live.work_until_idle()
    error = live.get(job).error
    assert error
    assert ("is broken and takes no more" in error.message, live.ledgers(job)[0].failed) == (True, 1)
    live.retry(job)
    live.work_until_idle()
    assert live.get(job).state == "completed"


def test_a_forked_process_is_not_in_the_job(trace: Trace) -> None:
    """S1.26: what it said of the job would be lost, so there is no job, no item and no session of one to speak of."""

    def one(_: str) -> None:
        pid = os.fork()
        if pid == 0:
            here = (current_context(), current_item(), headway.current_session())
            os._exit(0 if here == (None, None, "default.yaml") else 1)
        assert os.waitpid(pid, 0)[1] == 0
        assert current_context()

    trace.hw.create_session("own")
    headway.job("items.forks")(lambda ctx: ctx.map(one, ["a"], concurrency=1).done)
    job = trace.hw.submit("items.forks", session="own")
    trace.hw.work_until_idle()
    assert trace.hw.result(job) == 1


def test_a_coroutine_function_is_awaited(trace: Trace) -> None:
    """AsyncContext.map: tasks in the job's loop, as many as asked for, over a ledger that grows."""
    at_once: list[int] = []

    async def work(ctx: AsyncContext) -> dict[str, Any]:
        pages, busy = ctx.items("pages"), set()
        pages.add_many("abcdef")

        async def one(page: ItemAtHand) -> dict[str, Any]:
            busy.add(page.key)
            at_once.append(len(busy))
            await asyncio.sleep(0)
            busy.discard(page.key)
            if len(page.key) == 1:
                pages.add(page.key * 2)
            assert current_item() is page
            return {"seen": True}

        return (await ctx.map(one, pages, concurrency=3)).to_dict()

    job = trace.run(work)
    assert job.result == {"done": 12, "failed": 0, "skipped": 0}
    assert max(at_once) == 3
    assert all(item.data == {"seen": True} for item in trace.hw.items(job))


def test_an_async_map_tries_again_and_goes_on_after_a_pause(trace: Trace) -> None:
    """The same engine: retries after a pause, and what is done stays done."""
    seen: list[str] = []

    async def work(ctx: AsyncContext) -> dict[str, Any]:
        async def one(key: str) -> None:
            seen.append(key)
            if key == "b" and seen.count("b") == 1:
                raise ValueError("torn")
            if key == "c" and ctx.attempt == 1:
                trace.hw.pause(ctx.sync.job_id)
                await ctx.check()

        return (await ctx.map(one, ["a", "b", "c", "d"], concurrency=1, retries=1)).to_dict()

    job = trace.run(work)
    assert trace.state(job.id) == "paused"
    trace.hw.resume(job)
    trace.hw.work_until_idle()
    assert trace.hw.get(job).result == {"done": 4, "failed": 0, "skipped": 0}
    assert (seen.count("a"), seen.count("b"), seen.count("c"), seen.count("d")) == (1, 2, 2, 1)


def test_a_plain_function_of_an_async_job_runs_in_threads(trace: Trace) -> None:
    """A function that may block does not keep the event loop."""

    async def work(ctx: AsyncContext) -> bool:
        names: set[str] = set()
        await ctx.map(lambda _: names.add(threading.current_thread().name), range(3), concurrency=2)
        return threading.current_thread().name in names

    assert trace.run(work).result is False


@pytest.mark.parametrize("how", ["pause", "cancel"])
def test_no_item_is_begun_after_a_stop(live: Headway, how: str) -> None:
    """S1.30: those under way end, the others stay pending, and the map raises Halt."""
    begun: list[int] = []
    both = threading.Barrier(2)

    @headway.job(f"items.{how}")
    def work(ctx: Context) -> None:
        def one(n: int) -> None:
            begun.append(n)
            both.wait(120)
            if n == 0:
                getattr(live, how)(ctx.job_id)
            assert ctx.wait_asked(120)

        ctx.map(one, range(1000), concurrency=2)

    job = live.submit(work)
    live.work_until_idle()
    assert sorted(begun) == [0, 1]
    assert live.get(job).state == {"pause": "paused", "cancel": "cancelled"}[how]
    assert live.ledgers(job)[0].done == 2


def test_zero_items_are_all_done(trace: Trace) -> None:
    """S3.15: an empty map completes at 100 %, by division by nothing."""
    job = trace.run(lambda ctx: ctx.map(squared, []).to_dict())
    assert (job.result["done"], job.state) == (0, "completed")
    assert job.progress is None or job.progress.percent == 100


def test_maps_are_named_by_their_function_and_numbered(trace: Trace) -> None:
    """Two maps of one function have a ledger each, inside a loop one for each of its members."""

    def work(ctx: Context) -> None:
        ctx.map(squared, [1, 2])
        ctx.map(squared, [1, 2, 4])
        for _ in ctx.track(["x", "y"], "sites"):
            ctx.map(squared, [1])

    job = trace.run(work)
    names = {counts.ledger: counts.done for counts in trace.hw.ledgers(job)}
    assert names == {"squared": 2, "squared #2": 3, "sites[0] / squared": 1, "sites[1] / squared": 1}


def test_a_loop_inside_an_item_belongs_to_it(trace: Trace) -> None:
    """Tracked loops of items that are worked on at once have places of their own, and do not count in the map."""

    def work(ctx: Context) -> int:
        def one(item: ItemAtHand) -> int:
            return sum(1 for _ in ctx.track(range(5), "chunks"))

        files = ctx.items("files")
        files.add_many(str(n) for n in range(8))
        return ctx.map(one, files, concurrency=4).done

    job = trace.run(work)
    assert job.result == 8
    assert job.progress
    assert (job.progress.done, job.progress.total) == (8, 8)


def test_a_child_that_runs_meanwhile_is_at_no_item(trace: Trace) -> None:
    """What a job is at is not what its child is at, although one thread may run both."""
    seen = []
    headway.job("items.child")(lambda ctx: seen.append(current_item()))

    def work(ctx: Context) -> None:
        ctx.map(lambda key: ctx.gather(ctx.spawn("items.child", key=key)), ["a"], concurrency=1)

    assert trace.run(work).state == "completed"
    assert seen == [None]


def test_a_key_that_comes_again_is_passed_over(trace: Trace) -> None:
    """Members with one key are one item; the total knows."""
    seen: list[str] = []
    job = trace.run(lambda ctx: ctx.map(seen.append, ["a", "b", "A"], key=str.lower, concurrency=1).done)
    assert (seen, job.result) == (["a", "b"], 2)
    assert job.progress
    assert (job.progress.done, job.progress.total) == (2, 2)


def test_sizes_of_members_own_the_percentage(trace: Trace) -> None:
    """S3.11: with size= the members count by it."""
    job = trace.run(lambda ctx: ctx.map(lambda _: None, ["a", "bbb"], size=len).done)
    assert job.progress
    assert (job.progress.unit, job.progress.done, job.progress.total) == ("B", 4, 4)


def test_what_the_members_come_from_may_fail(trace: Trace) -> None:
    """What the iterable raises passes on; what was handed out before is done."""

    def source() -> Any:
        yield from range(3)
        raise ConnectionError("the listing broke off")

    seen: list[int] = []
    job = trace.run(lambda ctx: ctx.map(seen.append, source(), concurrency=1))
    assert job.error
    assert job.error.message == "ConnectionError: the listing broke off"
    assert seen[:2] == [0, 1]
    assert [(item.key, item.state) for item in trace.hw.items(job)] == [(str(n), "done") for n in seen]


def test_members_that_a_tracked_loop_hands_out_are_refused(trace: Trace) -> None:
    """The loop would count them as done before they are."""
    job = trace.run(lambda ctx: ctx.map(lambda _: None, ctx.track(range(3), "inner")).done)
    assert job.error
    assert "tracked loop" in job.error.message


def test_a_ledger_is_worked_through_once_at_a_time(trace: Trace) -> None:
    """Two maps at once over one ledger would hand out its items twice."""

    def work(ctx: Context) -> None:
        files = ctx.items("files")
        files.add("a")
        for _ in files:
            ctx.map(lambda _: None, files)

    job = trace.run(work)
    assert job.error
    assert "worked through already" in job.error.message


def test_the_ledger_of_a_map_is_not_one_of_the_work(trace: Trace) -> None:
    """A name that both have would mix their keys."""

    def work(ctx: Context) -> None:
        ctx.items("squared")
        ctx.map(squared, [1])

    job = trace.run(work)
    assert job.error
    assert "another name" in job.error.message


@pytest.mark.parametrize(
    "given",
    [
        {"fn": 3}, {"items": "text"}, {"items": 3}, {"key": 3}, {"size": "B"}, {"retries": -1}, {"retries": True},
        {"max_failed": -1}, {"max_failed": 1.5}, {"max_failed": True}, {"concurrency": 0}, {"concurrency": 10_000},
    ],
    ids=repr,
)  # fmt: skip
def test_a_map_that_can_not_be_is_refused(trace: Trace, given: dict[str, Any]) -> None:
    """G9: what map() can not do is refused with a word, before any item is begun."""

    def work(ctx: Context) -> None:
        with pytest.raises(InvalidInput, match=r"map\("):
            ctx.map(**{"fn": squared, "items": [1], **given})

    assert trace.run(work).state == "completed"


def test_a_block_pauses_in_place_between_items(live: Headway) -> None:
    """In a block of this process a pause waits inside map, and goes on after the resume."""
    seen: list[int] = []
    with live.tracked("Block", show=False) as ctx:
        resume = threading.Thread(target=_resume, args=(live, ctx.job_id))

        def one(n: int) -> None:
            seen.append(n)
            if n == 2:
                live.pause(ctx.job_id)
                assert ctx.wait_asked(120)
                resume.start()

        assert ctx.map(one, range(6), concurrency=1).done == 6
    resume.join()
    assert seen == list(range(6))
    assert live.get(ctx.job_id).attempt == 2


def _resume(hw: Headway, job: str) -> None:
    hw.wait(job, until="paused", timeout_s=120)
    hw.resume(job)


def leaving(n: int) -> dict[str, int]:
    """Work that ends in ways which are no Exception."""
    if n == 3:
        sys.exit(2)
    if n == 5:
        raise GeneratorExit
    return {"n": n}


def test_an_item_that_leaves_a_process_fails_alone(live: Headway) -> None:
    """S1.26: sys.exit() and the like in a process of a pool are the failure of their item; the others go on."""

    @headway.job("items.leaving")
    def leave(ctx: Context) -> dict[str, int]:
        with ProcessPoolExecutor(2, get_context("spawn")) as pool:
            return ctx.map(leaving, range(8), executor=pool, concurrency=2).to_dict()

    job = live.submit(leave)
    live.work_until_idle()
    assert live.result(job) == {"done": 6, "failed": 2, "skipped": 0}
    errors = [item.error.message for item in live.items(job, "leaving", state="failed") if item.error]
    assert errors == ["SystemExit: 2", "GeneratorExit"]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_result_that_is_no_dict_is_told_of(hw: Headway, elsewhere: bool) -> None:
    """Doors 5: dicts are kept as data of the items; of other results nothing is, and the log says so once."""

    @headway.job("items.dropped")
    def dropped(ctx: Context) -> int:
        if not elsewhere:
            return ctx.map(len, ["a", "bb"]).done
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            return ctx.map(len, ["a", "bb"], executor=pool).done

    job = hw.submit(dropped)
    hw.work_until_idle()
    assert hw.result(job) == 2
    (line,) = hw.logs(job)
    assert "what the function returned (int) is not kept." in line.data["text"]
    assert "return {'result': ...}" in line.data["text"]
