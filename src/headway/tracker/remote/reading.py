"""Reading what a server keeps of one job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headway.model.configuration import JobConfiguration
from headway.model.failure import Failure
from headway.model.job import Artifact, Attempt, Branch, Checkpoint, Event, Item, Job, LogMatches, Page, Step, Undo
from headway.model.ledger import LedgerCounts
from headway.model.steps import JobProgress
from headway.tracker import asking
from headway.tracker.connection import AnyId
from headway.tracker.remote import form
from headway.tracker.remote.calling import Calling
from headway.tracker.wire import part


class Reading(Calling):
    """History, steps, items and outcomes of a job."""

    def events(self, any_id: AnyId, limit: int = 50, after: int = 0, logs: bool = True) -> Page[Event]:
        return self._page("events", Event, self._at(any_id, "events"), limit, form.number(after), {"logs": bool(logs)})

    def logs(self, any_id: AnyId, limit: int = 50, after: int = 0, levels: Sequence[str] | None = None) -> Page[Event]:
        asked = asking.levels(levels)
        if asked == []:
            self.get(any_id)
            return Page([])
        return self._page("logs", Event, self._at(any_id, "logs"), limit, form.number(after), {"level": asked})

    def last_logs(self, any_id: AnyId, limit: int = 10) -> list[Event]:
        return self._list("logs", Event, self._at(any_id, "logs"), {"last": asking.limit(limit)})

    def log_matches(
        self, any_id: AnyId, text: str | None = None, levels: Sequence[str] | None = None, limit: int = asking.MOST,
        after: int = 0,
    ) -> LogMatches:  # fmt: skip
        asking.pattern(text)
        wanted = asking.levels(levels)
        if wanted == []:
            self.get(any_id)
            return LogMatches(total=0)
        query = {"text": text or None, "level": wanted, "limit": asking.limit(limit), "after": form.number(after)}
        return self._fetch(LogMatches, self._at(any_id, "logs/matches"), query)

    def steps(self, any_id: AnyId) -> list[Step]:
        return self._list("steps", Step, self._at(any_id, "steps"))

    def progress(self, any_id: AnyId) -> JobProgress:
        return self._fetch(JobProgress, self._at(any_id, "progress"))

    def attempts(self, any_id: AnyId, limit: int = 50, after: int = 0) -> Page[Attempt]:
        return self._page("attempts", Attempt, self._at(any_id, "attempts"), limit, form.number(after))

    def checkpoint(self, any_id: AnyId) -> dict[str, Any]:
        return self._fetch(dict[str, Any], self._at(any_id, "checkpoint"))

    def checkpoints(self, any_id: AnyId) -> list[Checkpoint]:
        return self._list("checkpoints", Checkpoint, self._at(any_id, "checkpoints"))

    def artifacts(self, any_id: AnyId) -> list[Artifact]:
        return self._list("artifacts", Artifact, self._at(any_id, "artifacts"))

    def artifact(self, any_id: AnyId, name: str) -> bytes:
        path = self._at(any_id, f"artifacts/{part(asking.text(name, 'name'))}")
        return self._wire.get(path).content or b""

    def children(self, any_id: AnyId, limit: int = 50, after: str | None = None) -> Page[Job]:
        return self._page("children", Job, self._at(any_id, "children"), limit, form.cursor(after))

    def tree(self, any_id: AnyId) -> Branch:
        return self._fetch(Branch, self._at(any_id, "tree"))

    def items(
        self, any_id: AnyId, ledger: str | None = None, limit: int = 50, after: str | None = None,
        state: str | None = None,
    ) -> Page[Item]:  # fmt: skip
        query = {"ledger": None if ledger is None else asking.text(ledger, "ledger"), "state": state}
        return self._page("items", Item, self._at(any_id, "items"), limit, form.cursor(after), query)

    def ledgers(self, any_id: AnyId) -> list[LedgerCounts]:
        return self._list("ledgers", LedgerCounts, self._at(any_id, "ledgers"))

    def undos(self, any_id: AnyId, limit: int = 50, after: int = 0) -> Page[Undo]:
        return self._page("undos", Undo, self._at(any_id, "undos"), limit, form.number(after))

    def last_rollback(self, any_id: AnyId) -> Job | None:
        return self._fetch_or_none(Job, self._at(any_id, "rollback"))

    def failure(self, any_id: AnyId) -> Failure | None:
        return self._fetch_or_none(Failure, self._at(any_id, "failure"))

    def job_configuration(self, any_id: AnyId) -> JobConfiguration:
        return self._fetch(JobConfiguration, self._at(any_id, "configuration"))
