"""Idempotency keys: a call that comes again, because its answer was lost, is answered and not repeated.

Submit and restart keep theirs in the job's own transaction; here are the calls whose repetition does no harm but to
the answer: they keep the key after they were done.
"""

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
    before = known(call, verb)
    if before is not None:
        return before
    job = move()
    keep(call, verb, job.id)
    return job


def known(call: Call[Any, Any], verb: str) -> Job | None:
    """The job of the call that came under the same key before, as it is now. Raises KeyReused, NotFound."""
    job = known_id(call, verb)
    return None if job is None else call.hw.get(f"id:{job}")


def known_id(call: Call[Any, Any], verb: str) -> str | None:
    """The id that was kept with the call that came under the same key before. Raises KeyReused."""
    return None if call.key is None else Repeats(call.hw).known(verb, call.key, _request(call))


def keep(call: Call[Any, Any], verb: str, identity: str) -> None:
    """Keeps that the call was done, about that job or session."""
    if call.key is not None:
        Repeats(call.hw).keep(verb, call.key, _request(call), identity)


def _request(call: Call[Any, Any]) -> Any:
    return [call.request.path_params, msgspec.to_builtins(call.body)]
