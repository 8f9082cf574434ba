"""Tracked loops: counted, stopped between members, and going on after the last one."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import headway
from headway import AlreadyRunning, Context, Halt, Headway, InvalidInput, Job
from headway.runtime.loop import Loop
from tests.contract.traces import Trace

MEMBERS = list("abcdefgh")


def _percent(job: Job) -> int | None:
    return job.progress.percent if job.progress else None


def _done(job: Job) -> int:
    return job.progress.done if job.progress else 0


def _leave(trace: Trace, ctx: Context, how: str) -> None:
    """The attempt ends here: by a pause, a lost lease or an error."""
    if how == "pause":
        trace.hw.pause(ctx.job_id)
    elif how == "loss":
        ctx.settle()
        trace.make(ctx.job_id, "sweep", "lose")
        raise Halt("lease_lost")
    else:
        raise ValueError("torn")


def _again(trace: Trace, job: Job) -> Job:
    if trace.state(job.id) == "paused":
        trace.hw.resume(job)
    elif trace.state(job.id) == "failed":
        trace.hw.retry(job)
    trace.hw.work_until_idle()
    return trace.hw.get(job)


@pytest.mark.parametrize(
    ("how", "expected"),
    [("pause", "abcd|efgh"), ("loss", "abcd|defgh"), ("error", "abcd|defgh")],
    ids=["pause", "lost lease", "error"],
)
@pytest.mark.parametrize("key", [None, str], ids=["by position", "by key"])
def test_a_loop_goes_on_after_its_last_member(trace: Trace, how: str, expected: str, key: Any) -> None:
    """A member is done when the next one is asked for: done ones are not handed out again, one under way is."""
    seen: list[str] = []

    def work(ctx: Context) -> None:
        for member in ctx.track(MEMBERS, "copy", key=key):
            seen.append(member)
            if member == "d" and ctx.attempt == 1:
                seen.append("|")
                _leave(trace, ctx, how)

    job = _again(trace, trace.run(work, recover=True))
    assert "".join(seen) == expected
    assert (job.state, _done(job), _percent(job)) == ("completed", 8, 100)


@pytest.mark.parametrize("at", range(6))
def test_nested_loops_go_on_where_both_stood(trace: Trace, at: int) -> None:
    """The inner loop goes on after its cursor only inside the member of the outer one where it stood."""
    seen = []

    def work(ctx: Context) -> None:
        for site in ctx.track(["x", "y"], "sites"):
            for page in ctx.track(range(3), "pages"):
                seen.append((site, page))
                if ctx.attempt == 1 and len(seen) == at + 1:
                    _leave(trace, ctx, "pause")

    job = _again(trace, trace.run(work))
    assert seen == [(site, page) for site in "xy" for page in range(3)]
    assert job.state == "completed"


def test_loops_with_one_label_have_cursors_of_their_own(trace: Trace) -> None:
    """Two loops one after the other under one name are numbered in their order."""
    seen = []

    def work(ctx: Context) -> None:
        for round_ in range(2):
            for member in ctx.track(range(3), "copy"):
                seen.append((round_, member))
                if ctx.attempt == 1 and (round_, member) == (1, 1):
                    _leave(trace, ctx, "pause")

    _again(trace, trace.run(work))
    assert seen == [(n, member) for n in range(2) for member in range(3)]


def test_a_keyed_loop_does_not_mind_the_order(trace: Trace) -> None:
    """With a key, done members are remembered one by one; new ones may appear anywhere."""
    seen: list[str] = []

    def work(ctx: Context) -> None:
        members = MEMBERS if ctx.attempt == 1 else ["new", *MEMBERS[::-1]]
        for member in ctx.track(members, "copy", key=str):
            seen.append(member)
            if member == "c" and ctx.attempt == 1:
                _leave(trace, ctx, "pause")

    _again(trace, trace.run(work))
    assert seen == ["a", "b", "c", "new", "h", "g", "f", "e", "d"]


def test_keys_may_be_any_text(trace: Trace) -> None:
    """What a database can not hold is escaped, and two keys stay two."""
    keys = ["a\x00b", "ab", "\ud800", "ключ", "", " "]

    def work(ctx: Context) -> int:
        return sum(1 for _ in ctx.track(keys, "copy", key=str))

    assert trace.run(work).result == len(keys)


def test_a_loop_that_is_left_early_leaves_the_job_alone(trace: Trace) -> None:
    """break in a loop of a job is the job's own affair; the count stays as it is."""

    def work(ctx: Context) -> str:
        for member in ctx.track(range(10), "search"):
            if member == 3:
                break
        return "found"

    job = trace.run(work)
    assert (job.state, job.result) == ("completed", "found")
    assert trace.hw.checkpoint(job)["cursors"]["search"]["done"] == 3


