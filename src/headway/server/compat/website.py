"""The API of the website mover: its sessions are jobs, and its streams begin jobs that outlive their request."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Annotated, Any

import msgspec
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from headway.compat import website
from headway.compat.website import WebsiteJob
from headway.errors import HeadwayError, IllegalMove, NotFound
from headway.live.message import Message
from headway.model.job import Event, Job
from headway.server import permission, problems
from headway.server.asked import Nothing
from headway.server.breaking import breaker
from headway.server.compat.retold import FollowedJob, Voice, message
from headway.server.operation import Answer, Call, Operation, Operations
from headway.server.problems import Refusal
from headway.server.routes.jobs import FINDING
from headway.server.site import Site
from headway.server.stream import streamed
from headway.server.websocket import Heard, Unheard

SESSIONS = Operations("older")
LIVE = Operations("Streams")

NORMAL, RESTART = 1000, 1012
KEPT_LINES = 100
"""Log lines that a late reader of a migration is told."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a site is. source: protocol, host, port, username, password, ssh_key, root_path, and what else the worker
    takes, whose passwords, keys and addresses with a password are kept sealed; exclusions: glob patterns.
    """

    source: dict[str, Any]
    exclusions: list[str] | None = None

    def input(self) -> dict[str, Any]:
        """The input of the job."""
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}
        ends = {name: website.sealed(given[name]) for name in ("source", "destination") if name in given}
        return given | ends


class Ends(Source, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a site is, and where it is to be. skip_large_files: bytes; files: only these."""

    destination: dict[str, Any]
    skip_large_files: int | None = None
    files: list[str] | None = None


