"""Sessions of the web scraper: jobs of the type scraping.crawl, with its words for state, progress and pages.

Those that are created here are the caller's own work, which it moves and tells of; those that `start` begins are
crawled by a worker.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

from headway.compat.outside import OutsideJobs
from headway.errors import Conflict, IllegalMove, InvalidInput, NotFound
from headway.model.job import Item, Job, Page, moment
from headway.tracker.headway import Headway
from headway.tracker.telling import Fault, ProgressSaid, Told

CATEGORY = "scraping"
"""What all sessions of this kind have in common, and nothing else has."""
TYPE = "scraping.crawl"
WORKSPACE = "web-scraper"
AT_ONCE = 1000
PAGES = "pages"
"""The ledger of a crawl's addresses."""
MOST_TOLD = 1000
MARK = "$moved"
"""Who has ended an attempt, kept beside the progress: of two callers that end it alike only one has."""

Status = Literal["pending", "running", "completed", "failed", "paused", "interrupted"]
STATUSES: Mapping[str, Status] = {
    "pending": "pending", "running": "running", "pausing": "running", "cancelling": "running", "paused": "paused",
    "interrupted": "interrupted", "completed": "completed", "failed": "failed", "cancelled": "failed",
    "rolling_back": "running", "rolled_back": "failed", "rollback_failed": "failed",
}  # fmt: skip
"""What it calls the states of a job. One that was stopped has failed: it knows no other end."""
ALLOWED: Mapping[str, tuple[str, ...]] = {
    "pending": ("running", "failed"), "running": ("completed", "failed", "paused", "interrupted"),
    "paused": ("running", "failed", "completed"), "interrupted": ("running", "failed"), "failed": ("running",),
    "completed": (),
}  # fmt: skip
LEGACY: Mapping[str, Status] = {"starting": "pending", "error": "failed", "stopped": "failed"}
"""Words of its first version."""
PAGE_STATUSES = {"pending": "pending", "done": "scraped", "failed": "failed", "skipped": "failed"}
ENDS: Mapping[str, Literal["completed", "failed", "halted", "interrupted"]] = {
    "completed": "completed", "failed": "failed", "paused": "halted", "interrupted": "interrupted",
}  # fmt: skip


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is crawled, and how. delay: seconds between two requests to a host; depth: links from the first page."""

    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^/\s]", max_length=2000)]
    max_pages: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 10
    delay: Annotated[float, msgspec.Meta(ge=0, le=60)] = 1.0
    user_agent: Annotated[str, msgspec.Meta(max_length=300)] | None = None
    include_external: bool = False
    content_types: list[str] | None = None
    depth: Annotated[int, msgspec.Meta(ge=0, le=100)] = 3
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=16)] = 1
    selectors: dict[str, str] | None = None

    def __post_init__(self) -> None:
        try:
            urlsplit(self.url)
        except ValueError as problem:
            raise ValueError(f"url={self.url!r:.80} is no address: {problem}") from None


class ScrapingProgress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """How far a crawl is. discovered_urls: those that are still to be fetched; retry_counts: tries of those that fail;
    both only of one session, not in lists. more: what else its program has told.
    """

    pages_scraped: int = 0
    files_downloaded: int = 0
    urls_found: int = 0
    external_urls_found: int = 0
    errors_count: int = 0
    current_url: str | None = None
    last_checkpoint: str | None = None
    discovered_urls: list[str] = []
    retry_counts: dict[str, int] = {}
    more: dict[str, Any] = {}


class ScrapingSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session as the scraper shows it. url, and the counts beside it, are what its first version had."""

    id: str
    status: Status
    target_url: str
    domain: str
    url: str
    user_id: str | None = None
    config: dict[str, Any] = {}
    progress: ScrapingProgress = ScrapingProgress()
    summary_results: Any = None
    statistics: Any = None
    error_message: str | None = None
    pages_scraped: int = 0
    urls_found: int = 0
    start_time: datetime | None = None
    end_time: datetime | None = None
    last_updated: datetime
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None


class ScrapedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a crawl. status: pending, scraped or failed; pages that were passed over have failed, and say why."""

    session_id: str
    url: str
    status: str
    http_status: int | None = None
    content_hash: str | None = None
    raw_html_storage_path: str | None = None
    extracted_data: dict[str, Any] = {}
    error_details: str | None = None
    scraped_at: datetime | None = None


class Manager:
    """The functions of the scraper's session manager and of its store. Thread-safe; stored when a call returns."""

    def __init__(self, hw: Headway) -> None:
        self.hw = hw
        self._outside = OutsideJobs(hw)

    def create_session(self, config: Config | Mapping[str, Any], user_id: str | None = None) -> ScrapingSession:
        """A pending session whose work is the caller's own. Raises InvalidInput; StoreUnavailable and StoreFull where
        it could not be stored: there is no session then.
        """
        ensure_workspace(self.hw)
        owner = {} if user_id is None else {"labels": {"user": user_id}}
        given = msgspec.to_builtins(_config(config))
        job = self._outside.submit(TYPE, given, category=CATEGORY, session=WORKSPACE, name=given["url"], **owner)
        return shown(self.hw, job)

    def get_session(self, id: str) -> ScrapingSession | None:
        """A session with all that is known of it; None where there is none."""
        with suppress(NotFound):
            return shown(self.hw, find(self.hw, id), whole=True)
        return None

    def upsert_session(self, session: Mapping[str, Any], user_id: str | None = None) -> ScrapingSession:
        """Creates a session, or moves one whose id is known to the status and progress given; old words are taken.

        Raises InvalidInput, and IllegalMove, Conflict where it may not move.
        """
        new = from_legacy(session)
        known = None
        if new.get("id"):
            with suppress(NotFound):
                known = find(self.hw, str(new["id"]))
        if known is None:
            config = {"url": new["url"], **new.get("config", {})}
            known = find(self.hw, self.create_session(config, user_id).id)
        if STATUSES[known.state] == new.get("status", STATUSES[known.state]):
            if new.get("progress") and known.state == "running":
                self._checkpoint(known, new["progress"])
        else:
            self.move(known.id, new["status"], new.get("progress"))
        return shown(self.hw, find(self.hw, known.id), whole=True)

    def transition_session_state(self, id: str, status: str, progress: Mapping[str, Any] | None = None) -> bool:
        """Moves a session, and merges progress into what is kept. False where it is unknown or may not move so, also
        where another caller was first.
        """
        try:
            self.move(id, status, progress)
        except (NotFound, IllegalMove, Conflict):
            return False
        return True

    def checkpoint_session_progress(self, id: str, data: Mapping[str, Any]) -> bool:
        """Merges progress into what is kept of a session that runs. False for an unknown one, and for one that has no
        program of its own at work: the crawl of a worker keeps its own.
        """
        try:
            self._checkpoint(find(self.hw, id), data)
        except (NotFound, Conflict):
            return False
        return True

    update_session_progress = checkpoint_session_progress
    checkpoint_progress = checkpoint_session_progress

    def resume_session(self, id: str) -> ScrapingSession | None:
        """Sends an interrupted or paused session on; None for any other. It goes on from what is kept."""
        try:
            job = find(self.hw, id)
            if job.state not in ("paused", "interrupted"):
                return None
            self.move(job.id, "running")
        except (NotFound, IllegalMove, Conflict):
            return None
        return shown(self.hw, find(self.hw, job.id), whole=True)

    def get_interrupted_sessions(self) -> list[ScrapingSession]:
        """Interrupted and paused sessions, those that changed last first."""
        found = [shown(self.hw, job) for job in jobs(self.hw, state=["interrupted", "paused"])]
        return sorted(found, key=lambda session: session.last_updated, reverse=True)

    def cleanup_session(self, id: str) -> bool:
        """Forgets a session that is over. False where it is unknown, or not over."""
        try:
            self.hw.delete(f"id:{find(self.hw, id).id}")
        except (NotFound, IllegalMove):
            return False
        return True

    def move(self, id: str, status: str, progress: Mapping[str, Any] | None = None) -> None:
        """Makes a transition. Raises NotFound, IllegalMove naming both states, Conflict where another one was first,
        InvalidInput.
        """
        job = find(self.hw, id)
        now = STATUSES[job.state]
        if status not in ALLOWED:
            raise InvalidInput(f"status={status!r:.60}: expected one of {', '.join(ALLOWED)}.")
        if status not in ALLOWED[now]:
            raise _not_so(job, now, status)
        if job.outside:
            self._move_own(job, status, dict(progress or {}))
        else:
            self._ask(job, now, status)

    def _move_own(self, job: Job, status: str, progress: dict[str, Any]) -> None:
        if STATUSES[job.state] != "running":
            taken = self._outside.take(job)
            if taken is None:
                raise Conflict(f"Session {job.id} was moved by another caller meanwhile.", job.id)
            job = taken
        elif status == "paused":
            self.hw.pause(f"id:{job.id}")
        if status == "running":
            if progress:
                self._checkpoint(job, progress)
            return
        fault = Fault(message=str(progress.get("error") or "it failed")) if status == "failed" else None
        mark = [job.attempt, secrets.token_hex(8)]
        result = self._merged(job, progress) if status == "completed" else None
        told = Told(end=ENDS[status], checkpoint=progress | {MARK: mark}, error=fault, result=result)
        self._outside.tell(job, told)
        if self._outside.saved(job).get(MARK) != mark:  # the same end of another caller, which this one repeats
            raise Conflict(f"Session {job.id} was moved by another caller meanwhile.", job.id)
        if self.hw.get(f"id:{job.id}").state == "cancelled":
            raise Conflict(f"Session {job.id} was stopped by another caller, and has failed.", job.id)

    def _ask(self, job: Job, now: str, status: str) -> None:
        """A worker's crawl: whoever asks may pause, stop and send on; the rest is for its worker to say."""
        if status == "paused":
            self.hw.pause(f"id:{job.id}")
        elif status == "failed":
            self.hw.cancel(f"id:{job.id}")
        elif status == "running" and now == "failed" and job.state == "failed":
            self.hw.retry(f"id:{job.id}")
        elif status == "running" and now in ("paused", "interrupted"):
            self.hw.resume(f"id:{job.id}")
        else:
            raise _not_so(job, now, status, "A worker crawls it, and says so itself.")

    def _checkpoint(self, job: Job, data: Mapping[str, Any]) -> None:
        if not job.outside:
            raise Conflict(f"Session {job.id} is crawled by a worker, which keeps its progress itself.", job.id)
        given = {**data, "last_checkpoint": _text(moment(self.hw.now()))}
        said = ProgressSaid(message=given.get("current_url"), data=self._merged(job, given))
        self._outside.tell(job, Told(checkpoint=given, progress=said))

    def _merged(self, job: Job, data: Mapping[str, Any]) -> dict[str, Any]:
        kept = {**self._outside.saved(job), **data}
        kept.pop(MARK, None)
        return kept


