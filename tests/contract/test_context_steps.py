"""Steps: run once per job, read back the same, each under a name of its own."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

import headway
from headway import AsyncContext, Context, DuplicateStep, Halt, InvalidInput, Unstorable
from tests.contract.traces import Trace


@dataclass
class Server:
    host: str
    ports: list[int]


class Copied(msgspec.Struct):
    path: Path
    size: int


class Colour(enum.Enum):
    RED = "red"


def a_path() -> Path:
    return Path("/srv/site")


def a_dataclass() -> Server:
    return Server("h", [22, 80])


def dataclasses() -> list[Server]:
    return [Server("h", [22])]


def a_struct() -> Copied:
    return Copied(Path("/srv/a"), 5)


def a_time() -> dt.datetime:
    return dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def a_tuple() -> tuple[int, Path]:
    return 1, Path("/srv")


def a_set() -> set[str]:
    return {"a", "b"}


def int_keys() -> dict[int, str]:
    return {1: "one"}


def a_decimal() -> Decimal:
    return Decimal("1.50")


def an_id() -> UUID:
    return UUID(int=7)


def some_bytes() -> bytes:
    return b"\x00\xff"


def an_enum() -> Colour:
    return Colour.RED


def nothing() -> None:
    return None


def maybe_a_path() -> Path | None:
    return Path("/srv")


def a_span() -> dt.timedelta:
    return dt.timedelta(minutes=5)


TYPED: list[Callable[[], Any]] = [
    a_path, a_dataclass, dataclasses, a_struct, a_time, a_tuple, a_set, int_keys, a_decimal, an_id, some_bytes,
    an_enum, nothing, maybe_a_path, a_span,
]  # fmt: skip


@pytest.mark.parametrize("make", TYPED, ids=lambda make: make.__name__)
def test_a_step_returns_the_same_the_first_and_a_later_time(trace: Trace, make: Callable[[], Any]) -> None:
    """Rule 6: what is returned is what was stored, read back by the return annotation, in every attempt."""
    seen = []

    def work(ctx: Context) -> None:
        seen.append(ctx.step("make", make))
        if ctx.attempt == 1:
            trace.make(ctx.job_id, "sweep", "lose")
            raise Halt("lease_lost")

    assert trace.run(work, recover=True).state == "completed"
    assert seen == [make(), make()]
    assert {type(value) for value in seen} == {type(make())}


def test_a_step_without_annotation_returns_plain_values(trace: Trace) -> None:
    """What JSON makes of a value is what a step returns, also the first time: no surprise after a resume."""
    seen = []

    def work(ctx: Context) -> None:
        seen.append(ctx.step("make", lambda: {"at": Path("/srv"), "pair": (1, 2), 3: "three"}))

    trace.run(work)
    assert seen == [{"at": "/srv", "pair": [1, 2], "3": "three"}]


def test_an_annotation_that_does_not_fit_changes_nothing(trace: Trace) -> None:
    """A wrong annotation is the program's affair; the plain value is returned."""

    def wrong() -> int:
        return "seven"  # type: ignore[return-value]

    def work(ctx: Context) -> Any:
        return ctx.step("make", wrong)

    assert trace.run(work).result == "seven"


def test_a_recorded_step_is_not_called_again(trace: Trace) -> None:
    """G6: a step whose result is recorded is never called again; one that is not recorded is."""
    called: list[str] = []

    def torn(ctx: Context) -> None:
        called.append("torn")
        if ctx.attempt == 1:
            raise ValueError("torn")

    def work(ctx: Context) -> None:
        ctx.step("whole", called.append, "whole")
        ctx.step("torn", torn, ctx)

    job = trace.run(work, retries=1)
    trace.clock.advance(60)
    trace.hw.work_until_idle()
    assert called == ["whole", "torn", "torn"]
    assert [(step.name, step.state, step.attempt) for step in trace.hw.steps(job)] == [
        ("whole", "completed", 1), ("torn", "completed", 2),
    ]  # fmt: skip


