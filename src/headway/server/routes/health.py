"""How the server is: database, workers, queue, streams, clocks; each with what to do where something is wrong."""

from __future__ import annotations

from typing import Annotated

import msgspec

import headway
from headway.checks import catalogue
from headway.checks.subject import Subject, failing, worst
from headway.errors import StoreUnavailable
from headway.model.job import Worker
from headway.model.support import Check, Grade, ServerFacts, SupportBundle
from headway.server import documents, waiting
from headway.server.asked import Nothing
from headway.server.operation import Answer, Call, Operations
from headway.server.site import Site
from headway.server.waiting import Seconds
from headway.store import opening
from headway.store.address import without_password
from headway.store.sqlite import MEMORY

HEALTH = Operations("Operation")


class Counted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which jobs."""

    session: str | None = None
    q: Annotated[str, msgspec.Meta(description="A query, as listings take it.")] | None = None


class Since(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the caller has seen, and how long to wait for something new."""

    seen: Annotated[int, msgspec.Meta(ge=0)] = 0
    wait: Seconds = 0.0


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of the database. seen: another number after each change; now: seconds since the epoch by its clock."""

    seen: int
    now: float


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How the server is: as bad as the worst of its checks.

    url: with which --url commands on the server's machine reach its database, never with a password; empty where they
    need none. Null where the server asks for a token, since its callers may be elsewhere, and while it is failing.
    """

    status: Grade
    release: str
    checks: list[Check]
    url: str | None = None


@HEALTH.add("GET", "/health", answers={200: Health, 503: Health}, shows=documents.HEALTH)
async def health(call: Call[Nothing, None]) -> Answer:
    """The database, workers and their heartbeats, queue, streams and clocks. 503 where the database does not answer."""
    try:
        checks = await call.site.soon(_checks, call, _url(call.site) or "")
    except StoreUnavailable as silent:
        checks = [failing("database", str(silent), catalogue.REMEDY)]
    status = worst(checks)
    url = None if status == "failing" else _url(call.site)
    told = Health(status=status, release=headway.__version__, checks=checks, url=url)
    return Answer(told, 503 if status == "failing" else 200)


@HEALTH.add("GET", "/workers", answers={200: documents.page("workers", Worker)})
def workers(call: Call[Nothing, None]) -> Answer:
    """The workers that were seen within the last half minute, newest first."""
    return Answer({"workers": call.hw.workers(), "next": None})


@HEALTH.add("GET", "/counts", query=Counted, answers={200: dict[str, int]}, shows={"running": 3, "completed": 412},
            refusals=("bad_query",))  # fmt: skip
def counts(call: Call[Counted, None]) -> Answer:
    """How many jobs are in each state; with `q` how many fit it, counted to 100,000 in each."""
    return Answer(call.hw.counts(call.query.session, call.query.q))


@HEALTH.add("GET", "/changes", query=Since, answers={200: Moment}, shows={"seen": 4711, "now": 1763802000.0})
async def changes(call: Call[Since, None]) -> Answer:
    """What time it is for the database, and whether anything has changed: `seen` is another number then.

    With `wait` it is answered as soon as it is another one than the caller's. A hint: look again at what you show.
    """
    asked = call.query
    seen = await waiting.until(call, asked.wait, lambda: call.hw.changed(0, 0), lambda found: found != asked.seen)
    return Answer(Moment(seen=seen, now=await call.apart(call.hw.now)))


@HEALTH.add("GET", "/support", answers={200: SupportBundle}, shows=documents.SUPPORT)
def support(call: Call[Nothing, None]) -> Answer:
    """How the installation is, in one document to send to somebody who helps. It is offered as a file.

    It names types, sessions, queues and machines, and holds no input, result, configuration, message, log line or
    secret.
    """
    site = call.site
    told = msgspec.structs.replace(
        call.hw.support(), checks=_checks(call),
        server=ServerFacts(hosts=sorted(site.hosts), origins=sorted(site.origins), token=site.token is not None),
    )  # fmt: skip
    return Answer(told, headers={"Content-Disposition": 'attachment; filename="headway-support.json"'})


def _url(site: Site) -> str | None:
    url = site.hw.url
    if site.token is not None or url == MEMORY:
        return None
    return "" if url == opening.own_file() else without_password(url)


def _checks(call: Call[Nothing, None], url: str = "") -> list[Check]:
    """What was found. Of a database that refuses only the code is said: its messages name places. url: see Subject."""
    subject = Subject(call.hw, call.site.clock, feed=call.site.feed, url=url)
    return list(catalogue.look(catalogue.SERVER, subject, lambda problem: problem.code))