@pytest.mark.parametrize("key", [None, str], ids=["by position", "by key"])
def test_an_error_of_the_source_fails_the_job(trace: Trace, key: Any) -> None:
    """What the iterable raises passes on; members before it are done, and not handed out again by a retry."""
    seen: dict[int, int] = {}

    def source(attempt: int) -> Iterator[int]:
        yield from range(3)
        if attempt == 1:
            raise ConnectionError("the listing broke off")
        yield 3

    def work(ctx: Context) -> None:
        for member in ctx.track(source(ctx.attempt), "pages", key=key):
            seen[member] = ctx.attempt

    job = trace.run(work)
    assert job.error
    assert job.error.message == "ConnectionError: the listing broke off"
    assert trace.hw.checkpoint(job)["cursors"]["pages"]["done"] == 3
    assert (_again(trace, job).state, seen) == ("completed", {0: 1, 1: 1, 2: 1, 3: 2})


@pytest.mark.parametrize(("total", "percent"), [(None, None), (8, 50)], ids=["unknown", "told"])
def test_a_total_is_known_or_told(trace: Trace, total: int | None, percent: int | None) -> None:
    """A source without a length has no percentage, unless the total is given: unknown is not 0."""
    seen = []

    def work(ctx: Context) -> None:
        for n, _ in enumerate(ctx.track(iter(MEMBERS), "copy", total=total)):
            if n == 4:
                ctx.settle()
                seen.append(_percent(trace.hw.get(ctx.job_id)))

    trace.run(work)
    assert seen == [percent]


def test_more_members_than_announced_raise_the_total(trace: Trace) -> None:
    """A total that was too small grows, and the progress says so."""

    def work(ctx: Context) -> None:
        for _ in ctx.track(iter(range(10)), "copy", total=4):
            ctx.settle()

    job = trace.run(work)
    assert job.progress
    assert (job.progress.done, job.progress.total) == (10, 10)
    assert str(job.progress.note).startswith("total grew to")


def test_an_empty_loop_is_no_error(trace: Trace) -> None:
    """Nothing to do is done."""

    def work(ctx: Context) -> list[int]:
        return list(ctx.track([], "copy"))

    assert trace.run(work).result == []


def test_a_loop_without_members_is_counted_by_hand(trace: Trace) -> None:
    """track(total=n) has add(n), inside `with` or without."""
    seen = []

    def work(ctx: Context) -> None:
        counted: Loop[int] = ctx.track(total=100, label="bytes", unit="B")
        with counted as loop:
            for _ in range(4):
                loop.add(25)
                ctx.settle()
                progress = trace.hw.get(ctx.job_id).progress
                assert progress
                seen.append((progress.percent, progress.unit))

    assert trace.run(work).state == "completed"
    assert seen == [(25, "B"), (50, "B"), (75, "B"), (99, "B")]


def test_a_count_by_hand_goes_on_where_it_stood(trace: Trace) -> None:
    """Entered with `with`, such a loop knows what earlier attempts have done."""
    begun = []

    def work(ctx: Context) -> None:
        counted: Loop[int] = ctx.track(total=10, label="rows")
        with counted as loop:
            begun.append(loop.done)
            while loop.done < 10:
                if loop.done == 6 and ctx.attempt == 1:
                    _leave(trace, ctx, "loss")
                loop.add(2)

    job = _again(trace, trace.run(work, recover=True))
    assert (job.state, begun) == ("completed", [0, 6])


@pytest.mark.parametrize("members", ["a text", b"bytes"])
def test_a_text_is_no_collection(trace: Trace, members: Any) -> None:
    """track("Import") is a mistake for tracked; going over its letters would help nobody."""

    def work(ctx: Context) -> None:
        with pytest.raises(InvalidInput, match="use tracked"):
            ctx.track(members)

    assert trace.run(work).state == "completed"


def test_misuse_of_a_loop_is_said(trace: Trace) -> None:
    """Iterated twice, iterated without members, or counted backwards: each has its own message."""

    def work(ctx: Context) -> None:
        loop = ctx.track(range(2), "copy")
        list(loop)
        with pytest.raises(InvalidInput, match="goes over its members once"):
            list(loop)
        counted: Loop[int] = ctx.track(total=3, label="rows")
        with counted:
            with pytest.raises(InvalidInput, match="nothing to iterate over"):
                list(counted)
            with pytest.raises(InvalidInput, match="expected 0 or more"):
                counted.add(-1)

    assert trace.run(work).state == "completed"


def test_a_loop_without_an_end_can_be_stopped(live: Headway) -> None:
    """A request reaches a tight loop between two members, however fast it runs."""
    reached = threading.Event()

    def work(ctx: Context) -> None:
        for n in ctx.track(itertools.count(), "count"):
            if n == 10_000:
                reached.set()

    headway.job("loops.endless")(work)
    job = live.submit("loops.endless")
    with live.worker(slots=1):
        reached.wait()
        live.pause(job)
        paused = live.wait(job, until="paused")
        live.cancel(job)
    assert _done(paused) > 10_000
    assert live.checkpoint(job)["cursors"]["count"]["done"] == _done(paused)


