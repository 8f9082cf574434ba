"""Planted in a worker: it does not look what was asked of its jobs, so that only its writes can tell it."""

from __future__ import annotations

from headway.runtime.recorder import Recorder


class _Deaf(Recorder):
    def look(self) -> None:
        """Hears nothing."""


Recorder.look = _Deaf.look  # type: ignore[method-assign]
