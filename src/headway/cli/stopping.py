"""How a command that goes on for ever is told to stop: once calmly, twice at once."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType


def heed_signals() -> None:
    """From here on Ctrl-C and SIGTERM raise KeyboardInterrupt once; another one ends the process at once."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop_calmly)


def wait_forever() -> None:
    """Returns never; a signal raises KeyboardInterrupt."""
    while True:
        threading.Event().wait()


def _stop_calmly(number: int, frame: FrameType | None) -> None:
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, _stop_now)
    raise KeyboardInterrupt


def _stop_now(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)  # its commands are ended by their lifelines, its jobs are found by the sweep
