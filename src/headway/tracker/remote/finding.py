"""Finding jobs on a server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from headway.errors import Deleted, NotFound
from headway.model.job import Job, Page
from headway.model.search import Found
from headway.tracker import asking, lookup, ordering, selecting
from headway.tracker.asking import Labels
from headway.tracker.connection import AnyId, TypeOrFunction
from headway.tracker.remote import form
from headway.tracker.remote.calling import Calling
from headway.tracker.searching import MOST_HITS


class Finding(Calling):
    """Jobs by any id, by filters, and by search."""

    def get(self, any_id: AnyId) -> Job:
        try:
            return self._fetch(Job, *form.place(any_id))
        except NotFound as gone:
            if isinstance(any_id, Job):
                raise Deleted(f"Job {any_id.number} ({any_id.name}) was deleted.") from gone
            raise

    def jobs(
        self, *, state: str | Sequence[str] | None = None, type: TypeOrFunction | None = None,
        session: str | None = None, category: str | None = None, context_id: str | None = None,
        labels: Labels | Sequence[Labels] | None = None, text: str | None = None, active: bool | None = None,
        parent: AnyId | None = None, root: AnyId | None = None, ids: Sequence[str] | None = None,
        q: str | None = None, sort: str = ordering.DEFAULT, limit: int = 50, after: str | None = None,
    ) -> Page[Job]:  # fmt: skip
        asking.labels(labels)
        asking.pattern(text)
        selecting.query(q)
        query: dict[str, Any] = {
            "type": None if type is None else self._type_name(type), "session": asking.session(session),
            "category": category, "context_id": context_id, "text": text or None, "q": q or None,
        }  # fmt: skip
        query = {name: None if value is None else asking.text(value, name) for name, value in query.items()}
        named = selecting.ids(ids)
        if named == []:
            return Page([])
        query |= {
            "state": asking.states(state), "labels": None if labels is None else form.body(form.lists(labels)).decode(),
            "active": active, "parent": None if parent is None else form.id_text(parent),
            "root": None if root is None else form.id_text(root), "ids": None if named is None else ",".join(named),
            "sort": None if ordering.checked(sort) == ordering.DEFAULT else sort,
        }  # fmt: skip
        return self._page("jobs", Job, "/jobs", limit, form.cursor(after), query)

    def counts(self, session: str | None = None, q: str | None = None) -> dict[str, int]:
        selecting.query(q)
        asked = {"session": asking.session(session), "q": q or None}
        return self._fetch(dict[str, int], "/counts", asked)

    def search(self, text: str, limit: int = MOST_HITS) -> Found:
        sought = lookup.asked(asking.text(text, "the text").strip())
        query = {"q": sought, "limit": min(asking.limit(limit), MOST_HITS)}
        return self._fetch(Found, "/search", query)
