"""Idempotency keys of verbs that submit nothing: what came again because its answer was lost is known."""

from __future__ import annotations

from typing import Any

from headway.clock import DAY_S
from headway.errors import KeyReused
from headway.store.contract import Transaction
from headway.store.moving import TENANT
from headway.tracker import submission
from headway.tracker.headway import Headway


class Repeats:
    """What was asked under an idempotency key within the last day."""

    def __init__(self, hw: Headway) -> None:
        self._database = hw._database

    def known(self, verb: str, key: str, request: Any) -> str | None:
        """The id of the job that the verb was called for under this key; None where it was not.

        Raises KeyReused where that was another request, InvalidInput for what can be no key.
        """
        submission.idempotency_key(key)
        rows = self._database.read("kept_request", **self._place(verb, key))
        if not rows or rows[0][2] < self._database.now() - DAY_S:
            return None
        kept, job, _ = rows[0]
        if kept != submission.request_hash(verb, request):
            raise KeyReused(f"The idempotency key {key!r} was used for another request, about job {job}.", job)
        return str(job)

    def keep(self, verb: str, key: str, request: Any, job: str) -> None:
        """Keeps that the verb was called under this key."""
        now, place = self._database.now(), self._place(verb, key)

        def work(transaction: Transaction) -> None:
            transaction.run("forget_request", before=now - DAY_S, **place)
            request_hash = submission.request_hash(verb, request)
            transaction.run("keep_request", request=request_hash, job=job, created_at=now, **place)

        self._database.write(work, ring=False)

    def _place(self, verb: str, key: str) -> dict[str, Any]:
        return {"tenant": TENANT, "actor": submission.who(), "verb": verb, "key": key}
