"""Planted in a worker: it does not look what was asked of its jobs, so that only its writes can tell it."""

from __future__ import annotations

from headway.runtime.recorder import Recorder


def _hear_nothing(recorder: Recorder) -> None:
    """What has been asked stays unknown."""


Recorder.look = _hear_nothing  # type: ignore[assignment, method-assign]
Recorder.beat = _hear_nothing  # type: ignore[assignment, method-assign]  # its answer would tell it as well
