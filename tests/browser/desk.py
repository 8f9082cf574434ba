"""A server in the test's own process, whose time the test moves."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from headway import Headway
from headway.server import create_app
from headway.server.serving import Serving
from headway.testing import Clock


class Desk:
    """Verbs, server and worker under one clock, which stands still until it is moved."""

    def __init__(self, url: str) -> None:
        self.clock = Clock()
        self.hw = Headway(url, clock=self.clock)
        self._serving = Serving(create_app(self.hw), port=0)
        self._held = ExitStack()

    @property
    def address(self) -> str:
        """Where it answers."""
        return self._serving.address

    def __enter__(self) -> Self:
        self._held.enter_context(self.hw)
        self._held.enter_context(self._serving)
        self._held.enter_context(self.hw.worker(slots=8))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()
