"""What is kept of an item: values, sizes, hashes, status, and what a transaction stores with it."""

from __future__ import annotations

from typing import Any

import pytest

from headway import Context, InvalidInput, ItemAtHand, Job, Ledger, Unstorable
from tests.contract.traces import Trace


def _map(trace: Trace, one: Any, *members: Any, **options: Any) -> Job:
    """A job that works through a ledger of these members, one at a time."""

    def work(ctx: Context) -> None:
        files = ctx.items("files")
        files.add_many(members)
        ctx.map(one, files, concurrency=1, **options)

    return trace.run(work)


def test_all_that_is_known_of_an_item_is_stored(trace: Trace) -> None:
    """S1.3: state, attempts, hash, size, status code, data and error of each item, read back as they were given."""

    def one(item: ItemAtHand) -> dict[str, Any]:
        assert (item.key, item.value, item.attempt, item.size) == ("a", {"depth": 1}, 1, 7.0)
        item.save(hash="ab12", status_code=200, size=9, title="A")
        assert item.data == {"title": "A"}
        return {"links": 3}

    (item,) = trace.hw.items(_map(trace, one, ("a", {"depth": 1}, 7)))
    assert (item.state, item.attempts, item.value) == ("done", 1, {"depth": 1})
    assert (item.hash, item.size, item.status_code, item.error) == ("ab12", 9.0, 200, None)
    assert item.data == {"title": "A", "links": 3}


def test_duplicates_by_content_are_counted_and_linked(trace: Trace) -> None:
    """S1.36: the first item with a hash is the original, later ones name it and save their size."""
    seen = {}

    def one(item: ItemAtHand) -> None:
        item.save(hash=item.value)
        seen[item.key] = item.duplicate_of

    job = _map(trace, one, ("a", "x1", 10), ("b", "y2", 20), ("c", "x1", 10), ("d", "x1", 10))
    assert seen == {"a": None, "b": None, "c": "a", "d": "a"}
    counts = trace.hw.ledgers(job)[0]
    assert (counts.total, counts.duplicates, counts.size, counts.size_saved) == (4, 2, 50.0, 20.0)
    assert [item.duplicate_of for item in trace.hw.items(job)] == [None, None, "a", "a"]


def test_the_original_of_a_duplicate_is_known_to_a_later_attempt(trace: Trace) -> None:
    """S1.36: hashes of earlier attempts are found in the database."""

    def one(item: ItemAtHand) -> None:
        item.save(hash="same")
        if item.key == "b" and item.attempt == 1:
            raise ValueError("torn")

    def work(ctx: Context) -> None:
        files = ctx.items("files")
        files.add_many("ab")
        ctx.map(one, files, concurrency=1, max_failed=0)

    job = trace.run(work)
    trace.hw.retry(job)
    trace.hw.work_until_idle()
    assert [item.duplicate_of for item in trace.hw.items(job)] == [None, "a"]
    assert trace.hw.ledgers(job)[0].duplicates == 1


def test_bytes_own_the_percentage_where_sizes_are_known(trace: Trace) -> None:
    """S3.11: one owner: with sizes it is bytes, and progress() of an item moves it within."""
    seen = []

    def one(item: ItemAtHand) -> None:
        item.progress(add=(item.size or 0) / 2)
        trace.hw._office.recorder.flush()
        progress = trace.hw.get(job_id[0]).progress
        assert progress
        seen.append((progress.done, progress.total, progress.percent))

    job_id: list[str] = []

    def work(ctx: Context) -> None:
        job_id.append(ctx.job_id)
        files = ctx.items("files")
        files.add_many([("a", None, 60), ("b", None, 40)])
        ctx.map(one, files, concurrency=1)

    job = trace.run(work)
    assert seen == [(30, 100, 30), (80, 100, 80)]
    assert job.progress
    assert (job.progress.unit, job.progress.done, job.progress.percent) == ("B", 100, 100)


def test_what_an_interrupted_item_has_saved_is_there_again(trace: Trace) -> None:
    """S1.30: an offset that save() kept is found by the next try at the item."""
    offsets = []

    def work(ctx: Context) -> None:
        def one(item: ItemAtHand) -> None:
            offsets.append(item.data.get("offset", 0))
            item.save(offset=4096)
            if ctx.attempt == 1:
                trace.hw.pause(ctx.job_id)
                ctx.check()

        files = ctx.items("files")
        files.add("big", size=8192)
        ctx.map(one, files)

    job = trace.run(work)
    trace.hw.resume(job)
    trace.hw.work_until_idle()
    assert offsets == [0, 4096]
    assert trace.hw.ledgers(job)[0].total == 1


def test_a_transaction_stores_the_item_with_its_work(trace: Trace) -> None:
    """What a transaction writes for an item, and that it is done, are stored together or not at all."""
    trace.sql("CREATE TABLE page (key text)")

    def work(ctx: Context) -> None:
        def one(item: ItemAtHand) -> None:
            with ctx.transaction() as db:
                db.execute(trace.marked("INSERT INTO page VALUES (?)"), (item.key,))
                item.save(stored=item.attempt)
                if item.key == "b" and item.attempt == 1:
                    raise ValueError("torn")
            if item.key == "c":
                raise ValueError("after its work was stored")

        files = ctx.items("files")
        files.add_many("abc")
        ctx.map(one, files, concurrency=1, retries=1)

    job = trace.run(work)
    assert sorted(row[0] for row in trace.sql("SELECT key FROM page")) == ["a", "b", "c"]
    assert trace.hw.ledgers(job)[0].done == 3
    assert {item.key: item.data for item in trace.hw.items(job)} == {
        "a": {"stored": 1}, "b": {"stored": 2}, "c": {"stored": 1},
    }  # fmt: skip


