"""Undo: recorded before the effect, once per job; a rollback runs what was recorded from the last to the first."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import pytest

import headway
from headway import AsyncContext, Context, Headway, IllegalMove, InvalidInput, Job, NotSupported, Undo, Unstorable
from headway.store import claiming, sweeping
from headway.testing import Clock
from tests.contract.traces import Trace

UNDONE: list[Any] = []
BROKEN: set[Any] = set()


@headway.job("undo.remove")
def remove(ctx: Context, name: str) -> str:
    """Undoes what a test has made."""
    if name in BROKEN:
        raise OSError(f"{name} is in use")
    UNDONE.append(name)
    return f"{name} removed"


@headway.job("undo.close")
async def close(ctx: AsyncContext, name: str) -> None:
    """The same, as a coroutine."""
    await ctx.check()
    UNDONE.append(name)


@pytest.fixture(autouse=True)
def _nothing_undone() -> None:
    UNDONE.clear()
    BROKEN.clear()


def made(ctx: Context, *names: str) -> None:
    """Each name in a step of its own, with its undo."""
    for name in names:
        ctx.step(f"make {name}", lambda name=name: ctx.undo(remove, {"name": name}))


def finish(hw: Headway, job: Job) -> Job:
    """The job once nothing is due any more."""
    hw.work_until_idle()
    return hw.get(job)


def test_undos_are_kept_in_the_order_in_which_they_were_recorded(trace: Trace) -> None:
    """S0.44: each has a position, type, input, and the step that it was recorded in."""

    def work(ctx: Context) -> None:
        ctx.undo("undo.close", {"name": "first"})
        made(ctx, "a", "b")

    job = trace.run(work)
    found = [(undo.position, undo.type, undo.input["name"], undo.step, undo.state) for undo in trace.hw.undos(job)]
    assert found == [
        (1, "undo.close", "first", None, "recorded"),
        (2, "undo.remove", "a", "make a", "recorded"),
        (3, "undo.remove", "b", "make b", "recorded"),
    ]
    assert (job.undos, "rollback" in job.moves) == (3, True)


def test_an_undo_is_durable_before_it_returns(trace: Trace) -> None:
    """A12: the effect comes after, so a crash between the two leaves an undo too many, never one too few."""
    seen: list[Undo] = []

    def work(ctx: Context) -> None:
        ctx.undo(remove, {"name": "a"})
        seen.extend(trace.hw.undos(ctx.job_id))

    trace.run(work)
    assert [undo.input for undo in seen] == [{"name": "a"}]


def test_an_undo_counts_once_per_job(trace: Trace) -> None:
    """A12, rule 6: type and input are its key, whatever the order of names, the attempt or the call."""

    trace.recovers("elsewhere")
    trace.recovers("other")

    def work(ctx: Context) -> None:
        for given in ({"name": "a", "force": 1}, {"force": 1, "name": "a"}, {"name": "a"}):
            ctx.undo("elsewhere", given)
        if ctx.attempt == 1:
            raise OSError("once more")
        ctx.undo("other", {"name": "a"})

    job = trace.run(work, retries=1)
    trace.clock.advance(10)
    job = finish(trace.hw, job)
    assert [(undo.position, undo.type) for undo in trace.hw.undos(job)] == [
        (1, "elsewhere"), (2, "elsewhere"), (3, "other"),
    ]  # fmt: skip
    assert job.undos == 3


def test_an_undo_that_could_never_run_is_refused(trace: Trace) -> None:
    """A type that is here must take the input; what can not be stored is refused; nothing is recorded."""

    def work(ctx: Context) -> None:
        for kind, given, problem in (
            ("undo.remove", {"nme": "a"}, InvalidInput), ("undo.remove", None, InvalidInput),
            ("", {}, InvalidInput), ("x", {"name": object()}, Unstorable), (len, {}, headway.UnknownType),
        ):  # fmt: skip
            with pytest.raises(problem):
                ctx.undo(kind, given)

    job = trace.run(work)
    assert (job.state, trace.hw.undos(job)) == ("completed", [])


def test_an_undo_in_a_transaction_is_stored_with_it_or_not_at_all(trace: Trace) -> None:
    """What was recorded in a transaction that was rolled back is not there; recorded again, it is."""

    def work(ctx: Context) -> None:
        with suppress(ZeroDivisionError), ctx.transaction():
            ctx.undo(remove, {"name": "a"})
            raise ZeroDivisionError
        assert trace.hw.undos(ctx.job_id) == []
        with ctx.transaction():
            ctx.undo(remove, {"name": "a"})
            ctx.undo(remove, {"name": "b"})

    job = trace.run(work)
    assert [undo.input["name"] for undo in trace.hw.undos(job)] == ["a", "b"]


def test_an_awaited_job_records_undos_too(trace: Trace) -> None:
    """AsyncContext has the same name, awaited."""

    async def work(ctx: AsyncContext) -> None:
        await ctx.undo(close, {"name": "a"})

    job = trace.run(work)
    assert [undo.type for undo in trace.hw.undos(job)] == ["undo.close"]


def test_a_rollback_undoes_from_the_last_to_the_first(trace: Trace) -> None:
    """G15, S0.44: each undo is a step of a job of its own, and the original ends rolled back."""

    def work(ctx: Context) -> None:
        ctx.undo(close, {"name": "first"})
        made(ctx, "a", "b")

    job = trace.run(work)
    rollback = trace.hw.rollback(job, reason="wrong target")
    assert (rollback.rollback_of, rollback.type, rollback.state) == (job.id, "undo.remove", "pending")
    assert trace.state(job.id) == "rolling_back"
    rollback = finish(trace.hw, rollback)
    assert UNDONE == ["b", "a", "first"]
    assert (rollback.state, trace.state(job.id)) == ("completed", "rolled_back")
    assert [step.name for step in trace.hw.steps(rollback)] == ["undo.remove #3", "undo.remove #2", "undo.close #1"]
    assert trace.hw.steps(rollback)[0].result == "b removed"
    assert {undo.state for undo in trace.hw.undos(job)} == {"done"}
    assert [entry["position"] for entry in rollback.result["undone"]] == [3, 2, 1]
    assert rollback.progress is not None
    assert rollback.progress.percent == 100


def test_what_a_rollback_would_undo_is_shown_before(trace: Trace) -> None:
    """dry_run gives the undos in the order in which they would run, and changes nothing."""
    job = trace.run(lambda ctx: made(ctx, "a", "b", "c"))
    shown = trace.hw.rollback(job, dry_run=True)
    assert [undo.input["name"] for undo in shown] == ["c", "b", "a"]
    shown = trace.hw.rollback(job, to_step="make a", dry_run=True)
    assert [undo.input["name"] for undo in shown] == ["c", "b"]
    assert (trace.state(job.id), UNDONE, trace.hw.get(job).moves) == ("completed", [], ["rollback"])


@pytest.mark.parametrize("passed", [1.0, 0.0, -3600.0])
def test_a_rollback_to_a_step_goes_by_order_not_by_time(trace: Trace, clock: Clock, passed: float) -> None:
    """G15: what was recorded after a step is undone, also outside steps, also where the clock stands or goes back."""

    def work(ctx: Context) -> None:
        ctx.undo(remove, {"name": "before"})
        ctx.step("a", lambda: ctx.undo(remove, {"name": "a"}))
        clock.advance(passed)
        ctx.undo(remove, {"name": "between"})
        ctx.step("b", lambda: ctx.undo(remove, {"name": "b"}))

    job = trace.run(work)
    clock.advance(max(0.0, -passed))
    finish(trace.hw, trace.hw.rollback(job, to_step="a"))
    assert UNDONE == ["b", "between"]


def test_what_was_recorded_before_a_step_without_undos_stays(trace: Trace) -> None:
    """G15: a step that recorded nothing is a place to roll back to as well: what came before it is not undone."""

    def work(ctx: Context) -> None:
        ctx.undo(remove, {"name": "before"})
        ctx.step("look", lambda: None)
        ctx.undo(remove, {"name": "after"})

    finish(trace.hw, trace.hw.rollback(trace.run(work), to_step="look"))
    assert UNDONE == ["after"]


def test_a_rollback_that_ended_unsaid_can_be_asked_for_again(trace: Trace) -> None:
    """G15: the sweep ends a rollback that nobody is at any more, so that no job is left without a way out."""
    job = trace.run(lambda ctx: made(ctx, "a"))
    first = trace.hw.rollback(job)
    with trace.hw._database.transaction() as transaction:
        transaction.connection.execute("UPDATE jobs SET rollback_of = NULL")  # as a release knows it that has no undos
    trace.hw.cancel(first)
    trace.sql("UPDATE jobs SET rollback_of = ? WHERE id = ?", job.id, first.id)
    assert trace.state(job.id) == "rolling_back"
    sweeping.sweep(trace.hw._database)
    assert trace.state(job.id) == "rollback_failed"
    finish(trace.hw, trace.hw.rollback(job))
    assert (trace.state(job.id), UNDONE) == ("rolled_back", ["a"])


def test_an_undo_that_fails_makes_the_rollback_fail(trace: Trace) -> None:
    """G15, S4.25: a failed rollback is never completed; it says what failed, what is undone and what is left."""
    job = trace.run(lambda ctx: made(ctx, "a", "b", "c"))
    BROKEN.add("b")
    rollback = finish(trace.hw, trace.hw.rollback(job))
    assert (rollback.state, trace.state(job.id), UNDONE) == ("failed", "rollback_failed", ["c"])
    assert rollback.error is not None
    assert rollback.error.code == "undo_failed"
    assert "undo 2 (undo.remove) failed: OSError: b is in use" in rollback.error.message
    assert [entry["position"] for entry in rollback.result["left"]] == [2, 1]
    assert [undo.state for undo in trace.hw.undos(job)] == ["recorded", "failed", "done"]
    last = list(trace.hw.events(job))[-1]
    assert (last.name, last.data["rollback"], last.data["left"]) == ("fail", rollback.id, 2)


def test_a_failed_undo_shows_where_it_failed(trace: Trace) -> None:
    """The traceback of the rollback has the lines of the undo, and none of Headway's."""
    job = trace.run(lambda ctx: made(ctx, "a"))
    BROKEN.add("a")
    error = finish(trace.hw, trace.hw.rollback(job)).error
    assert error
    files = re.findall(r'File "(.*?)"', error.trace or "")
    assert __file__ in files
    assert "in remove" in str(error.trace)
    assert not [file for file in files if "/headway/runtime/" in file]


