"""Ledgers: members by key, counted, durable, and worked through by several at once."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from headway import Context, ItemAtHand, Job, current_context, current_item
from tests.contract.traces import Trace


def _again(trace: Trace, job: Job) -> Job:
    """The job goes on after whatever has stopped it."""
    state = trace.state(job.id)
    trace.hw.retry(job) if state == "failed" else trace.hw.resume(job)
    trace.hw.work_until_idle()
    return trace.hw.get(job)


def _nothing(_item: Any) -> None:
    """The work of an item that needs none."""


def test_a_key_is_known_once(trace: Trace) -> None:
    """S1.3: a key is a member once, whether it waits to be stored or is."""

    def work(ctx: Context) -> list[Any]:
        pages = ctx.items("pages")
        found = [pages.add("a"), pages.add("a"), pages.add_many(["a", "b", ("c", {"depth": 1}, 5), "b"])]
        ctx.settle()
        return [*found, pages.add("b"), len(ctx.items("pages")), pages.counts.size]

    assert trace.run(work).result == [True, False, 2, False, 3, 5.0]


def test_every_item_is_worked_on_once(trace: Trace) -> None:
    """S3.16: each item counts once, and done is the total at the end."""
    seen: list[str] = []

    def work(ctx: Context) -> dict[str, Any]:
        files = ctx.items("files")
        files.add_many(f"f{n}" for n in range(300))
        return ctx.map(lambda item: seen.append(item.key), files, concurrency=4).to_dict()

    job = trace.run(work)
    assert job.result == {"done": 300, "failed": 0, "skipped": 0}
    assert sorted(seen) == sorted(f"f{n}" for n in range(300))
    assert job.progress
    assert (job.progress.done, job.progress.total, job.progress.percent) == (300, 300, 100)


@pytest.mark.parametrize("ledger", [True, False], ids=["ledger", "members"])
def test_what_is_done_is_not_done_again(trace: Trace, ledger: bool) -> None:
    """S1.30: after a resume only what was not done is worked on, and the counts include what was."""
    seen: list[str] = []

    def work(ctx: Context) -> dict[str, Any]:
        def one(member: Any) -> None:
            key = member.key if ledger else member
            seen.append(key)
            if key == "d" and ctx.attempt == 1:
                trace.hw.pause(ctx.job_id)
                ctx.check()

        return ctx.map(one, _members(ctx, ledger, "abcdefgh"), concurrency=1).to_dict()

    job = _again(trace, trace.run(work))
    assert "".join(seen) == "abcddefgh"
    assert (job.state, job.result["done"]) == ("completed", 8)


def _members(ctx: Context, ledger: bool, keys: str) -> Any:
    """The keys themselves, or a ledger of them."""
    if not ledger:
        return list(keys)
    files = ctx.items("files")
    files.add_many(keys)
    return files


def test_a_ledger_grows_while_it_is_worked_through(trace: Trace) -> None:
    """A frontier: what the work on a page finds is worked through too, each key once."""
    seen: list[str] = []

    def work(ctx: Context) -> int:
        pages = ctx.items("pages")
        pages.add("1")

        def fetch(page: ItemAtHand) -> None:
            seen.append(page.key)
            pages.add_many(str(int(page.key) * 2 + n) for n in range(2) if int(page.key) < 128)

        ctx.map(fetch, pages, concurrency=3)
        return len(pages)

    assert trace.run(work).result == 255
    assert sorted(map(int, seen)) == list(range(1, 256))


def test_the_item_at_hand_is_known_everywhere(trace: Trace) -> None:
    """The function and what it calls find job and item; what it returns is merged into the item's data."""

    def deep() -> dict[str, Any]:
        item, context = current_item(), current_context()
        assert item
        assert context
        item.save(status_code=200, title=item.key.upper())
        return {"thread": threading.current_thread() is not threading.main_thread(), "job": context.job_id}

    job = trace.run(lambda ctx: ctx.map(lambda _: deep(), ["a", "b"], concurrency=2).done)
    first, second = trace.hw.items(job)
    assert (first.key, first.status_code, first.data) == ("a", 200, {"title": "A", "thread": True, "job": job.id})
    assert second.state == "done"
    assert current_item() is None


def test_a_loop_over_a_ledger_is_a_map_of_one(trace: Trace) -> None:
    """An item is done when the next one is asked for; it may add more."""
    seen = []

    def work(ctx: Context) -> None:
        pages = ctx.items("pages")
        pages.add_many(["a", "b"])
        for page in pages:
            assert current_item() is page
            seen.append(page.key)
            if page.key == "b" and ctx.attempt == 1:
                pages.add("c")
                raise ValueError("torn")

    job = _again(trace, trace.run(work))
    assert seen == ["a", "b", "b", "c"]
    assert [item.state for item in trace.hw.items(job)] == ["done"] * 3
