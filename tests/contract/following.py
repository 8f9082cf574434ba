"""Readers of live streams, for tests: they collect what they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar

import msgspec

from headway import Headway
from headway.live.feed import Feed
from headway.live.following import After, FollowedJob, FollowedList
from headway.live.message import Message

T = TypeVar("T")
PATIENCE_S = 240.0


def run(work: Callable[[], Awaitable[T]]) -> T:
    """Runs a coroutine, for a few minutes at most."""

    async def bounded() -> T:
        return await asyncio.wait_for(work(), PATIENCE_S)

    return asyncio.run(bounded())


@asynccontextmanager
async def feeding(hw: Headway) -> AsyncIterator[Feed]:
    """A feed, closed at the end. Its readers hear of nothing but news: an empty portion would count as a step."""
    feed = Feed(hw, beat_s=PATIENCE_S)
    try:
        yield feed
    finally:
        await asyncio.to_thread(feed.close)


async def read(
    feed: Feed, job: object, after: After = None, until: Callable[[Message], bool] | None = None
) -> list[Message]:
    """All messages of a job's stream to its end, or to the one that `until` wants."""
    following = FollowedJob(feed)
    await following.begin(str(job), after)
    got: list[Message] = []
    async with aclosing(following.messages()) as portions:
        async for portion in portions:
            for one in portion:
                got.append(one)
                if until is not None and until(one):
                    return got
    return got


async def read_list(feed: Feed, filters: dict[str, Any], steps: Sequence[Callable[[], object]]) -> list[Message]:
    """The messages of a listing's stream; after each portion the next step is done, after the last it is left."""
    following = FollowedList(feed)
    await following.begin(filters)
    got, left = list[Message](), list(steps)
    async with aclosing(following.messages()) as portions:
        async for portion in portions:
            got += portion
            if not left:
                return got
            await asyncio.to_thread(left.pop(0))
    return got


def names(messages: list[Message]) -> list[str]:
    """What was sent, without the progress."""
    return [one.name for one in messages if one.name != "progress"]


def numbers(messages: list[Message]) -> list[int]:
    """The numbers of the events."""
    return [one.seq for one in messages if one.name == "event"]


def data(message: Message) -> dict[str, Any]:
    """What a message says."""
    said: dict[str, Any] = msgspec.json.decode(message.data)
    return said
