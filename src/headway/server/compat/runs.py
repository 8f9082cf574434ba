"""The API of a media catalogue: the progress of runs by their number, and of the latest run of any job type."""

from __future__ import annotations

from typing import Any

import msgspec

from headway.compat import runs
from headway.compat.runs import JobRun
from headway.errors import Ambiguous, NotFound
from headway.model.job import Job
from headway.server import problems
from headway.server.asked import Nothing
from headway.server.operation import Answer, Call, Operations

RUNS = Operations("older")
ANY_TYPE = Operations("older")
"""On a path that others have names on: it stands after them."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer in its envelope. The members of `data` stand beside it too: pages look for `status` in both places."""

    success: bool
    message: str
    data: JobRun | list[JobRun] | None = None


class AnsweredRun(JobRun, frozen=True, kw_only=True, rename="camel"):
    """A run in its envelope, and its members beside it."""

    success: bool
    message: str
    data: JobRun


@RUNS.add("GET", "/jobs/runs/{run}/progress", answers={200: AnsweredRun, 400: Answered, 404: Answered})
def run_progress(call: Call[Nothing, None]) -> Answer:
    """The progress of one run, by its number."""
    number = str(call.request.path_params["run"])
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return _refused(400, f"{number[:60]!r} is no number of a run.")
    return _answered(call, lambda: runs.find(call.hw, int(number)))


@ANY_TYPE.add("GET", "/jobs/{type}/{known_as}/progress", answers={200: AnsweredRun, 404: Answered, 409: Answered})
def type_progress(call: Call[Nothing, None]) -> Answer:
    """The progress of the latest run of a job type, such as media-sync: by its context, an external id or a number."""
    wanted = call.request.path_params
    return _answered(call, lambda: runs.latest(call.hw, wanted["type"], wanted["known_as"]))


def _answered(call: Call[Nothing, None], find: Any) -> Answer:
    try:
        job: Job = find()
    except (NotFound, Ambiguous) as error:
        refused = problems.refusal_of(error, call.hw.url)
        return _refused(404 if isinstance(error, NotFound) else refused.status, refused.detail)
    shown = runs.shown(job)
    return Answer({"success": True, "message": shown.status, "data": shown, **msgspec.to_builtins(shown)})


def _refused(status: int, message: str) -> Answer:
    return Answer(Answered(success=False, message=message), status)
