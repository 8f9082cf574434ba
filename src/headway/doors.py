"""`headway.track` and `headway.tracked`: those of the job one is in, else of the user's own database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

from headway.runtime.block import Block
from headway.runtime.loop import Loop
from headway.tracker.headway import Headway

T = TypeVar("T")


def track(
    iterable: Iterable[T] | None = None, label: str | None = None, *, total: int | None = None, unit: str = "it",
    key: Callable[[T], Any] | None = None, external_id: str | Mapping[str, str] | None = None, show: bool = True,
) -> Loop[T]:  # fmt: skip
    """See Headway.track: a loop of the job one is in, else a job of its own."""
    return _own().track(iterable, label, total=total, unit=unit, key=key, external_id=external_id, show=show)


def tracked(name: str, **options: Any) -> Block:
    """See Headway.tracked."""
    return _own().tracked(name, **options)


@cache
def _own() -> Headway:
    return Headway()
