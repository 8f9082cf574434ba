"""Items that fail: tried again, counted, judged, and sent back by a verb."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

import headway
from headway import Conflict, Context, Headway, IllegalMove, InvalidInput, ItemAtHand, Job, Ledger, TooManyFailed
from headway.store import succession
from headway.tracker.outside import OutsideWork
from tests.contract.traces import Trace


class Broken(Exception):
    """What the work on an item raises."""


def _failing(*keys: str, times: int = 1 << 30) -> Any:
    """Work that fails for some keys, the first so many times; what it was called with."""
    seen: list[str] = []

    def one(item: ItemAtHand) -> None:
        seen.append(item.key)
        if item.key in keys and seen.count(item.key) <= times:
            raise Broken(f"{item.key} is torn")

    return one, seen


@headway.job("retry.one_fails")
def _one_fails(ctx: Context) -> None:
    ctx.map(_failing("b")[0], _added(ctx), concurrency=1)


@headway.job("retry.two_seasons")
def _two_seasons(ctx: Context, broken: bool = False) -> None:
    """Has no items itself; its children have failed ones."""
    children = [ctx.spawn(_one_fails if not broken else _fails_with_items, {}, key=key) for key in "ab"]
    ctx.gather(*children)


@headway.job("retry.fails_with_items")
def _fails_with_items(ctx: Context) -> None:
    ctx.map(_failing("b", times=1)[0] if ctx.attempt == 1 else _failing()[0], _added(ctx), max_failed=0)


def _added(ctx: Context) -> Ledger:
    files = ctx.items("files")
    files.add_many("ab")
    return files


def _run(trace: Trace, one: Any, keys: str = "abcd", **options: Any) -> Job:
    def work(ctx: Context) -> dict[str, Any]:
        files = ctx.items("files")
        files.add_many((key, None, 10) for key in keys)
        return ctx.map(one, files, concurrency=2, **options).to_dict()

    return trace.run(work)


def test_failed_items_are_told_apart(trace: Trace) -> None:
    """S1.26, S3.25: what fails is counted, with its error, and the job completes with one warning."""
    one, _ = _failing("b")
    job = _run(trace, one)
    assert job.result == {"done": 3, "failed": 1, "skipped": 0}
    assert (job.state, job.marks) == ("completed", {"with_warnings": "1"})
    assert job.progress
    assert (job.progress.failed, job.progress.done) == (1, 40)
    (failed,) = trace.hw.items(job, state="failed")
    assert failed.error
    assert (failed.key, failed.error.message, failed.attempts) == ("b", "Broken: b is torn", 1)
    assert trace.told(job.id, "warning") == ["warning"]


def test_a_failed_item_is_tried_again_after_a_pause(trace: Trace) -> None:
    """retries: further tries, doubling pauses apart, while the others go on."""
    one, seen = _failing("a", times=2)
    began = trace.clock.boot()
    job = _run(trace, one, retries=2)
    assert (job.result["done"], sorted(seen[:4]), seen[4:]) == (4, ["a", "b", "c", "d"], ["a", "a"])
    assert trace.clock.boot() - began == 3
    assert {item.key: item.attempts for item in trace.hw.items(job)} == {"a": 3, "b": 1, "c": 1, "d": 1}


def test_tries_count_over_the_attempts_of_a_job(trace: Trace) -> None:
    """retries: 1 + retries in the life of the job, however often it is cut off meanwhile."""
    seen: list[str] = []

    def work(ctx: Context) -> None:
        def one(key: str) -> None:
            seen.append(key)
            if key == "bad":
                raise Broken(key)
            trace.hw.pause(ctx.job_id)
            ctx.wait_asked(30)
            ctx.check()

        ctx.map(one, ["bad", *"abcd"], concurrency=1, retries=1)

    job = trace.run(work)
    for _ in range(5):
        if trace.hw.get(job).state == "paused":
            trace.hw.resume(job)
            trace.hw.work_until_idle()
    assert seen.count("bad") == 2
    assert [(item.key, item.attempts) for item in trace.hw.items(job, state="failed")] == [("bad", 2)]


def test_a_retry_by_a_user_begins_the_tries_anew(trace: Trace) -> None:
    """hw.retry(): what has failed gets all its tries again, and `attempts` goes on counting."""
    one, seen = _failing("b")
    job = _run(trace, one, retries=1, max_failed=0)
    assert seen.count("b") == 2
    trace.hw.retry(job)
    trace.hw.work_until_idle()
    assert seen.count("b") == 4
    assert trace.hw.items(job, state="failed")[0].attempts == 4


def test_too_many_failed_tells_what_was_tried(trace: Trace) -> None:
    """TooManyFailed counts the items that the map has tried, those that failed last among them."""
    job = trace.run(lambda ctx: ctx.map(lambda _: 1 / 0, range(20), concurrency=1, max_failed=0))
    assert job.error
    assert "1 of 1 items of 'items' failed, and at most 0 may" in job.error.message


@pytest.mark.parametrize(("given", "state"), [(0.0, "failed"), (1.0, "failed"), (2.0, "completed"), (0.9, "completed")])
def test_a_whole_float_is_a_count(trace: Trace, given: float, state: str) -> None:
    """max_failed: a number that is whole is a count, also where a signature made a float of it."""
    one, _ = _failing("a", "b")
    assert _run(trace, one, max_failed=given).state == state


def test_an_item_needs_a_key(trace: Trace) -> None:
    """An empty key is refused: it tells no item from another."""

    def work(ctx: Context) -> None:
        with pytest.raises(InvalidInput, match="key of an item is empty"):
            ctx.items("files").add("")

    assert trace.run(work).state == "completed"


@pytest.mark.parametrize(("most", "state"), [(1, "failed"), (2, "completed"), (0.4, "failed"), (0.5, "completed")])
def test_too_many_failed_items_fail_the_job(trace: Trace, most: float, state: str) -> None:
    """max_failed: a count, or a share under 1."""
    one, _ = _failing("a", "b")
    job = _run(trace, one, max_failed=most)
    assert job.state == state
    if state == "failed":
        assert job.error
        assert job.error.code == "too_many_failed"
        assert "2 of 4 items of 'files' failed" in job.error.message


def test_items_that_failed_before_a_pause_count(trace: Trace) -> None:
    """max_failed: a count is that of the whole job, however often it was cut off meanwhile."""

    def work(ctx: Context) -> None:
        def one(key: str) -> None:
            if key in "ac":
                raise Broken(key)
            if key == "b" and ctx.attempt == 1:
                trace.hw.pause(ctx.job_id)
                ctx.wait_asked(30)
                ctx.check()

        ctx.map(one, list("abcd"), concurrency=1, max_failed=1)

    job = trace.run(work)
    assert trace.state(job.id) == "paused"
    trace.hw.resume(job)
    trace.hw.work_until_idle()
    error = trace.hw.get(job).error
    assert error
    assert (trace.state(job.id), error.code) == ("failed", "too_many_failed")


@pytest.mark.parametrize("items", [None, "failed"])
def test_a_retry_tries_failed_items_again(trace: Trace, items: str | None) -> None:
    """After a retry of a failed job what has failed is pending, what is done stays done."""
    one, seen = _failing("b", times=1)
    job = _run(trace, one, max_failed=0)
    assert trace.hw.retry(job, items=items).state == "pending"
    trace.hw.work_until_idle()
    assert trace.hw.get(job).result == {"done": 4, "failed": 0, "skipped": 0}
    assert sorted(seen) == ["a", "b", "b", "c", "d"]


def test_failed_items_of_a_completed_job_get_a_new_one(trace: Trace) -> None:
    """retry(items="failed") of what is completed: a successor works on the failed items, with a copy of the ledger."""
    one, seen = _failing("b", times=1)
    job = _run(trace, one)
    again = trace.hw.retry(job, items="failed")
    assert (again.restarted_from, again.state) == (job.id, "pending")
    trace.hw.work_until_idle()
    assert trace.hw.ledgers(again)[0].to_dict() == {
        "job_id": again.id, "ledger": "files", "total": 4, "pending": 0, "done": 4, "failed": 0, "skipped": 0,
        "duplicates": 0, "size": 40.0, "size_done": 40.0, "size_saved": 0.0,
    }  # fmt: skip
    assert trace.hw.get(again).result == {"done": 4, "failed": 0, "skipped": 0}
    assert sorted(seen) == ["a", "b", "b", "c", "d"]
    assert trace.hw.ledgers(job)[0].failed == 1


def test_a_new_job_of_failed_items_begins_the_tries_anew(trace: Trace) -> None:
    """retry(items="failed") of what is completed: what has failed gets all its tries again; `attempts` goes on."""
    one, seen = _failing("b")
    job = _run(trace, one, retries=1)
    assert seen.count("b") == 2
    again = trace.hw.retry(job, items="failed")
    trace.hw.work_until_idle()
    assert seen.count("b") == 4
    assert trace.hw.items(again, state="failed")[0].attempts == 4


def test_who_retries_a_completed_job_is_told_of_its_failed_items(trace: Trace) -> None:
    """The refusal names what can be done: the failed items alone are tried again."""
    job = _run(trace, _failing("b", times=1)[0])
    with pytest.raises(IllegalMove, match=r"but retry of its failed items \(--items failed"):
        trace.hw.retry(job)


def test_a_retry_of_failed_items_counts_once(trace: Trace) -> None:
    """G12: asked again while its new job is open, it is that job; when that has ended, another one."""
    one, _ = _failing("b")
    job = _run(trace, one)
    again = [trace.hw.retry(job, items="failed").id for _ in range(3)]
    trace.hw.work_until_idle()
    assert len({*again}) == 1
    assert trace.hw.retry(job, items="failed").id != again[0]


def test_retries_at_the_same_moment_are_one_job(live: Headway) -> None:
    """G12: several callers get one and the same new job."""
    done = live.submit(_one_fails)
    live.work_until_idle()
    with ThreadPoolExecutor(4) as callers:
        got = list(callers.map(lambda _: live.retry(done, items="failed").id, range(8)))
    assert len(set(got)) == 1


def test_a_copy_that_is_cut_off_goes_on(trace: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    """G6, S1.36: an attempt that ends in the middle of the copying leaves the rest to the next one; nothing is lost."""
    monkeypatch.setattr(succession, "CHUNK", 2)
    one, seen = _failing("b", times=1)
    job = _run(trace, one)
    again = trace.hw.retry(job, items="failed")
    row = trace.row(again.id)
    trace.claim(again.id)
    for _ in range(2):
        write = succession.next_write(trace.database, trace.row(again.id))
        assert write is not None
        trace.database.write(write)
    assert 0 < len(list(trace.hw.items(again, "files"))) <= 4
    trace.end(again.id, row.attempt + 1, 1, "leave")
    trace.hw.resume(again)
    trace.hw.work_until_idle()
    assert (trace.hw.get(again).state, sorted(seen)) == ("completed", ["a", "b", "b", "c", "d"])
    assert trace.hw.ledgers(again)[0].total == 4


def test_a_copy_of_a_deleted_job_fails(trace: Trace) -> None:
    """G6: where the items to begin with are gone, the new job fails and says so, and does nothing twice."""
    one, seen = _failing("b")
    job = _run(trace, one)
    again = trace.hw.retry(job, items="failed")
    trace.hw.delete(job)
    trace.hw.work_until_idle()
    error = trace.hw.get(again).error
    assert error
    assert (error.code, "which was deleted" in error.message, len(seen)) == ("not_found", True, 4)


@headway.job("retry.undo")
def _undo(ctx: Context, key: str) -> None:
    """Undoes the work on an item."""


def _undoable(trace: Trace) -> Job:
    """A completed job one of whose items has failed; the others are done and can be undone."""

    def one(item: ItemAtHand) -> None:
        if item.key == "b":
            raise Broken(item.key)
        headway.current_context().undo(_undo, {"key": item.key})  # type: ignore[union-attr]

    return _run(trace, one)


def test_no_rollback_while_a_successor_takes_the_items_for_done(trace: Trace) -> None:
    """G15: a job is not rolled back while the job of its failed items is open, as a dry run tells; afterwards it is."""
    job = _undoable(trace)
    again = trace.hw.retry(job, items="failed")
    with pytest.raises(Conflict, match="takes the others for done"):
        trace.hw.rollback(job, dry_run=True)
    with pytest.raises(Conflict, match="takes the others for done") as refused:
        trace.hw.rollback(job)
    assert (refused.value.job_id, trace.hw.get(job).state) == (again.id, "completed")
    trace.hw.cancel(again)
    trace.hw.rollback(job)
    trace.hw.work_until_idle()
    assert trace.hw.get(job).state == "rolled_back"


def test_a_copy_of_a_job_that_was_rolled_back_fails(trace: Trace) -> None:
    """G15: what is undone is copied nowhere as done, not even by a job that failed before it could copy."""
    job = _undoable(trace)
    again = trace.hw.retry(job, items="failed")
    trace.claim(again.id)
    trace.end(again.id, 1, 1, "fail")
    trace.hw.rollback(job)
    trace.hw.retry(again)
    trace.hw.work_until_idle()
    found = trace.hw.get(again)
    assert found.error
    assert (found.state, found.error.code, trace.hw.ledgers(again)) == ("failed", "conflict", [])


def test_failed_items_below_a_job_are_told_and_found(hw: Headway) -> None:
    """Who asks a completed parent for its failed items reads which jobs below it have them."""
    parent = hw.submit(_two_seasons)
    hw.work_until_idle()
    assert hw.get(parent).state == "completed"
    with pytest.raises(IllegalMove, match=r"no failed items .*; jobs below it have: 2 3\. Retry these\."):
        hw.retry(parent, items="failed")
    assert [hw.retry(number, items="failed").restarted_from for number in (2, 3)] == [hw.get(n).id for n in (2, 3)]


def test_a_failed_parent_takes_failed_items_below_along(hw: Headway) -> None:
    """A failed job without items of its own sends back the tree, as a retry without items does."""
    parent = hw.submit(_two_seasons, {"broken": True})
    hw.work_until_idle()
    assert (hw.get(parent).state, hw.get(2).state) == ("failed", "failed")
    hw.retry(parent, items="failed")
    hw.work_until_idle()
    assert [hw.get(number).state for number in (1, 2, 3)] == ["completed"] * 3


def test_a_refused_retry_changes_nothing(trace: Trace) -> None:
    """G7: where another job has the context, failed items stay failed, and a later retry tries them."""
    one, seen = _failing("b", times=1)

    def work(ctx: Context) -> int:
        ctx.items("files").add_many("ab")
        return ctx.map(one, ctx.items("files"), concurrency=1, max_failed=0).done

    headway.job("retry.context", recover=False)(work)
    place: dict[str, Any] = {"context_id": "vm", "one_per_context": True}
    job = trace.hw.submit("retry.context", **place)
    trace.hw.work_until_idle()
    other = trace.hw.submit("nobody.has.it", **place)
    with pytest.raises(Conflict):
        trace.hw.retry(job, items="failed")
    assert trace.hw.ledgers(job)[0].failed == 1
    trace.hw.cancel(other)
    trace.hw.retry(job, items="failed")
    trace.hw.work_until_idle()
    assert (trace.hw.get(job).result, seen) == (2, ["a", "b", "b"])


def test_a_runner_outside_gets_its_items_too(trace: Trace) -> None:
    """S1.36: a claim over HTTP finds the failed items pending, or copied, or fails where they are gone."""
    one, _ = _failing("b")
    outside = OutsideWork(trace.hw)
    job = _run(trace, one, max_failed=0)
    trace.hw.retry(job)
    assert outside.claim([job.type], ["default"], "far away")
    assert [known.failed for known in trace.hw.ledgers(job)] == [0]
    done = _run(trace, one)
    copies = trace.hw.retry(done, items="failed")
    assert outside.claim([done.type], ["default"], "far away")
    assert [(known.done, known.pending) for known in trace.hw.ledgers(copies)] == [(3, 1)]
    gone = trace.hw.retry(_run(trace, one), items="failed")
    trace.hw.delete(str(gone.restarted_from))
    assert outside.claim([gone.type], ["default"], "far away") is None
    assert trace.hw.get(gone).state == "failed"


def test_what_fails_after_a_retry_stays_failed(trace: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    """A retry sets back what had failed before it, also in several steps, and nothing that fails in a later attempt."""
    monkeypatch.setattr(succession, "CHUNK", 1)
    one, seen = _failing("a", "b")

    def work(ctx: Context) -> None:
        ctx.items("files").add_many("abc")
        with suppress(TooManyFailed):
            ctx.map(one, ctx.items("files"), concurrency=1, max_failed=0.5)
        if ctx.attempt == 2:
            trace.hw.pause(ctx.job_id)
            ctx.check()
        if ctx.attempt == 1:
            raise Broken("once")

    job = trace.run(work)
    trace.hw.retry(job)
    trace.hw.work_until_idle()
    trace.hw.resume(job)
    trace.hw.work_until_idle()
    assert (trace.hw.get(job).state, sorted(seen)) == ("completed", ["a", "a", "b", "b", "c"])


def test_a_retry_of_items_needs_failed_ones(trace: Trace) -> None:
    """Where nothing has failed there is nothing to try again."""
    one, _ = _failing()
    job = _run(trace, one)
    with pytest.raises(IllegalMove, match="no failed items"):
        trace.hw.retry(job, items="failed")
    with pytest.raises(InvalidInput, match="expected 'failed'"):
        trace.hw.retry(job, items="all")


def test_a_warning_is_given_once(trace: Trace) -> None:
    """A later attempt that finds the failed items of an earlier one does not warn again."""

    def work(ctx: Context) -> None:
        ctx.map(lambda _: 1 / 0, ["a"])
        if ctx.attempt == 1:
            trace.hw.pause(ctx.job_id)
            ctx.check()

    job = trace.run(work)
    trace.hw.resume(job)
    trace.hw.work_until_idle()
    assert trace.hw.get(job).warnings == 1


def test_a_skipped_item_is_neither_done_nor_failed(trace: Trace) -> None:
    """skip() passes an item over, with its reason."""
    job = _run(trace, lambda item: item.skip("too old") if item.key == "c" else None)
    assert job.result == {"done": 3, "failed": 0, "skipped": 1}
    (skipped,) = trace.hw.items(job, state="skipped")
    assert skipped.error
    assert (skipped.key, skipped.error.code, skipped.error.message) == ("c", "skipped", "too old")