class Move(Ends, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is moved, and how. bandwidth_limit: bytes per second. A move always goes on where it was interrupted."""

    bandwidth_limit: Annotated[float, msgspec.Meta(gt=0)] | None = None
    verify_after_transfer: bool = True
    dry_run: bool = False
    enable_resume: bool = True

    def input(self) -> dict[str, Any]:
        """The input of the job."""
        given = super().input()
        del given["enable_resume"]
        return given


class Deleted(msgspec.Struct, frozen=True):
    """How many jobs were removed."""

    deleted: int


class Said(msgspec.Struct, frozen=True):
    """What was done."""

    message: str


class Telling(Voice):
    """`job_created` first, then messages without a name, then `complete` or `error`."""

    moved = ""
    """The name of a message that tells how far the job is."""

    def first(self, job: Job) -> list[Message]:
        """The id, by which to come back."""
        return [message("job_created", {"job_id": job.id})]

    def progress(self, job: Job) -> list[Message]:
        """How far it is."""
        said = website.progress_of(job)
        return [message(self.moved, {"status": website.STATUSES[job.state]} if said is None else said)]

    def last(self, job: Job) -> list[Message]:
        """The result, or why there is none."""
        if job.state == "completed":
            return [message("complete", job.result)]
        return [message("error", {"error": job.error.message if job.error else job.state, "status": job.state})]

    def gone(self, job: Job) -> list[Message]:
        """Nobody will know more."""
        return [message("error", {"error": f"job {job.id} was deleted", "status": "deleted"})]


class Output(Telling):
    """`output` for each line of the log, `stats`, `complete`."""

    moved = "stats"

    def first(self, job: Job) -> list[Message]:
        """Nothing: the reader knows the id."""
        return []

    def event(self, job: Job, event: Event) -> list[Message]:
        """A line of the log."""
        return [message("output", {"line": event.data.get("text", "")})] if event.kind == "log" else []


CONFIG = {
    "protocol": "sftp", "host": "old.example", "port": 22, "username": "ann", "password": "s3cret", "root_path": "/www",
}  # fmt: skip
TARGET = CONFIG | {"host": "new.example"}
STARTING = ("conflict", "key_reused", "not_supported", "secret_unavailable")


@SESSIONS.add("GET", "/sessions", below="/api", answers={200: list[WebsiteJob]})
def website_jobs(call: Call[Nothing, None]) -> Answer:
    """All jobs of the website mover, newest first."""
    return Answer(list(website.listed(call.hw)), tagged=True, weak=True)


@SESSIONS.add("DELETE", "/sessions", below="/api", answers={200: Deleted})
def clear_website_jobs(call: Call[Nothing, None]) -> Answer:
    """Removes those that are over, and leaves the active ones; pinned ones stay too."""
    deleted = 0
    for job in list(website.listed(call.hw, active=False)):
        with suppress(NotFound, IllegalMove):
            call.hw.delete(f"id:{job.id}")
            deleted += 1
    return Answer(Deleted(deleted))


@SESSIONS.add("GET", "/sessions/active", below="/api", answers={200: list[WebsiteJob]})
def active_website_jobs(call: Call[Nothing, None]) -> Answer:
    """Those that are pending, running or paused, newest first."""
    return Answer(list(website.listed(call.hw, active=True)), tagged=True, weak=True)


@SESSIONS.add("GET", "/sessions/{any_id}", below="/api", answers={200: WebsiteJob}, refusals=FINDING)
def website_job(call: Call[Nothing, None]) -> Answer:
    """One job, by any id."""
    return Answer(website.shown(call.hw, website.find(call.hw, call.any_id)), tagged=True)


@SESSIONS.add("DELETE", "/sessions/{any_id}", below="/api", answers={200: Said}, refusals=(*FINDING, "illegal_move"))
def end_website_job(call: Call[Nothing, None]) -> Answer:
    """Cancels an active job; removes one that is over."""
    job = website.find(call.hw, call.any_id)
    if job.ended:
        call.hw.delete(f"id:{job.id}")
        return Answer(Said(f"Job {job.id} deleted"))
    call.hw.cancel(f"id:{job.id}")
    return Answer(Said(f"Job {job.id} cancelled"))


@LIVE.add("POST", "/scan/stream", below="/api", takes=Source, answers={200: str}, media="text/event-stream",
          example={"source": CONFIG}, refusals=STARTING)  # fmt: skip
async def scan_website(call: Call[Nothing, Source]) -> Answer:
    """Begins to scan a site, as a job of its own, and streams how far it is: the header X-Job-ID names it.

    `job_created` {"job_id"} comes first, then messages without a name with the progress, at last `complete` with the
    result or `error` {"error"}. The job goes on when the reader leaves: GET /api/sessions/{id}/stream comes back to it.
    """
    return await _begun(call, "scan")


@LIVE.add("POST", "/transfer/stream", below="/api", takes=Move, answers={200: str}, media="text/event-stream",
          example={"source": CONFIG, "destination": TARGET, "bandwidth_limit": 2e6}, refusals=STARTING)  # fmt: skip
async def transfer_website(call: Call[Nothing, Move]) -> Answer:
    """Begins to move a site, as a job of its own, and streams how far it is, as /api/scan/stream does."""
    return await _begun(call, "transfer")


@SESSIONS.add("POST", "/plan", below="/api", takes=Ends, answers={202: WebsiteJob},
              example={"source": CONFIG, "destination": TARGET}, refusals=STARTING)  # fmt: skip
def plan_website(call: Call[Nothing, Ends]) -> Answer:
    """Begins to plan a move, as a job of its own, which is answered at once."""
    return Answer(website.shown(call.hw, _submit(call, "plan")), 202)


@LIVE.add("GET", "/sessions/{any_id}/stream", below="/api", answers={200: str}, media="text/event-stream",
          refusals=FINDING)  # fmt: skip
async def follow_website_job(call: Call[Nothing, None]) -> Answer:
    """Comes back to the stream of a job, after a reload or from elsewhere; of one that is over, its end alone."""
    job = await call.apart(website.find, call.hw, call.any_id)
    return await _told(call, job, Telling())


@LIVE.add("GET", "/migrations/{any_id}/stream", below="/api", answers={200: str}, media="text/event-stream",
          refusals=FINDING)  # fmt: skip
async def follow_migration(call: Call[Nothing, None]) -> Answer:
    """The same with `output` for each line of the log, `stats`, and `complete`; 404 once the job is over."""
    job = await call.apart(website.find, call.hw, call.any_id)
    if job.ended:
        raise NotFound(f"Job {job.id} is over: it is {job.state}, and there is nothing more to follow.")
    kept = await call.apart(call.hw.last_logs, f"id:{job.id}", KEPT_LINES)
    return await _told(call, job, Output(), kept[0].seq - 1 if kept else None)


def live(site: Site) -> list[BaseRoute]:
    """The stream of a job over a WebSocket: {"event": name, "data": ...}; messages without a name are `progress`."""

    async def tell(socket: WebSocket) -> None:
        await _tell(site, socket)

    return [WebSocketRoute("/api/sessions/{any_id}/ws", tell)]


async def _begun(call: Call[Any, Any], kind: str) -> Answer:
    return await _told(call, await call.apart(_submit, call, kind), Telling())


def _submit(call: Call[Any, Any], kind: str) -> Job:
    website.ensure_session(call.hw)
    return call.hw.submit(
        website.type_of(kind), call.body.input(), name=kind.title(), category=website.CATEGORY,
        session=website.SESSION, idempotency_key=call.key,
    )  # fmt: skip


async def _told(call: Call[Any, Any], job: Job, voice: Voice, after: int | None = None) -> Answer:
    following = FollowedJob(call.site.feed, voice)
    answer = await streamed(call.site, following, following.begin(f"id:{job.id}", after))
    answer.headers["X-Job-ID"] = job.id
    return answer


async def _tell(site: Site, socket: WebSocket) -> None:
    await socket.accept()
    following = FollowedJob(site.feed, Telling())
    following.cut = breaker(socket.scope)
    listening = asyncio.ensure_future(_listen(site, socket, following))
    try:
        with suppress(WebSocketDisconnect, RuntimeError, OSError):  # the reader has gone
            await _pass_on(site, socket, following)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        following.leave()


async def _pass_on(site: Site, socket: WebSocket, following: FollowedJob) -> None:
    """Sends all that is told of the job that the path names, or why nothing is."""
    try:
        job = await site.apart(website.find, site.hw, socket.path_params["any_id"])
        await following.begin(f"id:{job.id}")
        async with aclosing(following.messages()) as portions:
            async for portion in portions:
                permission.check(site, socket.scope)
                for one in portion:
                    await socket.send_text(_frame(one))
        await socket.close(RESTART if following.closed == "shutdown" else NORMAL)
    except (HeadwayError, Refusal) as error:
        refused = problems.refusal_of(error, site.hw.url)
        await socket.send_text(_frame(message("error", {"error": refused.detail, "code": refused.code})))
        await socket.close(NORMAL)


async def _listen(site: Site, socket: WebSocket, following: FollowedJob) -> None:
    """Ends the subscription when the reader has gone, or says too much; what it says is not followed."""
    heard = Heard(site.clock)
    try:
        while True:
            await heard.text(socket)
    except WebSocketDisconnect:
        following.leave()
    except Unheard as refused:
        await socket.close(refused.code)
        following.leave()


def _frame(one: Message) -> str:
    return f'{{"event":"{one.name or "progress"}","data":{one.data.decode()}}}'


WEBSITE: list[Operation] = [*SESSIONS, *LIVE]
