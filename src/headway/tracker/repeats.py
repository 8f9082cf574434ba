"""Idempotency keys of verbs that submit nothing: what came again because its answer was lost is known."""

from __future__ import annotations

from typing import Any

from headway.clock import DAY_S
from headway.errors import KeyReused
from headway.store.contract import Transaction
from headway.store.moving import TENANT
from headway.tracker import submission
from headway.tracker.headway import Headway

LONGEST_CALL_S = 60.0
"""A call that has not ended after so long is taken for that of a server that died: its key is free again."""


class UnderWay(Exception):
    """The call that came first under the key has not ended."""


class Repeats:
    """What was asked under an idempotency key within the last day: each is begun, and then ended or given up."""

    def __init__(self, hw: Headway) -> None:
        self._database = hw._database

    def begin(self, verb: str, key: str, request: Any) -> str | None:
        """The id that the verb was called for under this key; None where it was not, and the caller is to do it.

        Of calls at one moment, one is to do it. Raises UnderWay for the others, KeyReused where that was another
        request, InvalidInput for what can be no key.
        """
        submission.idempotency_key(key)
        now, place = self._database.now(), self._place(verb, key)
        asked = submission.request_hash(verb, request)

        def work(transaction: Transaction) -> str | None:
            transaction.run("forget_request", before=now - DAY_S, **place)
            transaction.run("forget_begun", before=now - LONGEST_CALL_S, **place)
            if transaction.run("begin_request", request=asked, created_at=now, **place):
                return None
            rows = transaction.run("kept_request", **place)
            if not rows:  # given up at this moment
                raise UnderWay
            return _known(key, asked, *rows[0][:2])

        return self._database.write(work, ring=False)

    def end(self, verb: str, key: str, request: Any, job: str) -> None:
        """Keeps that the verb was called under this key, about that job or session."""
        asked = submission.request_hash(verb, request)
        self._write("end_request", request=asked, job=job, **self._place(verb, key))

    def give_up(self, verb: str, key: str) -> None:
        """Nothing was done: the key is free."""
        self._write("forget_begun", before=self._database.now(), **self._place(verb, key))

    def _write(self, query: str, **given: Any) -> None:
        self._database.write(lambda transaction: transaction.run(query, **given), ring=False)

    def _place(self, verb: str, key: str) -> dict[str, Any]:
        return {"tenant": TENANT, "actor": submission.who(), "verb": verb, "key": key}


def _known(key: str, asked: str, kept: str, job: str) -> str:
    if kept != asked:
        about = f", about job {job}" if job else ""
        raise KeyReused(f"The idempotency key {key!r} was used for another request{about}.", job or None)
    if not job:
        raise UnderWay
    return job
