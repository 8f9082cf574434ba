"""The API of the web scraper: crawls are jobs that a worker does, and its socket only looks on and asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from typing import Annotated, Any, Literal

import msgspec
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from headway.compat import scraping
from headway.compat.scraping import Config, ScrapedPage, ScrapingProgress, ScrapingSession
from headway.errors import HeadwayError, InvalidInput, NotFound
from headway.live.message import Message
from headway.model.job import Event, Job
from headway.server import permission, problems
from headway.server.asked import Nothing
from headway.server.breaking import breaker
from headway.server.caller import calling
from headway.server.compat.retold import FollowedJob, Voice, message
from headway.server.operation import Answer, Call, Operation, Operations
from headway.server.problems import Refusal
from headway.server.routes.jobs import FINDING
from headway.server.site import Site
from headway.server.websocket import RESTART, Heard, Unheard

SCRAPES = Operations("older")
BELOW = "/api/scrape"
CONTROL = {"pause": "pause", "resume": "resume", "stop": "cancel"}
NORMAL = 1000
EXAMPLE = {"url": "https://docs.example/", "max_pages": 50, "depth": 2}


class ScrapeStart(Config, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is crawled. session_id: by which it is to be known."""

    session_id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None

    def config(self) -> Config:
        """Without its name."""
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if name != "session_id"}
        return Config(**given)


class ScrapeSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What a call has done, and where the session stands: pausing and stopping show as running until they are done."""

    session_id: str
    status: str


class StatusUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """How far a crawl is. progress: percent, null while it is unknown."""

    session_id: str
    status: str
    current_url: str | None
    pages_scraped: int
    urls_found: int
    external_urls_found: int
    content_downloaded: int
    progress: int | None
    started_at: str | None
    ended_at: str | None
    estimated_total_pages: int | None
    additional_info: dict[str, Any]


class ScrapeSessions(msgspec.Struct, frozen=True, kw_only=True):
    """All sessions, newest first."""

    active_sessions: list[ScrapingSession]
    completed_sessions: list[ScrapingSession]


class Paging(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """limit: pages told at once; after: where the last answer has ended."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100
    after: str | None = None


class ScrapeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a crawl has found. result: its summary, null while it is not over; pages: by address; next: for `after`."""

    session_id: str
    status: str
    progress: ScrapingProgress
    result: Any
    error: str | None
    pages: list[ScrapedPage]
    next: str | None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A message of a client: start with a config, or just the config; pause, resume, stop, heartbeat."""

    type: Literal["start", "pause", "resume", "stop", "heartbeat"] = "start"
    config: Config | None = None


@SCRAPES.add("POST", "/start", below=BELOW, takes=ScrapeStart, answers={200: ScrapeSaid}, example=EXAMPLE,
             refusals=("conflict", "key_reused"))  # fmt: skip
def start_scrape(call: Call[Nothing, ScrapeStart]) -> Answer:
    """Begins a crawl, which goes on whoever leaves: WS /ws/scrape/{session_id} looks on."""
    return _said(scraping.start(call.hw, call.body.config(), call.body.session_id, key=call.key))


@SCRAPES.add("POST", "/pause/{any_id}", below=BELOW, answers={200: ScrapeSaid}, refusals=(*FINDING, "illegal_move"))
def pause_scrape(call: Call[Nothing, None]) -> Answer:
    """Asks a crawl to pause; it goes on later where it was."""
    return _said(_control(call, "pause"))


@SCRAPES.add("POST", "/resume/{any_id}", below=BELOW, answers={200: ScrapeSaid}, refusals=(*FINDING, "illegal_move"))
def resume_scrape(call: Call[Nothing, None]) -> Answer:
    """Sends a paused or interrupted crawl on. What it has is not fetched again."""
    return _said(_control(call, "resume"))


@SCRAPES.add("POST", "/stop/{any_id}", below=BELOW, answers={200: ScrapeSaid}, refusals=(*FINDING, "illegal_move"))
def stop_scrape(call: Call[Nothing, None]) -> Answer:
    """Stops a crawl for good: it ends as failed, never as completed, and keeps what it has."""
    return _said(_control(call, "stop"))


