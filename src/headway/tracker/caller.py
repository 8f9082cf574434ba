"""On whose behalf a verb is called, where that is not the process itself: a server acts for its clients."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple


class Caller(NamedTuple):
    """What the history tells of such a caller. via: by which door it came; host: its address, where it has one."""

    via: str
    host: str | None


CALLER: ContextVar[Caller | None] = ContextVar("headway_caller", default=None)
