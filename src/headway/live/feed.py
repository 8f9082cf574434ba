"""The one reader of a process: it finds what has changed and hands it to the hub, whatever the number of readers."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from headway.errors import HeadwayError
from headway.live import message
from headway.live.hub import Handout, Hub, JobTopic, ListTopic
from headway.live.message import Message
from headway.live.subscriber import BEAT_S, Closed
from headway.model.job import Event, Job
from headway.store.watching import Head, Span
from headway.tracker.headway import Headway
from headway.tracker.watching import Watching

POLL_S = 2.0
"""How often it looks although nobody rang."""
LIST_S = 0.25
"""Shortest time between two looks at one listing: each reads all its jobs."""
LEAST_REST_S, REST = 0.01, 4.0
"""How long it rests after a look: at least so long, and so many times as long as it has read. However busy the writers
are, they and the database give a fifth of their time at most to being watched."""
RETRY_S = 1.0
"""How long it waits after a look that failed."""
AT_ONCE = 128
"""Events of one job in one look: below what a subscriber has room for."""
THREADS = 4
"""Threads that read for those who come late, so that these take none from the handlers of other requests."""

LOG = logging.getLogger("headway")


class Feed:
    """Reads for all subscribers of one process. Its thread begins with the first of them and rests without any.

    threads: for reading what is stored already; looks: how often it has read what changed; beat_s: how often readers
    hear that nothing has happened; still: why streams stand still, None where they do not.
    """

    def __init__(self, hw: Headway, beat_s: float = BEAT_S) -> None:
        self.hw = hw
        self.beat_s = beat_s
        self.hub = Hub()
        self.watching = Watching(hw)
        self.threads = ThreadPoolExecutor(THREADS, "headway-streams")
        self.looks = 0
        self.still: str | None = None
        self._read_s = 0.0
        self._clock = hw._clock
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Somebody has joined the hub: looks now, and on every change from here on."""
        with self._lock:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="headway-feed", daemon=True)
                self._thread.start()
        self._wanted.set()
        if self._closing.is_set():
            self.hub.close("shutdown")
        else:
            self.watching.look_again()

    def close(self, why: Closed = "shutdown") -> None:
        """Closes all subscribers and ends the thread. Nobody can join any more.

        In an event loop it does not wait for the thread, which may wait for that loop.
        """
        with self._lock:
            self._closing.set()
            self._wanted.set()
            thread, self._thread = self._thread, None
        self.hub.close(why)
        self.threads.shutdown(wait=False)
        if thread is not None:
            self.watching.look_again()
            if asyncio._get_running_loop() is None:
                thread.join(10.0)

    @property
    def closing(self) -> bool:
        """Whether nobody can join any more."""
        return self._closing.is_set()

    def look(self) -> bool:
        """Reads what has changed and hands it out; whether there is more to read at once."""
        self.looks += 1
        began = self._clock.precise()
        handouts, more = self._look_at_jobs(self.hub.jobs())
        for topic in self.hub.lists():
            handouts += self._look_at_list(topic)
        self._read_s = self._clock.precise() - began
        self.hub.hand_out([handout for handout in handouts if handout[1]])
        return more

    def _run(self) -> None:
        seen = 0
        while not self._closing.is_set():
            if not self.hub.count():
                self._wanted.clear()
                if not (self.hub.count() or self._closing.is_set()):  # what set it before was not for nothing
                    self._wanted.wait()
            seen = self._turn(seen)

    def _turn(self, seen: int) -> int:
        """One wait and one look; an unreachable database is asked again, its readers stay."""
        try:
            heard = self.hw.changed(seen, self._patience())
            more = self.look()
            self.still = None
            if not more:
                self._closing.wait(min(max(LEAST_REST_S, REST * self._read_s), POLL_S))
            return 0 if more else heard
        except HeadwayError as problem:
            LOG.warning("live streams stand still: %s", problem)
            self.still = problem.code
        except Exception:
            LOG.exception("live streams stand still")
            self.still = "internal"
        self._closing.wait(RETRY_S)
        return 0

    def _patience(self) -> float:
        """Until when to wait for a change: less where a listing was passed over."""
        waiting = [topic.looked_at for topic in self.hub.lists() if topic.overdue]
        left = min((at + LIST_S - self._clock.boot() for at in waiting if at is not None), default=POLL_S)
        return max(0.0, min(left, POLL_S))

    def _look_at_jobs(self, topics: Mapping[str, JobTopic]) -> tuple[list[Handout], bool]:
        if not topics:
            return [], False
        heads = self.watching.heads(topics)
        changed = [job for job, topic in topics.items() if heads.get(job) != topic.head]
        jobs = self.watching.snapshots(changed) if changed else {}
        spans = [
            Span(job.id, after, min(job.events, after + AT_ONCE))
            for job in jobs.values()
            if job.events > (after := topics[job.id].head.events)
        ]
        stories = self.watching.stories(spans) if spans else {}
        handouts = [
            self._tell(topics[job], heads[job].epoch, jobs[job], stories.get(job, []))
            if job in jobs and job in heads
            else self.hub.drop(job, [message.reset(job, "deleted")])
            for job in changed
        ]
        return handouts, any(span.upto < jobs[span.job].events for span in spans)

    def _tell(self, topic: JobTopic, epoch: str, job: Job, story: Sequence[Event]) -> Handout:
        """What is new of a job, up to the snapshot of it or to as much as one look reads."""
        after = topic.head.events
        upto = min(job.events, after + AT_ONCE)
        if epoch != topic.head.epoch or job.events < after:  # the database was put back from a copy
            return self._reset(topic, epoch, job, "restored")
        if [event.seq for event in story] != list(range(after + 1, upto + 1)):
            return self._reset(topic, epoch, job, "not kept")
        told = [message.event(event, epoch) for event in story]
        if upto < job.events:
            return self.hub.tell(topic, Head(epoch, -1, upto), told)
        told += self._progress(topic, job)
        return self.hub.tell(topic, Head(epoch, job.version, upto), told + _ended(job))

    def _progress(self, topic: JobTopic, job: Job) -> list[Message]:
        """How far the job is, if that is news."""
        said = message.progress(job) if job.progress is not None else None
        if said is None or (known := job.progress) == topic.progress:
            return []
        topic.progress = known
        return [said]

    def _reset(self, topic: JobTopic, epoch: str, job: Job, reason: str) -> Handout:
        told = [message.snapshot(job), message.reset(job.id, reason, epoch, job.events)]
        return self.hub.tell(topic, Head(epoch, job.version, job.events), told + _ended(job))

    def _look_at_list(self, topic: ListTopic) -> list[Handout]:
        now = self._clock.boot()
        topic.overdue = not topic.new and topic.looked_at is not None and now - topic.looked_at < LIST_S
        if topic.overdue:
            return []
        topic.looked_at = now
        self.hub.begin_list(topic, self.watching.epoch())
        return self.hub.tell_list(topic, topic.learn(self.hw.jobs(**topic.filters)))


def _ended(job: Job) -> list[Message]:
    return [message.end(job)] if job.ended else []