def test_the_members_are_those_of_the_iterable(trace: Trace) -> None:
    """More members than one segment holds come out once, in order."""

    def work(ctx: Context) -> bool:
        return list(ctx.track(range(20_000), "copy")) == list(range(20_000))

    job = trace.run(work)
    assert (job.result, _done(job)) == (True, 20_000)


# A loop outside a job is a job of its own.


def _loop(hw: Headway, **options: Any) -> Loop[str]:
    return hw.track(MEMBERS, "Transfer", show=False, **options)


def _only(hw: Headway) -> Job:
    (job,) = hw.jobs()
    return job


def test_an_exhausted_loop_is_a_completed_job(hw: Headway) -> None:
    """for path in hw.track(paths, "Transfer"): the loop is a job with a name, a count and an end."""
    assert list(_loop(hw)) == MEMBERS
    job = _only(hw)
    assert (job.name, job.type, job.outside, job.state) == ("Transfer", "loop", True, "completed")
    assert (_done(job), _percent(job)) == (8, 100)


def test_a_loop_that_is_left_early_is_interrupted(hw: Headway) -> None:
    """Doors 7: a bare loop can not tell break from an error, so it is interrupted, with its count."""
    for member in _loop(hw):
        if member == "d":
            break
    job = _only(hw)
    assert (job.state, _done(job)) == ("interrupted", 3)


@pytest.mark.parametrize(
    ("error", "state"), [(None, "completed"), (ValueError("torn"), "failed"), (KeyboardInterrupt(), "interrupted")],
    ids=["break", "an error", "Ctrl-C"],
)  # fmt: skip
def test_a_loop_inside_with_knows_how_it_was_left(hw: Headway, error: BaseException | None, state: str) -> None:
    """Doors 7: break completes, an exception fails, Ctrl-C interrupts."""

    def use() -> None:
        with _loop(hw) as loop:
            for member in loop:
                if member == "d":
                    if error:
                        raise error
                    break

    if error:
        with pytest.raises(type(error)):
            use()
    else:
        use()
    assert _only(hw).state == state


def test_an_external_id_goes_on(hw: Headway) -> None:
    """Doors 8: the newest job of the external id goes on after its cursor if it is resumable."""
    for member in _loop(hw, external_id="nightly"):
        if member == "d":
            break
    assert list(_loop(hw, external_id="nightly")) == MEMBERS[3:]
    job = _only(hw)
    assert (job.state, job.attempt, _done(job)) == ("completed", 2, 8)


def test_an_external_id_that_has_ended_begins_anew(hw: Headway) -> None:
    """Doors 8: yesterday's run is over; today's is a new job."""
    for _ in range(2):
        assert list(_loop(hw, external_id="nightly")) == MEMBERS
    assert [job.state for job in hw.jobs()] == ["completed", "completed"]
    assert hw.get("nightly").id == hw.jobs()[0].id


def test_an_external_id_that_is_alive_is_refused(hw: Headway) -> None:
    """Doors 8: AlreadyRunning names the other job."""
    first = iter(_loop(hw, external_id="nightly"))
    assert next(first) == "a"
    with ThreadPoolExecutor(1) as elsewhere:
        second = elsewhere.submit(lambda: list(_loop(hw, external_id="nightly")))
        with pytest.raises(AlreadyRunning, match="headway cancel") as refused:
            second.result()
    assert refused.value.job_id == _only(hw).id
    assert list(first) == MEMBERS[1:]


def test_a_loop_inside_a_loop_joins_its_job(hw: Headway) -> None:
    """Doors 6: in the body of another tracked loop, a loop is a part of that job."""
    for member in _loop(hw):
        assert list(hw.track(range(3), f"parts of {member}", show=False)) == [0, 1, 2]
    job = _only(hw)
    assert (job.state, _done(job)) == ("completed", 8)


def test_a_loop_in_a_job_is_a_loop_of_that_job(hw: Headway, trace: Trace) -> None:
    """Doors 6: hw.track inside a job or a block makes no second job."""

    def work(ctx: Context) -> int:
        return len(list(_loop(hw)))

    assert trace.run(work).result == 8
    with hw.tracked("block", show=False):
        assert list(_loop(hw)) == MEMBERS
    assert sorted(job.name for job in hw.jobs()) == sorted(["block", hw.jobs()[1].name])


def test_a_paused_loop_waits_in_place(live: Headway) -> None:
    """Doors 9: a pause stops the loop between two members, a resume lets the same process go on."""
    reached, seen = threading.Event(), []

    def use() -> None:
        for member in live.track(MEMBERS, "Transfer", external_id="nightly", show=False):
            seen.append(member)
            if member == "d":
                reached.set()
                paused.wait()

    paused = threading.Event()
    using = threading.Thread(target=use)
    using.start()
    reached.wait()
    live.pause("nightly")
    paused.set()
    assert _done(live.wait("nightly", until="paused")) == 4
    assert seen == MEMBERS[:4]
    live.resume("nightly")
    using.join()
    job = live.get("nightly")
    assert (seen, job.state, job.attempt) == (MEMBERS, "completed", 2)
