"""A real `headway serve` with the jobs of these tests, which a test may kill and start again on the same port."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from headway import Headway
from headway.server.pagefiles import ELSEWHERE
from tests.faults.child import ROOT, Child
from tests.support.ports import free_port

BUILT = Path(os.environ.get(ELSEWHERE) or ROOT / "src" / "headway" / "server" / "static")
"""The pages that are served."""
JOBS = Path(__file__).with_name("jobs.py").relative_to(ROOT)


class Served:
    """The server process over one database. It keeps its port from one start to the next."""

    def __init__(self, url: str, *options: object, slots: int = 8) -> None:
        self.url = url
        self.hw = Headway(url)
        self.address = ""
        self._options = ("--slots", slots, "--import", JOBS, *options)
        self._port = free_port()
        self._child: Child | None = None

    @property
    def child(self) -> Child:
        """Its process."""
        assert self._child is not None, "the server is not running"
        return self._child

    def start(self) -> None:
        """Starts it and returns when it answers."""
        self._child = Child("headway", "--url", self.url, "serve", "--port", self._port, *self._options)
        self.address = self._child.line("http")

    def kill(self) -> None:
        """SIGKILL: the server and the jobs that it runs are gone at once."""
        self._end(None)

    def stop(self) -> None:
        """SIGTERM: its jobs halt at their next checkpoint."""
        self.child.finish()
        self._end(None)

    def close(self, error: BaseException | None = None) -> None:
        """Ends what is left of it; after an error of the test its last words are printed."""
        if self._child is not None:
            self._end(error)
        self.hw.close()

    def _end(self, error: BaseException | None) -> None:
        child, self._child = self.child, None
        child.__exit__(type(error) if error else None, error, None)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(error)
