"""Which job the calling code belongs to: carried by contextvars, into every thread that Headway starts."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import TYPE_CHECKING, cast

from headway.runtime.item import ITEM
from headway.store.workspaces import DEFAULT
from headway.tracker.ambient import CURRENT_SESSION

if TYPE_CHECKING:
    from headway.runtime.attempt import AttemptAtHand
    from headway.runtime.context import Context

CURRENT: ContextVar[AttemptAtHand | None] = ContextVar("headway_context", default=None)


def current_context() -> Context | None:
    """The Context of the job that the calling code runs in; None outside a job."""
    return cast("Context | None", CURRENT.get())  # the inner side, too, is always part of a Context


def _forget_in_child() -> None:
    """After a fork: the job is the parent's, and what the child said of it would be lost without a word."""
    if CURRENT.get() is not None:
        CURRENT.set(None)
        ITEM.set(None)
        CURRENT_SESSION.set(DEFAULT)


os.register_at_fork(after_in_child=_forget_in_child)
