"""What a job says of itself: progress, log, warnings, checkpoints, files, ids; and where it may be stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from headway import Context, Halt, Headway, InvalidInput, Job, Progress, Unstorable
from headway.testing import Clock
from tests.contract.traces import Trace

GOOD: list[dict[str, Any]] = [
    {"done": 5}, {"done": 5, "total": 10}, {"add": 3}, {"percent": 12.5}, {"message": "half"}, {"failed": 1},
    {"skipped": 2}, {"unit": "B"}, {"data": {"url": "x"}}, {"done": 12, "total": 10},
]  # fmt: skip


def _seen(ctx: Context, hw: Headway) -> Progress:
    """The progress as others see it now."""
    ctx.settle()
    progress = hw.get(ctx.job_id).progress
    assert progress
    return progress


def test_progress_is_shown_as_it_was_said(trace: Trace) -> None:
    """Counts, unit, message and data are there for whoever looks; data replaces."""

    def work(ctx: Context) -> None:
        ctx.progress(done=5, total=20, unit="pages", message="reading", data={"url": "a"}, failed=1, skipped=2)
        seen = _seen(ctx, trace.hw)
        assert (seen.done, seen.total, seen.unit, seen.percent) == (5, 20, "pages", 25)
        assert (seen.message, seen.data, seen.failed, seen.skipped) == ("reading", {"url": "a"}, 1, 2)
        ctx.progress(add=5, data={"page": 7})
        seen = _seen(ctx, trace.hw)
        assert (seen.done, seen.message, seen.data) == (10, "reading", {"page": 7})

    assert trace.run(work).state == "completed"


def test_nothing_said_is_unknown(trace: Trace) -> None:
    """Rule 7: no progress is null, not 0."""
    assert trace.run(lambda ctx: None).progress is None


def test_a_completed_job_shows_100(trace: Trace) -> None:
    """Rule 7: 100 only when completed, and always then; a failed one keeps what it reached."""

    def work(ctx: Context) -> None:
        ctx.progress(done=99, total=100)
        if ctx.input["fails"]:
            raise ValueError("torn")

    for fails, percent in ((False, 100), (True, 99)):
        job = trace.run(lambda ctx, fails: work(ctx), {"fails": fails})
        assert job.progress
        assert job.progress.percent == percent


@pytest.mark.parametrize("said", [
    {"percent": 101}, {"percent": -1}, {"percent": float("nan")}, {"done": -1}, {"total": -5}, {"add": -1},
    {"failed": -1}, {"done": float("inf")}, {"done": float("nan")}, {"done": 5, "add": 1}, {"add": 0.5},
], ids=str)  # fmt: skip
def test_an_impossible_progress_is_refused(trace: Trace, said: dict[str, Any]) -> None:
    """InvalidInput; what was said before stays."""

    def work(ctx: Context) -> None:
        ctx.progress(done=5, total=10)
        with pytest.raises(InvalidInput):
            ctx.progress(**said)
        assert _seen(ctx, trace.hw).done == 5

    assert trace.run(work).state == "completed"


def test_the_percentage_does_not_fall(trace: Trace) -> None:
    """Rule 7: within an attempt it never falls unless the total grew, and then says so."""

    def work(ctx: Context) -> None:
        ctx.progress(done=80, total=100)
        assert _seen(ctx, trace.hw).percent == 80
        ctx.progress(done=50)
        assert _seen(ctx, trace.hw).percent == 80
        ctx.progress(done=80, total=800)
        seen = _seen(ctx, trace.hw)
        assert (seen.percent, seen.note) == (10, "total grew to 800")

    assert trace.run(work).state == "completed"


def test_phases_share_the_percentage_by_weight(trace: Trace) -> None:
    """A phase of weight 3 in a plan of 4 fills three quarters; its own count decides within."""
    percents = []

    def work(ctx: Context) -> None:
        ctx.plan({"scan": 1, "copy": 3})
        with ctx.phase("scan"):
            ctx.progress(done=1, total=2)
            percents.append(_seen(ctx, trace.hw).percent)
        with ctx.phase("copy"):
            ctx.progress(done=2, total=3)
            seen = _seen(ctx, trace.hw)
            percents.append(seen.percent)
            assert (seen.phase, seen.done, seen.total) == ("copy", 2, 3)

    assert trace.run(work).state == "completed"
    assert percents == [12, 75]


def test_many_threads_count_together(trace: Trace) -> None:
    """A Context may be handed to any thread; no count is lost."""

    def count(ctx: Context) -> None:
        for _ in range(500):
            ctx.progress(add=1)

    def work(ctx: Context) -> int:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(count, [ctx] * 8))
        return _seen(ctx, trace.hw).done

    assert trace.run(work).result == 4000


def test_an_attempt_shows_what_the_one_before_reached(trace: Trace) -> None:
    """After a loss the bar does not begin at nothing."""

    def work(ctx: Context) -> None:
        if ctx.attempt == 1:
            ctx.progress(done=60, total=100)
            ctx.settle()
            trace.make(ctx.job_id, "sweep", "lose")
            raise Halt("lease_lost")
        ctx.log("here again")
        assert _seen(ctx, trace.hw).percent == 60

    assert trace.run(work, recover=True).state == "completed"


def test_log_lines_are_kept_whatever_they_are_given(trace: Trace) -> None:
    """A line never fails for its content: what can not be stored is replaced, told as text, or cut."""

    def work(ctx: Context) -> None:
        ctx.log("a\x00b \ud800 値", value=object(), nan=float("nan"), at=Path("/srv"), deep={"a": [1]})
        ctx.log("x" * 100_000)
        ctx.log(17)  # type: ignore[arg-type]

    job = trace.run(work)
    first, second, third = trace.hw.logs(job)
    assert first.data["text"].startswith("a\ufffdb ")
    assert first.data["text"].endswith(" 値")
    assert (first.data["nan"], first.data["at"], first.data["deep"]) == ("nan", "/srv", {"a": [1]})
    assert "object object" in first.data["value"]
    assert len(second.data["text"]) < 66_000
    assert third.data["text"] == "17"


def test_a_level_that_does_not_exist_is_refused(trace: Trace) -> None:
    """The five levels are those of logging."""

    def work(ctx: Context) -> None:
        for level in ("debug", "info", "warning", "error", "critical"):
            ctx.log("said", level=level)
        with pytest.raises(InvalidInput, match="expected one of debug, info"):
            ctx.log("said", level="loud")

    assert [line.name for line in trace.hw.logs(trace.run(work))] == ["debug", "info", "warning", "error", "critical"]


def test_the_standard_logging_of_a_job_is_its_log(trace: Trace) -> None:
    """logging.getLogger(...).info(...) in a job's code is a line of the job; outside a job it is not."""
    logger = logging.getLogger("shop.sync")
    logger.setLevel(logging.DEBUG)
    logger.error("before any job")

    def work(ctx: Context) -> None:
        logger.debug("row %d", 7)
        try:
            raise ValueError("torn")
        except ValueError:
            logger.exception("gave up")

    job = trace.run(work)
    logger.error("after the job")
    row, gave_up = trace.hw.logs(job)
    assert (row.name, row.data) == ("debug", {"text": "row 7", "logger": "shop.sync"})
    assert gave_up.name == "error"
    assert "ValueError: torn" in gave_up.data["text"]


