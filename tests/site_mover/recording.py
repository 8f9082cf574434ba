"""A Context in memory, for the parts that need no more: keeps the last checkpoint, and stops when told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from headway import Halt
from headway.model.value import encode


class Recording:
    """A Tracking in memory. `stop_when` is asked after each report of progress; then the job is to stop."""

    def __init__(self, stop_when: Callable[[dict[str, Any]], bool] = lambda shown: False) -> None:
        self.state: dict[str, Any] = {}
        self.shown: dict[str, Any] = {}
        self.history: list[dict[str, Any]] = []
        self.warnings: list[str] = []
        self.slept: list[float] = []
        self.stopping = False
        self._stop_when = stop_when

    def again(self, stop_when: Callable[[dict[str, Any]], bool] = lambda shown: False) -> Recording:
        """The next attempt of the same job."""
        other = Recording(stop_when)
        other.state = self.state
        return other

    def check(self) -> None:
        if self.stopping:
            raise Halt("pause")

    def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)
        self.check()

    def checkpoint(self, state: Mapping[str, Any], /) -> None:
        self.state = json.loads(encode({**self.state, **state}, "the checkpoint"))
        self.check()

    def progress(self, **shown: Any) -> None:
        self.shown = {**self.shown, **shown}
        self.history.append(shown)
        self.stopping = self.stopping or self._stop_when(self.shown)

    def warn(self, text: str, /) -> None:
        self.warnings.append(text)
