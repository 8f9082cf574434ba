"""Time as a file descriptor, so that one wait can be for time and for other things."""

from __future__ import annotations

import os
import threading
from types import TracebackType
from typing import Self


class Alarm:
    """A file descriptor that becomes readable after some seconds, to wait for it together with others."""

    def __init__(self) -> None:
        self.fd, self._bell = os.pipe()
        self._timer: threading.Timer | None = None

    def ring_in(self, seconds: float) -> None:
        """Start the time. To be called once."""
        self._timer = threading.Timer(seconds, os.write, (self._bell, b"\0"))
        self._timer.daemon = True
        self._timer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()  # it must not write when the number of the pipe may be somebody else's
        os.close(self.fd)
        os.close(self._bell)