def start(
    hw: Headway, config: Config, id: str | None = None, user_id: str | None = None, key: str | None = None
) -> Job:
    """A session that a worker crawls. id: by which it is known, else it gets one.

    Raises Conflict where a session of that id is not over, InvalidInput, KeyReused.
    """
    ensure_workspace(hw)
    named: dict[str, Any] = {} if id is None else {"context_id": id, "one_per_context": True}
    return hw.submit(
        TYPE, msgspec.to_builtins(config), name=config.url, category=CATEGORY, session=WORKSPACE,
        labels={} if user_id is None else {"user": user_id}, idempotency_key=key, **named,
    )  # fmt: skip


def find(hw: Headway, id: str) -> Job:
    """The job of a session, by any id. Raises NotFound."""
    job = hw.get(id)
    if job.category != CATEGORY:
        raise NotFound(f"Job {id[:80]!r} is no session of the scraper: its category is {job.category!r}.")
    return job


def jobs(hw: Headway, **filters: Any) -> Iterator[Job]:
    """The jobs of all sessions, newest first."""
    found: Iterator[Job] = hw.jobs(category=CATEGORY, limit=1000, **filters).all()
    return found


def name_of(job: Job) -> str:
    """The id by which a session is known: the one it was started with, else that of its job."""
    return job.context_id or job.id


def ensure_workspace(hw: Headway) -> None:
    """Makes the workspace of these jobs, if nobody has yet."""
    with suppress(Conflict):  # made by somebody else at this moment
        try:
            hw.session(WORKSPACE)
        except NotFound:
            hw.create_session(WORKSPACE, job_type=TYPE, concurrency=AT_ONCE)


def _domain(url: str) -> str:
    """The host of an address; "" where it is none, as a job may have whose input nobody checked."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def shown(hw: Headway, job: Job, whole: bool = False) -> ScrapingSession:
    """A session in the words of the scraper. whole: with the lists of its progress."""
    given = job.input if isinstance(job.input, dict) else {}
    progress = progress_of(hw, job, whole)
    url = str(given.get("url", ""))
    updated = _updated(job)
    return ScrapingSession(
        id=name_of(job), status=STATUSES[job.state], target_url=url, url=url, domain=_domain(url),
        user_id=job.labels.get("user"), config=given, progress=progress, summary_results=job.result,
        statistics=job.result, error_message=job.error.message if job.error is not None else None,
        pages_scraped=progress.pages_scraped, urls_found=progress.urls_found, start_time=job.started_at,
        end_time=job.ended_at, last_updated=updated, created_at=job.created_at, updated_at=updated,
        completed_at=job.ended_at,
    )  # fmt: skip


def progress_of(hw: Headway, job: Job, whole: bool = False) -> ScrapingProgress:
    """How far a session is: what its own program has kept, or the figures of a worker's crawl."""
    told = told_of(job)
    if job.outside and job.attempt:
        kept = hw.checkpoint(f"id:{job.id}")["state"]
        told = {**told, **{name: value for name, value in kept.items() if name != MARK}}
    if whole and not job.outside and any(ledger.ledger == PAGES for ledger in hw.ledgers(f"id:{job.id}")):
        failed = hw.items(f"id:{job.id}", PAGES, MOST_TOLD, state="failed")
        told["discovered_urls"] = [item.key for item in hw.items(f"id:{job.id}", PAGES, MOST_TOLD, state="pending")]
        told["retry_counts"] = {item.key: item.data.get("tries", item.attempts) for item in failed}
    return figures(told)


