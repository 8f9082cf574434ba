"""What a feed of live streams reads: few statements for any number of jobs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from headway.model.job import Event, Job
from headway.store import epoch, watching
from headway.store.watching import Head, Span
from headway.tracker.headway import Headway


class Watching:
    """The reads of a feed, beside the verbs: jobs are named by whole ids here, and a deleted one is missing."""

    def __init__(self, hw: Headway) -> None:
        self._hw = hw

    def epoch(self) -> str:
        """What tells this database from any other, and from what it was before it was put back from a copy."""
        return epoch.epoch(self._hw._database)

    def heads(self, jobs: Iterable[str]) -> dict[str, Head]:
        """The version and the last event number of jobs, and the epoch they are of."""
        return watching.heads(self._hw._database, jobs)

    def snapshots(self, jobs: Iterable[str]) -> dict[str, Job]:
        """Jobs as they are now."""
        return {job.id: job for job in self._hw._jobs(watching.rows(self._hw._database, jobs))}

    def stories(self, spans: Sequence[Span]) -> dict[str, list[Event]]:
        """The history of each span, log lines included, oldest first; empty where nothing of it is kept."""
        return watching.stories(self._hw._database, spans)

    def look_again(self) -> None:
        """Wakes whoever in this process waits for changes."""
        self._hw._database.wake()
