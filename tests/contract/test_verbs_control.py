"""Pause, resume, cancel, retry: each a request with an answer, and the answer is in the history."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

import headway
from headway import Context, Halt, Headway, IllegalMove, InvalidInput, Job
from tests.contract.traces import Trace


@pytest.mark.usefixtures("beside_the_store")
def test_a_request_is_kept_with_who_why_and_from_where(hw: Headway) -> None:
    """Rule 9: the event of a move that was asked for says who asked, why, and from where."""
    job = hw.submit("a")
    hw.pause(job, reason="the disk is full")
    event = list(hw.events(job))[-1]
    assert (event.kind, event.name, event.data["to"], event.data["by"]) == ("move", "pause", "paused", "user")
    assert (event.data["reason"], event.data["who"], event.data["via"]) == ("the disk is full", job.owner, "python")
    assert {"host", "pid"} <= event.data.keys()


def test_a_reason_of_any_text_is_kept(hw: Headway) -> None:
    """What a database can not hold is replaced, what is too long is cut; the request is never refused for it."""
    job = hw.submit("a")
    hw.pause(job, reason="a\x00b \ud800 " + "x" * 2000)
    reason = list(hw.events(job))[-1].data["reason"]
    assert reason.startswith("a\ufffdb ")
    assert len(reason) < 1100


def test_a_verb_returns_the_job_as_it_is_then(hw: Headway) -> None:
    """Pause, resume, cancel return that Job, whatever id it was asked by."""
    job = hw.submit("a", external_id="gui-17")
    assert hw.pause("gui-17").state == "paused"
    assert hw.resume(job.number).state == "pending"
    assert hw.cancel(job).state == "cancelled"
    assert hw.get(job).id == job.id


def test_a_running_job_halts_at_its_next_place(live: Headway) -> None:
    """A worker's job hears of a pause in its sleep, halts, and goes on from its checkpoint after the resume."""
    reached, seen = threading.Event(), []

    def work(ctx: Context) -> str:
        seen.append((ctx.attempt, dict(ctx.state)))
        if ctx.attempt == 1:
            ctx.checkpoint(page=7)
            reached.set()
            ctx.sleep(3600)
        return "done"

    headway.job("control.sleeper")(work)
    job = live.submit("control.sleeper")
    with live.worker(slots=1):
        reached.wait()
        assert live.pause(job).state in ("pausing", "paused")
        paused = live.wait(job, until="paused")
        assert (paused.attempt, paused.marks) == (1, {})
        live.resume(job)
        assert live.result(job) == "done"
    assert seen == [(1, {}), (2, {"page": 7})]


def test_a_request_is_told_when_it_is_delivered(trace: Trace) -> None:
    """Rule 9: asked, delivered, applied are each an event."""

    def work(ctx: Context) -> None:
        trace.hw.pause(ctx.job_id)
        ctx.check()

    job = trace.run(work)
    told = [(event.kind, event.name) for event in trace.hw.events(job)]
    assert told == [
        ("move", "submit"), ("move", "claim"), ("move", "pause"), ("control", "delivered"), ("move", "halt"),
    ]  # fmt: skip


def test_a_cancel_reaches_a_running_job_as_halt(trace: Trace) -> None:
    """Halt says why; what it left is kept, and the job ends cancelled."""
    why = []

    def work(ctx: Context) -> None:
        trace.hw.cancel(ctx.job_id)
        try:
            ctx.check()
        except Halt as halt:
            why.append(halt.why)
            raise

    assert (trace.run(work).state, why) == ("cancelled", ["cancel"])


def test_an_acknowledged_cancel_is_never_followed_by_success(trace: Trace) -> None:
    """G7: code that does not check and returns a result ends cancelled all the same; the result is kept."""

    def work(ctx: Context) -> str:
        assert trace.hw.cancel(ctx.job_id).state == "cancelling"
        return "too late"

    job = trace.run(work)
    assert (job.state, job.result) == ("cancelled", "too late")


def test_a_halt_that_nobody_asked_for_goes_back_to_the_queue(trace: Trace) -> None:
    """A pause that was taken back after the code had seen it: the work goes on in a new attempt."""

    def work(ctx: Context) -> int:
        if ctx.attempt == 1:
            trace.hw.pause(ctx.job_id)
            try:
                ctx.check()
            finally:
                trace.hw.resume(ctx.job_id)
        return ctx.attempt

    job = trace.run(work)
    assert (job.state, job.result) == ("completed", 2)


@pytest.fixture
def tree(hw: Headway) -> dict[str, Job]:
    """A root with two children, one of which has a child."""
    root = hw.submit("root")
    child = hw.submit("child", parent=root)
    return {"root": root, "child": child, "ended": hw.cancel(hw.submit("ended", parent=root)),
            "grandchild": hw.submit("grandchild", parent=child)}  # fmt: skip