def test_warnings_are_counted(trace: Trace) -> None:
    """A job completes with warnings, and shows how many."""

    def work(ctx: Context) -> None:
        ctx.warn("one page is missing", page=7)
        ctx.warn("two")

    job = trace.run(work)
    assert (job.state, job.warnings, job.marks) == ("completed", 2, {"with_warnings": "2"})
    warnings = [event.data for event in trace.hw.events(job) if event.kind == "warning"]
    assert warnings == [{"text": "one page is missing", "page": 7}, {"text": "two"}]


def test_a_checkpoint_is_merged_and_durable(trace: Trace) -> None:
    """checkpoint() merges into what was saved, and is stored when it returns."""

    def work(ctx: Context) -> None:
        ctx.checkpoint({"page": 1, "names": ["a"]})
        ctx.checkpoint(page=2)
        assert ctx.state == {"page": 2, "names": ["a"]}
        assert trace.hw.checkpoint(ctx.job_id)["state"] == {"page": 2, "names": ["a"]}

    assert trace.run(work).state == "completed"


def test_a_later_attempt_has_the_state(trace: Trace) -> None:
    """ctx.state is what was saved, as plain values, the same in the attempt that saved it."""
    seen = []

    def work(ctx: Context) -> None:
        if ctx.attempt == 1:
            ctx.checkpoint(pair=(1, 2), at=Path("/srv"))
        seen.append(dict(ctx.state))
        if ctx.attempt == 1:
            trace.make(ctx.job_id, "sweep", "lose")
            raise Halt("lease_lost")

    trace.run(work, recover=True)
    assert seen == [{"pair": [1, 2], "at": "/srv"}] * 2


