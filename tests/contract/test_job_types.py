"""Job types: a function under a name, and its signature as the description of its input."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

import headway
from headway import Context, DuplicateType, InvalidInput, UnknownType
from tests.contract.traces import Trace


class Mode(enum.Enum):
    FAST = "fast"


@dataclass
class Server:
    host: str
    ports: list[int] = field(default_factory=list)


class Copy(msgspec.Struct):
    source: Path
    at: dt.datetime | None = None


FITS: list[tuple[Any, Any, Any]] = [
    (int, 5, 5), (float, 5, 5.0), (str, "a", "a"), (bool, True, True), (Path, "/srv", Path("/srv")),
    (list[int], [1, 2], [1, 2]), (tuple[int, str], [1, "a"], (1, "a")), (set[str], ["a"], {"a"}),
    (dict[str, int], {"a": 1}, {"a": 1}), (dict[int, str], {"1": "a"}, {1: "a"}),
    (dt.datetime, "2026-01-01T00:00:00Z", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    (dt.date, "2026-01-01", dt.date(2026, 1, 1)), (Decimal, "1.50", Decimal("1.50")), (Mode, "fast", Mode.FAST),
    (Server, {"host": "h", "ports": [22]}, Server("h", [22])), (list[Server], [{"host": "h"}], [Server("h")]),
    (Copy, {"source": "/srv"}, Copy(Path("/srv"))), (Literal["a", "b"], "b", "b"), (int | None, None, None),
    (Path | None, "/srv", Path("/srv")), (Any, {"x": [1]}, {"x": [1]}), (None, None, None),
    (bytes, "AP8=", b"\x00\xff"),
]  # fmt: skip


def _taking(annotation: Any, seen: list[Any]) -> Callable[..., None]:
    """A job function whose parameter `value` has that annotation."""

    def work(ctx: Context, value: Any) -> None:
        seen.append(value)

    work.__annotations__ = {"ctx": Context, "value": annotation}
    return work


@pytest.mark.parametrize(("annotation", "given", "expected"), FITS, ids=[str(row[0]) for row in FITS])
def test_input_is_converted_by_the_signature(trace: Trace, annotation: Any, given: Any, expected: Any) -> None:
    """What JSON holds becomes what the parameter says."""
    seen: list[Any] = []
    job = trace.run(_taking(annotation, seen), {"value": given})
    assert (job.state, seen) == ("completed", [expected])
    assert type(seen[0]) is type(expected)


MISFITS: list[tuple[Any, Any]] = [
    (int, "5"), (int, 5.5), (int, None), (int, True), (str, 5), (bool, 1), (bool, "yes"), (Path, 5), (list[int], ["a"]),
    (list[int], "ab"), (dict[str, int], [1]), (dict[int, str], {"a": "b"}), (dt.datetime, "tomorrow"), (Mode, "slow"),
    (Server, {"ports": []}), (Server, "h"), (Copy, {"source": 5}), (Literal["a", "b"], "c"), (Decimal, "many"),
]  # fmt: skip


@pytest.mark.parametrize(("annotation", "given"), MISFITS, ids=[f"{kind} {value!r}" for kind, value in MISFITS])
def test_input_that_does_not_fit_names_the_parameter(trace: Trace, annotation: Any, given: Any) -> None:
    """The job fails at once, whatever its retries: which parameter, what was found, what is expected."""
    seen: list[Any] = []
    job = trace.run(_taking(annotation, seen), {"value": given}, retries=3)
    assert job.error
    assert (job.state, job.error.code, seen) == ("failed", "invalid_input", [])
    assert "value of run " in job.error.message


def test_missing_and_unknown_names_are_said(trace: Trace) -> None:
    """Input is matched with the parameters by name."""

    def work(ctx: Context, source: str, depth: int = 3) -> tuple[str, int]:
        return source, depth

    for given, message in (({}, "needs 'source'"), ({"source": "a", "sorce": "b"}, "found 'sorce'")):
        error = trace.run(work, given).error
        assert error
        assert message in error.message
    assert trace.run(work, {"source": "a"}).result == ["a", 3]


def test_a_function_may_take_whatever_comes(trace: Trace) -> None:
    """**options takes every name."""

    def work(ctx: Context, **options: Any) -> Any:
        return options

    assert trace.run(work, {"a": 1, "b": [2]}).result == {"a": 1, "b": [2]}


def test_an_annotation_that_can_not_be_read_converts_nothing(trace: Trace) -> None:
    """A name that exists for type checkers only leaves the values as they are."""

    def work(ctx: Context, value: NotThere) -> Any:  # type: ignore[name-defined]  # noqa: F821
        return value

    assert trace.run(work, {"value": [1]}).result == [1]


def test_the_decorator_returns_the_function(trace: Trace) -> None:
    """It stays as it is: it can be called, tested and submitted by itself."""

    @headway.job("types.double")
    def double(ctx: Context | None, n: int) -> int:
        return 2 * n

    assert double(None, 4) == 8
    assert trace.hw.submit(double, {"n": 1}).type == "types.double"


def test_a_function_of_the_same_place_replaces_its_type(trace: Trace) -> None:
    """Doors 17: a reload or a notebook cell registers again; the newest is run."""

    def define(result: int) -> None:
        headway.job("types.cell")(_cell(result))

    define(1)
    define(2)
    job = trace.hw.submit("types.cell")
    trace.hw.work_until_idle()
    assert trace.hw.result(job) == 2


def _cell(result: int) -> Callable[[Context], int]:
    def cell(ctx: Context) -> int:
        return result

    return cell


def test_a_name_that_is_taken_by_another_function_is_refused() -> None:
    """DuplicateType names both places."""
    headway.job("types.taken")(_cell(1))
    with pytest.raises(DuplicateType, match=r"_cell.*_taking"):
        headway.job("types.taken")(_taking(int, []))


@pytest.mark.parametrize("options", [{"retries": -1}, {"timeout_s": 0}, {"timeout_s": -5}], ids=str)
def test_options_of_a_type_that_can_not_be_are_refused(options: dict[str, Any]) -> None:
    """InvalidInput at the decorator, not at the first job."""
    with pytest.raises(InvalidInput):
        headway.job("types.bad", **options)


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 256])
def test_a_name_that_can_not_be_a_type_is_refused(name: str) -> None:
    """The name is a short line of text."""
    with pytest.raises(InvalidInput):
        headway.job(name)


def test_a_decorator_without_its_name_is_refused() -> None:
    """@headway.job without brackets, or on something else than a function, says so."""
    with pytest.raises(InvalidInput, match="goes on a function"):
        headway.job("types.value")(5)  # type: ignore[type-var]


def test_a_function_without_a_type_can_not_be_submitted(trace: Trace) -> None:
    """UnknownType says what to put on it."""
    with pytest.raises(UnknownType, match=r"@headway\.job"):
        trace.hw.submit(_cell)