def test_a_step_is_durable_before_it_returns(trace: Trace) -> None:
    """Rule 8: whoever reads after the step returned sees it completed."""

    def work(ctx: Context) -> None:
        ctx.step("fetch", int)
        (step,) = trace.hw.steps(ctx.job_id)
        assert (step.state, step.result) == ("completed", 0)

    assert trace.run(work).state == "completed"


def test_a_step_takes_its_arguments_by_position(trace: Trace) -> None:
    """fn gets what follows; keywords are for the step."""

    def work(ctx: Context) -> Any:
        return ctx.step("add", lambda a, b: a + b, 2, 3)

    assert trace.run(work).result == 5


def test_a_name_is_used_once_in_an_attempt(trace: Trace) -> None:
    """A second use is an error that proposes a name for each member, not the first result again."""

    def work(ctx: Context) -> None:
        for disk in ("sda", "sdb"):
            ctx.step("attach", str.upper, disk)

    job = trace.run(work)
    assert job.error
    assert (job.state, job.error.code) == ("failed", DuplicateStep.code)
    assert "f'attach-{member}'" in job.error.message


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 256, "a\x00b"])
def test_a_name_that_can_not_be_is_refused(trace: Trace, name: str) -> None:
    """The name of a step is a short line of text."""

    def work(ctx: Context) -> None:
        with pytest.raises(InvalidInput, match="can not be the name of a step"):
            ctx.step(name, int)

    assert trace.run(work).state == "completed"


def _torn() -> None:
    raise OSError("torn")


@pytest.mark.parametrize("way", ["step", "map", "async"])
def test_a_trace_is_of_the_job(trace: Trace, way: str) -> None:
    """The stored traceback has the frames of the job's own code, and none of Headway's or of what it calls."""

    def step(ctx: Context) -> None:
        ctx.step("tear", _torn)

    def items(ctx: Context) -> None:
        ctx.map(lambda _: _torn(), ["a"], max_failed=0)

    async def tasks(ctx: AsyncContext) -> None:
        await ctx.step("tear", _torn)

    ways: dict[str, Any] = {"step": step, "map": items, "async": tasks}
    job = trace.run(ways[way])
    error = trace.hw.items(job)[0].error if way == "map" else job.error
    assert error
    files = re.findall(r'File "(.*?)"', error.trace or "")
    assert (set(files), "in _torn" in str(error.trace)) == ({__file__}, True)


def test_a_trace_of_headway_alone_is_left_out(trace: Trace) -> None:
    """An input that does not fit is told by its message: no frame of the job is in its traceback."""

    def work(ctx: Context, n: int) -> None:
        """Takes a number."""

    error = trace.run(work, {"m": 1}).error
    assert error
    assert (error.code, error.trace) == ("invalid_input", None)


def test_a_failed_step_keeps_its_error(trace: Trace) -> None:
    """The step is failed with code, message and trace; the exception passes on."""

    def broken() -> None:
        raise KeyError("customer")

    def work(ctx: Context) -> None:
        with pytest.raises(KeyError):
            ctx.step("read", broken)

    (step,) = trace.hw.steps(trace.run(work))
    assert step.error
    assert (step.state, step.error.message) == ("failed", "KeyError: 'customer'")
    assert "broken" in str(step.error.trace)


def test_an_optional_step_may_fail(trace: Trace) -> None:
    """optional=True: the job goes on with None and completes with a warning."""

    def broken() -> None:
        raise OSError("no cache")

    def work(ctx: Context) -> Any:
        return ctx.step("warm the cache", broken, optional=True)

    job = trace.run(work)
    assert (job.state, job.result, job.warnings, job.marks["with_warnings"]) == ("completed", None, 1, "1")
    (step,) = trace.hw.steps(job)
    assert (step.state, step.optional) == ("failed", True)
    assert "no cache" in list(trace.hw.events(job))[-2].data["text"]


def test_a_halt_is_no_failure_of_an_optional_step(trace: Trace) -> None:
    """Halt passes through a step, optional or not: the step is not over."""

    def work(ctx: Context) -> None:
        trace.hw.cancel(ctx.job_id)
        ctx.step("first", ctx.check, optional=True)

    assert trace.run(work).state == "cancelled"