def test_the_state_is_read_only(trace: Trace) -> None:
    """ctx.state["x"] = 1 would be lost, so it is refused."""

    def work(ctx: Context) -> None:
        with pytest.raises(TypeError):
            ctx.state["x"] = 1  # type: ignore[index]

    assert trace.run(work).state == "completed"


def test_a_checkpoint_that_can_not_be_stored_is_refused(trace: Trace) -> None:
    """Unstorable names the part; what was saved before stays."""

    def work(ctx: Context) -> None:
        ctx.checkpoint(page=1)
        with pytest.raises(Unstorable, match=r"'rows\.at'"):
            ctx.checkpoint(rows={"at": object()})
        assert ctx.state == {"page": 1}

    assert trace.hw.checkpoint(trace.run(work))["state"] == {"page": 1}


def test_an_artifact_is_kept_with_the_job(trace: Trace, tmp_path: Path) -> None:
    """Bytes or the content of a file; the first content under a name stays; a text could mean either."""
    (tmp_path / "report.txt").write_bytes(b"from a file")

    def work(ctx: Context) -> None:
        ctx.artifact("a", b"first")
        ctx.artifact("a", b"second")
        ctx.artifact("b", tmp_path / "report.txt")
        with pytest.raises(InvalidInput, match="Path or bytes"):
            ctx.artifact("c", "text")  # type: ignore[arg-type]
        with pytest.raises(Unstorable, match="at most"):
            ctx.artifact("d", bytes(17 * 1024 * 1024))
        with pytest.raises(InvalidInput):
            ctx.artifact("a\x00", b"x")

    job = trace.run(work)
    assert (trace.hw.artifact(job, "a"), trace.hw.artifact(job, "b")) == (b"first", b"from a file")


def test_a_job_may_name_itself(trace: Trace) -> None:
    """ctx.alias: an id that is learned at work finds the job at once."""

    def work(ctx: Context) -> None:
        ctx.alias({"cloud": "op-7"})
        assert trace.hw.get("cloud:op-7").id == ctx.job_id
        assert ctx.job.external_ids == {"cloud": "op-7"}

    assert trace.run(work).state == "completed"


def test_a_job_sees_itself(trace: Trace) -> None:
    """ctx has the job, its input, its attempt, its session and the session's configuration."""
    seen: dict[str, Any] = {}

    def work(ctx: Context, n: int) -> None:
        seen.update(job=ctx.job.id, input=ctx.input, attempt=ctx.attempt, session=ctx.session, config=ctx.config)
        seen["concurrency"] = ctx.concurrency

    job = trace.run(work, {"n": 1})
    assert seen == {
        "job": job.id, "input": {"n": 1}, "attempt": 1, "session": "default.yaml", "config": {}, "concurrency": 10,
    }  # fmt: skip


# Where a job may be stopped.

STOPS: dict[str, Callable[[Context], Any]] = {
    "check": lambda ctx: ctx.check(),
    "sleep": lambda ctx: ctx.sleep(1),
    "checkpoint": lambda ctx: ctx.checkpoint(a=1),
    "step": lambda ctx: ctx.step("one", int),
    "phase": lambda ctx: ctx.phase("one").__enter__(),
    "track": lambda ctx: list(ctx.track([1])),
    "transaction": lambda ctx: ctx.transaction().__enter__(),
}
GOES_ON: dict[str, Callable[[Context], Any]] = {
    "progress": lambda ctx: ctx.progress(done=1),
    "log": lambda ctx: ctx.log("said"),
    "warn": lambda ctx: ctx.warn("said"),
    "plan": lambda ctx: ctx.plan("a", "b"),
    "alias": lambda ctx: ctx.alias("gui-17"),
    "artifact": lambda ctx: ctx.artifact("a", b"x"),
    "settle": lambda ctx: ctx.settle(),
    "state": lambda ctx: ctx.state,
}


