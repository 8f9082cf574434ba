"""What belongs to a job: its progress, history, log, steps, items, attempts, children, checkpoint."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from headway.model.configuration import JobConfiguration
from headway.model.failure import Failure
from headway.model.job import Artifact, Attempt, Branch, Checkpoint, Event, Item, Job, LogMatches, Page, Step, Undo
from headway.model.ledger import LedgerCounts
from headway.model.steps import JobProgress
from headway.server import documents, listing, waiting
from headway.server.asked import Nothing
from headway.server.listing import After, Limit
from headway.server.operation import Answer, Call, File, Operations
from headway.server.rawlog import PLAIN, RawLog
from headway.server.routes.jobs import FINDING, Look, Paging
from headway.server.waiting import Seconds

PARTS = Operations("Parts of a job")

Number = Annotated[int, msgspec.Meta(ge=0, description="The number of the last entry that the caller has.")]


class History(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which part of the history, and how long to wait for more of it."""

    after: Number = 0
    limit: Limit = 50
    wait: Seconds = 0.0
    logs: Annotated[bool, msgspec.Meta(description="With the log lines.")] = True


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which log lines."""

    after: Number = 0
    limit: Limit = 50
    wait: Seconds = 0.0
    level: Annotated[list[str], msgspec.Meta(description="Only these levels.")] = []
    last: Annotated[int, msgspec.Meta(ge=1, description="The newest so many, whatever else is asked.")] | None = None


class Search(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to look for in the log."""

    text: Annotated[str, msgspec.Meta(max_length=1000, description="Part of what the lines say.")] | None = None
    level: Annotated[list[str], msgspec.Meta(description="Only these levels.")] = []
    limit: Annotated[int, msgspec.Meta(ge=1, le=10_000, description="Numbers in one answer.")] = 10_000
    after: Number = 0