def test_a_failed_rollback_is_taken_up_again_where_it_stopped(trace: Trace) -> None:
    """A11: asked again, the same rollback job goes on; what is undone stays undone."""
    job = trace.run(lambda ctx: made(ctx, "a", "b", "c"))
    BROKEN.add("b")
    first = finish(trace.hw, trace.hw.rollback(job))
    BROKEN.clear()
    again = trace.hw.rollback(job)
    assert (again.id, again.state, trace.state(job.id)) == (first.id, "pending", "rolling_back")
    assert finish(trace.hw, again).state == "completed"
    assert (trace.state(job.id), UNDONE) == ("rolled_back", ["c", "b", "a"])


def test_a_rollback_that_goes_on_goes_as_far_as_it_was_asked_to(trace: Trace) -> None:
    """A11: asked again without a step, a failed rollback down to a step ends at that step too."""
    job = trace.run(lambda ctx: made(ctx, "a", "b", "c"))
    BROKEN.add("b")
    finish(trace.hw, trace.hw.rollback(job, to_step="make a"))
    BROKEN.clear()
    assert [undo.input["name"] for undo in trace.hw.rollback(job, dry_run=True)] == ["b"]
    finish(trace.hw, trace.hw.rollback(job))
    assert (trace.state(job.id), UNDONE) == ("rolled_back", ["c", "b"])


