"""Problem documents of a server as our own exceptions again, with what they carry."""

from __future__ import annotations

import msgspec

from headway import errors
from headway.errors import Ambiguous, BadQuery, Conflict, HeadwayError, IllegalMove

PLAIN: list[type[HeadwayError]] = [
    HeadwayError, errors.InvalidInput, errors.Unstorable, errors.NotFound, errors.Deleted, errors.DuplicateStep,
    errors.UnknownType, errors.NotSupported, errors.SecretUnavailable, errors.StoreError, errors.StoreUnavailable,
    errors.StoreBusy, errors.StoreFull, errors.StoreUnusable, errors.StoreTooNew, errors.StoreTooOld,
]  # fmt: skip
"""What is made of its message alone."""
ABOUT_A_JOB: list[type[Conflict]] = [Conflict, errors.SessionBusy, errors.AlreadyRunning, errors.KeyReused]
OF_THE_SERVER: dict[str, type[HeadwayError]] = {
    "unauthorized": errors.NotPermitted, "forbidden": errors.NotPermitted, "foreign_origin": errors.NotPermitted,
    "too_large": errors.Unstorable, "precondition_failed": Conflict, "too_slow": errors.StoreUnavailable,
    "misdirected": errors.StoreUnusable, "no_such_path": errors.StoreUnusable,
    "method_not_allowed": errors.StoreUnusable, "unsupported_media": errors.StoreUnusable,
    "internal": errors.StoreError, "under_way": errors.StoreBusy, "too_many": errors.StoreBusy,
}  # fmt: skip
"""Codes that no verb gives, but the server itself."""
KINDS = {kind.code: kind for kind in [*PLAIN, *ABOUT_A_JOB]} | OF_THE_SERVER
PASSING = frozenset({429, 502, 503, 504})
"""Statuses of proxies that stand before a server which is not there at the moment."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A problem document, as far as it is needed."""

    code: str
    detail: str
    state: str = ""
    possible: list[str] = []
    candidates: list[tuple[str, str]] = []
    job_id: str | None = None
    at: tuple[int, int] = (0, 0)
    expected: str = ""
    request_id: str | None = None


def error_of(status: int, content: bytes, address: str) -> HeadwayError:
    """What the verb would have raised on the server. address: what the caller knows the server by."""
    try:
        told = msgspec.json.decode(content, type=Told)
    except msgspec.DecodeError:
        return _foreign(status, address)
    detail = told.detail.replace("on this server", f"on {address}")
    kind = KINDS.get(told.code, HeadwayError)
    if told.code == "ambiguous":
        return Ambiguous(detail, told.candidates)
    if told.code == "illegal_move":
        return IllegalMove(detail, told.state, told.possible)
    if told.code == "bad_query":
        return BadQuery(detail, told.at, told.expected)
    if issubclass(kind, Conflict):
        return kind(detail, told.job_id)
    if told.code == "unauthorized":
        detail += " Set $HEADWAY_TOKEN to it; in a program, Headway(..., token=...) takes it too."
    if told.code in ("internal", "no_such_path"):
        detail += f" (request {told.request_id} at {address})"
    return kind(detail)


def _foreign(status: int, address: str) -> HeadwayError:
    """An answer that is none of Headway's: of a proxy, or of another server."""
    if status in PASSING:
        return errors.StoreUnavailable(f"{address} answers {status}: the server behind it is not there now. Try again.")
    return errors.StoreUnusable(
        f"{address} answers {status}, and not as a server of Headway does. Expected the address of `headway serve`."
    )
