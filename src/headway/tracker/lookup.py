"""Finding a job by whatever somebody knows it by: whole id, external id, context id, number, last characters."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from headway.errors import Ambiguous, Deleted, InvalidInput, NotFound
from headway.model.ids import is_hexadecimal, looks_like_job_id
from headway.model.job import Job
from headway.store import keeping
from headway.store.contract import Database
from headway.store.records import JobRow
from headway.tracker import asking

LONGEST_QUERY = 512

Found = tuple[str, JobRow]


def find(database: Database, any_id: str | int | Job, changing: bool = False) -> Found:
    """The job that `any_id` means, and the rule by which it was found.

    Order: whole id, external ids, context id, number, last characters; within a rule the newest. `number:17`,
    `external:...`, `context:...` and `namespace:...` are exact. changing: for a verb that changes the job, last
    characters must be at least 6 and unique, as always. Raises NotFound, Ambiguous, InvalidInput.
    """
    if isinstance(any_id, Job):
        row = keeping.by_id(database, any_id.id)
        if row is None:
            raise Deleted(f"Job {any_id.number} ({any_id.name}) was deleted.")
        return "id", row
    text = asked(any_id)
    if text == "@last":
        return _one(database, text, [("newest", row) for row in keeping.page(database, {}, 1)])
    exact = _exact(database, text)
    found = exact if exact is not None else keeping.candidates(database, text)
    return _one(database, text, found)


def asked(any_id: str | int | None) -> str:
    """What somebody knows a job by, as text. Raises InvalidInput for what can be no id."""
    if isinstance(any_id, int) and abs(any_id) >= 1 << 63:
        raise InvalidInput("That is no id: found a number that is too large; expected the number of a job.")
    text = asking.text("" if any_id is None else str(any_id), "an id")
    _refuse_nonsense(text)
    return text


def _exact(database: Database, text: str) -> list[Found] | None:
    """What an exact form such as number:17 means; None where the text has no such form."""
    kind, separator, value = text.partition(":")
    if not separator or not kind.isidentifier() or not value:
        return None
    rules: dict[str, Callable[[], list[Found]]] = {
        "number": lambda: keeping.by_number(database, value),
        "id": lambda: [("id", row) for row in [keeping.by_id(database, value.lower())] if row],
    }
    found = rules.get(kind, lambda: keeping.by_alias(database, kind, value)[:1])()
    if found or kind in (*rules, "context", "external"):
        return found
    return None  # an external id may itself hold a colon


def _one(database: Database, text: str, found: list[Found]) -> Found:
    newest: dict[str, Found] = {}
    for rule, row in found:
        if rule == "tail" and newest.get(rule, (rule, row))[1].id != row.id:
            raise _ambiguous(text, [newest[rule], (rule, row)])
        newest.setdefault(rule, (rule, row))
    jobs = {row.id for _, row in newest.values()}
    if not jobs:
        raise _nothing(database, text)
    if len(jobs) > 1:
        raise _ambiguous(text, list(newest.values()))
    return next(iter(newest.values()))


def _ambiguous(text: str, found: list[Found]) -> Ambiguous:
    listed = "; ".join(
        f"{_exact_form(rule, row, text)} is job {row.number} ({row.name}, {row.state})" for rule, row in found
    )
    return Ambiguous(
        f"{text!r} means several jobs: {listed}. Use one of these exact forms.",
        [(rule, row.id) for rule, row in found],
    )


def _exact_form(rule: str, row: JobRow, text: str) -> str:
    return f"id:{row.id}" if rule in ("id", "tail") else f"{rule}:{text}"


def _nothing(database: Database, text: str) -> NotFound:
    deleted = keeping.deleted(database, text.partition(":")[2] if text.startswith("id:") else text)
    if deleted:
        return Deleted(deleted)
    newest = keeping.page(database, {}, 50)
    near = difflib.get_close_matches(text, [str(row.number) for row in newest] + [row.name for row in newest], n=3)
    hint = f" Near it: {', '.join(near)}." if near else ""
    short = " An id's last characters need 6 or more." if is_hexadecimal(text) and len(text) < 6 else ""
    if looks_like_job_id(text) or (newest and text.isdecimal() and int(text) < newest[0].number):
        hint = " It was deleted, or never was here."
    said = f"No job answers to {text[:80]!r} in {database.url}.{short}{hint}"
    return NotFound(f"{said} The list of jobs has what is there: `headway ls`, GET /api/v1/jobs.")


def _refuse_nonsense(text: str) -> None:
    if not text or len(text) > LONGEST_QUERY or "\x00" in text:
        found = (
            "nothing" if not text else f"{len(text):,} characters" if len(text) > LONGEST_QUERY else "a NUL character"
        )
        raise InvalidInput(
            f"That is no id: found {found}; expected 1 to {LONGEST_QUERY} characters: a number, a whole id or its end, "
            "an external id or a context id."
        )
