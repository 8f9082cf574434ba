"""Ids for new jobs: they rise in the order of submission, so that lists, aliases and cursors need no other order."""

from __future__ import annotations

from headway.clock import Clock
from headway.model.ids import JobIds
from headway.store.contract import Database
from headway.store.moving import TENANT

KNOWN_FOR_S = 0.05
"""How long the newest id is known without looking."""
BEHIND_S = 1.0
"""From how far on ids are ahead of the clock because it was set back, and not because there are many in a moment."""


class Identities:
    """Makes the ids of one process. A clock that was set back, here or elsewhere, makes no job older than the others:
    a new id is beyond every one that was stored when it last looked, 50 ms ago at most.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = JobIds()
        self._looked_at: float | None = None

    def new(self, database: Database) -> str:
        """The id for a job that is submitted now. Raises StoreUnavailable."""
        now = database.now()
        if not self._knows_the_newest() or self._ids.time() - now > BEHIND_S:
            looks_at = self._clock.boot()
            for (newest,) in database.read("newest_id", tenant=TENANT):
                self._ids.follow(newest)
            self._looked_at = looks_at  # not before: another thread would go by what is not known yet
        return self._ids.new(now)

    def _knows_the_newest(self) -> bool:
        return self._looked_at is not None and 0 <= self._clock.boot() - self._looked_at < KNOWN_FOR_S
