"""Sessions: made, read, configured, started, closed; and all their jobs asked at once."""

from __future__ import annotations

import functools
import re
import urllib.parse
from collections.abc import Callable
from typing import Annotated, Any

import msgspec

from headway.errors import Conflict, InvalidInput, NotFound
from headway.model.configuration import ConfigDiff
from headway.model.job import Job, Page, Session, SessionVersion
from headway.server import documents, listing, repeats, websession
from headway.server.asked import Nothing
from headway.server.listing import After, Limit
from headway.server.operation import Answer, Call, Operations
from headway.server.problems import Refusal
from headway.server.routes.jobs import Paging, Reason, SessionOptions
from headway.server.site import PREFIX
from headway.server.websession import RequestSession
from headway.tracker.websessions import WebSessions

SESSIONS = Operations("Sessions")

Concurrency = Annotated[int, msgspec.Meta(ge=1, lt=1 << 31, description="How many of its jobs run at once.")]
Span = Annotated[float, msgspec.Meta(gt=0, lt=1e12)]
_NUMBER = re.compile("[0-9]{1,18}")
_VERSION = re.compile(r'(?:W/)?"([0-9]{1,18})(-[^"]*)?"')


class NewSession(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A session to make. Without an id it gets one that nobody can guess.

    job_type: what start launches. idle_s: it is closed when nobody has used it for so long; keep_s: its ended jobs go
    after so long.
    """

    id: str | None = None
    config: dict[str, Any] | None = None
    job_type: str | None = None
    concurrency: Concurrency = 10
    idle_s: Span | None = None
    keep_s: Span | None = None
    owner: str | None = None


class Save(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A configuration to store as the next version.

    version: the current one, as If-Match; note: what the save is for; if_changed: what is there already is not saved
    once more. What is not given stays; idle_s and keep_s of 0 end what they say.
    """

    config: dict[str, Any]
    version: int | None = None
    note: str | None = None
    concurrency: Concurrency | None = None
    job_type: str | None = None
    if_changed: bool = False
    owner: str | None = None
    idle_s: Annotated[float, msgspec.Meta(ge=0, lt=1e12)] | None = None
    keep_s: Annotated[float, msgspec.Meta(ge=0, lt=1e12)] | None = None


class Start(SessionOptions, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to start, with options of submit. alone: refused while a job of an earlier start is open; config: saved with
    it, with the note.
    """

    input: dict[str, Any] | None = None
    concurrency: Concurrency | None = None
    job_type: str | None = None
    alone: bool = False
    config: dict[str, Any] | None = None
    note: str | None = None


class Launched(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of which type; else that of the session."""

    job_type: str | None = None


class VersionPaging(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which page of the saves. after: the number of a version, to go on with older ones."""

    limit: Limit = 50
    after: After | None = None


class Versions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which versions to compare."""

    before: Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)] | None = msgspec.field(name="from", default=None)
    after: Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)] | None = msgspec.field(name="to", default=None)


@SESSIONS.add("GET", "/sessions", query=Paging, answers={200: documents.page("sessions", Session)},
              shows=documents.SESSIONS)  # fmt: skip
def list_sessions(call: Call[Paging, None]) -> Answer:
    """The sessions that are not closed, by id. A browser's own is among them once something is stored in it."""
    return listing.answer("sessions", call.hw.sessions(call.query.limit, call.query.after))


@SESSIONS.add("POST", "/sessions", takes=NewSession, answers={201: Session}, example=documents.NEW_SESSION,
              shows=documents.SESSION, refusals=("conflict", "session_busy", "key_reused", "not_found"))  # fmt: skip
def create_session(call: Call[Nothing, NewSession]) -> Answer:
    """Makes a session; an id that is there already is refused."""
    asked = call.body
    create = functools.partial(
        call.hw.create_session, asked.id, asked.config, asked.job_type, asked.concurrency, owner=asked.owner,
        idle_s=asked.idle_s, keep_s=asked.keep_s,
    )  # fmt: skip
    return _created(call, repeats.once_about(call, "create_session", create, lambda made: made.id, call.hw.session))


@SESSIONS.add("GET", "/sessions/current", answers={200: Session, 304: None}, shows=documents.SESSION,
              refusals=("not_found",))  # fmt: skip
