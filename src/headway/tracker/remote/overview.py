"""What a server says of all jobs: its workers, what waits for a person, what fails alike, what will go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from headway.model.failure import Failures
from headway.model.job import Worker
from headway.model.recovery import Recovery, RecoveryRule
from headway.model.retention import Retention, WouldGo
from headway.model.support import SupportBundle
from headway.tracker import asking, submission
from headway.tracker.connection import TypeOrFunction
from headway.tracker.remote import form
from headway.tracker.remote.calling import Calling
from headway.tracker.wire import part

MOST_WAITING = 500
"""Jobs of the longest page of recovery, and groups of failures."""


class Overview(Calling):
    """What is told of all jobs together."""

    def workers(self) -> list[Worker]:
        return self._list("workers", Worker, "/workers")

    def recovery(
        self, cause: str | Sequence[str] | None = None, *, session: str | None = None, since: datetime | None = None,
        limit: int = 50, after: str | None = None,
    ) -> Recovery:  # fmt: skip
        query = {
            "cause": None if cause is None else asking.causes(cause), "session": asking.session(session),
            "since": form.moment(since), "limit": min(asking.limit(limit), MOST_WAITING), "after": form.cursor(after),
        }  # fmt: skip
        return self._fetch(Recovery, "/recovery", query)

    def recovery_rules(self) -> list[RecoveryRule]:
        return self._list("rules", RecoveryRule, "/recovery/rules")

    def add_recovery_rule(self, type: TypeOrFunction, reason: str | None = None) -> RecoveryRule:
        kind = submission.a_type(self._type_name(type))
        return self._send(RecoveryRule, _rule_path(kind), {"reason": submission.reason(reason)}, method="PUT")

    def remove_recovery_rule(self, type: TypeOrFunction) -> None:
        self._wire.remove(_rule_path(submission.a_type(self._type_name(type))))

    def failures(
        self, since: datetime | None = None, limit: int = 50, *, session: str | None = None, owner: str | None = None
    ) -> Failures:
        query = {
            "since": form.moment(since),
            "limit": min(asking.limit(limit), MOST_WAITING),
            "session": asking.session(session),
            "owner": asking.owner(owner),
        }
        return self._fetch(Failures, "/failures", query)

    def retention(self) -> Retention:
        return self._fetch(Retention, "/retention")

    def would_go(
        self, keep_s: float, *, type: TypeOrFunction | None = None, session: str | None = None
    ) -> WouldGo:  # fmt: skip
        keep, kind, within = self._rule(keep_s, type, session)
        query = {"keep_s": keep, "type": kind, "session": within}
        return self._fetch(WouldGo, "/retention/preview", query)

    def support(self) -> SupportBundle:
        return self._fetch(SupportBundle, "/support")


def _rule_path(kind: str) -> str:
    return f"/recovery/rules/{part(kind)}"
