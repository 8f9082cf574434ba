"""The stream of a job in the words of an older API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import msgspec

from headway.live import following
from headway.live.feed import Feed
from headway.live.message import Message
from headway.model.job import Event, Job
from headway.model.progress import Progress

BETWEEN_S = 1.0
"""The shortest time between two messages that only tell how far the job is."""


class Voice:
    """How one API tells of a job. Each method gives messages, or none."""

    def first(self, job: Job) -> list[Message]:
        """Before everything else."""
        return []

    def progress(self, job: Job) -> list[Message]:
        """The job is so far."""
        return []

    def event(self, job: Job, event: Event) -> list[Message]:
        """Something has happened to it."""
        return []

    def last(self, job: Job) -> list[Message]:
        """The job is over."""
        return []

    def gone(self, job: Job) -> list[Message]:
        """The job was deleted."""
        return []


class Moving(msgspec.Struct, frozen=True):
    """What a progress message of the feed holds."""

    state: str
    progress: Progress | None


class FollowedJob(following.FollowedJob):
    """Follows one job in another voice. Progress comes at most once a second, the newest always."""

    def __init__(self, feed: Feed, voice: Voice) -> None:
        super().__init__(feed)
        self._voice = voice
        self._shown: Job

    async def begin(self, any_id: Any, after: following.After = None) -> None:
        """See following.FollowedJob.begin."""
        await super().begin(any_id, after)
        self._shown = self._job

    async def messages(self) -> AsyncGenerator[Sequence[Message], None]:
        """Everything for the reader, in portions, until the job has ended or was deleted, or the reader was closed."""
        told = super().messages()
        loop = asyncio.get_running_loop()
        yield self._voice.first(self._shown)
        due, held = 0.0, False
        waiting = asyncio.ensure_future(_next(told))
        try:
            while True:
                await asyncio.wait({waiting}, timeout=max(0.0, due - loop.time()) if held else None)
                portion: Sequence[Message] = ()
                if waiting.done():
                    if (taken := waiting.result()) is None:
                        return
                    portion, waiting = taken, asyncio.ensure_future(_next(told))
                said, moved = self._retell(portion)
                held = held or moved
                over = bool(portion) and portion[-1].is_last
                if held and (over or loop.time() >= due):
                    said = self._voice.progress(self._shown) + said
                    due, held = loop.time() + BETWEEN_S, False
                if said or not portion:
                    yield said
        finally:
            waiting.cancel()
            await asyncio.wait({waiting})
            await told.aclose()

    def _retell(self, portion: Sequence[Message]) -> tuple[list[Message], bool]:
        """Messages in the other voice, but for progress; and whether there is news of that."""
        said: list[Message] = []
        moved = False
        for one in portion:
            if one.name in ("snapshot", "end"):
                moved = moved or one.name == "snapshot" or not self._shown.ended
                self._shown = msgspec.json.decode(one.data, type=Job)
                said += self._voice.last(self._shown) if one.name == "end" else []
            elif one.name == "progress":
                found = msgspec.json.decode(one.data, type=Moving)
                self._shown = msgspec.structs.replace(self._shown, state=found.state, progress=found.progress)
                moved = True
            elif one.name == "event":
                happened = msgspec.json.decode(one.data, type=Event)
                if happened.kind == "move" and "to" in happened.data:
                    self._shown = msgspec.structs.replace(self._shown, state=happened.data["to"])
                    moved = True
                said += self._voice.event(self._shown, happened)
            elif one.is_last:
                said += self._voice.gone(self._shown)
        return said, moved


def message(name: str, data: Any) -> Message:
    """A message of an older API; an empty name is that of one without."""
    return Message(name=name, data=msgspec.json.encode(data))


async def _next(told: AsyncGenerator[Sequence[Message], None]) -> Sequence[Message] | None:
    try:
        return await anext(told)
    except StopAsyncIteration:
        return None
