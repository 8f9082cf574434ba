"""Jobs: submit, find, list, delete, and the verbs that move them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from headway.compat import runs
from headway.compat.runs import JobRun
from headway.errors import Ambiguous, InvalidInput, NotFound
from headway.model.job import Job, Page, Undo
from headway.server import documents, listing, repeats, waiting
from headway.server.asked import Nothing
from headway.server.filters import Chosen
from headway.server.listing import After, Limit
from headway.server.operation import Answer, Call, Operations
from headway.server.site import PREFIX
from headway.server.waiting import Seconds
from headway.tracker.outside import OutsideWork
from headway.tracker.submitting import BATCH

JOBS = Operations("Jobs")

FINDING = ("not_found", "deleted", "ambiguous")
MOVING = (*FINDING, "illegal_move", "conflict", "key_reused")


class Listing(Chosen, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which jobs to list. Filters that are given all hold."""

    id: Annotated[str, msgspec.Meta(description="Any id, also one with a slash in it; alone.")] | None = None
    limit: Limit = 50
    after: After | None = None


class Lookup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which job."""

    id: Annotated[str, msgspec.Meta(description="Any id.")]


class Paging(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which page."""

    limit: Limit = 50
    after: After | None = None


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long to wait for a change of what the caller has, by If-None-Match."""

    wait: Seconds = 0.0


class SessionOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What submit takes beside type, input and session; a start of a session takes it, too."""

    name: str | None = None
    external_id: str | dict[str, str] | None = None
    context_id: str | None = None
    one_per_context: bool = False
    category: str = "general"
    labels: dict[str, str] = {}
    parent: str | int | None = None
    priority: int = 0
    queue: str = "default"
    run_at: datetime | None = None
    timeout_s: float | None = None

    def options(self) -> dict[str, Any]:
        """Them by name."""
        return {name: getattr(self, name) for name in SessionOptions.__struct_fields__}


