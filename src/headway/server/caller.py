"""Who calls: what the history tells of a verb that came over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import HTTPConnection

from headway.tracker.caller import CALLER, Caller


@contextmanager
def calling(request: HTTPConnection) -> Iterator[None]:
    """Verbs in the block are those of the client of this request."""
    token = CALLER.set(Caller(via="http", host=request.client.host if request.client else None))
    try:
        yield
    finally:
        CALLER.reset(token)