def test_what_does_not_fit_fails_its_item_alone(trace: Trace) -> None:
    """G9: a result that can not be stored fails the item, with a sentence, and nothing else."""
    job = _map(trace, lambda item: {"bad": object()} if item.key == "b" else {"ok": 1}, "a", "b", "c")
    (failed,) = trace.hw.items(job, state="failed")
    assert failed.error
    assert failed.error.code == "unstorable"
    assert trace.hw.ledgers(job)[0].done == 2


@pytest.mark.parametrize(
    "member",
    [
        ("a", object()), ("a", None, -1), ("a", None, "big"), ("a", None, True), (), ("a", 1, 2, 3), "x" * 2001,
        "ж" * 1001,
    ],
    ids=["value", "negative", "text", "bool", "empty", "too many", "long", "long in bytes"],
)  # fmt: skip
def test_a_member_that_can_not_be_kept_is_refused(trace: Trace, member: Any) -> None:
    """G9: bad members are refused with a word, before anything of them is stored."""

    def work(ctx: Context) -> int:
        files = ctx.items("files")
        with pytest.raises((InvalidInput, Unstorable)):
            files.add_many([member])
        return len(files)

    assert trace.run(work).result == 0


@pytest.mark.parametrize(
    "given", [{"hash": ""}, {"hash": "x" * 501}, {"status_code": "ok"}, {"size": -1}, {"x": {1, object()}}]
)
def test_what_can_not_be_saved_is_refused(trace: Trace, given: dict[str, Any]) -> None:
    """G9: bad facts about an item are refused with a word, and what was known of it stays."""

    def one(item: ItemAtHand) -> None:
        item.save(hash="good", known=1)
        with pytest.raises((InvalidInput, Unstorable)):
            item.save(**given)

    (item,) = trace.hw.items(_map(trace, one, "a"))
    assert (item.hash, item.data, item.state) == ("good", {"known": 1}, "done")


def test_keys_of_any_text_are_members(trace: Trace) -> None:
    """What a database can not hold is escaped, and two keys stay two."""
    keys = ["a\x00b", "ab", "\ud800", "ключ", " ", 17, ("t", None)]
    assert len(trace.hw.items(_map(trace, lambda _: None, *keys))) == len(keys)


def test_totals_of_an_older_release_are_counted(trace: Trace) -> None:
    """A ledger without totals is counted once, and goes on from there."""

    def work(ctx: Context) -> int:
        files = ctx.items("files")
        files.add_many([("a", None, 5), ("b", None, 7)])
        for item in files:
            if item.key == "b" and ctx.attempt == 1:
                raise ValueError("torn")
        return len(files)

    job = trace.run(work)
    trace.sql("DELETE FROM ledgers")
    (counts,) = trace.hw.ledgers(job)
    assert (counts.total, counts.done, counts.size, counts.size_done) == (2, 1, 12.0, 5.0)
    trace.hw.retry(job)
    trace.hw.work_until_idle()
    assert trace.hw.get(job).result == 2
    assert trace.hw.ledgers(job)[0].done == 2


def test_items_own_the_percentage_while_any_has_no_size(trace: Trace) -> None:
    """S3.11: a frontier whose members get their sizes when they are fetched counts members; none claims its end."""
    seen = []

    def one(item: ItemAtHand) -> None:
        if item.key != "page 5":
            pages[0].add(f"page {int(item.key[-1]) + 1}")
        item.save(size=1000)
        trace.hw._office.recorder.flush()
        progress = trace.hw.get(item.job_id).progress
        assert progress
        seen.append((progress.done, progress.total, progress.unit, progress.percent))

    pages: list[Ledger] = []

    def work(ctx: Context) -> None:
        pages.append(ctx.items("pages"))
        pages[0].add_many([("page 1", None, 500), "page 2"])
        ctx.map(one, pages[0], concurrency=1)

    job = trace.run(work)
    assert seen == [(0, 2, None, 0), (1, 3, None, 33), (2, 4, None, 50), (3, 5, None, 60), (4, 5, None, 80)]
    assert job.progress
    assert (job.progress.done, job.progress.note) == (5, "total grew to 5")


def test_what_comes_without_a_size_ends_the_count_of_bytes(trace: Trace) -> None:
    """A ledger of sizes that gets a member without one counts items from there on, and tells why the bar steps back."""
    seen = []

    def one(item: ItemAtHand) -> None:
        if item.key == "b":
            files[0].add_many(["c", "d", "e"])
        trace.hw._office.recorder.flush()
        progress = trace.hw.get(item.job_id).progress
        assert progress
        seen.append((progress.done, progress.total, progress.unit, progress.percent, progress.note))

    files: list[Ledger] = []

    def work(ctx: Context) -> None:
        files.append(ctx.items("files"))
        files[0].add_many([("a", None, 90), ("b", None, 10)])
        ctx.map(one, files[0], concurrency=1)

    trace.run(work)
    assert seen[:3] == [
        (0, 100, "B", 0, None),
        (1, 5, "items", 20, "total grew by items without a size"),
        (2, 5, "items", 40, "total grew by items without a size"),
    ]
