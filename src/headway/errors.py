"""One class per way to go wrong. Each message says what was asked, what was found, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

Why = Literal["pause", "cancel", "lease_lost", "shutdown"]


class HeadwayError(Exception):
    """Base of every error that Headway raises on purpose. `code` is a stable word for programs."""

    code = "error"


class InvalidInput(HeadwayError, ValueError):
    """A value can not be taken as it was given; nothing was stored."""

    code = "invalid_input"


class BadQuery(InvalidInput):
    """A query can not be read. `at`: from which of its characters to which; `expected`: what should stand there."""

    code = "bad_query"

    def __init__(self, message: str, at: Sequence[int] = (0, 0), expected: str = "") -> None:
        super().__init__(message)
        self.at = (at[0], at[1])
        self.expected = expected


class Unstorable(InvalidInput):
    """A value is not made of plain JSON values, or is too large; says which part."""

    code = "unstorable"


class NotFound(HeadwayError, LookupError):
    """No job answers to that id."""

    code = "not_found"


class Deleted(NotFound):
    """The job was there, and was deleted."""

    code = "deleted"


class Ambiguous(HeadwayError, LookupError):
    """An id matches two jobs by different rules. `candidates`: (rule, job id) pairs."""

    code = "ambiguous"

    def __init__(self, message: str, candidates: Sequence[tuple[str, str]]) -> None:
        super().__init__(message)
        self.candidates = list(candidates)


class IllegalMove(HeadwayError):
    """The state of the job does not permit the move. `state` and `possible` say what it does permit."""

    code = "illegal_move"

    def __init__(self, message: str, state: str, possible: Sequence[str]) -> None:
        super().__init__(message)
        self.state = state
        self.possible = list(possible)


class Conflict(HeadwayError):
    """Something that is there already stands in the way. `job_id` is the job, where it is one."""

    code = "conflict"

    def __init__(self, message: str, job_id: str | None = None) -> None:
        super().__init__(message)
        self.job_id = job_id


class SessionBusy(Conflict):
    """The session runs: `job_id` is a job of it that is open."""

    code = "session_busy"


class AlreadyRunning(Conflict):
    """The job with that external id is alive somewhere else."""

    code = "already_running"


class KeyReused(Conflict):
    """An idempotency key came back with another request."""

    code = "key_reused"


class JobFailed(HeadwayError):
    """The job whose result was asked for has failed. `job` is its last snapshot."""

    code = "job_failed"

    def __init__(self, message: str, job: Any) -> None:
        super().__init__(message)
        self.job = job


class JobCancelled(JobFailed):
    """The job whose result was asked for was cancelled."""

    code = "job_cancelled"


class TooManyFailed(HeadwayError):
    """More items of a map have failed than its max_failed allows. `counts`: what became of them."""

    code = "too_many_failed"

    def __init__(self, message: str, counts: Any) -> None:
        super().__init__(message)
        self.counts = counts


class DuplicateStep(HeadwayError):
    """A step name was used twice in one attempt."""

    code = "duplicate_step"


class DuplicateType(HeadwayError):
    """Two modules registered a function under one job type."""

    code = "duplicate_type"


class UnknownType(HeadwayError, LookupError):
    """No function is registered under that job type in this process."""

    code = "unknown_type"


class NotSupported(HeadwayError):
    """That is not possible with this kind of database."""

    code = "not_supported"


class NotPermitted(HeadwayError):
    """The server does not take the call: its token is missing or wrong, or it answers callers of its machine alone."""

    code = "not_permitted"


class SecretUnavailable(HeadwayError):
    """A secret can not be had here: its key or its environment variable is missing, or it was moved or changed."""

    code = "secret_unavailable"


class StoreError(HeadwayError):
    """The database can not be used. Subclasses say why."""

    code = "store"


class StoreUnavailable(StoreError):
    """The database does not answer now; nothing that was acknowledged is lost. Worth trying again."""

    code = "store_unavailable"


class StoreBusy(StoreUnavailable):
    """Another process holds the write turn for too long; the message names it."""

    code = "store_busy"


class StoreFull(StoreUnavailable):
    """The disk is full, or writing failed; reads go on, and writes heal when there is space."""

    code = "store_full"


class StoreUnusable(StoreError):
    """The file or server is not one that Headway can keep its jobs in.

    where: the address of a database in use that has become so; work under way there outlasts it for a while.
    """

    code = "store_unusable"

    def __init__(self, *told: object, where: str | None = None) -> None:
        super().__init__(*told)
        self.where = where


class StoreTooNew(StoreUnusable):
    """The database was upgraded by a newer release than this code."""

    code = "store_too_new"


class StoreTooOld(StoreUnusable):
    """The database needs `headway db upgrade` before this code can use it."""

    code = "store_too_old"


class IllegalChange(StoreError):
    """The database itself refused a row: the message is its own."""

    code = "illegal_change"


class Halt(BaseException):
    """Ends an attempt from inside: raised where a job may stop, never by progress, log or warn.

    A BaseException, so that `except Exception` in a job's code does not swallow it. `why` says what was asked.
    """

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why
