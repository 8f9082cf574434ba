"""Asking a server to move jobs, to name them otherwise, and to delete them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, overload

import msgspec

from headway.model.job import Job, Undo
from headway.tracker import asking, submission
from headway.tracker.connection import AnyId
from headway.tracker.remote import form
from headway.tracker.remote.calling import Calling
from headway.tracker.wire import part


class Control(Calling):
    """What is asked of jobs."""

    def restart(
        self, any_id: AnyId, reason: str | None = None, *, input: Mapping[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> Job:  # fmt: skip
        key = None if idempotency_key is None else submission.idempotency_key(idempotency_key)
        given = None if input is None else msgspec.Raw(submission.sent_input(input).encode())
        return self._ask_for(any_id, "restart", {"reason": submission.reason(reason), "input": given}, key)

    def alias(self, any_id: AnyId, external_id: str | Mapping[str, str]) -> Job:
        return self._ask_for(any_id, "aliases", {"external_id": submission.external_ids_of(external_id)})

    def retry(self, any_id: AnyId, reason: str | None = None, items: str | None = None) -> Job:
        return self._ask_for(any_id, "retry", {"reason": submission.reason(reason), "items": asking.items(items)})

    @overload
    def rollback(
        self, any_id: AnyId, reason: str | None = None, to_step: str | None = None, dry_run: Literal[False] = False
    ) -> Job: ...

    @overload
    def rollback(
        self, any_id: AnyId, reason: str | None = None, to_step: str | None = None, *, dry_run: Literal[True]
    ) -> list[Undo]: ...

    def rollback(
        self, any_id: AnyId, reason: str | None = None, to_step: str | None = None, dry_run: bool = False
    ) -> Job | list[Undo]:
        to_step = None if to_step is None else asking.text(to_step, "to_step")
        asked = {"reason": submission.reason(reason), "to_step": to_step, "dry_run": bool(dry_run)}
        answer = self._wire.send(self._at(any_id, "rollback"), form.body(asked))
        return form.entries(answer, "undos", Undo)[0] if dry_run else form.read(answer, Job)

    def delete(self, any_id: AnyId) -> Job:
        job = self.get(any_id)
        gone = self._wire.remove(f"/jobs/{part(f'id:{job.id}')}")
        return job if gone is None else form.read(gone, Job)

    def _ask(self, any_id: AnyId, move: str, reason: str | None, scope: str) -> Job:
        return self._ask_for(any_id, move, {"reason": submission.reason(reason), "scope": asking.reach(scope)})

    def _ask_all(self, any_id: AnyId, move: str, reason: str | None) -> list[Job]:
        answer = self._wire.send(
            f"{form.session_path(any_id)}/{move}", form.body({"reason": submission.reason(reason)})
        )
        return form.entries(answer, "jobs", Job)[0]

    def _pin(self, any_id: AnyId, pinned: bool, reason: str | None) -> Job:
        return self._ask_for(any_id, "pin" if pinned else "unpin", {"reason": submission.reason(reason)})

    def _ask_for(self, any_id: AnyId, verb: str, asked: Mapping[str, Any], key: str | None = None) -> Job:
        return self._send(Job, self._at(any_id, verb), asked, key)
