"""Who follows what in this process, and the handing out of what the feed has found."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

from headway.live import message
from headway.live.message import Message
from headway.live.subscriber import Closed, Subscriber
from headway.model.job import Job
from headway.model.progress import Progress
from headway.store.watching import Head

Handout = tuple[list[Subscriber], list[Message]]


class JobTopic:
    """A job that somebody follows, as far as its subscribers have been told of it."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.progress: Progress | None = None
        self.subscribers: set[Subscriber] = set()


class ListTopic:
    """A listing that somebody follows. filters: as Headway.jobs takes them; known: what its subscribers were told;
    epoch: of the database, when they were; new: those who still wait for the whole of it; looked_at: when it was last
    read; overdue: it was passed over.
    """

    def __init__(self, filters: dict[str, Any]) -> None:
        self.filters = filters
        self.known: dict[str, tuple[int, Message]] = {}
        self.epoch = ""
        self.subscribers: set[Subscriber] = set()
        self.new: set[Subscriber] = set()
        self.looked_at: float | None = None
        self.overdue = False

    def learn(self, jobs: Sequence[Job]) -> list[Message]:
        """Takes in the listing as it is now; returns what is different."""
        before, self.known = self.known, {}
        told: list[Message] = []
        for job in jobs:
            kept = before.pop(job.id, None)
            if kept is None or kept[0] != job.version:
                kept = job.version, message.listed(job)
                told.append(kept[1])
            self.known[job.id] = kept
        return told + [message.gone(job, version) for job, (version, _) in before.items()]

    def whole(self) -> Message:
        """All of it."""
        return message.listing([told for _, told in self.known.values()])


class Hub:
    """The topics of one process. Thread-safe; subscribers are touched in their own loops only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[str, JobTopic] = {}
        self._lists: dict[str, ListTopic] = {}
        self._handed = threading.Event()

    def join_job(self, job: str, head: Head, subscriber: Subscriber) -> Head:
        """Adds a subscriber that knows the job up to `head`; it gets all that follows the head that is returned."""
        with self._lock:
            topic = self._jobs.setdefault(job, JobTopic(head))
            topic.subscribers.add(subscriber)
            return topic.head

    def join_list(self, key: str, filters: dict[str, Any], subscriber: Subscriber) -> None:
        """Adds a subscriber to a listing; it gets the whole first."""
        with self._lock:
            self._lists.setdefault(key, ListTopic(filters)).new.add(subscriber)

    def leave(self, key: str, subscriber: Subscriber) -> None:
        """Takes a subscriber of a job or a listing out; nobody follows a topic without any."""
        with self._lock:
            topic = self._jobs.get(key)
            if topic is not None:
                topic.subscribers.discard(subscriber)
                if not topic.subscribers:
                    del self._jobs[key]
            lists = self._lists.get(key)
            if lists is not None:
                lists.subscribers.discard(subscriber)
                lists.new.discard(subscriber)
                if not (lists.subscribers or lists.new):
                    del self._lists[key]

    def jobs(self) -> dict[str, JobTopic]:
        """The jobs that are followed. Only the feed changes what their subscribers were told, through `tell`."""
        with self._lock:
            return dict(self._jobs)

    def lists(self) -> list[ListTopic]:
        """The listings that are followed."""
        with self._lock:
            return list(self._lists.values())

    def count(self) -> int:
        """How many subscribers there are."""
        with self._lock:
            found = sum(len(topic.subscribers) for topic in self._jobs.values())
            return found + sum(len(topic.subscribers) + len(topic.new) for topic in self._lists.values())

    def tell(self, topic: JobTopic, head: Head, messages: list[Message]) -> Handout:
        """Moves a job's head on; returns who is to be given the messages. Whoever joins from here on knows them."""
        with self._lock:
            topic.head = head
            return list(topic.subscribers), messages

    def drop(self, job: str, messages: list[Message]) -> Handout:
        """The job is gone: nobody is told more of it than these messages."""
        with self._lock:
            topic = self._jobs.pop(job, None)
            return list(topic.subscribers) if topic else [], messages

    def begin_list(self, topic: ListTopic, epoch: str) -> None:
        """In another epoch everybody gets the whole again: versions count from the copy that was put back."""
        if epoch == topic.epoch:
            return
        with self._lock:
            topic.epoch, topic.known = epoch, {}
            topic.new |= topic.subscribers
            topic.subscribers.clear()

    def tell_list(self, topic: ListTopic, changes: list[Message]) -> list[Handout]:
        """Who is to be given what of a listing: the changes, or the whole to those who are new."""
        with self._lock:
            before, new = list(topic.subscribers), list(topic.new)
            topic.subscribers |= topic.new
            topic.new.clear()
        whole = [(new, [topic.whole()])] if new else []
        return whole + ([(before, changes)] if changes else [])

    def hand_out(self, handouts: Sequence[Handout], patience_s: float = 1.0) -> None:
        """Gives messages to subscribers, in their loops, and waits until those who listen have taken them.

        That wait is for busy event loops, so that the feed reads in larger portions meanwhile; it is never one for a
        slow reader, and ends with `patience_s`.
        """
        for loop, theirs in self._by_loop(handouts).items():
            self._handed.clear()
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._offer, loop, theirs)
                self._handed.wait(patience_s)

    def close(self, why: Closed) -> None:
        """Closes all subscribers there are."""
        with self._lock:
            found: set[Subscriber] = set()
            for topic in self._jobs.values():
                found |= topic.subscribers
            for listed in self._lists.values():
                found |= listed.subscribers | listed.new
        for one in found:
            if not one.loop.is_closed():
                one.loop.call_soon_threadsafe(one.close, why)

    def _by_loop(self, handouts: Sequence[Handout]) -> dict[asyncio.AbstractEventLoop, list[Handout]]:
        loops: dict[asyncio.AbstractEventLoop, list[Handout]] = {}
        for subscribers, messages in handouts:
            sorted_out: dict[asyncio.AbstractEventLoop, list[Subscriber]] = {}
            for one in subscribers:
                sorted_out.setdefault(one.loop, []).append(one)
            for loop, theirs in sorted_out.items():
                loops.setdefault(loop, []).append((theirs, messages))
        return loops

    def _offer(self, loop: asyncio.AbstractEventLoop, handouts: Sequence[Handout]) -> None:
        for subscribers, messages in handouts:
            for one in subscribers:
                one.offer(messages)
        loop.call_soon(self._handed.set)  # after the subscribers that were woken have had their turn
