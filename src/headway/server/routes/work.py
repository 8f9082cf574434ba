"""Work in any language: a process claims jobs, or begins its own, and reports until it has ended them."""

from __future__ import annotations

from typing import Annotated

import msgspec

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
    """Which jobs the caller can do; queues: only `default` where none are named.

    worker: what it calls itself; wait_s: how long to wait for one.
    """

    types: Annotated[list[str], msgspec.Meta(min_length=1, max_length=1000)]
    queues: Annotated[list[str], msgspec.Meta(min_length=1, max_length=100)] | None = None
    worker: str | None = None
    wait_s: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_CLAIM_S)] = 0.0


@WORK.add("POST", "/claim", takes=Claim, answers={200: Claimed, 204: None}, shows=documents.CLAIMED,
          refusals=("key_reused",), example=documents.CLAIM)  # fmt: skip
async def claim(call: Call[Nothing, Claim]) -> Answer:
    """Takes the first ready job of these types, highest priority first, then oldest; 204 where there is none.

    The caller has it as that attempt, for `lease_s` seconds after each report. An attempt that stops reporting is
    lost, and its job goes to somebody else. Secrets in the input are masked: give references to the environment.
    """
    asked, work = call.body, OutsideWork(call.hw)
    client, queues = call.request.client, asked.queues or ["default"]
    await call.apart(work.enlist, asked.types, queues, asked.worker, client.host if client else None)

    def take() -> Claimed | None:
        before = repeats.known(call, "claim")
        if before is not None:
            return Claimed(job=before, attempt=before.attempt)
        taken = work.claim(asked.types, queues, asked.worker)
        if taken is not None:
            repeats.keep(call, "claim", taken.job.id)
        return taken

    return Answer(await waiting.until(call, asked.wait_s, take, lambda found: found is not None))


@WORK.add("POST", "/jobs/{any_id}/attempts/{attempt:int}", takes=Told, answers={200: Heard}, shows=documents.HEARD,
          example=documents.TOLD, refusals=(*FINDING, "lease_lost", "key_reused"))  # fmt: skip
def report(call: Call[Nothing, Told]) -> Answer:
    """Stores what an attempt tells and renews its lease; answers what is asked of it. An empty body is a heartbeat.

    `asked` is `pause` or `cancel` where the attempt is to stop: it saves what it needs and ends with `halted`. 409
    `lease_lost`: nothing was stored, and the process should stop. A report with a `serial` may be sent again.
    """
    attempt = int(call.request.path_params["attempt"])
    before = repeats.known(call, "report")
    if before is not None:
        return Answer(heard(before, over=call.body.end is not None))
    try:
        answer = Answer(OutsideWork(call.hw).report(call.any_id, attempt, call.body))
    except LeaseLost:
        raise lease_lost(call.any_id, attempt) from None
    if call.key is not None:
        repeats.keep(call, "report", call.hw.get(call.any_id).id)
    return answer
