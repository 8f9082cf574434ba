"""Waiting for what happens on a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from headway.model.job import Event, Job
from headway.tracker import asking
from headway.tracker.connection import AnyId
from headway.tracker.reattaching import Reattaching
from headway.tracker.remote import form
from headway.tracker.remote.calling import Calling
from headway.tracker.wire import part

POLL_S = 25.0
"""How long a server may hold an answer back: proxies cut what is silent for longer."""


class Waiting(Calling):
    """Waiting and watching."""

    _poll_s = POLL_S

    def watch(self, any_id: AnyId, after: int = 0) -> Iterator[Event]:
        yield from Reattaching(self._wire, self.get(any_id).id, asking.number(after, "after"))

    def changed(self, seen: int, timeout_s: float) -> int:
        reply = self._wire.get("/changes", {"seen": seen}, wait_s=max(0.0, min(timeout_s, POLL_S)))
        return form.read(reply.content, _Moment).seen

    def now(self) -> float:
        return self._fetch(_Moment, "/changes").now

    def _look_again(self, job: Job, seen: Any, wait_s: float) -> tuple[Any, Job]:
        reply = self._wire.get(f"/jobs/{part(f'id:{job.id}')}", known=seen, wait_s=0.0 if seen is None else wait_s)
        return reply.tag, job if reply.content is None else form.read(reply.content, Job)


class _Moment(msgspec.Struct, frozen=True):
    seen: int
    now: float
