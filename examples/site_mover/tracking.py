"""The part of headway.Context that moving a site needs; a test can hand in anything that has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol


class Tracking(Protocol):
    """See headway.Context. check, checkpoint and sleep may raise Halt; the others never do."""

    @property
    def state(self) -> Mapping[str, Any]: ...
    @property
    def stopping(self) -> bool: ...
    def check(self) -> None: ...
    def sleep(self, seconds: float, /) -> None: ...
    def checkpoint(self, state: Mapping[str, Any], /) -> None: ...
    def progress(
        self,
        *,
        done: float | None = None,
        total: float | None = None,
        failed: int | None = None,
        skipped: int | None = None,
        percent: float | None = None,
        message: str | None = None,
        data: dict[str, Any] | None = None,
        unit: str | None = None,
    ) -> None: ...
    def warn(self, text: str, /) -> None: ...


class Rhythm:
    """When to save: not for each file, and at most this long, or this many bytes, of work is done twice.

    The first saves come soon and then ever later, so that a worker that dies young has not worked in vain.
    """

    def __init__(self, clock: Callable[[], float], every_s: float = 1.0, every_bytes: int = 8 << 20) -> None:
        self._clock, self._every_s, self._every_bytes = clock, every_s, every_bytes
        self._now_s = every_s / 20
        self._at, self._bytes = clock(), 0

    def add(self, size: int) -> None:
        """Count bytes that would have to be moved again."""
        self._bytes += size

    def due(self) -> bool:
        """Whether it is time to save."""
        return self._bytes >= self._every_bytes or self._clock() - self._at >= self._now_s

    def saved(self) -> None:
        """Begin to count anew."""
        self._now_s = min(self._every_s, self._now_s * 2)
        self._at, self._bytes = self._clock(), 0
