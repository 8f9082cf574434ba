"""Why jobs fail: classes of causes, told from what an error says, and what is likely behind them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal, NamedTuple

from headway.model.job import Error, Record


class FailureCause(NamedTuple):
    """A class of causes. codes: of errors that are of it; pattern: what their messages say, in which HTTP stands for
    what comes before a status. likely: what is behind it; again: why a retry alone may not help, None where it may;
    of_input: another input helps.
    """

    name: str
    codes: tuple[str, ...]
    pattern: str
    likely: str
    again: str | None = None
    of_input: bool = False


CAUSES: tuple[FailureCause, ...] = (
    FailureCause(
        "crash", ("lost", "crash_loop"), r"\bkilled by signal|\bsegmentation fault|\bcore dumped|BrokenProcessPool",
        "the process was killed or ended by itself: often too little memory, or a deploy",
        "It was lost before it came further; see why its process ends.",
    ),
    FailureCause(
        "out of space", ("store_full",),
        r"no space left|disk (is )?full|quota exceeded|ENOSPC|EDQUOT|MemoryError|out of memory|cannot allocate memory",
        "a disk, a quota or the memory is full",
        "Without more room it ends the same way.",
    ),
    FailureCause(
        "permission", ("not_permitted", "unauthorized", "forbidden", "secret_unavailable"),
        r"PermissionError|permission denied|access (is )?denied|not permitted|EACCES|EPERM|unauthori[sz]ed|forbidden"
        r"|authentication|HTTP40[13]\b"
        r"|invalid (credentials|password|token|key)|login (failed|incorrect)",
        "a right is missing, or a password, token or key is wrong or has expired",
        "Without the right or another secret it ends the same way.",
    ),
    FailureCause(
        "timeout", ("timeout",), r"time(d)? ?-?out|TimeoutError|deadline|ETIMEDOUT|HTTP504\b",
        "what it waited for took longer than it may",
    ),
    FailureCause(
        "network", ("store_unavailable",),
        r"Connection\w*Error|connection (was )?(refused|reset|closed|aborted|lost)|network|unreachable|no route to host"
        r"|name or service not known|name resolution|getaddrinfo|ECONN\w+|EHOSTUNREACH|ENETUNREACH|broken pipe"
        r"|BrokenPipeError|SSL|certificate|HTTP50[23]\b|bad gateway|service unavailable"
        r"|remote end closed",
        "another machine was not there, or the way to it was cut",
    ),
    FailureCause(
        "bad input", ("invalid_input", "unstorable", "unknown_type"),
        r"^(InvalidInput|ValidationError|JSONDecodeError|UnicodeDecodeError|FileNotFoundError|NotADirectoryError"
        r"|IsADirectoryError)\b|no such file|invalid (input|argument|value)|HTTP4(00|04|22)\b",
        "what it was given does not fit, or what it names is not there",
        "The same input ends the same way; restart it with another one, or put right what it names.",
        of_input=True,
    ),
    FailureCause(
        "too many failed items", ("too_many_failed",), r"^TooManyFailed\b",
        "more of its items failed than it may have; each item tells why",
    ),
    FailureCause(
        "bug in the job", ("duplicate_step", "illegal_change", "not_supported"),
        r"^(TypeError|AttributeError|NameError|UnboundLocalError|KeyError|IndexError|ZeroDivisionError|AssertionError"
        r"|ImportError|ModuleNotFoundError|RecursionError|NotImplementedError|SyntaxError|ValueError)\b",
        "the code of the job met something that it does not expect",
        "The same code ends the same way; the trace says where.",
    ),
    FailureCause(
        "command", (), r"^CommandFailed\b|exit(ed)?( with)? (code|status) \d+", "the command ended with an error code"
    ),
)  # fmt: skip
"""The first that fits is the cause."""
OTHER = FailureCause("other", (), "", "its message says more than can be told in general")


class SameError(Record, frozen=True, kw_only=True):
    """Failed jobs of the same type with the same error."""

    count: int
    first_at: datetime
    last_at: datetime


class NextStep(Record, frozen=True, kw_only=True):
    """Something that can be done: a verb that the job takes now, and why.

    job: the number of the job to ask, where it is another one; other_input: it is to be given another input.
    """

    verb: str
    why: str
    job: int | None = None
    other_input: bool = False


class Failure(Record, frozen=True, kw_only=True):
    """Why a job failed. step: in which; cause: the class of it; likely: what is probably behind it. same: how often
    jobs of this type failed so, as far as is kept. next: what can be done, the best first. rollback: the number of the
    job that was to roll it back, where that failed; the error is of that one.
    """

    job_id: str
    attempt: int
    failed_at: datetime
    error: Error
    step: str | None = None
    cause: str
    likely: str
    same: SameError
    next: list[NextStep]
    rollback: int | None = None


class FailureGroup(Record, frozen=True, kw_only=True):
    """Failed jobs of one type with one error. message: that of the newest, pattern: with what differs left out; jobs:
    the ids of the newest ones. verb: what sends them on; of rollbacks, these are the jobs to be rolled back again.
    """

    code: str
    message: str
    pattern: str
    type: str
    cause: str
    likely: str
    count: int
    first_at: datetime
    last_at: datetime
    jobs: list[str]
    verb: Literal["retry", "rollback"] = "retry"


class Failures(Record, frozen=True, kw_only=True):
    """Failed jobs by cause, the newest first. looked_at: how many were read; more: there are older ones."""

    failures: list[FailureGroup]
    looked_at: int = 0
    more: bool = False


def cause_of(error: Error | None) -> FailureCause:
    """The class of causes of an error."""
    return OTHER if error is None else cause_told(error.code, error.message)


def cause_told(code: str, message: str) -> FailureCause:
    """See cause_of."""
    named = next((cause for cause in CAUSES if code in cause.codes), None)
    if named is not None:
        return named
    head = message[:LOOKED_AT]
    return next((cause for cause, pattern in _PATTERNS if pattern.search(head)), OTHER)


def pattern_of(message: str) -> str:
    """A message without what differs from one job to the next: addresses, paths, ids, numbers, quoted values."""
    text = " ".join(message[:LOOKED_AT].split())
    for pattern, instead in _DIFFERING:
        text = pattern.sub(instead, text)
    return text[:LONGEST_PATTERN]


LOOKED_AT = 2000
"""Characters of a message by which it is compared."""
LONGEST_PATTERN = 300
_HTTP = r"\b(http|status|code|response)\D{0,12}"
_PATTERNS = [(cause, re.compile(cause.pattern.replace("HTTP", _HTTP), re.IGNORECASE)) for cause in CAUSES]
_DIFFERING = [
    (re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,15}://[^\s'\"<>]+"), "<address>"),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "<address>"),
    (re.compile(r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"), "<id>"),
    (re.compile(r"(?<![\w/])(?:[A-Za-z]:\\|~?/)[^\s'\":,;)]+"), "<path>"),
    (re.compile(r"(?<!\w)'[^']*'(?!\w)|\"[^\"]*\""), "<value>"),
    (re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b"), "<address>"),
    (re.compile(r"\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{8,}\b"), "<id>"),
    (re.compile(r"\d+(?:[.,]\d+)*"), "<n>"),
]  # fmt: skip