class Numbered(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which page of what is numbered."""

    after: Number = 0
    limit: Limit = 50


class Items(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which items."""

    ledger: str | None = None
    state: str | None = None
    limit: Limit = 50
    after: After | None = None


@PARTS.add("GET", "/jobs/{any_id}/events", query=History, answers={200: documents.page("events", Event)},
           shows=documents.EVENTS, refusals=FINDING)  # fmt: skip
async def events(call: Call[History, None]) -> Answer:
    """The numbered history, oldest first. With `wait` it is answered as soon as there is an entry after `after`."""
    asked = call.query

    def look() -> tuple[Page[Event], bool]:
        over = call.hw.get(call.any_id).ended  # asked first: what comes before the end is in the page then
        return call.hw.events(call.any_id, asked.limit, asked.after, asked.logs), over

    page, _ = await waiting.until(call, asked.wait, look, lambda found: bool(found[0]) or found[1], True)
    return listing.answer("events", page)


@PARTS.add("GET", "/jobs/{any_id}/logs", query=Lines, answers={200: documents.page("logs", Event)},
           shows=documents.LOGS, refusals=FINDING)  # fmt: skip
async def logs(call: Call[Lines, None]) -> Answer:
    """The log lines, oldest first; they are numbered with the history."""
    asked = call.query
    if asked.last is not None:
        return listing.answer("logs", Page(await call.apart(call.hw.last_logs, call.any_id, asked.last)))

    def look() -> tuple[Page[Event], bool]:
        over = call.hw.get(call.any_id).ended
        return call.hw.logs(call.any_id, asked.limit, asked.after, asked.level or None), over

    page, _ = await waiting.until(call, asked.wait, look, lambda found: bool(found[0]) or found[1], True)
    return listing.answer("logs", page)


@PARTS.add("GET", "/jobs/{any_id}/logs/matches", query=Search, answers={200: LogMatches}, refusals=FINDING,
           shows={"total": 2, "matches": [14, 4711], "next": None})  # fmt: skip
def log_matches(call: Call[Search, None]) -> Answer:
    """Where in the whole log a text stands: the numbers of the lines, in order, and how many there are in all.

    The case of ASCII letters makes no difference. Without a text it is the lines of the levels.
    """
    asked = call.query
    return Answer(call.hw.log_matches(call.any_id, asked.text, asked.level or None, asked.limit, asked.after))


@PARTS.add("GET", "/jobs/{any_id}/logs/raw", answers={200: str}, media=PLAIN, refusals=FINDING, shows=documents.RAW_LOG)
def raw_log(call: Call[Nothing, None]) -> Answer:
    """The whole log as plain text, oldest first: time, level and text of each line. It is sent as it is read."""
    return RawLog(call.hw, call.hw.get(call.any_id))


@PARTS.add("GET", "/jobs/{any_id}/failure", answers={200: Failure, 204: None}, shows=documents.FAILURE,
           refusals=FINDING)  # fmt: skip
def failure(call: Call[Nothing, None]) -> Answer:
    """Why the job failed or was interrupted, what is likely behind it, and what to do; 204 where it was neither."""
    return Answer(call.hw.failure(call.any_id))


@PARTS.add("GET", "/jobs/{any_id}/configuration", answers={200: JobConfiguration}, shows=documents.CONFIGURATION,
           refusals=FINDING)  # fmt: skip
def job_configuration(call: Call[Nothing, None]) -> Answer:
    """The configuration that the job runs with, secrets masked, and what is another one than in the job of the same
    type before it in the session.
    """
    return Answer(call.hw.job_configuration(call.any_id))


@PARTS.add("GET", "/jobs/{any_id}/steps", answers={200: documents.page("steps", Step)}, shows=documents.STEPS,
           refusals=FINDING)  # fmt: skip
def steps(call: Call[Nothing, None]) -> Answer:
    """All steps in order, planned ones included."""
    return listing.answer("steps", Page(call.hw.steps(call.any_id)))


@PARTS.add("GET", "/jobs/{any_id}/items", query=Items, answers={200: documents.page("items", Item)},
           shows=documents.ITEMS, refusals=FINDING)  # fmt: skip
def items(call: Call[Items, None]) -> Answer:
    """The items of a ledger by key; those of a state other than done in the order in which they were added.

    `ledger` may be left out where the job has one only.
    """
    asked = call.query
    return listing.answer("items", call.hw.items(call.any_id, asked.ledger, asked.limit, asked.after, asked.state))


@PARTS.add("GET", "/jobs/{any_id}/ledgers", answers={200: documents.page("ledgers", LedgerCounts)}, refusals=FINDING)
def ledgers(call: Call[Nothing, None]) -> Answer:
    """The ledgers by name, in figures."""
    return listing.answer("ledgers", Page(call.hw.ledgers(call.any_id)))


@PARTS.add("GET", "/jobs/{any_id}/attempts", query=Numbered, answers={200: documents.page("attempts", Attempt)},
           shows=documents.ATTEMPTS, refusals=FINDING)  # fmt: skip
def attempts(call: Call[Numbered, None]) -> Answer:
    """The attempts, first one first."""
    return listing.answer("attempts", call.hw.attempts(call.any_id, call.query.limit, call.query.after))


@PARTS.add("GET", "/jobs/{any_id}/children", query=Paging, answers={200: documents.page("children", Job)},
           refusals=FINDING)  # fmt: skip
def children(call: Call[Paging, None]) -> Answer:
    """The children, oldest first."""
    return listing.answer("children", call.hw.children(call.any_id, call.query.limit, call.query.after))


@PARTS.add("GET", "/jobs/{any_id}/tree", answers={200: Branch}, refusals=FINDING)
def tree(call: Call[Nothing, None]) -> Answer:
    """The job with all that is below it, from this one down."""
    return Answer(call.hw.tree(call.any_id), tagged=True)


@PARTS.add("GET", "/jobs/{any_id}/artifacts", answers={200: documents.page("artifacts", Artifact)}, refusals=FINDING)
def artifacts(call: Call[Nothing, None]) -> Answer:
    """The files that the job has handed over, by name, without their content."""
    return listing.answer("artifacts", Page(call.hw.artifacts(call.any_id)))


@PARTS.add("GET", "/jobs/{any_id}/artifacts/{name:path}", answers={200: bytes}, media="application/octet-stream",
           refusals=FINDING)  # fmt: skip
def artifact(call: Call[Nothing, None]) -> Answer:
    """The content of a file that the job has handed over, to be saved: a browser never shows it."""
    return File(call.hw.artifact(call.any_id, str(call.request.path_params["name"])))


@PARTS.add("GET", "/jobs/{any_id}/undos", query=Numbered, answers={200: documents.page("undos", Undo)},
           refusals=FINDING)  # fmt: skip
def undos(call: Call[Numbered, None]) -> Answer:
    """What was recorded to be undone, in the order in which it was."""
    return listing.answer("undos", call.hw.undos(call.any_id, call.query.limit, call.query.after))


@PARTS.add("GET", "/jobs/{any_id}/checkpoint", answers={200: dict[str, Any]}, refusals=FINDING,
           shows={"state": {"offset": 4711}, "cursors": {"Transfer": {"done": 412, "within": []}}})  # fmt: skip
def checkpoint(call: Call[Nothing, None]) -> Answer:
    """What the job has saved to go on from: its state, and the cursor of each loop."""
    return Answer(call.hw.checkpoint(call.any_id), tagged=True)


@PARTS.add("GET", "/jobs/{any_id}/checkpoints", answers={200: documents.page("checkpoints", Checkpoint)},
           refusals=FINDING)  # fmt: skip
def checkpoints(call: Call[Nothing, None]) -> Answer:
    """The same, entry by entry: when it was saved, by which attempt, and how large it is."""
    return listing.answer("checkpoints", Page(call.hw.checkpoints(call.any_id)))


@PARTS.add("GET", "/jobs/{any_id}/progress", query=Look, answers={200: JobProgress, 304: None}, refusals=FINDING,
           shows=documents.PROGRESS)  # fmt: skip
async def progress(call: Call[Look, None]) -> Answer:
    """State, percentage, counts and steps in figures, without the rest of the job.

    With `wait` and If-None-Match it is answered when it has moved.
    """

    def look() -> Answer:
        found = call.hw.progress(call.any_id)
        return Answer(found, tagged=True, seen=msgspec.structs.replace(found, runtime_s=0.0))

    return await waiting.changed(call, call.query.wait, look)
