"""Server-sent events: what a subscription sends, as an endless answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from functools import lru_cache

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from headway.errors import HeadwayError, StoreUnavailable
from headway.live.following import FollowedJob, FollowedList
from headway.live.message import Message
from headway.server import permission
from headway.server.breaking import breaker
from headway.server.operation import Answer
from headway.server.problems import Refusal
from headway.server.site import Site

MEDIA_TYPE = "text/event-stream"
RETRY_MS = (1000, 3000)
"""When a browser comes back after a lost connection: not all at one moment, when a server has restarted."""
PIECE = 1 << 15
"""Bytes after which a new piece of an answer begins."""
BEAT = b": still here\n\n"
SHUTDOWN = b": the server stops; come back\n\n"
FAILED = b": the database does not answer; come back\n\n"


async def streamed(site: Site, following: FollowedJob | FollowedList, begun: Awaitable[None]) -> Answer:
    """The answer of an operation that streams a subscription, once that has begun. Raises what its beginning raises."""
    try:
        await begun
    except StoreUnavailable:
        if not site.leaving:  # else a browser would take the refusal for the end, and never come back
            raise
    return Streamed(site, following)


class Streamed(Answer):
    """A subscription as an answer."""

    def __init__(self, site: Site, following: FollowedJob | FollowedList) -> None:
        super().__init__(b"", headers={"X-Accel-Buffering": "no"})
        self._site, self._following = site, following

    def response(self, known: str | None) -> Response:
        """The stream. It has no tag: what it sends is always new."""
        return EventStream(self._site, self._following, self.headers)


class EventStream(Response):
    """Sends a subscription to its end. A reader that is too slow is broken off; it comes back with its last id."""

    media_type = MEDIA_TYPE

    def __init__(self, site: Site, following: FollowedJob | FollowedList, headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._site, self._following = site, following

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body"})
            return
        listening = asyncio.ensure_future(self._listen(receive))
        self._following.cut = breaker(scope) or _cancelling()
        try:
            await self._send_all(scope, send)
        except asyncio.CancelledError:
            if self._following.closed != "slow":
                raise
        finally:
            self._following.leave()
            listening.cancel()

    async def _send_all(self, scope: Scope, send: Send) -> None:
        if self._site.leaving:
            await send({"type": "http.response.body", "body": SHUTDOWN})
            return
        chunk = b"retry: %d\n\n" % random.randint(*RETRY_MS)  # noqa: S311 - spreads readers, no secret
        farewell = b""
        try:
            async with aclosing(self._following.messages()) as portions:
                async for portion in portions:
                    if not portion:
                        permission.check(self._site, scope)  # it may have been taken back since the stream began
                    for piece in frames(portion):
                        await send({"type": "http.response.body", "body": chunk + piece, "more_body": True})
                        chunk = b""
            if self._following.closed == "shutdown":
                farewell = SHUTDOWN
        except Refusal:
            pass  # closed without a word: whoever asks again is told why
        except HeadwayError:
            farewell = FAILED
        if self._following.closed != "slow":
            await send({"type": "http.response.body", "body": farewell})

    async def _listen(self, receive: Receive) -> None:
        """Ends the subscription when the reader has gone."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._following.leave()


def frames(portion: Sequence[Message]) -> Iterator[bytes]:
    """Messages as they go over the wire; a comment where there are none. In pieces, of which each waits until its
    reader has taken most of those before: what is not read yet is kept in this form as well.
    """
    if not portion:
        yield BEAT
        return
    piece, size = list[bytes](), 0
    for one in portion:
        piece.append(frame := _frame(one))
        size += len(frame)
        if size >= PIECE:
            yield b"".join(piece)
            piece, size = [], 0
    if piece:
        yield b"".join(piece)


@lru_cache(maxsize=256)
def _frame(message: Message) -> bytes:
    """One message; made once for all its readers. JSON has no line ends, so the data is one line."""
    identity = b"" if message.id is None else b"id: " + message.id.encode() + b"\n"
    name = b"event: " + message.name.encode() + b"\n" if message.name else b""  # older APIs have some without
    return b"%s%sdata: %s\n\n" % (identity, name, message.data)


def _cancelling() -> Callable[[], object] | None:
    task = asyncio.current_task()
    return task.cancel if task is not None else None
