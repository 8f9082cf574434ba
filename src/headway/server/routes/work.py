"""Work in any language: a process claims jobs, or begins its own, and reports until it has ended them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec

from headway.errors import InvalidInput
from headway.server import documents, repeats, waiting
from headway.server.asked import Nothing
from headway.server.operation import Answer, Call, Operations
from headway.server.problems import lease_lost
from headway.server.routes.jobs import FINDING
from headway.tracker.outside import Claimed, Heard, LeaseLost, OutsideWork, heard
from headway.tracker.telling import Told

WORK = Operations("Work")

LONGEST_CLAIM_S = 25.0
"""How long a claim may wait: a runner is seen as alive for half a minute after it asked."""


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which jobs the caller can do: those of some types, or its own one that was resumed.

    queues: only `default` where none are named. worker: what it calls itself; wait_s: how long to wait for a job.
    """

    types: Annotated[list[str], msgspec.Meta(min_length=1, max_length=1000)] | None = None
    job: str | int | None = None
    queues: Annotated[list[str], msgspec.Meta(min_length=1, max_length=100)] | None = None
    worker: str | None = None
    wait_s: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_CLAIM_S)] = 0.0


@WORK.add("POST", "/claim", takes=Claim, answers={200: Claimed, 204: None}, shows=documents.CLAIMED,
          refusals=(*FINDING, "illegal_move", "key_reused"), example=documents.CLAIM)  # fmt: skip
async def claim(call: Call[Nothing, Claim]) -> Answer:
    """Takes the first ready job of these types, highest priority first, then oldest; 204 where there is none.

    The caller has it as that attempt, for `lease_s` seconds after each report. An attempt that stops reporting is
    lost, and its job goes to somebody else. With `job` it is the caller's own work, begun with `"start": true`, that
    goes on after a pause. Reports that bring the `epoch` back are never taken for those of another attempt, not even
    after the database was put back from a copy. Secrets in the input are masked: give references to the environment.
    """
    take = await _taking(call)
    before = await call.apart(repeats.begin, call, "claim")
    if before is not None:
        return Answer(await call.apart(OutsideWork(call.hw).claimed_before, before))
    taken: Claimed | None = None
    try:
        taken = await waiting.until(call, call.body.wait_s, take, lambda found: found is not None)
    finally:
        if taken is None:
            await call.apart(repeats.give_up, call, "claim")
    if taken is not None:
        await call.apart(repeats.end, call, "claim", taken.job.id)
    return Answer(taken)


async def _taking(call: Call[Nothing, Claim]) -> Callable[[], Claimed | None]:
    """What tries to take a job. Raises InvalidInput."""
    asked, work = call.body, OutsideWork(call.hw)
    own, types = asked.job, asked.types
    if own is not None and types is None:
        return lambda: work.claim_own(own, asked.worker)
    if types is None or own is not None:
        raise InvalidInput("A claim names types, or the one job to go on with; found both, or neither.")
    client, queues = call.request.client, asked.queues or ["default"]
    await call.apart(work.enlist, types, queues, asked.worker, client.host if client else None)
    return lambda: work.claim(types, queues, asked.worker)


@WORK.add("POST", "/jobs/{any_id}/attempts/{attempt:number}", takes=Told, answers={200: Heard}, shows=documents.HEARD,
          example=documents.TOLD, refusals=(*FINDING, "lease_lost", "key_reused"))  # fmt: skip
def report(call: Call[Nothing, Told]) -> Answer:
    """Stores what an attempt tells and renews its lease; answers what is asked of it. An empty body is a heartbeat.

    `asked` is `pause` or `cancel` where the attempt is to stop: it saves what it needs and ends with `halted`. 409
    `lease_lost`: nothing was stored, and the process should stop. A report with a `serial` may be sent again.
    """
    attempt, job = int(call.request.path_params["attempt"]), call.hw.get(call.any_id)

    def again(job: str) -> Heard:
        return heard(call.hw.get(f"id:{job}"), over=call.body.end is not None)

    try:
        return Answer(
            repeats.once_about(
                call, "report", lambda: OutsideWork(call.hw).report(job, attempt, call.body), lambda _: job.id, again,
            )
        )  # fmt: skip
    except LeaseLost:
        raise lease_lost(call.any_id, attempt) from None
