"""The feed behind live streams: one reader for all, slow ones cut off, listings as versioned snapshots."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable

import pytest

import headway
from headway import Context, Headway, InvalidInput
from headway.live.following import FollowedJob
from headway.live.message import Message
from headway.live.subscriber import Subscriber
from headway.store import epoch
from tests.contract.following import data, feeding, names, numbers, read, read_list, run


@headway.job("following.chatty")
def chatty(ctx: Context) -> None:
    """A job that says much."""
    for number in range(2000):
        ctx.log(f"line {number}")


def _event(number: int, size: int = 10) -> Message:
    return Message(name="event", data=b"x" * size, job="j", seq=number)


async def _take(messages: AsyncGenerator[object, None], until: Callable[[], bool]) -> None:
    """Takes what is there until a condition holds, and no more."""
    async for _ in messages:
        if until():
            return


def test_one_thread_reads_for_all(live: Headway) -> None:
    """Thirty readers of one job cost one thread, and each message is encoded once (G11)."""

    async def follow() -> tuple[list[list[Message]], int]:
        job = live.submit("t.stream").id
        async with feeding(live) as feed:
            others = set(threading.enumerate())  # of a server that has only just been told to stop, say
            readers = [asyncio.create_task(read(feed, job)) for _ in range(30)]
            while feed.hub.count() < 30:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(live.cancel, job)
            await asyncio.wait(readers)
            threads = [one for one in set(threading.enumerate()) - others if one.name == "headway-feed"]
            return [one.result() for one in readers], len(threads)

    got, threads = run(follow)
    assert threads == 1
    assert len({id(one) for messages in got for one in messages if one.name in ("event", "end")}) == 2


def test_a_slow_reader_is_cut_off_alone(live: Headway) -> None:
    """A reader that takes nothing is closed when its queue is full; others get everything (G11, T11)."""

    async def follow() -> tuple[str | None, list[bool], list[Message]]:
        cut: list[bool] = []
        job = live.submit(chatty).id
        async with feeding(live) as feed:
            slow = FollowedJob(feed, lambda: cut.append(True))
            await slow.begin(job, 0)
            messages = slow.messages()
            stuck = asyncio.create_task(_take(messages, until=lambda: bool(feed.hub.count())))
            while not feed.hub.count():
                await asyncio.sleep(0.01)
            reader = asyncio.create_task(read(feed, job, 0))
            await asyncio.to_thread(live.work_until_idle)  # in this thread it would make all readers slow
            got = await reader  # which may have read by itself what the feed has still to hand out
            await stuck
            while slow.closed is None:
                await asyncio.sleep(0.01)
            await messages.aclose()
            return slow.closed, cut, got

    closed, cut, got = run(follow)
    assert (closed, cut) == ("slow", [True])
    assert numbers(got) == list(range(1, live.get("@last").events + 1))
    assert names(got)[-1] == "end"


def test_a_queue_is_bounded_by_events_and_bytes() -> None:
    """At most 256 events and 1 MiB wait for one reader (G11)."""

    async def fill() -> list[tuple[str | None, str | None]]:
        many, large = Subscriber(), Subscriber()
        for number in range(256):
            many.offer([_event(number)])
        for size in (10, (1 << 20) - 10):
            large.offer([_event(1, size)])
        full = (many.closed, large.closed)
        for one in (many, large):
            one.offer([_event(257, 1)])
        return [full, (many.closed, large.closed)]

    assert run(fill) == [(None, None), ("slow", "slow")]


def test_progress_is_merged_and_events_are_not() -> None:
    """Of progress the last value wins; every event is kept; the end stays last (G11)."""

    async def fill() -> list[Message]:
        reader = Subscriber()
        for number in range(100):
            reader.offer([_event(number), Message(name="progress", data=b"%d" % number, job="j")])
        reader.offer([Message(name="end", data=b"", job="j")])
        return await reader.take()

    got = run(fill)
    assert numbers(got) == list(range(100))
    assert [(one.name, one.data) for one in got[100:]] == [("progress", b"99"), ("end", b"")]


def test_a_listing_is_told_whole_then_by_its_changes(live: Headway) -> None:
    """Many jobs: all there are, then each that changes with its version, and which leave (S0.38)."""
    first = live.submit("t.list", labels={"a": "b"})
    live.submit("t.other")

    async def follow() -> list[Message]:
        async with feeding(live) as feed:
            steps = [lambda: live.pause(first), lambda: live.cancel(first)]
            return await read_list(feed, {"type": "t.list", "labels": {"a": "b"}, "active": True}, steps)

    got = run(follow)
    assert names(got) == ["snapshot", "job", "gone"]
    assert [job["id"] for job in data(got[0])["jobs"]] == [first.id]
    assert (data(got[1])["state"], data(got[1])["version"]) == ("paused", first.version + 1)
    assert data(got[2])["id"] == first.id


def test_a_second_reader_of_a_listing_gets_it_whole(live: Headway) -> None:
    """Readers of the same listing share one reading of it; each begins with the whole."""
    live.submit("t.list")

    async def follow() -> list[list[Message]]:
        async with feeding(live) as feed:
            return await asyncio.gather(*(read_list(feed, {"type": "t.list"}, []) for _ in range(3)))

    assert [names(got) for got in run(follow)] == [["snapshot"]] * 3


def test_another_epoch_tells_a_listing_whole(live: Headway) -> None:
    """Versions of a database that was put back are no newer ones: readers get the whole instead (T24, G10)."""

    async def follow() -> list[Message]:
        live.submit("t.list")
        async with feeding(live) as feed:
            return await read_list(feed, {"type": "t.list"}, [lambda: live._database.write(epoch.begin)])

    assert names(run(follow)) == ["snapshot", "snapshot"]


def test_a_listing_without_bounds_is_refused(live: Headway) -> None:
    """A stream follows 500 jobs at most, and filters are checked before it begins."""

    async def follow(filters: dict[str, object]) -> None:
        async with feeding(live) as feed:
            await read_list(feed, filters, [])

    for filters in ({"limit": 501}, {"state": "asleep"}):
        with pytest.raises(InvalidInput):
            run(lambda given=filters: follow(given))  # type: ignore[misc]


def test_readers_are_told_when_the_server_stops(live: Headway) -> None:
    """Closing the feed ends every stream, those of one job and those of many, and says why."""

    async def follow() -> tuple[list[str], str | None]:
        job = live.submit("t.stream").id
        async with feeding(live) as feed:
            following = FollowedJob(feed)
            await following.begin(job)
            listing = asyncio.create_task(read_list(feed, {}, [lambda: None]))
            portions = following.messages()
            got = list(await anext(portions))
            rest = asyncio.create_task(anext(portions, None))
            while feed.hub.count() < 2:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(feed.close)
            assert await rest is None
            await listing
            return names(got), following.closed

    assert run(follow) == (["snapshot"], "shutdown")


def test_a_job_of_another_reader_starts_no_second_look(live: Headway) -> None:
    """Without readers the feed does not look at all."""

    async def follow() -> tuple[int, int]:
        job = live.submit("t.stream").id
        async with feeding(live) as feed:
            before = feed.looks
            await asyncio.to_thread(live.pause, job)
            return before, feed.looks

    assert run(follow) == (0, 0)