def _states(hw: Headway, tree: dict[str, Job]) -> dict[str, str]:
    return {name: hw.get(job).state for name, job in tree.items()}


def test_pause_resume_and_cancel_reach_the_tree(hw: Headway, tree: dict[str, Job]) -> None:
    """A verb on the root is one on all open jobs below it; what has ended stays as it is."""
    for verb, state in ((hw.pause, "paused"), (hw.resume, "pending"), (hw.cancel, "cancelled")):
        verb(tree["root"])
        assert _states(hw, tree) == dict.fromkeys(tree, state) | {"ended": "cancelled"}


def test_a_verb_reaches_one_job_where_that_is_asked(hw: Headway, tree: dict[str, Job]) -> None:
    """scope="job" leaves the children alone; another word is refused."""
    hw.pause(tree["root"], scope="job")
    assert _states(hw, tree) == dict.fromkeys(tree, "pending") | {"root": "paused", "ended": "cancelled"}
    with pytest.raises(InvalidInput, match="expected 'tree'"):
        hw.pause(tree["root"], scope="all")  # type: ignore[call-overload]


def test_children_tell_whose_request_it_was(hw: Headway, tree: dict[str, Job]) -> None:
    """The event of a child names the root at which the verb was asked, and the reason."""
    hw.cancel(tree["root"], reason="wrong customer")
    event = list(hw.events(tree["grandchild"]))[-1]
    assert (event.data["root"], event.data["reason"]) == (tree["root"].id, "wrong customer")


def test_a_repeat_at_the_root_still_reaches_the_tree(hw: Headway, tree: dict[str, Job]) -> None:
    """A child that was added to a paused parent is paused by asking again."""
    hw.pause(tree["root"])
    tree["new"] = hw.submit("new", parent=tree["root"])
    hw.pause(tree["root"])
    assert hw.get(tree["new"]).state == "paused"


def test_a_refused_verb_changes_no_child(trace: Trace) -> None:
    """IllegalMove means that nothing has happened, below the job neither."""
    root = trace.reach("completed")
    child = trace.submit(parent=root)
    with pytest.raises(IllegalMove):
        trace.hw.cancel(root)
    assert trace.state(child) == "pending"


def test_a_retry_keeps_what_is_done(trace: Trace) -> None:
    """Finished steps stay, the error goes; the second attempt begins after what is recorded."""
    called: list[str] = []

    def work(ctx: Context) -> str:
        ctx.step("fetch", called.append, "fetch")
        if ctx.attempt == 1:
            raise ValueError("no route")
        return "done"

    failed = trace.run(work)
    assert failed.error
    assert (failed.state, failed.error.message) == ("failed", "ValueError: no route")
    again = trace.hw.retry(failed, reason="route is back")
    assert (again.state, again.error) == ("pending", None)
    trace.hw.work_until_idle()
    job = trace.hw.get(failed)
    assert (job.state, job.error, job.result, job.attempt, called) == ("completed", None, "done", 2, ["fetch"])


def test_a_failed_job_keeps_error_and_trace(trace: Trace) -> None:
    """code, message and traceback are on the job and on its attempt; the traceback names the line."""

    def work(ctx: Context) -> None:
        raise KeyError("customer")

    job = trace.run(work)
    assert job.error
    assert job.error.message == "KeyError: 'customer'"
    assert 'raise KeyError("customer")' in str(job.error.trace)
    assert trace.hw.attempts(job)[0].error == job.error


def test_a_job_that_ends_its_process_fails_alone(trace: Trace) -> None:
    """sys.exit in a job is an error of that job, not the end of the worker."""

    def work(ctx: Context) -> None:
        raise SystemExit(3)

    job = trace.run(work)
    assert job.error
    assert (job.state, job.error.message) == ("failed", "SystemExit: 3")


def test_what_is_possible_is_on_the_job(trace: Trace) -> None:
    """moves holds the verbs that would be taken now."""
    assert trace.hw.get(trace.reach("pending")).moves == ["pause", "cancel"]
    assert trace.hw.get(trace.reach("paused")).moves == ["resume", "cancel"]
    assert trace.hw.get(trace.reach("failed")).moves == ["retry"]
    assert trace.hw.get(trace.reach("completed")).moves == []


def test_two_requests_at_once_have_one_winner(live: Headway) -> None:
    """G7: of a pause and a cancel in the same moment each is applied in some order, and the job ends cancelled."""
    for _ in range(20):
        job, start = live.submit("a"), threading.Barrier(2)

        def pause(job: Job = job, start: threading.Barrier = start) -> None:
            start.wait()
            with suppress(IllegalMove):  # the cancel came first
                live.pause(job)

        other = threading.Thread(target=pause)
        other.start()
        start.wait()
        live.cancel(job)
        other.join()
        assert live.get(job).state == "cancelled"
