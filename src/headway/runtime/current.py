"""Which job the calling code belongs to: carried by contextvars, into every thread that Headway starts."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headway.runtime.context import Context

CURRENT: ContextVar[Context | None] = ContextVar("headway_context", default=None)


def current_context() -> Context | None:
    """The Context of the job that the calling code runs in; None outside a job."""
    return CURRENT.get()
