"""Planted in a worker: it does not look what was asked of its jobs, so that only its writes can tell it."""

from __future__ import annotations

from headway.runtime.recorder import Recorder


def _hear_nothing(recorder: Recorder) -> None:
    """Recorder.look of a deaf worker."""


Recorder.look = _hear_nothing  # type: ignore[method-assign]