def figures(told: Mapping[str, Any]) -> ScrapingProgress:
    """What was told of a crawl, each figure by its name."""
    known = {name: told[name] for name in ScrapingProgress.__struct_fields__ if name in told and name != "more"}
    more = {name: value for name, value in told.items() if name not in known}
    try:
        return msgspec.convert({**known, "more": more}, ScrapingProgress, strict=False)
    except msgspec.ValidationError:  # its own program told something else by these names
        return ScrapingProgress(more=dict(told))


def told_of(job: Job) -> dict[str, Any]:
    """What the progress of a job holds of its crawl."""
    said = job.progress
    if said is None:
        return {}
    at = moment(said.last_progress_at)
    return {"last_checkpoint": _text(at), **(said.data or {})}


def pages(hw: Headway, job: Job, limit: int = 100, after: str | None = None) -> Page[ScrapedPage]:
    """The pages of a crawl, by address."""
    if not any(ledger.ledger == PAGES for ledger in hw.ledgers(f"id:{job.id}")):
        return Page([])
    found = hw.items(f"id:{job.id}", PAGES, limit, after)
    return Page([page_of(item, job) for item in found], found.next, lambda cursor: pages(hw, job, limit, cursor))


def page_of(item: Item, job: Job) -> ScrapedPage:
    """A page in the words of the scraper."""
    extracted: dict[str, Any] = {name: item.data[name] for name in ("title", "extracted") if name in item.data}
    return ScrapedPage(
        session_id=name_of(job), url=item.key, status=PAGE_STATUSES[item.state], http_status=item.status_code,
        content_hash=item.hash, raw_html_storage_path=item.data.get("path"), extracted_data=extracted,
        error_details=None if item.error is None else item.error.message,
        scraped_at=item.updated_at if item.state == "done" else None,
    )  # fmt: skip


def from_legacy(session: Mapping[str, Any]) -> dict[str, Any]:
    """A session of the first version in the words of today: id, url, status, config, progress. Others stay the same."""
    url = session.get("target_url") or session.get("url")
    if not isinstance(url, str):
        raise InvalidInput("The session has neither target_url nor url; expected the address of its first page.")
    counts = {name: session[name] for name in ("pages_scraped", "urls_found", "files_downloaded") if name in session}
    status = str(session.get("status", "pending"))
    return {
        "id": session.get("id"), "url": url, "status": LEGACY.get(status, status),
        "config": {name: value for name, value in dict(session.get("config") or {}).items() if name != "url"},
        "progress": {**counts, **dict(session.get("progress") or {})},
    }  # fmt: skip


def to_legacy(session: ScrapingSession) -> dict[str, Any]:
    """A session as the first version had it."""
    old = {status: word for word, status in LEGACY.items() if word != "stopped"}
    return {
        "id": session.id, "url": session.target_url, "status": old.get(session.status, session.status),
        "pages_scraped": session.progress.pages_scraped, "urls_found": session.progress.urls_found,
        "files_downloaded": session.progress.files_downloaded, "started_at": _text(session.start_time),
        "ended_at": _text(session.end_time),
    }  # fmt: skip


def _config(given: Config | Mapping[str, Any]) -> Config:
    try:
        return given if isinstance(given, Config) else msgspec.convert(dict(given), Config)
    except msgspec.ValidationError as problem:
        raise InvalidInput(f"The configuration of the session does not fit: {problem}.") from None


def _not_so(job: Job, now: str, status: str, why: str = "") -> IllegalMove:
    may = ", ".join(ALLOWED[now]) or "nothing"
    told = f"Session {name_of(job)} is {now} and can not become {status}; expected {may}. {why}".rstrip()
    return IllegalMove(told, job.state, job.moves)


def _updated(job: Job) -> datetime:
    moved = moment(job.progress.last_progress_at) if job.progress is not None else None
    return job.state_since if moved is None else max(job.state_since, moved)


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
