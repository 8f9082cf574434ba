"""Ids: UUIDv7 for jobs, the words that may not be used as ids, and what an id may look like."""

from __future__ import annotations

import secrets
import threading

TAIL = 12
"""How many last characters of a job's id are indexed; 6 or more of them find the job."""
LONGEST = 255
"""Characters in the longest external id, context id or session id."""

RESERVED = frozenset(
    "active all any claim config create current debug default health info last list me metrics new none null "
    "progress root search self start stream undefined ws".split()
)
"""Words that name a place in an address or a choice on the command line, so no id may be one of them."""

NAMESPACES = frozenset({"id", "number", "context", "external"})
"""Prefixes with a meaning of their own in exact forms such as `number:17`."""


class JobIds:
    """Makes UUIDv7 ids that rise within one process, also within one millisecond (RFC 9562, method 1).

    The 12 bits after the time hold a counter that begins at a random value below 2048; when it overflows, the time
    part is moved on by a millisecond, so that order never depends on luck.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._time_ms = 0
        self._counter = 0

    def time(self) -> float:
        """How far they have come, in seconds since the epoch: the clock may have been set back since."""
        return self._time_ms / 1000

    def follow(self, other: str) -> None:
        """Those to come are beyond this one, which somebody else made; one of another form is nothing to go by."""
        if not looks_like_job_id(other):
            return
        digits = other.replace("-", "")
        time_ms, counter = int(digits[:12], 16), int(digits[13:16], 16)
        with self._lock:
            self._time_ms, self._counter = max((self._time_ms, self._counter), (time_ms, counter))

    def new(self, now: float) -> str:
        """The next id. now: seconds since the epoch."""
        with self._lock:
            time_ms = max(int(now * 1000), self._time_ms)
            if time_ms > self._time_ms:
                self._time_ms, self._counter = time_ms, secrets.randbits(11)
            elif self._counter < 0xFFF:
                self._counter += 1
            else:
                self._time_ms, self._counter = time_ms + 1, secrets.randbits(11)
            head = (self._time_ms << 16) | 0x7000 | self._counter
        digits = f"{head:016x}{(0b10 << 62) | secrets.randbits(62):016x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def looks_like_job_id(text: str) -> bool:
    """Whether `text` has the form of a whole job id (36 characters, hexadecimal, hyphens in place)."""
    if len(text) != 36 or text[8] != "-" or text[13] != "-" or text[18] != "-" or text[23] != "-":
        return False
    return is_hexadecimal(text.replace("-", ""))


def is_hexadecimal(text: str) -> bool:
    """Whether every character is a hexadecimal digit."""
    return bool(text) and all(character in "0123456789abcdefABCDEF" for character in text)


def why_unusable(text: str) -> str | None:
    """Why `text` can not be an id somebody gives, as the end of a sentence; None where it can."""
    if text.lower() in RESERVED:
        return "that word is reserved"
    if text.startswith("@") or (":" in text and text.partition(":")[0].lower() in NAMESPACES):
        return "it has the form of another id, as number:17 and @last have"
    return why_unnameable(text)


def why_no_session(text: str) -> str | None:
    """Why `text` can not be the id of a session, as the end of a sentence; None where it can.

    It stands in addresses as one part of a path, so it may not look like several or like another folder.
    """
    if "/" in text or "\\" in text:
        return "it holds a slash"
    if text != text.strip() or (text and not text.strip(".")):
        return "it begins or ends with a blank, or has nothing but dots"
    return why_unusable(text)


def why_unnameable(text: str, longest: int = LONGEST) -> str | None:
    """Why `text` can not be a name, as the end of a sentence; None where it can."""
    if not text.strip():
        return "it is empty"
    if len(text) > longest:
        return f"it has {len(text):,} characters and at most {longest} are kept"
    if not text.isprintable():
        where = next(at for at, character in enumerate(text) if not character.isprintable())
        return f"character {where + 1} is {text[where]!r}, which can not be printed"
    return None