def current_session(call: Call[Nothing, None]) -> Answer:
    """The session of this request: that of the header Headway-Session, of `?session=`, of the browser, the default."""
    return _tagged(seen(call, bound(call).id))


@SESSIONS.add("GET", "/sessions/{session_id}", answers={200: Session, 304: None}, shows=documents.SESSION,
              refusals=("not_found",))  # fmt: skip
def get_session(call: Call[Nothing, None]) -> Answer:
    """A session with its configuration, secrets masked. Its ETag is taken by If-Match when it is saved."""
    return _tagged(seen(call, identity(call)))


@SESSIONS.add("DELETE", "/sessions/{session_id}", answers={200: Session}, shows=documents.SESSION,
              refusals=("not_found", "session_busy"))  # fmt: skip
def close_session(call: Call[Nothing, None]) -> Answer:
    """Closes a session, and answers its last snapshot: it takes no more jobs. Refused while it runs."""
    return Answer(call.hw.close_session(identity(call)))


@SESSIONS.add("PUT", "/sessions/{session_id}/config", takes=Save, answers={200: Session}, shows=documents.SESSION,
              example=documents.SAVE,
              refusals=("not_found", "conflict", "session_busy", "precondition_failed", "key_reused"))  # fmt: skip
def save_session(call: Call[Nothing, Save]) -> Answer:
    """Stores a configuration as the next version; jobs keep the version that they were submitted with.

    With If-Match or `version` it is refused where somebody has saved it since. A blank secret keeps the stored one.
    """
    saved = repeats.once_about(call, "save_session", lambda: _saved(call), lambda made: made.id, call.hw.session)
    return _tagged(saved)


def _saved(call: Call[Nothing, Save]) -> Session:
    asked, name = call.body, identity(call)
    expected = _expected(call, name)
    make_own(call, name)
    try:
        return call.hw.save_session(
            name, asked.config, asked.version if expected is None else expected, asked.note, asked.concurrency,
            job_type=asked.job_type, if_changed=asked.if_changed, owner=asked.owner, idle_s=asked.idle_s,
            keep_s=asked.keep_s,
        )  # fmt: skip
    except Conflict as stale:
        if expected is None or stale.code != Conflict.code:
            raise
        raise Refusal("precondition_failed", str(stale)) from None


@SESSIONS.add("GET", "/sessions/{session_id}/versions", query=VersionPaging, shows=documents.VERSIONS,
              answers={200: documents.page("versions", SessionVersion)}, refusals=("not_found",))  # fmt: skip
def session_versions(call: Call[VersionPaging, None]) -> Answer:
    """The saves of a session, newest first."""
    after = call.query.after
    if after is not None and not _NUMBER.fullmatch(after):
        raise InvalidInput(f"after={after[:60]!r}: expected the number of a version.")
    return listing.answer("versions", call.hw.session_versions(identity(call), call.query.limit, after))


@SESSIONS.add("GET", "/sessions/{session_id}/diff", query=Versions, answers={200: ConfigDiff}, shows=documents.DIFF,
              refusals=("not_found",))  # fmt: skip
def session_diff(call: Call[Versions, None]) -> Answer:
    """What one version of the configuration has otherwise than another: changed values only.

    `to` is the current version and `from` the one before it, where they are left out. A secret is only told to be
    another one: neither side is shown.
    """
    return Answer(call.hw.session_diff(identity(call), call.query.before, call.query.after))


@SESSIONS.add("POST", "/sessions/{session_id}/start", takes=Start, answers={201: Job}, shows=documents.JOB,
              example={"input": {}, "concurrency": 20},
              refusals=("not_found", "session_busy", "key_reused", "conflict"))  # fmt: skip
def start_session(call: Call[Nothing, Start]) -> Answer:
    """Launches the session's job type as a new job, with the configuration as it is now.

    It is the named session that starts, whatever session the caller is in.
    """
    asked, name = call.body, identity(call)
    make_own(call, name)
    start = functools.partial(
        call.hw.start_session, name, asked.input, asked.concurrency, job_type=asked.job_type, alone=asked.alone,
        config=asked.config, note=asked.note, **asked.options(),
    )  # fmt: skip
    job = repeats.once(call, "start_session", start)
    root = call.request.scope.get("root_path", "")
    return Answer(job, 201, {"Location": f"{root}{PREFIX}/jobs/{job.id}"}, tagged=True)


