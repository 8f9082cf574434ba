"""Live streams of one job: snapshot, numbered events, progress, end; each event once and in order, or one reset."""

from __future__ import annotations

import asyncio
import random

import pytest

from headway import Headway, NotFound
from headway.live.message import Message
from headway.store import epoch, moving
from headway.store.contract import Transaction
from tests.contract.following import data, feeding, names, numbers, read, run


def _pause_and_resume(hw: Headway, job: str, times: int) -> None:
    for _ in range(times):
        hw.pause(job)
        hw.resume(job)


def _cancel_and_delete(transaction: Transaction, job: str) -> None:
    """Both at one moment: a reader that looks in between would be sent the end."""
    moving.apply(transaction, [moving.Change(job=job, actor="user", move="cancel")], 0.0)
    transaction.run("mark_deleted", tenant=0, ids=[job], now=0.0)


def _ended(hw: Headway) -> str:
    """A job with four events."""
    job = hw.submit("t.stream").id
    _pause_and_resume(hw, job, 1)
    return hw.cancel(job).id


def test_a_late_reader_gets_snapshot_and_end(live: Headway) -> None:
    """Whoever comes after the end gets the job as it is and a clean end (S0.22)."""

    async def late() -> list[Message]:
        async with feeding(live) as feed:
            return await read(feed, _ended(live))

    got = run(late)
    assert names(got) == ["snapshot", "end"]
    assert (data(got[0])["events"], data(got[1])["state"]) == (4, "cancelled")


def test_history_is_replayed_after_a_number(live: Headway) -> None:
    """`after` brings every event that follows it, numbered without a gap, then the end (G10)."""

    async def replay() -> tuple[list[Message], list[Message]]:
        job = _ended(live)
        async with feeding(live) as feed:
            return await read(feed, job, 0), await read(feed, job, "2")

    whole, rest = run(replay)
    assert (numbers(whole), numbers(rest)) == ([1, 2, 3, 4], [3, 4])
    assert names(rest) == ["snapshot", "event", "event", "end"]


def test_events_arrive_as_they_happen(live: Headway) -> None:
    """A reader of an open job is sent each event once, in order, and the end (G10)."""

    async def follow() -> list[Message]:
        job = live.submit("t.stream").id
        async with feeding(live) as feed:
            reader = asyncio.create_task(read(feed, job))
            await asyncio.to_thread(_pause_and_resume, live, job, 5)
            await asyncio.to_thread(live.cancel, job)
            return await reader

    got = run(follow)
    assert numbers(got) == list(range(data(got[0])["events"] + 1, 13))
    assert names(got)[-1] == "end"


def test_a_reader_goes_on_after_its_last_id(live: Headway) -> None:
    """The id of the last event that was received brings exactly what is missing (G10)."""

    async def twice() -> tuple[list[Message], list[Message]]:
        job = _ended(live)
        async with feeding(live) as feed:
            first = await read(feed, job, 0, until=lambda one: one.seq == 3)
            return first, await read(feed, job, first[-1].id)

    first, second = run(twice)
    assert numbers(first) + numbers(second) == [1, 2, 3, 4]


@pytest.mark.parametrize("after", ["0123456789abcdef-2", "99", "-1", "nonsense", "ɹ-3"])
def test_a_cursor_of_elsewhere_is_reset_once(live: Headway, after: str) -> None:
    """A cursor of another store, beyond the last event, or no cursor at all: one reset, with the snapshot (G10)."""

    async def follow() -> list[Message]:
        async with feeding(live) as feed:
            got = await read(feed, job, after)
            return got + await read(feed, job, got[1].id)

    job = _ended(live)
    got = run(follow)
    assert names(got) == ["snapshot", "reset", "end", "snapshot", "end"]
    assert data(got[1]) == {"job_id": job, "reason": "unknown", "after": 4}


def test_a_cursor_older_than_what_is_kept_is_reset_once(live: Headway) -> None:
    """Events that are gone are told by one reset beside the snapshot (G10, T12)."""

    async def follow() -> list[Message]:
        job = _ended(live)
        live._database.write(lambda one: one.run("purge_events", tenant=0, jobs=[job], limit=2))
        async with feeding(live) as feed:
            return await read(feed, job, 1)

    got = run(follow)
    assert names(got) == ["snapshot", "snapshot", "reset", "end"]
    assert data(got[2])["after"] == 4


def test_another_epoch_resets_who_follows(live: Headway) -> None:
    """Under a reader the database gets another epoch: one reset, and from there on ids of that epoch (T24, G10)."""

    async def follow() -> list[Message]:
        job = live.submit("t.stream").id
        async with feeding(live) as feed:
            reader = asyncio.create_task(read(feed, job, 0))
            while not feed.hub.count():
                await asyncio.sleep(0.01)
            await asyncio.to_thread(live._database.write, epoch.begin)
            await asyncio.to_thread(live.cancel, job)
            return await reader

    got = run(follow)
    resets = [one for one in got if one.name == "reset"]
    assert [data(one)["reason"] for one in resets] == ["restored"]
    assert resets[0].id == f"{epoch.epoch(live._database)}-{resets[0].seq}"
    assert names(got)[-1] == "end"


def test_a_deleted_job_ends_its_stream(live: Headway) -> None:
    """A job that is deleted while it is followed: one reset that says so, and no more."""

    async def follow() -> list[Message]:
        job = live.submit("t.stream").id
        async with feeding(live) as feed:
            reader = asyncio.create_task(read(feed, job))
            while not feed.hub.count():
                await asyncio.sleep(0.01)
            live._database.write(lambda one: _cancel_and_delete(one, job))
            return await reader

    got = run(follow)
    assert names(got) == ["snapshot", "reset"]
    assert data(got[1])["reason"] == "deleted"


def test_unknown_jobs_are_refused_at_once(live: Headway) -> None:
    """Following an unknown id is an error before anything is sent."""

    async def follow() -> None:
        async with feeding(live) as feed:
            await read(feed, "nowhere")

    with pytest.raises(NotFound):
        run(follow)


def test_progress_is_told_and_ends_with_the_job(live: Headway) -> None:
    """Progress comes without an id, the newest last, and never after the end."""

    async def follow() -> list[Message]:
        async with feeding(live) as feed:
            with live.tracked("Counted", show=False, external_id="c") as context:
                reader = asyncio.create_task(read(feed, context.job_id, 0))
                while not feed.hub.count():
                    await asyncio.sleep(0.01)
                context.progress(done=3, total=4)
            return await reader

    got = run(follow)
    told = [data(one) for one in got if one.name == "progress"]
    assert told[-1]["progress"]["done"] == 3
    assert {one.id for one in got if one.name == "progress"} == {None}
    assert got[-1].name == "end"


def test_readers_that_come_at_any_moment_miss_nothing(live: Headway) -> None:
    """40 readers join while a job changes: each sees all events once and in order (G10, T12)."""

    async def follow() -> list[list[Message]]:
        job = live.submit("t.stream").id
        async with feeding(live) as feed:
            work = asyncio.create_task(asyncio.to_thread(_pause_and_resume, live, job, 60))
            readers = []
            for _ in range(40):
                readers.append(asyncio.create_task(read(feed, job, random.choice((0, 1)))))
                await asyncio.sleep(0.005)
            await work
            await asyncio.to_thread(live.cancel, job)
            return await asyncio.gather(*readers)

    for got in run(follow):
        assert numbers(got)[1:] == list(range(numbers(got)[1], 123))
        assert numbers(got)[0] in (1, 2)
        assert names(got).count("reset") == 0
