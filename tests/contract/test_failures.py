"""Failures: why a job failed, what is likely behind it, what to do, and which have failed alike."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

import headway
from headway import Context, Headway, Job, NotFound
from headway.testing import Clock
from tests.contract.traces import Trace


@headway.job("failures.copy", recover=False)
def copy(ctx: Context, row: int) -> None:
    """A job that fails in its second step."""
    ctx.step("scan", int)
    ctx.step("copy", refuse, row)


def refuse(row: int) -> None:
    """What a network says that is away."""
    raise ConnectionRefusedError(f"row {row}: 10.0.0.{row}:22 refused")


def failed(hw: Headway, *rows: int) -> list[str]:
    """Jobs that have failed."""
    jobs = [hw.submit(copy, {"row": row}).id for row in rows]
    hw.work_until_idle()
    return jobs


def test_why_a_job_failed_is_told(hw: Headway) -> None:
    """UX26: error, step, cause, what is likely behind it, and at least one thing to do next."""
    (job,) = failed(hw, 1)
    found = hw.failure(job)
    assert found is not None
    assert (found.step, found.cause, found.attempt, found.error.code) == ("copy", "network", 1, "error")
    assert "another machine" in found.likely
    assert [step.verb for step in found.next] == ["retry", "restart"]
    assert all(step.why for step in found.next)


def test_every_next_step_is_one_that_the_job_takes(hw: Headway) -> None:
    """The verbs are moves of the job as it is, and a restart, which is none."""
    (job,) = failed(hw, 1)
    found = hw.failure(job)
    assert found is not None
    for step in found.next:
        assert step.verb in [*hw.get(job).moves, "restart"]


def test_the_same_error_is_counted(hw: Headway, clock: Clock) -> None:
    """UX26: how often jobs of the type failed so, first and last."""
    failed(hw, 1)
    clock.advance(3600)
    (job,) = failed(hw, 2)
    found = hw.failure(job)
    assert found is not None
    assert found.same.count == 2
    assert found.same.last_at - found.same.first_at == timedelta(hours=1)


def test_what_has_not_failed_has_no_failure(hw: Headway) -> None:
    """None for a job that is well; an unknown one is an error."""
    assert hw.failure(hw.submit("a")) is None
    with pytest.raises(NotFound):
        hw.failure("17")


def test_a_lost_job_can_be_resumed(hw: Headway, trace: Trace) -> None:
    """An interrupted job tells of its failure too; the next step is to send it on."""
    job = trace.begin()
    trace.lose()
    found = hw.failure(job)
    assert found is not None
    assert (found.cause, found.next[0].verb) == ("crash", "resume")


def test_failures_are_grouped_by_cause(hw: Headway, trace: Trace) -> None:
    """What differs between two messages, as numbers and addresses do, does not part them."""
    jobs = failed(hw, 1, 2, 3)
    other = trace.begin()
    trace.end(other, 1, 1, "fail", error='{"code":"error","message":"KeyError: 7"}')
    found = hw.failures()
    assert sorted((group.type, group.count, group.cause) for group in found.failures) == [
        ("failures.copy", 3, "network"), ("trace", 1, "bug in the job"),
    ]  # fmt: skip
    assert (found.looked_at, found.more) == (4, False)
    assert set(jobs) == {job for group in found.failures if group.count == 3 for job in group.jobs}


def test_older_failures_can_be_left_out(hw: Headway, clock: Clock) -> None:
    """since: only what failed then or later; limit: so many groups."""
    (job,) = failed(hw, 1)
    at = hw.get(job).state_since
    assert len(hw.failures(since=at).failures) == 1
    assert hw.failures(since=at + timedelta(seconds=1)).failures == []
    assert hw.failures(session="acme").failures == []


def test_a_retried_job_is_no_failure(hw: Headway) -> None:
    """What was sent back to the queue has not failed any more."""
    (job,) = failed(hw, 1)
    hw.retry(job)
    assert (hw.failures().failures, hw.failure(job)) == ([], None)


def test_failures_of_one_user(hw: Headway) -> None:
    """ux Home: `owner` leaves the failures of what one user submitted."""
    (job,) = failed(hw, 1)
    owner = hw.get(job).owner
    assert [one.count for one in hw.failures(owner=owner).failures] == [1]
    assert hw.failures(owner=f"not {owner}").failures == []


class Silent(Exception):
    """It can not be told: whoever asks for its text is thrown out."""

    def __str__(self) -> str:
        raise SystemExit(3)


class Grasping(Exception):
    """It can be told, but what it carries can not be had."""

    @property
    def result(self) -> object:
        raise KeyboardInterrupt


def nested() -> Exception:
    """A group that is nested deeper than calls may be."""
    error: Exception = ValueError("the reason")
    for _ in range(2000):
        error = ExceptionGroup("one more", [error])
    return error


@pytest.mark.parametrize("make", [Silent, Grasping, nested])
def test_an_error_that_can_not_be_told_takes_no_slot(live: Headway, make: Callable[[], Exception]) -> None:
    """S1.8: whatever an exception does when it is told of, its job fails, and the only slot takes the next job."""

    @headway.job("failures.untold")
    def untold(ctx: Context) -> None:
        raise make()

    with live.worker(slots=1):
        jobs = [live.submit(untold) for _ in range(2)]
        ended = [live.wait(job, timeout_s=60) for job in jobs]
    assert [job.state for job in ended] == ["failed", "failed"]
    assert all(job.error and job.error.message for job in ended)


def test_a_log_that_breaks_takes_no_slot(live: Headway) -> None:
    """A handler of the log that raises fails the job that it was told of, and the slot goes on."""

    class Breaking(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            raise SystemExit(4)

    @headway.job("failures.fine")
    def fine(ctx: Context) -> int:
        return 1

    log, breaking = logging.getLogger("headway.jobs"), Breaking()
    level = log.level
    log.setLevel(logging.INFO)
    log.addFilter(breaking)
    try:
        with live.worker(slots=1):
            job = live.wait(live.submit(fine), timeout_s=60)
            log.removeFilter(breaking)
            assert (job.state, live.result(live.submit(fine), timeout_s=60)) == ("failed", 1)
    finally:
        log.removeFilter(breaking)
        log.setLevel(level)


@headway.job("failures.parse", recover=False)
def parse(ctx: Context) -> None:
    """A job that does not like what it was given."""
    raise FileNotFoundError("/srv/www is not there")


def test_where_the_input_is_to_blame_another_one_comes_first(hw: Headway) -> None:
    """The same input ends the same way: a restart with another one is what helps, and a retry comes last."""
    hw.submit(parse)
    hw.work_until_idle()
    found = hw.failure("1")
    assert found is not None
    assert [(step.verb, step.other_input) for step in found.next] == [("restart", True), ("retry", False)]
    assert [one.other_input for one in hw.recovery("failed").jobs] == [True]


@headway.job("failures.attach")
def attach(ctx: Context, disk: str) -> None:
    """An undo that fails as long as the disk is locked."""
    if disk in LOCKED:
        raise ConnectionRefusedError(f"{disk} is locked")


@headway.job("failures.start")
def start(ctx: Context) -> None:
    """Another undo."""


@headway.job("failures.move", recover=False)
def move(ctx: Context) -> None:
    """A job that can be taken back."""
    ctx.undo(attach, {"disk": "a"})
    ctx.undo(start, {})


LOCKED: set[str] = set()


def rolled_back_in_part(hw: Headway) -> tuple[Job, Job]:
    """A job whose first undo can not be run, and the rollback that failed at it."""
    LOCKED.add("a")
    job = hw.submit(move)
    hw.work_until_idle()
    rollback = hw.rollback(job)
    hw.work_until_idle()
    return hw.get(job), hw.get(rollback)


def test_a_failed_rollback_is_told_on_both_of_its_jobs(hw: Headway) -> None:
    """The job that is rolled back in part tells why and how much is left; both say what to do."""
    job, rollback = rolled_back_in_part(hw)
    told, own = hw.failure(job), hw.failure(rollback)
    assert told is not None
    assert own is not None
    assert (told.rollback, told.error.code, told.cause) == (rollback.number, "undo_failed", "network")
    assert [(step.verb, step.job) for step in told.next] == [("rollback", None), ("restart", None)]
    assert [(step.verb, step.job) for step in own.next] == [("rollback", job.number)]
    assert told.next[0].why == own.next[0].why == "It goes on where it stopped: 1 of 2 undos is left."


def test_a_failed_rollback_is_rolled_back_again_and_not_retried(hw: Headway) -> None:
    """Its group of failures names the job to roll back again, and it is none any more once that was done."""
    job, _ = rolled_back_in_part(hw)
    assert [(group.verb, group.jobs) for group in hw.failures().failures] == [("rollback", [job.id])]
    LOCKED.clear()
    hw.rollback(job)
    hw.work_until_idle()
    assert (hw.get(job).state, hw.failures().failures) == ("rolled_back", [])


def test_a_rollback_that_has_failed_twice_is_one_failure(hw: Headway) -> None:
    """What is left has another type, and so another rollback job: only the last one of a job counts."""
    job, first = rolled_back_in_part(hw)
    second = hw.rollback(job)
    hw.work_until_idle()
    assert second.id != first.id
    assert [(group.count, group.jobs) for group in hw.failures().failures] == [(1, [job.id])]


def test_a_rollback_that_was_stopped_is_told_too(hw: Headway) -> None:
    """A cancelled rollback leaves the job rolled back in part, with the reason."""
    job = hw.submit(move)
    hw.work_until_idle()
    hw.cancel(hw.rollback(job))
    found = hw.failure(job)
    assert found is not None
    assert (found.error.code, found.next[0].verb) == ("rollback_failed", "rollback")