@pytest.mark.parametrize("word", STOPS)
def test_a_job_is_stopped_at_its_places(trace: Trace, word: str) -> None:
    """Doors 11: Halt is raised by check, checkpoint and sleep, on entering a step or phase, between members."""

    def work(ctx: Context) -> None:
        assert not ctx.stopping
        trace.hw.cancel(ctx.job_id)
        assert (ctx.stopping, ctx.why) == (True, "cancel")
        STOPS[word](ctx)
        raise AssertionError("went on")

    assert trace.run(work).state == "cancelled"


@pytest.mark.parametrize("word", GOES_ON)
def test_a_job_is_stopped_nowhere_else(trace: Trace, word: str) -> None:
    """Doors 11: never by progress, log, warn and the like."""
    reached = []

    def work(ctx: Context) -> None:
        trace.hw.cancel(ctx.job_id)
        GOES_ON[word](ctx)
        reached.append(word)

    assert (trace.run(work).state, reached) == ("cancelled", [word])


def test_except_exception_does_not_swallow_a_halt(trace: Trace) -> None:
    """Halt is no Exception: code that catches all errors is stopped all the same."""

    def work(ctx: Context) -> str:
        trace.hw.cancel(ctx.job_id)
        try:
            ctx.check()
        except Exception:
            return "swallowed"
        return "went on"

    job = trace.run(work)
    assert (job.state, job.result) == ("cancelled", None)


def test_nothing_stops_inside_a_transaction(trace: Trace) -> None:
    """Doors 11: a check inside a transaction does nothing; the job stops after it."""
    reached = []

    def work(ctx: Context) -> None:
        with ctx.transaction():
            ctx.outbox.shut_down()  # as a worker does that is to end
            ctx.check()
            reached.append("inside")
        ctx.check()
        reached.append("after")

    assert (trace.run(work).state, reached) == ("interrupted", ["inside"])


def test_a_sleep_is_as_long_as_was_said(trace: Trace, clock: Clock) -> None:
    """ctx.sleep waits by the clock; with a test's clock it moves it."""

    def work(ctx: Context) -> None:
        ctx.sleep(90)

    began = clock.wall()
    trace.run(work)
    assert clock.wall() == pytest.approx(began + 90)


def test_a_sleeping_job_wakes_when_it_is_asked(live: Headway) -> None:
    """A request ends the sleep at once."""
    asleep = threading.Event()

    def sleep(ctx: Context) -> None:
        asleep.set()
        ctx.sleep(3600)

    with live.tracked("sleeper", external_id="sleeper", show=False) as ctx:
        stopper = threading.Thread(target=lambda: asleep.wait() and live.cancel("sleeper"))
        stopper.start()
        with pytest.raises(Halt):
            sleep(ctx)
        stopper.join()


def test_a_lost_job_stops_at_its_next_durable_word(trace: Trace) -> None:
    """Rule 1: a runner that has lost its lease is told by Halt, why lease_lost."""
    why = []

    def work(ctx: Context) -> None:
        trace.make(ctx.job_id, "sweep", "lose")
        try:
            ctx.checkpoint(a=1)
        except Halt as halt:
            why.append(halt.why)
            raise

    job = trace.run(work)
    assert (job.state, why) == ("interrupted", ["lease_lost"])
    assert trace.hw.checkpoint(job)["state"] == {}


@pytest.mark.parametrize("said", GOOD, ids=str)
def test_every_part_of_progress_may_be_said_alone(trace: Trace, said: dict[str, Any]) -> None:
    """No part of progress() needs another."""

    def work(ctx: Context) -> None:
        ctx.progress(**said)
        _seen(ctx, trace.hw)

    assert trace.run(work).state == "completed"


def test_a_result_is_kept_as_plain_values(trace: Trace) -> None:
    """What a function returns is the job's result; what can not be stored fails the job and names the part."""
    assert trace.run(lambda ctx: {"at": Path("/srv"), "pair": (1, None)}).result == {"at": "/srv", "pair": [1, None]}
    job: Job = trace.run(lambda ctx: {"rows": [{"at": object()}]})
    assert job.error
    assert (job.state, job.error.code) == ("failed", "unstorable")
    assert "'rows[0].at'" in job.error.message
