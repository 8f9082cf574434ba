"""The session that code is bound to: set, carried, put back, and never another's."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import headway
from headway import Context, Halt, Headway, InvalidInput, current_session, use_session
from tests.contract.traces import Trace

THREADS = 8


@pytest.fixture(autouse=True)
def _nothing_is_left_bound() -> Any:
    """A test that leaves its session bound would lend it to the next one."""
    yield
    assert current_session() == "default.yaml"


@headway.job("ambient.look")
def look(ctx: Context) -> Any:
    """Which session the code of a job is bound to."""
    return [current_session()]


@headway.job("ambient.look_async")
async def look_async(ctx: headway.AsyncContext) -> Any:
    """In the event loop, in a task, and in a thread."""
    return [current_session(), await asyncio.create_task(_bound()), await asyncio.to_thread(current_session)]


@headway.job("ambient.submits")
def submits(ctx: Context) -> str:
    """What a job submits belongs to its session."""
    hw: Headway = _verbs[ctx.session]
    return hw.submit("x").session


_verbs: dict[str, Headway] = {}


def _cancel(hw: Headway, ctx: Context) -> None:
    hw.cancel(ctx.job_id)
    ctx.check()


async def _bound() -> str:
    await asyncio.sleep(0)
    return current_session()


def test_without_a_word_it_is_the_default() -> None:
    """S2.6: where nothing is bound, the default session."""
    assert current_session() == "default.yaml"


def test_use_session_binds_and_puts_back(hw: Headway) -> None:
    """S2.26: set for the block, nested as blocks are, put back also by an exception."""
    hw.create_session("a")
    with use_session("a") as bound:
        with pytest.raises(InvalidInput), use_session("default"):
            hw.session("list")
        assert (bound, current_session(), hw.submit("x").session) == ("a", "a", "a")
        assert hw.submit("x", session="default").session == "default.yaml"
    assert hw.submit("x").session == "default.yaml"


@pytest.mark.parametrize("id", ["", "list", 5, None])
def test_what_can_be_no_session_is_not_bound(id: Any) -> None:
    """InvalidInput at once, not at the first submit."""
    with pytest.raises(InvalidInput), use_session(id):
        pass


def test_jobs_run_in_their_own_session(hw: Headway) -> None:
    """S2.6, S2.27: whatever the process is bound to, a job's code is bound to the job's session."""
    hw.create_session("a")
    hw.create_session("b")
    jobs = [hw.submit(kind, session="a") for kind in ("ambient.look", "ambient.look_async")]
    with use_session("b"):
        hw.work_until_idle()
        assert current_session() == "b"
    assert [hw.result(job) for job in jobs] == [["a"], ["a", "a", "a"]]


def test_what_a_job_submits_belongs_to_its_session(hw: Headway) -> None:
    """S2.23, S2.27: without a word."""
    hw.create_session("a")
    _verbs["a"] = hw
    job = hw.submit(submits, session="a")
    hw.work_until_idle()
    assert hw.result(job) == "a"


@pytest.mark.parametrize("own", [True, False], ids=["own threads", "a given pool"])
def test_a_map_carries_the_session_into_its_threads(trace: Trace, own: bool) -> None:
    """S2.27: also into a pool that the job's code has made; and the pool's threads keep nothing of it."""
    trace.hw.create_session("a")

    def work(ctx: Context) -> Any:
        seen: set[str] = set()
        with ThreadPoolExecutor(4) as pool:
            ctx.map(lambda _: seen.add(current_session()), range(20), executor=None if own else pool, concurrency=4)
            return [sorted(seen), pool.submit(current_session).result()]

    headway.job(f"ambient.map {own}")(work)
    with use_session("a"):
        job = trace.hw.submit(f"ambient.map {own}")
    trace.hw.work_until_idle()
    assert trace.hw.result(job) == [["a"], "default.yaml"]


def test_a_child_belongs_to_the_session_of_its_parent(trace: Trace) -> None:
    """S2.27: unless another one is named."""
    for name in ("a", "b"):
        trace.hw.create_session(name)

    def work(ctx: Context) -> Any:
        return [ctx.spawn("x", {"n": 1}).session, ctx.spawn("x", {"n": 2}, session="b").session]

    headway.job("ambient.parent")(work)
    job = trace.hw.submit("ambient.parent", session="a")
    trace.hw.work_until_idle()
    assert trace.hw.result(job) == ["a", "b"]


def test_workers_bind_each_job_to_its_own(live: Headway) -> None:
    """S2.32: many jobs of many sessions in the threads of one worker; none sees another's."""
    for n in range(4):
        live.create_session(f"s{n}")
    jobs = [live.submit("ambient.look_async", session=f"s{n % 4}") for n in range(24)]
    with use_session("default"), live.worker(slots=THREADS, types=["ambient.look_async", "ambient.look"]):
        assert [live.result(job, timeout_s=120) for job in jobs] == [[f"s{n % 4}"] * 3 for n in range(24)]