def test_a_rollback_of_very_many_goes_on_counting(trace: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is undone when a rollback goes on counts in its progress, also where the undos are not planned by name."""
    monkeypatch.setattr("headway.runtime.rollback.MOST_PLANNED", 1)
    job = trace.run(lambda ctx: made(ctx, "a", "b", "c"))
    BROKEN.add("b")
    finish(trace.hw, trace.hw.rollback(job))
    BROKEN.clear()
    progress = finish(trace.hw, trace.hw.rollback(job)).progress
    assert progress is not None
    assert (progress.done, progress.total, progress.unit) == (3, 3, "undos")


def test_a_cancelled_rollback_counts_as_failed_and_gets_a_successor(trace: Trace) -> None:
    """A11: its cancel moves the original in the same transaction; the next rollback is a new job with what is left."""
    job = trace.run(lambda ctx: made(ctx, "a", "b"))
    first = trace.hw.rollback(job)
    trace.hw.cancel(first)
    assert trace.state(job.id) == "rollback_failed"
    second = trace.hw.rollback(job)
    assert second.id != first.id
    assert finish(trace.hw, second).state == "completed"
    assert (trace.state(job.id), UNDONE) == ("rolled_back", ["b", "a"])


def test_a_rollback_down_to_a_step_keeps_what_was_made_before(trace: Trace, clock: Clock) -> None:
    """What was recorded in that step and before it stays; what is left is told, and the original is rolled back."""

    def work(ctx: Context) -> None:
        ctx.undo(close, {"name": "before"})
        clock.advance(1)
        made(ctx, "a", "b")
        clock.advance(1)
        ctx.undo(close, {"name": "between"})
        made(ctx, "c")

    job = trace.run(work)
    rollback = finish(trace.hw, trace.hw.rollback(job, to_step="make b"))
    assert UNDONE == ["c", "between"]
    assert trace.state(job.id) == "rolled_back"
    assert [entry["step"] for entry in rollback.result["left"]] == ["make b", "make a", None]


def test_a_rollback_in_part_says_so(trace: Trace) -> None:
    """A job that is rolled back down to a step bears the mark, and is refused another rollback with what stands."""
    job = trace.run(lambda ctx: made(ctx, "a", "b", "c"))
    finish(trace.hw, trace.hw.rollback(job, to_step="make b"))
    assert trace.hw.get(job).marks == {"in_part": "down to step 'make b'; 2 undos stand"}
    for dry_run in (True, False):
        with pytest.raises(IllegalMove, match=r"down to step .make b.; 2 undos stand, .* take back by hand"):
            trace.hw.rollback(job, dry_run=dry_run)


def test_the_mark_is_that_of_the_last_rollback(trace: Trace) -> None:
    """A rollback that was cancelled and begun again down to another step went as far as the last one says."""
    job = trace.run(lambda ctx: made(ctx, "a", "b", "c"))
    trace.hw.cancel(trace.hw.rollback(job, to_step="make b"))
    finish(trace.hw, trace.hw.rollback(job, to_step="make a"))
    assert trace.hw.get(job).marks == {"in_part": "down to step 'make a'; 1 undo stands"}


def test_a_rollback_in_whole_has_no_mark(trace: Trace) -> None:
    """Where every undo is done, nothing stands beside the state."""
    job = trace.run(lambda ctx: made(ctx, "a", "b"))
    finish(trace.hw, trace.hw.rollback(job))
    assert (trace.state(job.id), trace.hw.get(job).marks) == ("rolled_back", {})


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_preview_is_refused_as_the_act_is(trace: Trace, dry_run: bool) -> None:
    """dry_run of what can not be rolled back, a job without undos or a rollback, raises as the rollback would."""
    plain = trace.run(lambda ctx: None)
    rollback = finish(trace.hw, trace.hw.rollback(trace.run(lambda ctx: made(ctx, "a"))))
    with pytest.raises(IllegalMove, match="recorded nothing that could be undone"):
        trace.hw.rollback(plain, dry_run=dry_run)  # type: ignore[call-overload]
    with pytest.raises(IllegalMove, match=r"done with it\. It is the rollback of job 2 .*: that is rolled"):
        trace.hw.rollback(rollback, dry_run=dry_run)  # type: ignore[call-overload]


def test_a_step_that_was_not_run_is_no_place_to_roll_back_to(trace: Trace) -> None:
    """The refusal names the steps that there are; one that has nothing after it is refused too."""
    job = trace.run(lambda ctx: made(ctx, "a", "b"))
    with pytest.raises(InvalidInput, match=r"has not run a step 'make x'; it has run make a, make b"):
        trace.hw.rollback(job, to_step="make x")
    with pytest.raises(InvalidInput, match=r"nothing after its step 'make b'"):
        trace.hw.rollback(job, to_step="make b")
    assert trace.state(job.id) == "completed"


def test_a_job_without_undos_is_not_rolled_back(trace: Trace) -> None:
    """It is not offered, and refused with the reason; the refusal is in the history."""
    job = trace.run(lambda ctx: None)
    assert job.moves == []
    with pytest.raises(IllegalMove, match="recorded nothing that could be undone"):
        trace.hw.rollback(job)
    assert trace.told(job.id)[-1] == "refused"


def test_a_rollback_job_is_not_retried_restarted_or_rolled_back(trace: Trace) -> None:
    """A11: the refusal names the original, which is to be rolled back again."""
    job = trace.run(lambda ctx: made(ctx, "a"))
    BROKEN.add("a")
    rollback = finish(trace.hw, trace.hw.rollback(job))
    assert rollback.moves == []
    for verb in (trace.hw.retry, trace.hw.rollback, trace.hw.restart, trace.hw.delete):
        with pytest.raises((IllegalMove, NotSupported), match=f"job {job.number}|Roll job {job.number}"):
            verb(rollback)
    assert (trace.state(rollback.id), trace.state(job.id)) == ("failed", "rollback_failed")


def test_a_rollback_is_not_undone_itself(trace: Trace) -> None:
    """undo() in a rollback is refused: nobody could roll that back."""

    def undo(ctx: Context) -> None:
        ctx.undo(remove, {"name": "more"})

    headway.job("undo.more")(undo)
    job = trace.run(lambda ctx: ctx.undo("undo.more"))
    rollback = finish(trace.hw, trace.hw.rollback(job))
    assert rollback.error is not None
    assert "A rollback is not undone itself" in rollback.error.message


def test_retries_of_its_type_hold_for_each_undo(trace: Trace) -> None:
    """An undo is tried as often as its type says; the tries of one are not taken from the next."""
    failures = {"a": 2, "b": 2, "c": 2}

    def shaky(ctx: Context, name: str) -> None:
        failures[name] -= 1
        if failures[name] >= 0:
            raise OSError(name)
        UNDONE.append(name)

    headway.job("undo.shaky", retries=2)(shaky)
    job = trace.run(lambda ctx: [ctx.undo(shaky, {"name": name}) for name in "abc"] and None)
    rollback = trace.hw.rollback(job)
    for _ in range(8):
        trace.clock.advance(60)
        rollback = finish(trace.hw, rollback)
    assert (rollback.state, UNDONE) == ("completed", ["c", "b", "a"])


def test_a_type_that_this_worker_lacks_fails_the_rollback(trace: Trace) -> None:
    """The error names the type; another worker's type is taken up by a job of that type when asked again."""

    trace.recovers("undo.elsewhere")
    claiming.dismiss(trace.database, "w-types")

    def work(ctx: Context) -> None:
        ctx.undo("undo.elsewhere", {})
        made(ctx, "a")

    job = trace.run(work)
    rollback = finish(trace.hw, trace.hw.rollback(job))
    assert rollback.error is not None
    assert "undo.elsewhere" in rollback.error.message
    assert (UNDONE, trace.state(job.id)) == (["a"], "rollback_failed")
    again = trace.hw.rollback(job)
    assert (again.type, again.id != rollback.id) == ("undo.elsewhere", True)
    assert again.marks["waiting_for"] == "a worker that has 'undo.elsewhere'"


def test_an_undo_that_nobody_has_is_refused(trace: Trace) -> None:
    """A rollback of it would wait for ever; a type that another worker has said to have is taken."""

    def work(ctx: Context) -> None:
        with pytest.raises(InvalidInput, match=r"'undo.remov' here.*could undo\. Near: undo.remove"):
            ctx.undo("undo.remov", {"name": "a"})
        trace.recovers("undo.remov")
        ctx.undo("undo.remov", {"name": "a"})

    job = trace.run(work)
    assert (job.state, [undo.type for undo in trace.hw.undos(job)]) == ("completed", ["undo.remov"])


def test_a_rollback_waits_for_a_runner_that_may_still_be_at_work(trace: Trace) -> None:
    """A11: where the last attempt ended unconfirmed, the rollback is due when it can not be at work, and says so."""
    trace.recovers("undo.remove")
    job = trace.begin()
    row = {"key": "k", "type": "undo.remove", "input": '{"name":"a"}', "step": None, "state": "recorded"}
    trace.report(job, 1, 1, undos=[row | {"recorded_at": 1.0}])
    trace.hw.cancel(job)
    trace.lose()
    rollback = trace.hw.rollback(job)
    assert "a runner that may still be at work" in rollback.marks["waiting_for"]
    assert (finish(trace.hw, rollback).state, UNDONE) == ("pending", [])
    trace.clock.advance(60)
    assert (finish(trace.hw, rollback).state, UNDONE) == ("completed", ["a"])


def test_the_original_keeps_its_own_error(trace: Trace) -> None:
    """S4.25: a failed job that was rolled back still says why it failed."""

    def work(ctx: Context) -> None:
        made(ctx, "a")
        raise ValueError("no space")

    job = trace.run(work)
    finish(trace.hw, trace.hw.rollback(job))
    rolled_back = trace.hw.get(job)
    assert (rolled_back.state, rolled_back.error and rolled_back.error.message) == (
        "rolled_back", "ValueError: no space",
    )  # fmt: skip


def test_a_rollback_pauses_and_goes_on(trace: Trace) -> None:
    """G15: between two undos it halts as every job does; resumed, it goes on with the next."""

    def pausing(ctx: Context, name: str) -> None:
        UNDONE.append(name)
        if name == "b":
            trace.hw.pause(ctx.job_id)

    headway.job("undo.pausing")(pausing)
    job = trace.run(lambda ctx: [ctx.undo(pausing, {"name": name}) for name in "abc"] and None)
    rollback = finish(trace.hw, trace.hw.rollback(job))
    assert (rollback.state, trace.state(job.id), UNDONE) == ("paused", "rolling_back", ["c", "b"])
    trace.hw.resume(rollback)
    assert (finish(trace.hw, rollback).state, UNDONE) == ("completed", ["c", "b", "a"])


def test_each_undo_has_steps_loops_and_state_of_its_own(trace: Trace) -> None:
    """Undos of one type use the same names: none takes what another has kept for its own."""
    seen: list[Any] = []

    def deep(ctx: Context, name: str) -> None:
        seen.append((name, dict(ctx.state), ctx.input, ctx.step("look", lambda: name)))
        for n in ctx.track(range(3), "parts"):
            UNDONE.append((name, n))
            if (name, n, ctx.attempt) == ("a", 1, 1):
                ctx.checkpoint(at=n)
                raise OSError("once more")

    headway.job("undo.deep", retries=1)(deep)
    job = trace.run(lambda ctx: [ctx.undo(deep, {"name": name}) for name in "ab"] and None)
    rollback = finish(trace.hw, trace.hw.rollback(job))
    trace.clock.advance(60)
    assert finish(trace.hw, rollback).state == "completed"
    assert seen == [
        ("b", {}, {"name": "b"}, "b"), ("a", {}, {"name": "a"}, "a"), ("a", {"at": 1}, {"name": "a"}, "a"),
    ]  # fmt: skip
    assert UNDONE == [("b", 0), ("b", 1), ("b", 2), ("a", 0), ("a", 1), ("a", 1), ("a", 2)]


def test_a_rolling_back_job_says_which_job_to_ask(trace: Trace) -> None:
    """Verbs on the original are refused, naming its rollback."""
    job = trace.run(lambda ctx: made(ctx, "a"))
    rollback = trace.hw.rollback(job)
    for verb in (trace.hw.cancel, trace.hw.rollback):
        with pytest.raises(IllegalMove, match=f"Its rollback is job {rollback.number}"):
            verb(job)