@SESSIONS.add("GET", "/sessions/{session_id}/launched", query=Launched, answers={200: Job, 204: None},
              shows=documents.JOB, refusals=("not_found",))  # fmt: skip
def launched_job(call: Call[Launched, None]) -> Answer:
    """The first open job that a start of the session has launched; 204 where all are over."""
    return Answer(call.hw.launched_job(seen(call, identity(call)).id, call.query.job_type))


def _ask_all(move: str, about: str, verb: Callable[[Call[Any, Any], str], list[Job]]) -> None:
    def handler(call: Call[Any, Reason]) -> Answer:
        name = identity(call)

        def ask(_: str = name) -> list[Job]:
            return [] if seen(call, name).open_jobs == 0 else verb(call, name)

        # The move itself may come again, but not under another body.
        return listing.answer("jobs", Page(repeats.once_about(call, f"{move}_session", ask, lambda _: name, ask)))

    handler.__doc__ = about
    handler.__name__ = f"{move}_session"
    SESSIONS.add("POST", f"/sessions/{{session_id}}/{move}", takes=Reason, shows=documents.JOBS,
                 answers={200: documents.page("jobs", Job)}, example={"reason": "maintenance"},
                 refusals=("not_found", "key_reused"))(handler)  # fmt: skip


_ask_all(
    "pause", "Asks all jobs of the session that are open now to halt at their next checkpoint.",
    lambda call, name: call.hw.pause(name, call.body.reason, scope="session"),
)  # fmt: skip
_ask_all(
    "resume", "Sends all paused and interrupted jobs of the session on.",
    lambda call, name: call.hw.resume(name, call.body.reason, scope="session"),
)  # fmt: skip
_ask_all(
    "cancel", "Stops all open jobs of the session for good.",
    lambda call, name: call.hw.cancel(name, call.body.reason, scope="session"),
)  # fmt: skip


def identity(call: Call[Any, Any]) -> str:
    """The session that the path names."""
    return str(call.request.path_params["session_id"])


def bound(call: Call[Any, Any]) -> RequestSession:
    """The session in which the request acts."""
    found = websession.of(call.request.scope)
    assert found is not None, "operations stand behind the layer that finds it"  # noqa: S101
    return found


def seen(call: Call[Any, Any], name: str) -> Session:
    """A session; that of the browser which asks also before anything is stored in it. Raises NotFound, InvalidInput."""
    try:
        return call.hw.session(name)
    except NotFound:
        if not bound(call).is_own(name):
            raise
        return WebSessions(call.hw).blank(name)


def make_own(call: Call[Any, Any], name: str) -> None:
    """Something is about to be stored in a session: where it is the browser's own, it is made."""
    if bound(call).is_own(name):
        WebSessions(call.hw).keep(name)


def _tagged(session: Session) -> Answer:
    return Answer(session, tagged=True)


def _created(call: Call[Any, Any], session: Session) -> Answer:
    root = call.request.scope.get("root_path", "")
    return Answer(session, 201, {"Location": f"{root}{PREFIX}/sessions/{urllib.parse.quote(session.id, safe='')}"})


def _expected(call: Call[Any, Any], name: str) -> int | None:
    """The version that If-Match names, by its number alone or in an ETag of the session as it is. Raises InvalidInput,
    and Refusal for the ETag of what it is no more.
    """
    given = call.request.headers.get("if-match", "*").strip()
    if given == "*":
        return None
    found = _VERSION.fullmatch(given)
    if found is None:
        raise InvalidInput(f'If-Match: {given[:60]!r}; expected one ETag of the session, or "3" for version 3.')
    tag = _tagged(seen(call, name)).tag
    if found[2] and given.removeprefix("W/") != tag:
        raise Refusal(
            "precondition_failed", f"Session {name!r} is not as {given[:60]} stands for; it is {tag}. Read it."
        )
    return int(found[1])
