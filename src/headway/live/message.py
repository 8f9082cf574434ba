"""What subscribers are sent: encoded once, whatever their number."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from headway.model.job import Event, Job

Name = Literal["snapshot", "event", "progress", "reset", "end", "job", "gone"]
MERGED = frozenset({"progress", "job", "gone"})
"""Names of messages of which a subscriber needs only the last one for each job. Events are never merged."""


class Message(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One message. data: JSON; job: its whole id, "" for a message about many; seq: the event number that a
    subscriber has reached with it, 0 for none; id: by which it asks for what follows, after a pause. Older APIs have
    names of their own.
    """

    name: Name | str
    data: bytes
    job: str = ""
    seq: int = 0
    id: str | None = None

    @property
    def is_last(self) -> bool:
        """Whether nothing follows it."""
        return self.name == "end" or (self.name == "reset" and self.id is None)


def snapshot(job: Job) -> Message:
    """The job as it is; its `events` is the number of the last event that it shows."""
    return Message(name="snapshot", data=_json(job), job=job.id)


def event(found: Event, epoch: str) -> Message:
    """An entry of the history."""
    return Message(name="event", data=_json(found), job=found.job_id, seq=found.seq, id=f"{epoch}-{found.seq}")


def progress(job: Job) -> Message:
    """How far the job is, and at which version of it."""
    said = {"job_id": job.id, "version": job.version, "state": job.state, "progress": job.progress}
    return Message(name="progress", data=_json(said), job=job.id)


def reset(job: str, reason: str, epoch: str = "", after: int = 0) -> Message:
    """What was counted so far does not hold: the snapshot beside it does, and events go on after a number.

    It has an id, so that whoever comes back after it is not reset again; without an epoch it is the last message.
    """
    said = {"job_id": job, "reason": reason, "after": after}
    return Message(name="reset", data=_json(said), job=job, seq=after, id=f"{epoch}-{after}" if epoch else None)


def end(job: Job) -> Message:
    """The job is over and its history told; nothing follows."""
    return Message(name="end", data=_json(job), job=job.id)


def listed(job: Job) -> Message:
    """A job of a listing, as it is at its version."""
    return Message(name="job", data=_json(job), job=job.id)


def gone(job: str, version: int) -> Message:
    """A job left a listing."""
    return Message(name="gone", data=_json({"id": job, "version": version}), job=job)


def listing(jobs: list[Message]) -> Message:
    """All jobs of a listing: they replace what was known of it."""
    return Message(name="snapshot", data=b'{"jobs":[' + b",".join(one.data for one in jobs) + b"]}")


def _json(value: Any) -> bytes:
    return msgspec.json.encode(value)
