"""The verb that finds whatever a text may mean: a job by any of its ids, a session, an attempt, a worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from headway.errors import Ambiguous, InvalidInput, NotFound
from headway.model.search import Found, Hit, Kind
from headway.store import keeping, searching
from headway.store.records import JobRow
from headway.store.searching import WorkerRow
from headway.tracker import asking, lookup
from headway.tracker.reading import Reading

LEAST = 4
"""Characters of the shortest beginning of an id that is looked for."""
MOST_HITS = 20
"""Hits of an answer."""
MOST_NEAR = 5
LOOKED_THROUGH = 5000
"""Among so many of the newest jobs, names are looked through for what is near."""
_ATTEMPT = re.compile(r"(.+)[#/]([0-9]{1,9})", re.DOTALL)
_RULES: dict[str, tuple[Kind, str]] = {
    "id": ("job", "its whole id"),
    "number": ("job", "its number"),
    "tail": ("job", "the end of its id"),
    "newest": ("job", "the newest job"),
    "context": ("context id", "the newest job of that context"),
}


class Searching(Reading):
    """Search."""

    def search(self, text: str, limit: int = MOST_HITS) -> Found:
        """What a text may mean: a job by its number, id, end of its id, external id or context id, an attempt
        ("17#2"), an idempotency key, a session, a worker, or the jobs below one.

        What has it for its whole id comes alone, and is `exact`. Else what begins with it, from 4 characters on; `near`
        is what looks like it where nothing does. limit: hits, 20 at most. Raises InvalidInput.
        """
        most = min(asking.limit(limit), MOST_HITS)
        sought = lookup.asked(asking.text(text, "the text").strip())
        exact = [*self._as_job(sought), *self._as_attempt(sought), *self._as_key(sought), *self._as_place(sought)]
        hits = _once(exact) or _once([*self._beginning(sought, most)])
        if hits:
            return Found(hits=hits[:most])
        return Found(near=_once([*self._near(sought)])[:MOST_NEAR])

    def _as_job(self, text: str) -> Iterator[Hit]:
        """The jobs that have it for an id, and that there are jobs below them."""
        for rule, row in self._meant(text):
            kind, why = _RULES.get(rule, ("external key", f"an external id in {rule}"))
            yield _hit(row, kind, why, exact=True)
            if searching.has_children(self._database, row.id):
                yield _hit(row, "parent", "the jobs below it", exact=True)

    def _meant(self, text: str) -> list[tuple[str, JobRow]]:
        plain = text.removeprefix("#") if text.removeprefix("#").isdecimal() else text
        try:
            return [lookup.find(self._database, plain)]
        except Ambiguous as several:
            rows = [(rule, keeping.by_id(self._database, job)) for rule, job in several.candidates]
            return [(rule, row) for rule, row in rows if row is not None]
        except (NotFound, InvalidInput):
            return []

    def _as_attempt(self, text: str) -> Iterator[Hit]:
        parted = _ATTEMPT.fullmatch(text)
        if parted is None or not 0 < (number := int(parted[2])) < 1 << 31:
            return
        for _, row in self._meant(parted[1]):
            for found in keeping.attempts(self._database, row.id, number - 1, 1):
                if found.attempt == number:
                    state = found.outcome or "running"
                    yield _hit(row, "attempt", f"attempt {number} of job {row.number}", True, number, state)

    def _as_key(self, text: str) -> Iterator[Hit]:
        for verb, row in searching.keyed(self._database, text, MOST_HITS):
            yield _hit(row, "idempotency key", f"asked for with that key: {verb}", exact=True)

    def _as_place(self, text: str) -> Iterator[Hit]:
        """The session and the worker with that id."""
        whole = asking.session(text) or text
        yield from (_session(*one, True) for one in searching.sessions(self._database, whole, 1) if one[0] == whole)
        yield from (_worker(one, True) for one in searching.workers(self._database, text, 1) if one.id == text)

    def _beginning(self, text: str, most: int) -> Iterator[Hit]:
        """What begins with it."""
        if len(text) < LEAST:
            return
        for row in searching.beginning(self._database, text, most):
            yield _hit(row, "job", "its id begins so")
        for alias in searching.aliases(self._database, text, most):
            for rule, row in keeping.by_any_alias(self._database, alias):
                kind, _ = _RULES.get(rule, ("external key", ""))
                yield _hit(row, kind, f"{rule}:{alias}")
        yield from (_session(*one) for one in searching.sessions(self._database, text, most))
        yield from (_worker(one) for one in searching.workers(self._database, text, most))

    def _near(self, text: str) -> Iterator[Hit]:
        """What looks like it: numbers beside it, ids with the same beginning, names that hold it."""
        plain = text.removeprefix("#")
        if plain.isdecimal() and len(plain) <= 18:
            for row in searching.around(self._database, int(plain), MOST_NEAR):
                yield _hit(row, "job", "its number is near")
        for shorter in (text[:length] for length in range(len(text) - 1, LEAST - 1, -1)):
            found = searching.beginning(self._database, shorter, MOST_NEAR) if len(shorter) <= 36 else []
            if found:
                yield from (_hit(row, "job", f"its id begins with {shorter}") for row in found)
                break
        last = searching.nth(self._database, LOOKED_THROUGH, {"by_id": True, "newest": True})
        filters: dict[str, Any] = {"text0": asking.pattern(text), "word0": text, "floor": last and last[0]}
        for row in keeping.page(self._database, filters, MOST_NEAR) if len(text) <= asking.LONGEST_TEXT else ():
            yield _hit(row, "job", "its name, type or error has it")


def _hit(
    row: JobRow, kind: Kind, why: str, exact: bool = False, attempt: int | None = None, state: str | None = None
) -> Hit:
    identity = row.id if attempt is None else f"{row.number}#{attempt}"
    title = row.name if attempt is None else f"{row.name}, attempt {attempt}"
    return Hit(kind=kind, id=identity, job_id=row.id, number=row.number, session=row.session, worker=row.worker,
               title=title, state=state or row.state, why=why, exact=exact)  # fmt: skip


def _session(identity: str, kind: str | None, exact: bool = False) -> Hit:
    why = ("its whole id" if exact else "its id begins so") + (f"; it starts {kind}" if kind else "")
    return Hit(kind="session", id=identity, session=identity, title=identity, why=why, exact=exact)


def _worker(one: WorkerRow, exact: bool = False) -> Hit:
    return Hit(kind="worker", id=one.id, worker=one.id, title=f"{one.host}, process {one.pid}", exact=exact,
               state="stopped" if one.stopped_at is not None else None,
               why="its whole id" if exact else "its id begins so")  # fmt: skip


def _once(hits: list[Hit]) -> list[Hit]:
    """Each thing by the first way in which it was found."""
    found: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        sort = hit.kind if hit.kind in ("session", "worker", "parent") else "job"
        found.setdefault((sort, hit.id), hit)
    return list(found.values())
