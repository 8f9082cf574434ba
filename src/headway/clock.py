"""The only module that reads the time. Everything else is handed a clock; tests move theirs."""

from __future__ import annotations

import threading
import time
from typing import Protocol

DAY_S = 86_400.0
"""Seconds in a day."""


class Clock(Protocol):
    """Where time comes from."""

    real: bool
    """Whether this is the machine's own time, and not one that a test moves."""

    def wall(self) -> float:
        """Seconds since the epoch, UTC."""

    def boot(self) -> float:
        """Seconds since the machine started, counting suspend; never steps."""

    def precise(self) -> float:
        """Seconds from an arbitrary point, for measuring a span inside one process."""

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Waits until the event is set (True) or the time has passed (False)."""

    def sleep(self, event: threading.Event, timeout_s: float) -> bool:
        """The same for a job that sleeps: a test's clock is moved on by it."""


class SystemClock:
    """The machine's clocks."""

    real = True

    def wall(self) -> float:
        return time.time()

    def boot(self) -> float:
        # The monotonic clock of Linux stands still while the machine is suspended; a lease must not.
        return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()

    def precise(self) -> float:
        return time.perf_counter()

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        return event.wait(timeout_s)

    def sleep(self, event: threading.Event, timeout_s: float) -> bool:
        return event.wait(timeout_s)


_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


def boot_id() -> str:
    """Tells one start of this machine from the next: the boot clock begins again at each."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            return file.read().strip()
    except OSError:  # not Linux: the moment of the start, to ten seconds, tells starts apart
        return f"started-{round((time.time() - time.monotonic()) / 10)}"
