"""What waits for a person: jobs that can go on, and what has failed alike."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from headway.model.failure import Failures
from headway.model.recovery import Cause, Recovery, RecoveryRule
from headway.server import documents
from headway.server.asked import Nothing
from headway.server.listing import After
from headway.server.operation import Answer, Call, Operations
from headway.server.routes.jobs import Reason

RECOVERY = Operations("Recovery")

Moment = Annotated[datetime, msgspec.Meta(tz=True, description="Only what stopped then or later.")]


class Waiting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which of the jobs that wait for a person."""

    cause: Annotated[
        list[Cause],
        msgspec.Meta(description="Only these causes."),
    ] = []
    session: str | None = None
    since: Moment | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500, description="Jobs on a page.")] = 50
    after: After | None = None


class Failed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which failed jobs."""

    since: Moment | None = None
    session: str | None = None
    owner: Annotated[str, msgspec.Meta(description="Only what this user submitted.")] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500, description="Groups in the answer.")] = 50


@RECOVERY.add("GET", "/recovery", query=Waiting, answers={200: Recovery}, shows=documents.RECOVERY)
def recovery(call: Call[Waiting, None]) -> Answer:
    """The jobs that wait for a person: interrupted, paused, failed, with a failed rollback; each newest stop first.

    Of each: why it stopped and when, what it would go on with and what would be done again, what it has done outside
    itself, and whether it can go on: `yes`, `with care` or `no`, and why. `causes` counts them all; `stops` tells what
    interrupted them. Jobs whose type recovers by itself are not among them.
    """
    asked = call.query
    return Answer(
        call.hw.recovery(
            asked.cause or None, session=asked.session, since=asked.since, limit=asked.limit, after=asked.after
        )
    )


@RECOVERY.add("GET", "/recovery/rules", answers={200: documents.page("rules", RecoveryRule)})
def recovery_rules(call: Call[Nothing, None]) -> Answer:
    """The types whose interrupted jobs go on by themselves because a person said so."""
    return Answer({"rules": call.hw.recovery_rules(), "next": None})


@RECOVERY.add("PUT", "/recovery/rules/{type:path}", takes=Reason, answers={200: RecoveryRule}, shows=documents.RULE,
              example={"reason": "its steps can be repeated"}, refusals=("no_such_path",))  # fmt: skip
def add_recovery_rule(call: Call[Nothing, Reason]) -> Answer:
    """From now on interrupted jobs of the type go on by themselves, whatever its code says; those that wait, too.

    Each tells in its history that the rule resumed it. One that was lost three times without new durable progress
    fails all the same. Jobs of programs that are no workers are left to these.
    """
    return Answer(call.hw.add_recovery_rule(_type(call), call.body.reason))


@RECOVERY.add("DELETE", "/recovery/rules/{type:path}", answers={204: None}, refusals=("not_found", "no_such_path"))
def remove_recovery_rule(call: Call[Nothing, None]) -> Answer:
    """Takes a rule back: interrupted jobs of the type wait for a person again, unless its code says otherwise."""
    call.hw.remove_recovery_rule(_type(call))
    return Answer()


def _type(call: Call[Any, Any]) -> str:
    return str(call.request.path_params["type"])


@RECOVERY.add("GET", "/failures", query=Failed, answers={200: Failures}, shows=documents.FAILURES)
def failures(call: Call[Failed, None]) -> Answer:
    """Failed jobs by type and error, the newest first; numbers, ids and paths in messages make no difference.

    The newest 2,000 failed jobs are compared; `more` says that there are older ones.
    """
    asked = call.query
    return Answer(call.hw.failures(asked.since, asked.limit, session=asked.session, owner=asked.owner))