@SCRAPES.add("GET", "/status/{any_id}", below=BELOW, answers={200: StatusUpdate}, refusals=FINDING)
def scrape_status(call: Call[Nothing, None]) -> Answer:
    """How far a crawl is."""
    job = scraping.find(call.hw, call.any_id)
    return Answer(status_of(job, scraping.progress_of(call.hw, job)), tagged=True)


@SCRAPES.add("GET", "/result/{any_id}", below=BELOW, query=Paging, answers={200: ScrapeResult}, refusals=FINDING)
def scrape_result(call: Call[Paging, None]) -> Answer:
    """What a crawl has found so far, each page with its status, HTTP status and error."""
    job = scraping.find(call.hw, call.any_id)
    page = scraping.pages(call.hw, job, call.query.limit, call.query.after)
    return Answer(
        ScrapeResult(
            session_id=scraping.name_of(job), status=scraping.STATUSES[job.state],
            progress=scraping.progress_of(call.hw, job, whole=True), result=job.result,
            error=None if job.error is None else job.error.message, pages=list(page), next=page.next,
        )
    )  # fmt: skip


@SCRAPES.add("GET", "/sessions", below=BELOW, answers={200: ScrapeSessions})
def scrape_sessions(call: Call[Nothing, None]) -> Answer:
    """All crawls: those that are open, and those that are over."""
    told = {over: [scraping.shown(call.hw, job) for job in scraping.jobs(call.hw, active=not over)]
            for over in (False, True)}  # fmt: skip
    return Answer(ScrapeSessions(active_sessions=told[False], completed_sessions=told[True]), tagged=True, weak=True)


def live(site: Site) -> list[BaseRoute]:
    """A crawl over a WebSocket: {"type": name, "data": ...}."""

    async def tell(socket: WebSocket) -> None:
        await Watching(site, socket).hold()

    return [WebSocketRoute("/ws/scrape/{any_id}", tell)]


class Telling(Voice):
    """`status_update`, `content_downloaded` for each page and file, at last `scrape_complete` or `error`."""

    def progress(self, job: Job) -> list[Message]:
        """How far it is."""
        return [message("status_update", status_of(job, _told(job)))]

    def event(self, job: Job, event: Event) -> list[Message]:
        """A page or a file that is in."""
        if event.kind != "log" or "media" not in event.data or "url" not in event.data:
            return []
        told = {name: event.data.get(name) for name in ("url", "media", "size", "hash")}
        return [message("content_downloaded", {"session_id": scraping.name_of(job), **told})]

    def last(self, job: Job) -> list[Message]:
        """The last status, and the result or why there is none."""
        told = {"session_id": scraping.name_of(job), "status": scraping.STATUSES[job.state]}
        if job.state == "completed":
            return [*self.progress(job), message("scrape_complete", {**told, "result": job.result})]
        why = "it was stopped" if job.state == "cancelled" else job.error.message if job.error else job.state
        return [*self.progress(job), message("error", {**told, "error": why})]


