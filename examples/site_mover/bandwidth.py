"""A cap on bytes per second, as a token bucket: https://en.wikipedia.org/wiki/Token_bucket."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Bandwidth:
    """Lets at most bytes_per_s pass on average, and no more than a second's worth at once after a quiet time.

    Any number of threads may share it. clock: seconds, rising. sleep: waits that many seconds. None: no cap.
    Raises ValueError unless bytes_per_s > 0.
    """

    def __init__(self, bytes_per_s: float | None, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        if bytes_per_s is not None and bytes_per_s <= 0:
            raise ValueError(f"a bandwidth limit is more than 0 bytes per second, not {bytes_per_s}")
        self._rate = bytes_per_s
        self._clock = clock
        self._sleep = sleep
        self._tokens = bytes_per_s or 0.0
        self._at = clock()
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Return when size bytes may pass."""
        if self._rate is None:
            return
        with self._lock:
            now = self._clock()
            self._tokens = min(self._rate, self._tokens + (now - self._at) * self._rate) - size
            self._at = now
            missing = -self._tokens
        if missing > 0:
            self._sleep(missing / self._rate)
