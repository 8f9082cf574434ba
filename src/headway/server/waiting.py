"""Long polls: an answer that is given when there is something new, or the time has passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect

from headway.server.operation import Answer, Call

LONGEST_WAIT_S = 60.0
"""The longest that one request may wait: proxies cut what is silent for longer."""

Seconds = Annotated[
    float, msgspec.Meta(ge=0, le=LONGEST_WAIT_S, description="Seconds to wait for something new before answering.")
]
Q = TypeVar("Q")
T = TypeVar("T")


async def until(
    call: Call[Any, Any], wait_s: float, look: Callable[[], T], enough: Callable[[T], bool], of_job: bool = False
) -> T:
    """Looks, in a thread, until what is found is enough, or the time has passed; returns what was found last.

    of_job: what is found is of the job that the call names: it looks again when that has moved, and seldom otherwise.
    Raises ClientDisconnect where the client has left: a look may take a job, and nobody would have it.
    """
    clock = call.site.clock
    limit = clock.boot() + wait_s
    found = await call.apart(look)
    if enough(found) or not wait_s:
        return found
    job = await call.apart(lambda: call.hw.get(call.any_id).id) if of_job else None
    with call.site.changes.listening(job) as listener:
        while not call.site.leaving:
            listener.begin()
            if await call.request.is_disconnected():
                raise ClientDisconnect
            found = await call.apart(look)
            left = limit - clock.boot()
            if enough(found) or left <= 0:
                break
            await listener.wait(left)
    return found


async def changed(call: Call[Any, Any], wait_s: float, look: Callable[[], Answer]) -> Answer:
    """An answer of a job as soon as it is another one than the caller has."""
    return await until(
        call, wait_s if call.known_tag else 0.0, look, lambda answer: not answer.is_known(call.known_tag), True
    )
