"""Idempotency keys: a call that comes again, because its answer was lost, is answered and not repeated.

Submit and restart keep theirs in the job's own transaction. Here are the other calls: the key is stored before the
work begins, so that of calls that overlap one does it, and is freed when nothing came of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from headway.model.job import Job
from headway.server.operation import Call
from headway.server.problems import Refusal
from headway.tracker.repeats import Repeats, UnderWay

T = TypeVar("T")
RETRY_AFTER_S = 1


def once(call: Call[Any, Any], verb: str, move: Callable[[], Job]) -> Job:
    """Calls the verb, unless the key of the call has brought the same before: then the job of then, as it is now.

    Raises KeyReused where the key stands for another request, Refusal where the same call is under way.
    """
    return once_about(call, verb, move, lambda job: job.id, lambda job: call.hw.get(f"id:{job}"))


def once_about(
    call: Call[Any, Any], verb: str, move: Callable[[], T], about: Callable[[T], str], again: Callable[[str], T]
) -> T:
    """The same for any verb. about: the id that is kept with the call; again: what a repeated call is answered."""
    before = begin(call, verb)
    if before is not None:
        return again(before)
    try:
        done = move()
        kept = about(done) if call.key is not None else ""
    except BaseException:
        give_up(call, verb)
        raise
    end(call, verb, kept)
    return done


def begin(call: Call[Any, Any], verb: str) -> str | None:
    """The id that was kept with the same call; None where the caller is to do it, and then to end it or give it up.

    Raises KeyReused, and Refusal where the same call is under way.
    """
    if call.key is None:
        return None
    try:
        return Repeats(call.hw).begin(verb, call.key, _request(call))
    except UnderWay:
        raise Refusal(
            "under_way",
            "The call that came first under this idempotency key has not ended. Send it again a little later.",
            {"Retry-After": str(RETRY_AFTER_S)},
        ) from None


def end(call: Call[Any, Any], verb: str, identity: str) -> None:
    """Keeps that the call was done, about that job or session."""
    if call.key is not None:
        Repeats(call.hw).end(verb, call.key, _request(call), identity)


def give_up(call: Call[Any, Any], verb: str) -> None:
    """Nothing came of the call: the next one under its key does it."""
    if call.key is not None:
        Repeats(call.hw).give_up(verb, call.key)


def _request(call: Call[Any, Any]) -> Any:
    return [call.request.path_params, msgspec.to_builtins(call.query), msgspec.to_builtins(call.body)]
