"""Loops inside loops and beside each other: each has a cursor and a ledger of its own."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from headway import AsyncContext, Context, InvalidInput
from tests.contract.traces import Trace

FILES = ["index.html", "x.css"]


@pytest.mark.parametrize("key", [None, str], ids=["outer by position", "outer by key"])
def test_a_keyed_loop_has_a_ledger_for_each_member_around_it(trace: Trace, key: Any) -> None:
    """Keys that are done under one outer member are not done under another."""
    seen: list[str] = []

    def work(ctx: Context) -> None:
        outer = "abc" if ctx.attempt == 1 or key is None else "cba"
        for site in ctx.track(list(outer), "sites", key=key):
            for file in ctx.track(FILES, "files", key=str):
                if ctx.attempt == 1 and (site, file) == ("b", "x.css"):
                    raise ValueError("torn")
                seen.append(f"{site}/{file}")

    job = trace.run(work)
    trace.hw.retry(job)
    trace.hw.work_until_idle()
    assert trace.hw.get(job).state == "completed"
    assert sorted(seen) == sorted(f"{site}/{file}" for site in "abc" for file in FILES)


def test_an_async_keyed_loop_has_a_ledger_for_each_member_around_it(trace: Trace) -> None:
    """The same in an `async def` job, whose outer members come in another order later."""
    seen: list[str] = []

    async def work(ctx: AsyncContext) -> None:
        async for site in ctx.track("abc" if ctx.attempt == 1 else "cba", "sites", key=str):
            async for file in ctx.track(FILES, "files", key=str):
                if ctx.attempt == 1 and (site, file) == ("b", "x.css"):
                    raise ValueError("torn")
                seen.append(f"{site}/{file}")

    job = trace.run(work)
    trace.hw.retry(job)
    trace.hw.work_until_idle()
    assert sorted(seen) == sorted(f"{site}/{file}" for site in "abc" for file in FILES)


def test_keyed_loops_that_follow_each_other_have_ledgers_of_their_own(trace: Trace) -> None:
    """The second loop of one label does not take the keys of the first for its own."""
    seen: list[tuple[int, str]] = []

    def work(ctx: Context) -> None:
        for round_ in range(2):
            for file in ctx.track(FILES, "files", key=str):
                if ctx.attempt == 1 and (round_, file) == (1, "x.css"):
                    raise ValueError("torn")
                seen.append((round_, file))

    trace.hw.retry(trace.run(work))
    trace.hw.work_until_idle()
    assert seen == [(round_, file) for round_ in range(2) for file in FILES]


def test_a_label_is_open_in_one_thread_at_a_time(trace: Trace) -> None:
    """Two loops of one label at one place at once are refused; a later attempt would swap their cursors."""
    refused: list[BaseException] = []

    def work(ctx: Context) -> None:
        def other() -> None:
            with pytest.raises(InvalidInput, match="Give each its own label") as problem:
                list(ctx.track(range(3), "copy"))
            refused.append(problem.value)

        for _ in ctx.track(range(1), "copy"):
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()

    assert (trace.run(work).state, len(refused)) == ("completed", 1)


@pytest.mark.parametrize("key", [None, str], ids=["by position", "by key"])
def test_tracks_are_not_zipped(trace: Trace, key: Any) -> None:
    """zip(track, track) is refused at the second pair: a later attempt would pair other members."""
    seen = []

    def work(ctx: Context) -> None:
        for pair in zip(ctx.track([1, 2, 3], "a", key=key), ctx.track([1, 2, 3], "b", key=key), strict=True):
            seen.append(pair)  # noqa: PERF402 - the loop is what is tested

    job = trace.run(work)
    assert job.error
    assert (job.state, "Track the zip" in str(job.error.message), seen) == ("failed", True, [(1, 1)])


@pytest.mark.parametrize(
    ("iterable", "options"),
    [
        (range(4), {"total": "x"}), (range(4), {"total": float("nan")}), (range(4), {"total": 1.5}),
        (range(4), {"total": -1}), (range(4), {"total": True}), (5, {}), (range(4), {"key": 5}),
        (range(4), {"unit": 5}),
    ],
)  # fmt: skip
def test_what_can_not_be_tracked_is_refused_before_the_job_begins(
    trace: Trace, iterable: Any, options: dict[str, Any]
) -> None:
    """InvalidInput with a sentence, and no job."""
    with pytest.raises(InvalidInput, match="expected"):
        trace.hw.track(iterable, "x", show=False, **options)
    assert trace.hw.jobs() == []


@pytest.mark.parametrize("said", [{"add": 1.5}, {"add": True}, {"add": "1"}, {"data": [1]}, {"unit": 5}])
def test_progress_of_the_wrong_kind_is_refused(trace: Trace, said: dict[str, Any]) -> None:
    """InvalidInput at the call, not when it is stored."""

    def work(ctx: Context) -> None:
        with pytest.raises(InvalidInput, match="expected"):
            ctx.progress(**said)

    assert trace.run(work).state == "completed"


def test_a_label_that_looks_like_a_place_is_none(trace: Trace) -> None:
    """Signs that part the names of places stand in labels as well: members of one loop are never those of another."""
    seen: list[str] = []

    def work(ctx: Context) -> None:
        for label in ("copy #2", "sites[0] / copy"):
            seen.extend(f"{label}: {member}" for member in ctx.track(["a"], label, key=str))
        if ctx.attempt == 1:
            raise ValueError("torn")
        for time in range(2):
            seen.extend(f"{time}: {member}" for member in ctx.track(["a"], "copy", key=str))
        for site in ctx.track(["x"], "sites"):
            seen.extend(f"{site}: {member}" for member in ctx.track(["a"], "copy", key=str))

    job = trace.run(work)
    trace.hw.retry(job)
    trace.hw.work_until_idle()
    assert trace.state(job.id) == "completed"
    assert seen == ["copy #2: a", "sites[0] / copy: a", "0: a", "1: a", "x: a"]
