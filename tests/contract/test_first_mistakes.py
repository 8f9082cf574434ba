"""First mistakes with the decorator and the context: each is refused with what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import headway
from headway import AsyncContext, Context, Headway, InvalidInput
from headway.runtime.registry import REGISTRY


def copy(source: str) -> str:
    """A function that is no job."""
    return source


def test_a_bare_decorator_is_told_to_name_the_type() -> None:
    """@headway.job without a name: the message has the line to write."""
    with pytest.raises(InvalidInput, match=r'write @headway\.job\("\S+copy"\)'):
        headway.job(copy)  # type: ignore[arg-type]


def no_parameter() -> None: ...
def only_input(source: str) -> None: ...
def context_last(source, ctx) -> None: ...  # type: ignore[no-untyped-def]
def annotated_last(source: Any, job: Context) -> None: ...
def by_name(*, ctx: Context) -> None: ...
async def asynchronous(source: Any, job: AsyncContext) -> None: ...


@pytest.mark.parametrize(
    "function", [no_parameter, only_input, context_last, annotated_last, by_name, asynchronous, lambda: None]
)
def test_a_function_takes_the_context_first(function: Callable[..., Any]) -> None:
    """A function that does not is refused when it is registered, with the definition to write."""
    with pytest.raises(
        InvalidInput, match=r"does not take the job's context first: .*\(ctx: headway\.Context, \.\.\.\)"
    ):
        headway.job("mistakes.context")(function)
    assert REGISTRY.find("mistakes.context") is None


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda ctx: ctx.progress(3, 10), "ctx.progress(done=3, total=10)"),
        (lambda ctx: ctx.progress(3), "ctx.progress(done=3)"),
        (lambda ctx: ctx.step(copy, "a"), "ctx.step('copy', copy, ...)"),
    ],
)
def test_the_context_says_what_to_write(hw: Headway, call: Callable[[Context], Any], said: str) -> None:
    """A call in another library's form fails the job with the right form, and is not tried again."""
    headway.job("mistakes.call", retries=3)(call)
    job = hw.submit("mistakes.call")
    hw.work_until_idle()
    failed = hw.get(job)
    assert failed.error is not None
    assert (failed.state, said in failed.error.message) == ("failed", True)
