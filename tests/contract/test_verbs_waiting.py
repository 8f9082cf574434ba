"""Wait, result, watch, and the same verbs awaited."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

import headway
from headway import Context, Headway, InvalidInput, JobCancelled, JobFailed, NotFound
from tests.contract.traces import Trace


@headway.job("waiting.double")
def double(ctx: Context, n: int) -> int:
    """A short job."""
    ctx.log(f"doubling {n}")
    return 2 * n


@headway.job("waiting.fail")
def fail(ctx: Context) -> None:
    """A job that fails."""
    raise ValueError("no route")


def test_wait_returns_the_ended_job(live: Headway) -> None:
    """Whoever waits sees the end, whether it comes before, meanwhile or in another thread."""
    with live.worker(slots=2):
        jobs = [live.submit(double, {"n": n}) for n in range(5)]
        assert [live.wait(job).result for job in jobs] == [0, 2, 4, 6, 8]
    assert live.wait(jobs[0]).state == "completed"


def test_wait_returns_at_a_state(hw: Headway) -> None:
    """until names a state; a job that has ended will not reach it, and is returned too."""
    job = hw.pause(hw.submit(double, {"n": 2}))
    assert hw.wait(job, until="paused").state == "paused"
    hw.cancel(job)
    assert hw.wait(job, until="paused").state == "cancelled"


def test_wait_for_what_is_no_state_is_refused(hw: Headway) -> None:
    """A word that no job can reach would be waited for for ever."""
    with pytest.raises(InvalidInput, match="expected 'ended' or one of"):
        hw.wait(hw.submit(double, {"n": 2}), until="done")


def test_wait_has_a_limit(hw: Headway) -> None:
    """TimeoutError says what the job was doing; the job goes on."""
    job = hw.submit(double, {"n": 2})
    with pytest.raises(TimeoutError, match="is pending after 0 s"):
        hw.wait(job, timeout_s=0)
    assert hw.get(job).state == "pending"


def test_wait_for_no_job_is_an_error(hw: Headway) -> None:
    """An unknown id is NotFound at once, never a long silence."""
    with pytest.raises(NotFound):
        hw.wait("no such job")


def test_wait_says_for_what_a_job_waits(live: Headway, caplog: pytest.LogCaptureFixture) -> None:
    """A job that no worker can run is waited for with a word in the log."""
    job = live.submit("waiting.nobody_has_it")
    with pytest.raises(TimeoutError):
        live.wait(job, timeout_s=0.5)
    assert "waits for a worker that has 'waiting.nobody_has_it'" in caplog.text


def test_result_is_what_the_function_returned(hw: Headway) -> None:
    """The result of a completed job is read back as plain values."""
    job = hw.submit(double, {"n": 21})
    hw.work_until_idle()
    assert hw.result(job) == 42


def test_result_of_a_failed_job_raises(hw: Headway) -> None:
    """JobFailed has the error's message, and the job."""
    job = hw.submit(fail)
    hw.work_until_idle()
    with pytest.raises(JobFailed, match="no route") as failed:
        hw.result(job)
    assert failed.value.job == hw.wait(job)


def test_result_of_a_cancelled_job_raises(hw: Headway) -> None:
    """JobCancelled is a JobFailed of its own."""
    job = hw.cancel(hw.submit(double, {"n": 2}))
    with pytest.raises(JobCancelled, match="cancelled"):
        hw.result(job)


def _numbers(hw: Headway, job: Any, after: int = 0) -> list[int]:
    return [event.seq for event in hw.watch(job, after)]


def test_watch_follows_to_the_end(live: Headway) -> None:
    """G10: a watcher sees every event once and in order, and stops with the job's end."""
    told: list[int] = []
    begun, goes_on = threading.Event(), threading.Event()

    def work(ctx: Context) -> None:
        begun.set()
        for n in range(500):
            ctx.log(f"line {n}")
        goes_on.wait()
        ctx.log("last")

    headway.job("waiting.talk")(work)
    job = live.submit("waiting.talk")
    watcher = threading.Thread(target=lambda: told.extend(_numbers(live, job)))
    watcher.start()
    with live.worker(slots=1):
        begun.wait()
        goes_on.set()
        watcher.join()
    assert told == list(range(1, live.get(job).events + 1))
    assert len(told) == 501 + 3


def test_a_late_watcher_sees_the_whole_history(hw: Headway) -> None:
    """Watching an ended job gives what has been, after any number, and ends."""
    job = hw.submit(double, {"n": 1})
    hw.work_until_idle()
    assert _numbers(hw, job) == [1, 2, 3, 4]
    assert _numbers(hw, job, after=2) == [3, 4]
    assert _numbers(hw, job, after=4) == []


def test_watch_ends_with_a_deletion(trace: Trace) -> None:
    """A job that was deleted meanwhile has no more events; the watcher ends."""
    job = trace.reach("failed")
    watching = trace.hw.watch(job)
    assert next(watching).name == "submit"
    trace.hw.delete(job)
    list(watching)


def test_watch_of_no_job_is_an_error(hw: Headway) -> None:
    """An unknown id is NotFound at the first event."""
    with pytest.raises(NotFound):
        next(hw.watch("no such job"))


def test_the_verbs_can_be_awaited(hw: Headway) -> None:
    """hw.aio.<verb> is the verb in a thread; watch is iterated; what is no verb is an AttributeError."""

    async def main() -> list[str]:
        job = await hw.aio.submit(double, {"n": 2})
        assert await hw.aio.work_until_idle() == 1
        assert await hw.aio.result(job) == 4
        with pytest.raises(NotFound):
            await hw.aio.get("no such job")
        with pytest.raises(AttributeError):
            await hw.aio.frobnicate()
        return [event.name async for event in hw.aio.watch(job)]

    assert asyncio.run(main()) == ["submit", "claim", "info", "finish"]


def test_waiting_does_not_hold_the_event_loop(live: Headway) -> None:
    """While one awaits a job, others of the loop go on."""

    async def main() -> tuple[int, int]:
        job = await live.aio.submit(double, {"n": 1})
        waiting = asyncio.ensure_future(live.aio.result(job))
        other = await live.aio.submit(double, {"n": 2})
        with live.worker(slots=1):
            return await waiting, await live.aio.result(other)

    assert asyncio.run(main()) == (2, 4)
