"""Live streams: one job, and many."""

from __future__ import annotations

from typing import Annotated

import msgspec
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket

from headway.live.following import LISTED, MOST_LISTED, FollowedJob, FollowedList
from headway.server import documents
from headway.server.filters import Chosen
from headway.server.operation import Answer, Call, Operations
from headway.server.routes.jobs import FINDING
from headway.server.site import PREFIX, Site
from headway.server.stream import MEDIA_TYPE, streamed
from headway.server.websocket import Conversation

STREAMS = Operations("Streams")


class Resume(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where to go on. A Last-Event-ID header, which browsers send by themselves, comes before it."""

    after: (
        Annotated[str, msgspec.Meta(description="The number or the id of the last event received; 0 for all.")] | None
    ) = None


class Followed(Chosen, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which jobs to follow. Filters that are given all hold."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_LISTED, description="The first so many.")] = LISTED


@STREAMS.add("GET", "/jobs/{any_id}/stream", query=Resume, answers={200: str}, media=MEDIA_TYPE, refusals=FINDING,
             shows=documents.STREAM)  # fmt: skip
async def stream_job(call: Call[Resume, None]) -> Answer:
    """One job as it happens, as server-sent events.

    First `snapshot` (the job; its `events` is the number of the last event in it), then every `event` after the
    number asked for, each with an id by which to go on after a lost connection; `progress` in between, of which only
    the newest counts; `reset` where the number is not known or no longer kept: the snapshot before it holds, and
    events go on after its own id; `end` with the job when it is over, and then nothing more. A comment comes every
    15 s. A reader that takes nothing is cut off, and comes back with its last id.
    """
    following = FollowedJob(call.site.feed)
    after = call.request.headers.get("last-event-id") or call.query.after
    return await streamed(call.site, following, following.begin(call.any_id, after))


@STREAMS.add("GET", "/stream", query=Followed, answers={200: str}, media=MEDIA_TYPE, shows=documents.LISTING,
             refusals=("not_found", "bad_query"))  # fmt: skip
async def stream_jobs(call: Call[Followed, None]) -> Answer:
    """Many jobs as they are, as server-sent events: not their history.

    First `snapshot` with all of them as `jobs`, which replaces whatever was known; then `job`, one that is new or has
    changed, whole, at its `version`; `gone`, one that does not fit any more. The newest version of a job holds.
    """
    following = FollowedList(call.site.feed)
    return await streamed(call.site, following, following.begin(call.query.filters()))


def websocket(site: Site) -> list[BaseRoute]:
    """The same over a WebSocket, with several subscriptions and the verbs that control a job."""

    async def converse(socket: WebSocket) -> None:
        await Conversation(site, socket).hold()

    return [WebSocketRoute(f"{PREFIX}/ws", converse)]
