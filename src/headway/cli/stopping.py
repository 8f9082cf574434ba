"""How a command that goes on for ever is told to stop: once calmly, twice at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

import click

from headway.cli import times

HEED_S = 1.0
"""After how long a signal that a wait did not hear is heard."""

grace_option = click.option(
    "--grace", type=times.span, metavar="SPAN", help="When told to stop, wait no longer than this for jobs to halt."
)


def heed_signals() -> None:
    """From here on Ctrl-C and SIGTERM raise KeyboardInterrupt once; another one ends the process at once."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop_calmly)


def bounded(grace_s: float | None, tell: Callable[[], None]) -> None:
    """From here on the process ends after so many seconds, whatever is still at work; tell: says so. None: never."""
    if grace_s is not None:
        last = threading.Timer(grace_s, _give_up, (tell,))
        last.daemon = True
        last.start()


def wait_forever() -> None:
    """Returns never; a signal raises KeyboardInterrupt.

    A signal that comes in the moment before a wait begins does not end it, so no wait may be for ever.
    """
    while True:
        threading.Event().wait(HEED_S)


def _stop_calmly(number: int, frame: FrameType | None) -> None:
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, _stop_now)
    raise KeyboardInterrupt


def _give_up(tell: Callable[[], None]) -> None:
    tell()
    _stop_now(signal.SIGTERM, None)


def _stop_now(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)  # its commands are ended by their lifelines, its jobs are found by the sweep
