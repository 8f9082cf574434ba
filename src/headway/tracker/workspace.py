"""What a caller wants of a session, checked and made storable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headway.errors import InvalidInput, Unstorable
from headway.model.ids import why_no_session
from headway.model.value import BadValue, clean_text
from headway.store.configs import seal_config
from headway.store.workspaces import DEFAULT

LONGEST_NOTE = 1000


def session_id(text: Any) -> str:
    """The id of a session; "default" is "default.yaml". Raises InvalidInput for what can be none."""
    if text in ("default", DEFAULT):
        return DEFAULT
    problem = why_no_session(text) if isinstance(text, str) else f"it is of type {type(text).__name__}"
    if problem:
        raise InvalidInput(f"{text!r:.60} can not be a session id: {problem}.")
    return str(text)


def config_text(session: str, given: Any, before: str | None = None) -> str:
    """A configuration as JSON text, its secrets sealed. before: the one that it follows, whose secrets a blank keeps.

    Raises InvalidInput, Unstorable, SecretUnavailable.
    """
    if given is not None and not isinstance(given, Mapping):
        raise InvalidInput(
            f"The configuration of a session is an object of named values; found {type(given).__name__}. Give a dict."
        )
    try:
        return seal_config(session, dict(given or {}), before)
    except BadValue as problem:
        raise Unstorable(f"{problem}.") from None


def concurrency(value: Any) -> int:
    """How many jobs of a session run at once. Raises InvalidInput."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 31:
        return value
    raise InvalidInput(f"concurrency is {value!a:.60}; expected a whole number, 1 or more, less than 2**31.")


def span(value: Any, what: str) -> float | None:
    """Seconds, None for no limit. Raises InvalidInput."""
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e12:
        return float(value)
    raise InvalidInput(f"{what} is {value!a:.60}; expected seconds, more than 0, or None.")


def changed_span(value: Any, what: str) -> float | None:
    """Seconds that take the place of others; None leaves those, 0 means no limit. Raises InvalidInput."""
    return 0.0 if value == 0 and isinstance(value, int | float) and not isinstance(value, bool) else span(value, what)


def idle(identity: str, seconds: float | None) -> float | None:
    """The same seconds. Raises InvalidInput for the default session, which is never closed."""
    if seconds and identity == DEFAULT:
        raise InvalidInput(
            f"idle_s is {seconds:g} for {DEFAULT}; expected none. It is the session of everything that names none, and "
            "stays open: give jobs that may go a session of their own."
        )
    return seconds


def note(text: Any) -> str | None:
    """What a save was for, as it is kept. Raises InvalidInput."""
    if text is None:
        return None
    if not isinstance(text, str):
        raise InvalidInput(f"note is {text!r:.60}; expected a text.")
    return clean_text(text, LONGEST_NOTE)
