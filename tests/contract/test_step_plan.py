"""The step plan: declared first, so that the percentage means something; counted once, in numbers that agree."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import headway
from headway import Context, Headway, Job, StepCounts
from headway.testing import Clock
from tests.contract.traces import Trace


def fail() -> None:
    raise OSError("no driver")


def nothing() -> None: ...


def counts(hw: Headway, job: Job | str) -> dict[str, int | None]:
    """What of the counts is not zero."""
    return {name: value for name, value in hw.progress(job).steps.to_dict().items() if value}


def test_a_plan_counts_from_the_start(trace: Trace) -> None:
    """S4.6, S4.13: planned steps are there before the first begins; one of one never reads 100 % while it runs."""
    seen = []

    def work(ctx: Context) -> None:
        ctx.plan("validation", "snapshot", "vm-creation", "startup")
        for name in ("validation", "snapshot", "vm-creation", "startup"):
            ctx.settle()
            seen.append((trace.hw.progress(ctx.job_id).steps.step_percent, trace.hw.progress(ctx.job_id).percent))
            ctx.step(name, nothing)

    job = trace.run(work)
    assert seen == [(0, 0), (25, 25), (50, 50), (75, 75)]
    assert counts(trace.hw, job) == {"total": 4, "completed": 4, "step_percent": 100}
    assert trace.hw.progress(job).percent == 100


def test_a_job_that_was_completed_keeps_its_share_when_rolled_back(trace: Trace) -> None:
    """S4.13: 1 of 1 steps is 100 %, also of what is undone."""

    def work(ctx: Context) -> None:
        ctx.plan("make")
        ctx.step("make", nothing)
        ctx.undo("plan.undo")

    headway.job("plan.undo")(nothing_undone)
    job = trace.run(work)
    trace.hw.rollback(job)
    trace.hw.work_until_idle()
    assert (trace.state(job.id), trace.hw.progress(job).steps.step_percent) == ("rolled_back", 100)


def test_a_refused_command_is_no_activity(trace: Trace) -> None:
    """S4.13: what a job may not do changes nothing of it; that it was asked stands in its history."""
    job = trace.run(lambda ctx: ctx.log("done"))
    before = trace.hw.progress(job).last_activity
    trace.clock.advance(60)
    with pytest.raises(headway.IllegalMove):
        trace.hw.pause(job)
    assert [event.name for event in trace.hw.events(job)][-1] == "refused"
    assert trace.hw.progress(job).last_activity == before


def nothing_undone(ctx: Context) -> None:
    """An undo that does nothing."""


def test_weights_are_those_of_the_plan(trace: Trace) -> None:
    """S4.13: the share of a step is its weight, in the progress and in the counts alike."""

    def work(ctx: Context) -> None:
        ctx.plan({"fetch": 20, "sync": 80})
        ctx.step("fetch", nothing)
        raise OSError("disk")

    job = trace.run(work)
    shown = trace.hw.progress(job)
    assert (shown.steps.step_percent, shown.percent, job.progress and job.progress.percent) == (20, 20, 20)


def test_a_step_beside_the_plan_has_no_share(trace: Trace) -> None:
    """S4.13: a step that nobody planned is counted, and does not move the percentage back."""
    seen = []

    def work(ctx: Context) -> None:
        ctx.plan("a", "b")
        ctx.step("a", nothing)
        ctx.step("extra", nothing)
        ctx.settle()
        seen.append(counts(trace.hw, ctx.job_id))

    trace.run(work)
    assert seen == [{"total": 3, "planned": 1, "completed": 2, "step_percent": 50}]


def test_without_a_plan_there_is_no_percentage(trace: Trace) -> None:
    """S4.13: steps exist only once begun, so without a plan their share is unknown, not 100."""

    def work(ctx: Context) -> None:
        ctx.step("a", nothing)

    assert counts(trace.hw, trace.run(work)) == {"total": 1, "completed": 1}


def test_what_never_ran_is_skipped_with_the_end(trace: Trace) -> None:
    """S4.18: a planned step that never ran is skipped when the job completes, in the transaction of its end."""

    def work(ctx: Context) -> None:
        ctx.plan("validation", "source-vm-power-off", "vm-creation")
        ctx.step("validation", nothing)
        ctx.step("vm-creation", nothing)

    job = trace.run(work)
    steps = {step.name: step.state for step in trace.hw.steps(job)}
    assert steps == {"validation": "completed", "source-vm-power-off": "skipped", "vm-creation": "completed"}
    assert counts(trace.hw, job) == {"total": 3, "completed": 2, "skipped": 1, "step_percent": 100}
    assert job.progress
    assert {phase.name: phase.state for phase in job.progress.phases} == steps
    *_, skipped, ended = trace.hw.events(job)
    assert (skipped.name, skipped.data["state"], ended.name) == ("source-vm-power-off", "skipped", "finish")


def test_a_job_that_fails_skips_nothing(trace: Trace) -> None:
    """S4.18: what a failed job did not reach is still planned: a retry runs it."""

    def work(ctx: Context) -> None:
        ctx.plan("a", "b")
        ctx.step("a", fail)

    job = trace.run(work)
    assert (job.state, counts(trace.hw, job)) == ("failed", {"total": 2, "planned": 1, "failed": 1})


def test_an_exception_in_a_step_fails_the_run(trace: Trace) -> None:
    """S4.19: the step has failed, with its error, and so has the run; the steps after it never ran."""

    def work(ctx: Context) -> None:
        ctx.plan("vm-creation", "startup")
        ctx.step("vm-creation", fail)
        ctx.step("startup", nothing)

    job = trace.run(work)
    failed, left = trace.hw.steps(job)
    assert (job.state, failed.state, left.state) == ("failed", "failed", "planned")
    assert failed.error
    assert job.error
    assert failed.error.message == job.error.message == "OSError: no driver"


@pytest.mark.parametrize("code", [0, 3])
def test_a_step_that_ends_the_process_fails(trace: Trace, code: int) -> None:
    """S4.19: sys.exit in a step is an exception of it, whatever its code: the step has no result."""

    def leave() -> None:
        raise SystemExit(code)

    def work(ctx: Context) -> None:
        ctx.step("leave", leave)

    job = trace.run(work)
    assert (job.state, trace.hw.steps(job)[0].state) == ("failed", "failed")


def test_a_phase_of_the_plan_fails_as_a_step_does(trace: Trace) -> None:
    """S4.19: an exception inside a planned phase is its failure, with its error and how long it took."""

    def work(ctx: Context) -> None:
        ctx.plan("copy", "check")
        with ctx.phase("copy"):
            ctx.sleep(5)
            fail()

    (copy, check) = trace.hw.steps(trace.run(work))
    assert (copy.state, check.state) == ("failed", "planned")
    assert copy.error
    assert copy.error.message == "OSError: no driver"
    assert copy.started_at
    assert copy.ended_at
    assert (copy.ended_at - copy.started_at).total_seconds() == 5


def test_an_optional_step_may_fail(trace: Trace) -> None:
    """S4.23: a driver injection that fails is told, counted and warned of, and the failover completes."""

    def work(ctx: Context) -> None:
        ctx.plan("injection", "startup")
        ctx.step("injection", fail, optional=True)
        ctx.settle()
        assert trace.hw.progress(ctx.job_id).percent == trace.hw.progress(ctx.job_id).steps.step_percent == 50
        ctx.step("startup", nothing)

    job = trace.run(work)
    assert (job.state, job.warnings, job.marks) == ("completed", 1, {"with_warnings": "1"})
    assert counts(trace.hw, job) == {"total": 2, "completed": 1, "failed": 1, "step_percent": 100}


def test_a_failure_that_the_code_catches_leaves_a_warning(trace: Trace) -> None:
    """S4.19: code may catch what its step raised and go on; the job then completes with a warning that names it."""

    def work(ctx: Context) -> None:
        try:
            ctx.step("primary", fail)
        except OSError:
            ctx.step("fallback", nothing)

    job = trace.run(work)
    assert (job.state, job.warnings) == ("completed", 1)
    (told,) = [event.data["text"] for event in trace.hw.events(job) if event.kind == "warning"]
    assert "'primary' failed" in told


def test_a_step_that_was_tried_again_leaves_none(trace: Trace) -> None:
    """S4.19: a step that failed in one attempt and completed in the next is completed, without a warning."""

    def work(ctx: Context) -> None:
        ctx.step("flaky", fail if ctx.attempt == 1 else nothing)

    job = trace.run(work, retries=1)
    trace.clock.advance(60)
    trace.hw.work_until_idle()
    job = trace.hw.get(job)
    assert (job.state, job.attempt, job.warnings, counts(trace.hw, job)) == (
        "completed", 2, 0, {"total": 1, "completed": 1},
    )  # fmt: skip


@pytest.mark.parametrize("asked", ["pause", "cancel"])
def test_a_step_that_was_cut_off_does_not_run_on(trace: Trace, asked: str) -> None:
    """S4.13: a step in which the job was stopped is not running any more: it is planned, and its time stands still."""

    def stop(ctx: Context) -> None:
        getattr(trace.hw, asked)(ctx.job_id)
        ctx.check()

    def work(ctx: Context) -> None:
        ctx.plan("a", "b")
        ctx.step("a", stop, ctx)

    job = trace.run(work)
    step = trace.hw.steps(job)[0]
    assert (step.state, step.started_at, counts(trace.hw, job)) == ("planned", None, {"total": 2, "planned": 2})


def test_a_running_step_is_counted_as_such(trace: Trace) -> None:
    """S4.12: total, completed, failed, running, skipped; while a step runs it is the one that runs."""
    seen: list[StepCounts] = []

    def look(ctx: Context) -> None:
        ctx.settle()
        seen.append(trace.hw.progress(ctx.job_id).steps)

    def work(ctx: Context) -> None:
        ctx.plan("a", "b")
        ctx.step("a", nothing)
        ctx.step("b", look, ctx)

    trace.run(work)
    assert seen == [StepCounts(total=2, running=1, completed=1, step_percent=50)]


def test_progress_is_found_by_any_id(trace: Trace) -> None:
    """S4.12: progress by whole id, number, external id and context, all the same."""

    def work(ctx: Context) -> None:
        ctx.alias("gui-17")

    job = trace.run(work)
    assert trace.hw.progress("gui-17") == trace.hw.progress(job.number) == trace.hw.progress(job)
    assert trace.hw.progress(job).job_id == job.id


def test_runtime_stands_still_after_the_end(hw: Headway, clock: Clock) -> None:
    """S4.12, S4.13: runtime runs from the first start to the end, and never again; a job that waits has none."""

    def work(ctx: Context) -> None:
        ctx.sleep(90)

    headway.job("plan.runtime")(work)
    job = hw.submit("plan.runtime")
    clock.advance(5)
    assert (hw.progress(job).runtime_s, hw.progress(job).started_at) == (0, None)
    hw.work_until_idle()
    for _ in range(2):
        assert hw.progress(job).runtime_s == pytest.approx(90)
        clock.advance(1000)


def test_the_last_activity_is_whatever_was_last_heard(hw: Headway, clock: Clock) -> None:
    """S4.12: a log line, an event or progress, whichever is newest."""
    heard: list[tuple[Callable[[Context], None], float]] = [
        (lambda ctx: ctx.log("still here"), 60), (lambda ctx: ctx.progress(add=1), 60), (lambda ctx: ctx.sleep(60), 0),
    ]  # fmt: skip
    seen = []

    def work(ctx: Context) -> None:
        for say, after in heard:
            ctx.sleep(after)
            say(ctx)
            ctx.settle()
            last = hw.progress(ctx.job_id).last_activity
            seen.append(round(last.timestamp() - began) if last else None)

    began = clock.wall()
    headway.job("plan.activity")(work)
    hw.submit("plan.activity")
    hw.work_until_idle()
    assert seen == [60, 120, 120]
