"""Errors as answers: RFC 9457 problem documents, each with a stable code. The one place that knows their statuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from headway import errors
from headway.errors import HeadwayError
from headway.store.address import without_password

MEDIA_TYPE = "application/problem+json"

# The first class that fits decides, so what is special stands before what it is a kind of.
STATUSES: list[tuple[type[HeadwayError], int, str]] = [
    (errors.Deleted, 410, "Deleted"),
    (errors.NotFound, 404, "Not found"),
    (errors.Ambiguous, 409, "Ambiguous id"),
    (errors.IllegalMove, 409, "The state does not permit that"),
    (errors.KeyReused, 422, "Idempotency key used for another request"),
    (errors.AlreadyRunning, 409, "Already running"),
    (errors.SessionBusy, 409, "The session runs"),
    (errors.Conflict, 409, "Conflict"),
    (errors.BadQuery, 422, "The query can not be read"),
    (errors.Unstorable, 422, "A value can not be stored"),
    (errors.InvalidInput, 422, "Invalid input"),
    (errors.UnknownType, 422, "Unknown job type"),
    (errors.DuplicateStep, 409, "A step was used twice"),
    (errors.NotSupported, 409, "Not possible with this job or database"),
    (errors.SecretUnavailable, 503, "A secret can not be had"),
    (errors.StoreFull, 507, "The disk is full"),
    (errors.StoreUnavailable, 503, "The database does not answer"),
    (errors.StoreUnusable, 503, "The database can not be used"),
    (errors.HeadwayError, 409, "Refused"),
]
# What the server itself refuses, by its code.
OWN: dict[str, tuple[int, str]] = {
    "unauthorized": (401, "A token is needed"),
    "forbidden": (403, "Only callers of this machine"),
    "foreign_origin": (403, "From a page of another origin"),
    "no_such_path": (404, "No such path"),
    "method_not_allowed": (405, "Not a method of that path"),
    "too_slow": (408, "The body came too slowly"),
    "lease_lost": (409, "The lease is lost"),
    "under_way": (409, "The same call is under way"),
    "precondition_failed": (412, "Changed since it was read"),
    "too_large": (413, "The body is too large"),
    "too_many": (429, "Too many at once"),
    "unsupported_media": (415, "The body is not JSON"),
    "misdirected": (421, "Not a name of this server"),
    "internal": (500, "An error of the server"),
}
RETRY_AFTER_S = 1
CARRIED = ("candidates", "state", "possible", "job_id", "at", "expected")
"""What an error tells beside its text."""


class Refusal(Exception):
    """An answer of the server itself, that no verb has given.

    code: one of OWN. more: members of the problem beside the usual ones.
    """

    def __init__(self, code: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail
        self.status, self.title = OWN.get(code, (500, ""))
        self.headers = dict(headers or {})
        self.more = more


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Why a call was refused, as RFC 9457 has it.

    code: a stable word for programs; request_id: what the log has it under. possible: the moves that the job's state
    permits; candidates: rule and id of each job that an ambiguous id means; at: the characters of a query, from and to,
    that are wrong, expected: what should stand there.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    request_id: str
    state: str | None = None
    possible: list[str] | None = None
    candidates: list[list[str]] | None = None
    job_id: str | None = None
    at: list[int] | None = None
    expected: str | None = None


def lease_lost(job: str, attempt: int) -> Refusal:
    """The attempt may not write any more."""
    return Refusal(
        "lease_lost",
        f"Attempt {attempt} of job {job} is over, or was never begun; what it reports is not taken. Stop its work.",
        job_id=job,
    )


def refusal_of(error: Exception, address: str) -> Refusal:
    """How an error is answered. address: the database's, which callers are not told."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, errors.IllegalChange):  # its text is the database's own
        return _internal()
    for kind, status, title in STATUSES:
        if isinstance(error, kind):
            carried = {name: value for name in CARRIED if (value := getattr(error, name, None)) is not None}
            headers = {"Retry-After": str(RETRY_AFTER_S)} if isinstance(error, errors.StoreUnavailable) else {}
            refused = Refusal(error.code, _without(address, str(error)), headers, **carried)
            refused.status, refused.title = status, title
            return refused
    return _internal()


def statuses() -> dict[str, tuple[int, str]]:
    """The status and title of every code."""
    return {kind.code: (status, title) for kind, status, title in STATUSES} | OWN


def answer(refused: Refusal, request_id: str) -> Response:
    """A problem document."""
    told = Problem(
        type=f"urn:headway:problem:{refused.code}",
        title=refused.title,
        status=refused.status,
        detail=refused.detail,
        code=refused.code,
        instance=f"urn:headway:request:{request_id}",
        request_id=request_id,
        **refused.more,
    )
    return Response(msgspec.json.encode(told), refused.status, refused.headers, MEDIA_TYPE)


def _internal() -> Refusal:
    return Refusal(
        "internal",
        "Something went wrong that is not the caller's fault. The server's log has it under the request id.",
    )


def _without(address: str, text: str) -> str:
    """A text without the database's path or address: that is the business of whoever runs the server."""
    for known in (address, without_password(address)):
        text = text.replace(f" in {known}", " on this server").replace(known, "the server's database")
    return text
