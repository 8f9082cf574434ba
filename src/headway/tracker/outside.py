"""Work in any language: a process that reaches Headway over HTTP begins, claims, reports and ends jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headway.errors import Conflict, IllegalChange
from headway.model.job import Job
from headway.store import claiming, keeping
from headway.store.contract import CommitUnknown, Transaction
from headway.tracker import submission
from headway.tracker.headway import Headway


class OutsideWork:
    """The verbs of a runner that is no thread of this process, fenced like those of any other."""

    def __init__(self, hw: Headway) -> None:
        self._hw = hw
        self._database = hw._database

    def begin(
        self, type: str, input: Mapping[str, Any] | None = None, worker: str | None = None,
        idempotency_key: str | None = None, **options: Any,
    ) -> Job:  # fmt: skip
        """Submits the caller's own work and takes it, in one transaction: attempt 1, which no worker ever gets.

        Raises what submit raises, and Conflict where its session is full.
        """
        hw = self._hw
        new = hw._new(submission.a_type(type), input, hw._options(**options), outside=True)
        runner = submission.worker_name(worker)
        told = {name: str(value) for name, value in options.items()} | {"session": new.session}
        request = submission.request_hash("begin", type, submission.compared_input(input), told)

        def work(transaction: Transaction) -> str:
            kept = idempotency_key and hw._keep_request(transaction, idempotency_key, request, new.id, hw.now())
            if kept:
                return kept
            keeping.add(transaction, [new], hw.now())
            if claiming.claim_own_in(transaction, hw.now(), runner, new.id) is None:
                raise Conflict(f"Session {new.session!r} is full: as many of its jobs run as may. Wait for one to end.")
            return new.id

        try:
            return hw.get(f"id:{self._database.write(work)}")
        except CommitUnknown:
            if keeping.by_id(self._database, new.id) is None:
                raise
            return hw.get(f"id:{new.id}")
        except IllegalChange as refused:
            submission.explain(self._database, new, refused)
            raise