class Watching:
    """One connection. A session that is not there yet begins with the config that comes over it."""

    def __init__(self, site: Site, socket: WebSocket) -> None:
        self._site, self._socket = site, socket
        self._id = str(socket.path_params["any_id"])
        self._known = asyncio.Event()
        self._following: FollowedJob | None = None
        self._heard = Heard(site.clock)
        self._sending = asyncio.Lock()

    async def hold(self) -> None:
        """Tells and listens until the crawl is over or the reader has gone. The crawl does not mind."""
        await self._socket.accept()
        listening = asyncio.ensure_future(self._listen())
        telling = asyncio.ensure_future(self._tell())
        try:
            await asyncio.wait([listening, telling], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (listening, telling):
                task.cancel()
            await asyncio.gather(listening, telling, return_exceptions=True)

    async def _tell(self) -> None:
        with suppress(WebSocketDisconnect, RuntimeError, OSError):
            try:
                job = await self._begun()
                following = self._following = FollowedJob(self._site.feed, Telling())
                following.cut = breaker(self._socket.scope)
                await following.begin(f"id:{job.id}")
                async with aclosing(self._messages(following)) as told:
                    async for one in told:
                        permission.check(self._site, self._socket.scope)
                        await self._say(one)
                await self._socket.close(RESTART if following.closed == "shutdown" else NORMAL)
            except (HeadwayError, Refusal) as error:
                await self._refuse(error)
                await self._socket.close(NORMAL)
            finally:
                if self._following is not None:
                    self._following.leave()

    async def _begun(self) -> Job:
        """The job, once there is one: `connection_established` comes at once, with its status."""
        job = await self._found()
        status = None if job is None else scraping.STATUSES[job.state]
        told = {"session_id": self._id, "status": status}
        await self._say(message("connection_established", told))
        while job is None:
            await self._known.wait()
            job = await self._found()
        return job

    async def _messages(self, following: FollowedJob) -> AsyncGenerator[Message, None]:
        """What is told of the job; an empty portion is a heartbeat."""
        async with aclosing(following.messages()) as portions:
            first = True
            portion: Sequence[Message]
            async for portion in portions:
                if not portion and not first:
                    yield message("heartbeat", {"session_id": self._id})
                first = False
                for one in portion:
                    yield one

    async def _listen(self) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                try:
                    text = await self._heard.text(self._socket)
                except Unheard as refused:
                    return await self._socket.close(refused.code)
                try:
                    permission.check(self._site, self._socket.scope)
                    await self._do(_asked(text))
                except (HeadwayError, Refusal) as error:
                    await self._refuse(error)

    async def _do(self, asked: Asked) -> None:
        if asked.type == "heartbeat":
            await self._say(message("heartbeat", {"session_id": self._id}))
        elif asked.type != "start":
            await self._verb(_move, self._site, self._id, asked.type)
        elif asked.config is None:
            raise InvalidInput('A start has a config: {"type": "start", "config": {"url": "https://..."}}.')
        else:
            await self._verb(scraping.start, self._site.hw, asked.config, self._id)
            self._known.set()

    async def _verb(self, verb: Callable[..., Any], *given: Any) -> None:
        with calling(self._socket):
            await self._site.apart(verb, *given)

    async def _found(self) -> Job | None:
        with suppress(NotFound):
            return await self._site.apart(scraping.find, self._site.hw, self._id)
        return None

    async def _say(self, one: Message) -> None:
        async with self._sending:
            await self._socket.send_text(_frame(one))

    async def _refuse(self, error: Exception) -> None:
        refused = problems.refusal_of(error, self._site.hw.url)
        told = {"session_id": self._id, "error": refused.detail, "code": refused.code}
        await self._say(message("error", told))


def status_of(job: Job, said: ScrapingProgress) -> StatusUpdate:
    """Where a session stands."""
    told, times = job.progress, job.to_dict()
    return StatusUpdate(
        session_id=scraping.name_of(job), status=scraping.STATUSES[job.state], current_url=said.current_url,
        pages_scraped=said.pages_scraped, urls_found=said.urls_found, external_urls_found=said.external_urls_found,
        content_downloaded=said.files_downloaded, progress=told.percent if told is not None else None,
        started_at=times["started_at"], ended_at=times["ended_at"],
        estimated_total_pages=told.total if told is not None else None,
        additional_info={"errors_count": said.errors_count, "last_checkpoint": said.last_checkpoint, **said.more},
    )  # fmt: skip


def _told(job: Job) -> ScrapingProgress:
    """What the job itself tells, without asking the database."""
    return scraping.figures(scraping.told_of(job))


def _asked(text: str) -> Asked:
    try:
        given = msgspec.json.decode(text, type=dict[str, Any])
        return msgspec.convert(given if "type" in given else {"config": given}, Asked)
    except (msgspec.DecodeError, msgspec.ValidationError) as problem:
        raise InvalidInput(f"The message does not fit: {problem}.") from None


def _control(call: Call[Any, Any], verb: str) -> Job:
    return _move(call.site, call.any_id, verb)


def _move(site: Site, id: str, verb: str) -> Job:
    job: Job = getattr(site.hw, CONTROL[verb])(f"id:{scraping.find(site.hw, id).id}")
    return job


def _said(job: Job) -> Answer:
    return Answer(ScrapeSaid(session_id=scraping.name_of(job), status=scraping.STATUSES[job.state]))


def _frame(one: Message) -> str:
    return f'{{"type":"{one.name}","data":{one.data.decode()}}}'


SCRAPING: list[Operation] = [*SCRAPES]
