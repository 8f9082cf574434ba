"""The history of a job as a server streams it, over as many connections as it takes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from headway.errors import NotFound, StoreUnavailable
from headway.model.job import Event
from headway.tracker.wire import Wire, part

MOST_TRIES = 30
"""How often in a row a server may not answer before a watcher is told: about a minute."""


class Reset(msgspec.Struct, frozen=True):
    """What a stream says of a cursor that does not hold; events go on after `after`."""

    reason: str
    after: int = 0


class Reattaching:
    """Every event after a number once and in order. A lost connection is made again, with the id of the last event.

    Raises StoreUnavailable where the server stays away.
    """

    def __init__(self, wire: Wire, job: str, after: int) -> None:
        self._wire, self._path, self._asked = wire, f"/jobs/{part(f'id:{job}')}/stream", after
        self._seen = after
        self._last_id: str | None = None
        self._tries = 0
        self._over = False

    def __iter__(self) -> Iterator[Event]:
        while not self._over:
            try:
                yield from self._connection()
            except NotFound:
                return  # it was deleted meanwhile
            except StoreUnavailable:
                self._tries += 1
                if self._tries >= MOST_TRIES:
                    raise
            if not self._over:
                self._wire.rest(self._tries)

    def _connection(self) -> Iterator[Event]:
        with self._wire.stream(self._path, {"after": self._asked}, self._last_id) as stream:
            for told in stream:
                self._tries = 0
                if told.event == "event":
                    event, self._last_id = msgspec.json.decode(told.data, type=Event), told.id
                    if event.seq > self._seen:
                        self._seen = event.seq
                        yield event
                elif told.event == "reset":
                    self._take(msgspec.json.decode(told.data, type=Reset), told.id)
                self._over = self._over or told.event == "end"
                if self._over:
                    return

    def _take(self, reset: Reset, id: str | None) -> None:
        self._over = reset.reason == "deleted"
        if self._last_id is not None:  # else the caller's own number lies beyond the last event, and holds
            self._seen = reset.after
        self._last_id = id
