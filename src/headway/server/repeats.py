"""Idempotency keys of moves: a call that comes again, because its answer was lost, is answered and not repeated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from headway.model.job import Job
from headway.server.operation import Call
from headway.tracker.repeats import Repeats


def once(call: Call[Any, Any], verb: str, move: Callable[[], Job]) -> Job:
    """Calls the verb, unless the key of the call has brought the same before: then the job of then, as it is now.

    Raises KeyReused where the key stands for another request.
    """
    if call.key is None:
        return move()
    kept, request = Repeats(call.hw), [call.any_id, msgspec.to_builtins(call.body)]
    known = kept.known(verb, call.key, request)
    if known is not None:
        return call.hw.get(f"id:{known}")
    job = move()
    kept.keep(verb, call.key, request, job)
    return job
