"""Sessions of a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from headway.model.configuration import ConfigDiff
from headway.model.job import Job, Page, Session, SessionVersion
from headway.tracker import asking, submission, workspace
from headway.tracker.connection import TypeOrFunction
from headway.tracker.remote import form
from headway.tracker.remote.submitting import Submitting


class Sessions(Submitting):
    """Workspaces."""

    def create_session(
        self, id: str | None = None, config: Mapping[str, Any] | None = None,
        job_type: TypeOrFunction | None = None, concurrency: int = 10, *, owner: str | None = None,
        idle_s: float | None = None, keep_s: float | None = None,
    ) -> Session:  # fmt: skip
        asked = {
            "id": None if id is None else workspace.session_id(id), "config": form.config(config),
            "job_type": self._launched_type(job_type), "concurrency": workspace.concurrency(concurrency),
            "owner": None if owner is None else asking.text(owner, "owner"),
            "idle_s": workspace.span(idle_s, "idle_s"), "keep_s": workspace.span(keep_s, "keep_s"),
        }  # fmt: skip
        return self._send(Session, "/sessions", asked)

    def session(self, id: str) -> Session:
        return self._fetch(Session, form.session_path(id))

    def sessions(self, limit: int = 50, after: str | None = None) -> Page[Session]:
        return self._page("sessions", Session, "/sessions", limit, form.cursor(after))

    def session_versions(self, id: str, limit: int = 50, after: str | int | None = None) -> Page[SessionVersion]:
        cursor = None if after is None else str(asking.cursor(after))
        return self._page("versions", SessionVersion, f"{form.session_path(id)}/versions", limit, cursor)

    def session_diff(self, id: str, from_version: int | None = None, to_version: int | None = None) -> ConfigDiff:
        query = {
            "from": None if from_version is None else asking.number(from_version, "from_version"),
            "to": None if to_version is None else asking.number(to_version, "to_version"),
        }  # fmt: skip
        return self._fetch(ConfigDiff, f"{form.session_path(id)}/diff", query)

    def save_session(
        self, id: str, config: Mapping[str, Any], version: int | None = None, note: str | None = None,
        concurrency: int | None = None, *, job_type: TypeOrFunction | None = None, if_changed: bool = False,
        owner: str | None = None, idle_s: float | None = None, keep_s: float | None = None,
    ) -> Session:  # fmt: skip
        asked = {
            "owner": None if owner is None else asking.text(owner, "owner"),
            "idle_s": workspace.changed_span(idle_s, "idle_s"), "keep_s": workspace.changed_span(keep_s, "keep_s"),
            "config": form.config(config), "version": None if version is None else asking.number(version, "version"),
            "note": workspace.note(note), "if_changed": bool(if_changed), "job_type": self._launched_type(job_type),
            "concurrency": None if concurrency is None else workspace.concurrency(concurrency),
        }  # fmt: skip
        return self._send(Session, f"{form.session_path(id)}/config", asked, method="PUT")

    def start_session(
        self, id: str, input: Mapping[str, Any] | None = None, concurrency: int | None = None, *,
        job_type: TypeOrFunction | None = None, alone: bool = False, config: Mapping[str, Any] | None = None,
        note: str | None = None, **options: Any,
    ) -> Job:  # fmt: skip
        submission.refuse_unknown(options, without=("session",))
        asked = {
            "input": None if input is None else msgspec.Raw(submission.sent_input(input).encode()),
            "concurrency": None if concurrency is None else workspace.concurrency(concurrency),
            "job_type": self._launched_type(job_type), "alone": bool(alone), "config": form.config(config),
            "note": workspace.note(note),
        } | self._parent_sent(options)  # fmt: skip
        return self._send(Job, f"{form.session_path(id)}/start", asked)

    def launched_job(self, id: str, job_type: TypeOrFunction | None = None) -> Job | None:
        query = {"job_type": self._launched_type(job_type)}
        return self._fetch_or_none(Job, f"{form.session_path(id)}/launched", query)

    def close_session(self, id: str) -> Session:
        known = self.session(id)
        self._wire.remove(form.session_path(known.id))
        return known
