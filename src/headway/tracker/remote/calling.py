"""How every remote verb calls its server: one connection, pages put together, answers read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeVar

from headway.clock import Clock
from headway.model.job import Page
from headway.tracker import asking
from headway.tracker.connection import AnyId
from headway.tracker.headway import Headway
from headway.tracker.remote import form
from headway.tracker.wire import Wire, part

R = TypeVar("R")

LONGEST_PAGE = 1000
"""Entries that a server gives at once; longer pages are put together of several."""


class Calling(Headway):
    """Verbs that are sent. What does not depend on where the jobs are is inherited."""

    def __init__(
        self, url: str | os.PathLike[str] | None = None, *, clock: Clock | None = None, via: str = "python",
        token: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(url, clock=clock, via=via)
        self._wire = Wire(self.url, token, self._clock)
        self.url = self._wire.url

    def close(self) -> None:
        """Gives back connections; the next use opens them again."""
        self._wire.close()

    def _at(self, any_id: AnyId, below: str) -> str:
        """The path of a part of a job. An id that can not stand in a path is looked up first."""
        path, query = form.place(any_id)
        if query:
            path = f"/jobs/{part(f'id:{self.get(any_id).id}')}"
        return f"{path}/{below}"

    def _list(self, name: str, kind: type[R], path: str, query: Mapping[str, Any] | None = None) -> list[R]:
        return form.entries(self._wire.get(path, query).content, name, kind)[0]

    def _page(
        self, name: str, kind: type[R], path: str, limit: int, after: str | None,
        query: Mapping[str, Any] | None = None,
    ) -> Page[R]:  # fmt: skip
        rows: list[R] = []
        cursor, left = after, asking.limit(limit)
        while left:
            portion = min(left, LONGEST_PAGE)
            asked = {**(query or {}), "limit": portion, "after": cursor}
            found, cursor = form.entries(self._wire.get(path, asked).content, name, kind)
            rows += found
            left -= len(found)
            if cursor is None or len(found) < portion:  # a page may be short although there is more to look through
                break
        return Page(rows, cursor, lambda after: self._page(name, kind, path, limit, after, query))

    def _fetch(self, kind: type[R], path: str, query: Mapping[str, Any] | None = None) -> R:
        return form.read(self._wire.get(path, query).content, kind)

    def _fetch_or_none(self, kind: type[R], path: str, query: Mapping[str, Any] | None = None) -> R | None:
        content = self._wire.get(path, query).content
        return form.read(content, kind) if content else None

    def _send(
        self, kind: type[R], path: str, asked: Mapping[str, Any], key: str | None = None, method: str = "POST"
    ) -> R:  # fmt: skip
        return form.read(self._wire.send(path, form.body(asked), key, method=method), kind)