def test_a_result_that_can_not_be_stored_names_the_part(trace: Trace) -> None:
    """Unstorable says which part of which step; what was recorded before is kept."""

    def work(ctx: Context) -> None:
        ctx.step("good", int)
        ctx.step("bad", lambda: {"rows": [1, {"at": object()}]})

    job = trace.run(work)
    assert job.error
    assert job.error.code == Unstorable.code
    assert "the result of step 'bad'" in job.error.message
    assert "'rows[1].at'" in job.error.message
    assert [(step.name, step.state) for step in trace.hw.steps(job)] == [("good", "completed"), ("bad", "failed")]


def test_steps_inside_steps_are_told_apart(trace: Trace) -> None:
    """A log line names the step that it was said in."""

    def inner(ctx: Context) -> None:
        ctx.log("deep")

    def outer(ctx: Context) -> None:
        ctx.log("before")
        ctx.step("inner", inner, ctx)
        ctx.log("after")

    def work(ctx: Context) -> None:
        ctx.step("outer", outer, ctx)
        ctx.log("outside")

    job = trace.run(work)
    said = [(line.data["text"], line.data.get("step")) for line in trace.hw.logs(job)]
    assert said == [("before", "outer"), ("deep", "inner"), ("after", "outer"), ("outside", None)]


def test_a_plan_is_shown_before_it_is_done(trace: Trace) -> None:
    """The steps to come are there as planned, with their weights, in the order of the plan."""
    seen: list[tuple[str, str, float]] = []

    def work(ctx: Context) -> None:
        ctx.plan({"fetch": 20, "sync": 70, "finish": 10})
        ctx.settle()
        seen.extend((step.name, step.state, step.weight) for step in trace.hw.steps(ctx.job_id))
        for name in ("fetch", "sync", "finish"):
            ctx.step(name, int)

    job = trace.run(work)
    assert seen == [("fetch", "planned", 20), ("sync", "planned", 70), ("finish", "planned", 10)]
    assert {step.state for step in trace.hw.steps(job)} == {"completed"}


@pytest.mark.parametrize(
    "plan", [("a", "a"), ({},), ({"a": 0},), ({"a": -1},), ({"a": float("nan")},), ("",), ("a\nb",)]
)
def test_a_plan_that_can_not_be_is_refused(trace: Trace, plan: tuple[Any, ...]) -> None:
    """Names are words of their own, weights above 0."""

    def work(ctx: Context) -> None:
        with pytest.raises(InvalidInput):
            ctx.plan(*plan)

    assert trace.run(work).state == "completed"


def test_the_share_of_a_step_is_filled_when_it_ends(trace: Trace) -> None:
    """S3.13: with weights 20, 70, 10 the percentage is 20 after the first, 90 after the second, 100 at the end."""
    seen = []

    def work(ctx: Context) -> None:
        ctx.plan({"fetch": 20, "sync": 70, "finish": 10})
        for name in ("fetch", "sync", "finish"):
            ctx.step(name, int)
            progress = trace.hw.get(ctx.job_id).progress
            seen.append(progress and progress.percent)

    job = trace.run(work)
    assert seen == [20, 90, 99]
    assert job.progress
    assert job.progress.percent == 100


def test_a_resumed_job_shows_what_its_steps_have_done(trace: Trace) -> None:
    """Steps that are returned from the record fill their share in the next attempt."""

    def work(ctx: Context) -> None:
        ctx.plan({"fetch": 20, "sync": 80})
        ctx.step("fetch", int)
        if ctx.attempt == 1:
            trace.make(ctx.job_id, "sweep", "lose")
            raise Halt("lease_lost")
        ctx.settle()
        progress = trace.hw.get(ctx.job_id).progress
        assert progress
        assert progress.percent == 20

    assert trace.run(work, recover=True).state == "completed"


def test_a_step_of_the_current_job_needs_no_context_in_hand(trace: Trace) -> None:
    """current_context() is the job's own, inside a step too, and None outside."""

    def inner() -> bool:
        context = headway.current_context()
        assert context
        context.log("from the depth")
        return True

    def work(ctx: Context) -> bool:
        assert headway.current_context() is ctx
        return ctx.step("inner", inner)

    assert trace.run(work).result is True
    assert headway.current_context() is None