def test_threads_do_not_see_each_others_session() -> None:
    """S2.26, S2.32: a thread that is not Headway's begins unbound, and binds for itself alone."""
    together = threading.Barrier(THREADS)

    def bound(n: int) -> tuple[str, str]:
        before = current_session()
        with use_session(f"s{n}"):
            together.wait(120)
            return before, current_session()

    with use_session("outside"), ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(bound, range(THREADS))) == [("default.yaml", f"s{n}") for n in range(THREADS)]


def test_tasks_do_not_see_each_others_session() -> None:
    """S2.26: two requests at once, each a task, each with its own."""

    async def request(n: int, together: asyncio.Barrier) -> str:
        with use_session(f"s{n}"):
            await together.wait()
            return current_session()

    async def both() -> list[str]:
        together = asyncio.Barrier(2)
        return list(await asyncio.gather(request(0, together), request(1, together)))

    assert asyncio.run(both()) == ["s0", "s1"]


def test_awaited_verbs_take_the_session(hw: Headway) -> None:
    """S2.27: hw.aio runs in threads, which carry it."""
    hw.create_session("a")

    async def submit() -> str:
        with use_session("a"):
            return str((await hw.aio.submit("x")).session)

    assert asyncio.run(submit()) == "a"


@pytest.mark.usefixtures("beside_the_store")
def test_a_block_binds_its_own_code(hw: Headway) -> None:
    """S2.1: what is submitted inside a block belongs to the block's session; afterwards nothing is bound."""
    hw.create_session("a")
    with hw.tracked("import", session="a", show=False) as ctx:
        assert (ctx.session, current_session(), hw.submit("x").session) == ("a", "a", "a")
    with use_session("a"):
        for _ in hw.track([1, 2], show=False):
            assert hw.jobs(type="loop")[0].session == "a"


@pytest.mark.usefixtures("beside_the_store")
def test_a_cancelled_block_leaves_nothing_bound(hw: Headway) -> None:
    """S2.26: a Halt passes out of it, and the session is put back."""
    hw.create_session("a")
    with pytest.raises(Halt), hw.tracked("import", session="a", show=False) as ctx:
        _cancel(hw, ctx)
    assert current_session() == "default.yaml"


def test_a_command_of_a_job_is_logged_where_it_belongs(trace: Trace, tmp_path: Path) -> None:
    """S2.27: the thread that reads a command's output works for the job's session."""
    trace.hw.create_session("a")
    bound: list[str] = []

    def work(ctx: Context) -> None:
        ctx.run(["echo", "hello"], on_bytes=lambda stream, data: bound.append(current_session()))

    headway.job("ambient.command")(work)
    with use_session("a"):
        job = trace.hw.submit("ambient.command")
    trace.hw.work_until_idle()
    assert (trace.hw.get(job).state, set(bound)) == ("completed", {"a"})
