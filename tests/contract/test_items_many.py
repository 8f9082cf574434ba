"""Many items in one job: what stays in memory, and how pages and pending items are found."""

from __future__ import annotations

import tracemalloc

import pytest

import headway
from headway import Context, Headway, ItemAtHand
from headway.runtime import ledger, outbox, sources
from headway.store.sql import SQLITE, statement
from tests.contract.traces import Trace

MEGABYTE = 1 << 20
LEFT = "items_left (tenant=? AND job=? AND ledger=? AND state=? AND position>?)"


@headway.job("items.many")
def many(ctx: Context, items: int) -> dict[str, int]:
    """Adds so many items and does them, with no work at all."""
    pages = ctx.items("pages")
    pages.add_many(f"page-{n}" for n in range(items))
    return {"done": ctx.map(_nothing, pages, concurrency=2).done}


def _nothing(_item: object) -> None:
    """The work on an item."""


def _peak(hw: Headway, items: int) -> int:
    """Bytes that Python had at most, while a job did so many items."""
    job = hw.submit(many, {"items": items})
    tracemalloc.start()
    try:
        hw.work_until_idle()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert hw.result(job) == {"done": items}
    return peak


def test_memory_does_not_grow_with_a_ledger(live: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times as many items need no more memory: only the newest keys are known, and pending ones are paged."""
    monkeypatch.setattr(ledger, "REMEMBERED", 5_000)  # bounds that are reached with fewer items, in less time
    monkeypatch.setattr(outbox, "LONGEST_QUEUE", 2_000)
    few, more = _peak(live, 20_000), _peak(live, 60_000)
    assert more < few + 4 * MEGABYTE, (few, more)
    (counts,) = live.ledgers("@last")
    assert (counts.total, counts.done, counts.pending) == (60_000, 60_000, 0)


@pytest.mark.parametrize("fresh", [0, 10], ids=["paged", "mixed"])
def test_a_frontier_that_is_longer_than_memory_is_paged(
    trace: Trace, monkeypatch: pytest.MonkeyPatch, fresh: int
) -> None:
    """What does not fit into memory is read when its turn comes, in the order in which it was added, each once."""
    monkeypatch.setattr(sources, "MOST_FRESH", fresh)
    monkeypatch.setattr(ledger, "REMEMBERED", 7)
    seen: list[int] = []

    def work(ctx: Context) -> None:
        pages = ctx.items("pages")
        pages.add("0")

        def fetch(page: ItemAtHand) -> None:
            seen.append(int(page.key))
            pages.add_many(str(seen[-1] * 5 + n) for n in range(6) if seen[-1] < 60)

        ctx.map(fetch, pages, concurrency=1)

    job = trace.run(work)
    assert seen == list(range(301))
    assert trace.hw.ledgers(job)[0].total == 301


def test_pages_of_items_are_sought_by_their_index(hw: Headway) -> None:
    """A page is found by its key or position, however far it is: nothing before it is gone over, nothing sorted."""
    if hw._database.dialect != SQLITE:
        return  # what PostgreSQL plans depends on how much there is; its indexes are the same
    for name, given, sought in (
        ("items_page", {"after"}, "PRIMARY KEY (tenant=? AND job=? AND ledger=? AND key>?)"),
        ("items_page", {"state", "by_position"}, LEFT),
        ("items_left", set(), LEFT),
        ("item_with_hash", set(), "items_hash (tenant=? AND job=? AND ledger=? AND hash=?)"),
    ):
        text = statement(name, SQLITE, frozenset(given)).text
        with hw._database.transaction() as transaction:
            names = ("tenant", "job", "ledger", "key", "after", "behind", "state", "limit", "hash")
            plan = list(transaction.connection.execute(f"EXPLAIN QUERY PLAN {text}", dict.fromkeys(names, 1)))
        assert len(plan) == 1, (name, plan)
        assert plan[0][3].endswith(sought), (name, plan)


@pytest.mark.parametrize("state", [None, "done", "failed", "skipped", "pending"])
def test_pages_hold_every_item_once(trace: Trace, state: str | None) -> None:
    """Page after page, each item of a state comes once."""

    def work(ctx: Context) -> None:
        files = ctx.items("files")
        files.add_many(str(n) for n in range(23))

        def one(item: ItemAtHand) -> None:
            if int(item.key) % 4 == 1:
                raise ValueError("torn")
            if int(item.key) % 4 == 2:
                item.skip()

        ctx.map(one, files, concurrency=1)
        files.add_many(f"later {n}" for n in range(7))

    job = trace.run(work)
    listed = [item.key for item in trace.hw.items(job, state=state, limit=3).all()]
    everything = {item.key: item.state for item in trace.hw.items(job, limit=100)}
    assert len(listed) == len(set(listed))
    assert set(listed) == {key for key, was in everything.items() if state in (None, was)}


def test_rows_that_are_written_together_are_all_there(trace: Trace) -> None:
    """However many rows a report has, each is stored once, with what is its own, and entries keep their order."""

    def work(ctx: Context) -> None:
        ctx.items("files").add_many((f"{n:03}", {"n": n}, n) for n in range(557))
        for n in range(557):
            ctx.log(f"line {n}")

    job = trace.run(work)
    items = list(trace.hw.items(job, limit=200).all())
    assert [(item.key, item.value, item.size) for item in items] == [(f"{n:03}", {"n": n}, n) for n in range(557)]
    assert [line.data["text"] for line in trace.hw.logs(job, limit=1000)] == [f"line {n}" for n in range(557)]