class Options(SessionOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What submit takes beside type and input."""

    session: str | None = None

    def options(self) -> dict[str, Any]:
        """Them by name."""
        return {**super().options(), "session": self.session}


class NewJob(Options, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A job to submit. `start`: it is the caller's own work, and runs from now on as its attempt 1."""

    type: str
    input: dict[str, Any] = {}
    start: bool = False
    worker: str | None = None


class NewJobs(Options, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Jobs of one type to submit together, one for each input."""

    type: str
    inputs: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=BATCH)]


class Submitted(msgspec.Struct, frozen=True, kw_only=True):
    """The ids of jobs, in the order of their inputs."""

    ids: list[str]


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why, for the history."""

    reason: str | None = None


class Ask(Reason, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why, and whether the children are asked too."""

    scope: Literal["tree", "job"] = "tree"


class Retry(Reason, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why, and whether only what has failed is tried again, also of a completed job."""

    items: Literal["failed"] | None = None


class Restart(Reason, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why, and all of another input in the place of the old one's."""

    input: dict[str, Any] | None = None


class Alias(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One more id, or several by namespace."""

    external_id: str | dict[str, str]


class Rollback(Reason, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why, how far back, and whether only to tell what would be undone."""

    to_step: str | None = None
    dry_run: bool = False


class ActiveJobs(msgspec.Struct, frozen=True, kw_only=True):
    """A page of open jobs. `next` is the cursor of the page after it, null on the last."""

    jobs: list[Job]
    next: str | None
    success: bool
    message: str
    data: list[JobRun]


@JOBS.add("GET", "/jobs", query=Listing, answers={200: documents.page("jobs", Job)}, shows=documents.JOBS,
          refusals=("not_found", "bad_query"))  # fmt: skip
def list_jobs(call: Call[Listing, None]) -> Answer:
    """Jobs that fit, newest first unless `sort` says otherwise, a page at a time.

    `id` alone finds jobs by any id, also those that can not stand in a path: all that it may mean, or none.
    """
    asked = call.query
    if asked.id is not None:
        if asked != Listing(id=asked.id):
            raise InvalidInput("id= finds jobs by itself: leave the other parameters out.")
        return listing.answer("jobs", Page(_meant(call, asked.id)))
    return listing.answer("jobs", call.hw.jobs(**asked.filters()))


@JOBS.add("GET", "/lookup", query=Lookup, answers={200: Job}, shows=documents.JOB, refusals=FINDING)
def look_up(call: Call[Lookup, None]) -> Answer:
    """The job that any id means, as `GET /jobs/{any_id}` answers it; also by ids that can not stand in a path."""
    return Answer(call.hw.get(call.query.id), tagged=True)


@JOBS.add("GET", "/jobs/active", query=Paging, answers={200: ActiveJobs},
          shows=documents.JOBS | {"success": True, "message": "1 active", "data": []})  # fmt: skip
def list_active_jobs(call: Call[Paging, None]) -> Answer:
    """Open jobs, newest first: the same as `GET /jobs?active=true`.

    `data` has them once more as the runs that an older API has on this path.
    """
    page = call.hw.jobs(active=True, limit=call.query.limit, after=call.query.after)
    shown = [runs.shown(job) for job in page]
    return listing.answer("jobs", page, success=True, message=f"{len(page)} active", data=shown)


@JOBS.add("POST", "/jobs", takes=NewJob, answers={201: Job}, example=documents.NEW_JOB, shows=documents.JOB,
          refusals=("not_found", "conflict", "key_reused", "already_running"))  # fmt: skip
def submit(call: Call[Nothing, NewJob]) -> Answer:
    """Submits a job; its row is committed when this is answered.

    With `"start": true` it is work of the caller's own process: born running, attempt 1 under a lease, which its
    reports to `/jobs/{id}/attempts/1` renew; no worker ever takes it. The same Idempotency-Key and body within 24
    hours give the same job; another body is refused.
    """
    asked = call.body
    if asked.start:
        outside = OutsideWork(call.hw)
        job = outside.begin(asked.type, asked.input, asked.worker, call.key, **asked.options())
    else:
        job = call.hw.submit(asked.type, asked.input, idempotency_key=call.key, **asked.options())
    return _created(call, job)


@JOBS.add("POST", "/batch", takes=NewJobs, answers={201: Submitted}, refusals=("not_found", "conflict", "key_reused"),
          example={"type": "thumbnails", "inputs": [{"folder": "a"}, {"folder": "b"}]})  # fmt: skip
def submit_batch(call: Call[Nothing, NewJobs]) -> Answer:
    """Submits many jobs of one type with the same options, in one transaction: all of them, or none."""
    asked = call.body
    ids = call.hw._submit_batch(asked.type, asked.inputs, call.key, **asked.options())
    return Answer(Submitted(ids=ids), 201)


@JOBS.add("GET", "/jobs/{any_id}", query=Look, answers={200: Job, 304: None}, shows=documents.JOB, refusals=FINDING,
          quick=True)  # fmt: skip
async def get_job(call: Call[Look, None]) -> Answer:
    """The job that an id means: whole id, number, external id, context id, last characters of the id.

    `found_by` says by which rule; `moves` what may be done with it now. With `wait` and If-None-Match it is answered
    as soon as anything of the job has changed.
    """
    return await waiting.changed(call, call.query.wait, lambda: Answer(call.hw.get(call.any_id), tagged=True))


@JOBS.add("DELETE", "/jobs/{any_id}", answers={200: Job}, shows=documents.JOB, refusals=(*FINDING, "illegal_move"))
def delete(call: Call[Nothing, None]) -> Answer:
    """Removes an ended job for good, with its children and all that belongs to them; answers its last snapshot."""
    return Answer(call.hw.delete(call.any_id))


def _move(name: str, about: str, takes: type, example: Any, verb: Callable[[Call[Any, Any]], Job]) -> None:
    def handler(call: Call[Any, Any]) -> Answer:
        return Answer(repeats.once(call, name, functools.partial(verb, call)), tagged=True)

    handler.__doc__ = about
    handler.__name__ = name
    JOBS.add("POST", f"/jobs/{{any_id}}/{name}", takes=takes, answers={200: Job}, example=example,
             shows=documents.JOB, refusals=MOVING)(handler)  # fmt: skip


_move(
    "pause", "Asks a job, and its children, to halt at the next checkpoint; it keeps its progress.", Ask,
    {"reason": "the target is full"}, lambda call: call.hw.pause(call.any_id, call.body.reason, call.body.scope),
)  # fmt: skip
_move(
    "resume", "Sends a paused or interrupted job on from its checkpoint.", Ask, {"reason": "there is room again"},
    lambda call: call.hw.resume(call.any_id, call.body.reason, call.body.scope),
)  # fmt: skip
_move(
    "cancel", "Stops a job for good: once this is answered, it never ends completed.", Ask, {"reason": "not needed"},
    lambda call: call.hw.cancel(call.any_id, call.body.reason, call.body.scope),
)  # fmt: skip
_move(
    "retry", "Sends a failed job back to the queue; finished steps, cursors and done items stay.", Retry,
    {"reason": "the network is back"}, lambda call: call.hw.retry(call.any_id, call.body.reason, call.body.items),
)  # fmt: skip
_move(
    "pin", "Keeps a job, and the tree that it is in, until it is unpinned.", Reason, {"reason": "evidence"},
    lambda call: call.hw.pin(call.any_id, call.body.reason),
)  # fmt: skip
_move(
    "unpin", "Takes the pin away: an ended job goes when it would have gone.", Reason, {},
    lambda call: call.hw.unpin(call.any_id, call.body.reason),
)  # fmt: skip
_move(
    "aliases", "Gives a job one more external id, or several by namespace.", Alias,
    {"external_id": {"cloud": "i-4711"}},
    lambda call: call.hw.alias(call.any_id, call.body.external_id),
)  # fmt: skip


@JOBS.add("POST", "/jobs/{any_id}/restart", takes=Restart, answers={201: Job}, example={"reason": "once more"},
          shows=documents.JOB, refusals=(*FINDING, "not_supported", "key_reused"))  # fmt: skip
def restart(call: Call[Nothing, Restart]) -> Answer:
    """Submits a new job with the type, input and options of an old one; `restarted_from` links it.

    `input`: all of another input, in the place of the old one's; a secret in it that is given as it is shown,
    `{"$secret": "***"}`, is the old one's.
    """
    asked = call.body
    return _created(call, call.hw.restart(call.any_id, asked.reason, input=asked.input, idempotency_key=call.key))


@JOBS.add("POST", "/jobs/{any_id}/rollback", takes=Rollback, answers={201: Job, 200: documents.page("undos", Undo)},
          example={"reason": "wrong target"}, shows=documents.JOB, refusals=MOVING)  # fmt: skip
def rollback(call: Call[Nothing, Rollback]) -> Answer:
    """Undoes what an ended job has recorded, from the last undo to the first; answers the job that does it.

    `to_step`: what was recorded in that step and before it stays. `dry_run`: nothing is done, and the answer, 200, is
    what would be undone, in that order.
    """
    asked = call.body
    if asked.dry_run:
        return listing.answer("undos", Page(call.hw.rollback(call.any_id, to_step=asked.to_step, dry_run=True)))
    begun = repeats.once(call, "rollback", lambda: call.hw.rollback(call.any_id, asked.reason, asked.to_step))
    return _created(call, begun)


@JOBS.add("GET", "/jobs/{any_id}/rollback", answers={200: Job, 204: None}, shows=documents.JOB, refusals=FINDING)
def last_rollback(call: Call[Nothing, None]) -> Answer:
    """The newest job that has rolled this one back, or tried to; 204 where none has."""
    return Answer(call.hw.last_rollback(call.any_id))


def _created(call: Call[Any, Any], job: Job) -> Answer:
    root = call.request.scope.get("root_path", "")
    return Answer(job, 201, {"Location": f"{root}{PREFIX}/jobs/{job.id}"}, tagged=True)


def _meant(call: Call[Any, Any], any_id: str) -> list[Job]:
    """Every job that an id may mean."""
    try:
        return [call.hw.get(any_id)]
    except NotFound:
        return []
    except Ambiguous as several:
        return [call.hw.get(f"id:{job}") for _, job in several.candidates]
