"""Submitting jobs to a server. What can be refused before it is sent is refused here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Never

import msgspec

from headway.model.job import Job
from headway.store.sealing import Owner
from headway.tracker import asking, submission, workspace
from headway.tracker.ambient import current_session
from headway.tracker.connection import AnyId, TypeOrFunction
from headway.tracker.remote import form
from headway.tracker.remote.calling import LONGEST_PAGE, Calling

MOST_BYTES = 500_000
"""Bytes of inputs that are submitted in one call: a body has 1 MiB at most."""


class Submitting(Calling):
    """Jobs that begin."""

    def submit(
        self, type: TypeOrFunction, input: Mapping[str, Any] | None = None, *, name: str | None = None,
        session: str | None = None, external_id: str | Mapping[str, str] | None = None, context_id: str | None = None,
        one_per_context: bool = False, category: str = "general", labels: Mapping[str, str] | None = None,
        parent: AnyId | None = None, priority: int = 0, queue: str = "default", run_at: datetime | None = None,
        timeout_s: float | None = None, idempotency_key: str | None = None, **unknown: Never,
    ) -> Job:  # fmt: skip
        submission.refuse_beside_input("submit", unknown)
        options = {
            "name": name, "session": session, "external_id": external_id, "context_id": context_id,
            "one_per_context": one_per_context, "category": category, "labels": labels or {}, "parent": parent,
            "priority": priority, "queue": queue, "run_at": run_at, "timeout_s": timeout_s,
        }  # fmt: skip
        key = None if idempotency_key is None else submission.idempotency_key(idempotency_key)
        kind = self._type_name(type)
        body = self._options_sent(options) | {"type": kind, "input": self._input_sent(type, input)}
        return self._send(Job, "/jobs", body, key)

    def submit_many(self, type: TypeOrFunction, inputs: Iterable[Mapping[str, Any]], **options: Any) -> list[str]:
        submission.refuse_unknown(options)
        kind, ids = self._type_name(type), list[str]()
        body = self._options_sent(options) | {"type": kind}
        for batch in _batches(self._input_sent(type, given) for given in asking.inputs(inputs)):
            answer = self._wire.send("/batch", form.body(body | {"inputs": batch}))
            ids += form.read(answer, dict[str, list[str]])["ids"]
        return ids

    def _options_sent(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Options of submit as a body has them; the session that the calling code is bound to, unless one is named."""
        session = options.get("session")
        named = current_session() if session is None else workspace.session_id(session)
        return self._parent_sent(options) | {"session": named}

    def _parent_sent(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Options with the job above by a text that means it."""
        parent = options.get("parent")
        return {**options, "parent": None if parent is None else form.id_text(parent)}

    def _input_sent(self, type: TypeOrFunction, given: Any) -> msgspec.Raw:
        text, nobody = submission.sent_input(given), Owner("job", "")
        check = self._input_check(self._type_name(type))
        if check is not None or callable(type):
            self._refuse_misfit(type, submission.stored_input(given, nobody, check), nobody)
        return msgspec.Raw(text.encode())


def _batches(inputs: Iterable[msgspec.Raw]) -> Iterator[list[msgspec.Raw]]:
    """Inputs in portions that fit into one body."""
    batch: list[msgspec.Raw] = []
    size = 0
    for one in inputs:
        if batch and (len(batch) >= LONGEST_PAGE or size + len(bytes(one)) > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += len(bytes(one))
    if batch:
        yield batch
