"""Which session the calling code is bound to: carried by contextvars, into every thread that Headway starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from headway.store.workspaces import DEFAULT
from headway.tracker.workspace import session_id

CURRENT_SESSION: ContextVar[str] = ContextVar("headway_session", default=DEFAULT)
BEGINNING: ContextVar[Callable[[str], None] | None] = ContextVar("headway_beginning", default=None)
"""Called with the session of a new job before that is stored: some sessions begin with the first thing in them."""


def current_session() -> str:
    """The id of the session that the calling code is bound to: by its job, or by use_session; else default.yaml.

    Jobs that name no session are submitted to it.
    """
    return CURRENT_SESSION.get()


@contextmanager
def use_session(id: str) -> Iterator[str]:
    """Binds the calling code to a session for the length of a block: `with headway.use_session("acme"):`.

    Other threads and tasks keep theirs. Raises InvalidInput for what can be no id of a session.
    """
    bound = session_id(id)
    token = CURRENT_SESSION.set(bound)
    try:
        yield bound
    finally:
        CURRENT_SESSION.reset(token)
