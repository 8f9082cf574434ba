"""What a caller asks to see, checked: what no database can be asked for is refused with a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from headway.errors import InvalidInput
from headway.model.moves import STATES

MOST_LABELS = 4
"""Labels that a listing can ask for at once."""
MOST = 10_000
"""Entries of the longest page."""
LONGEST_TEXT = 1000
"""Characters that are looked for at most: no name is longer."""


def text(value: Any, what: str) -> str:
    """A text that both databases can compare with theirs. Raises InvalidInput."""
    if isinstance(value, str) and "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value):
        return value
    raise InvalidInput(f"{what} is {value!a:.60}; expected text, without NUL characters and lone surrogates.")


def limit(value: Any) -> int:
    """How many entries a page has. Raises InvalidInput."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST:
        return value
    raise InvalidInput(f"limit={value!a:.60}: expected 1 to {MOST:,}; .all() walks on from page to page.")


def number(value: Any, what: str) -> int:
    """The number of an entry, 0 for the beginning. Raises InvalidInput."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31:
        return value
    found = "a number that is too large" if isinstance(value, int) and value > 0 else f"{value!a:.60}"
    raise InvalidInput(f"{what} is {found}; expected a whole number, 0 or more, less than 2**31.")


def seconds(value: Any) -> float | None:
    """A time limit. Raises InvalidInput."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e12):
        return value
    raise InvalidInput(f"timeout_s is {value!a:.60}; expected seconds, or None to wait for ever.")


def states(value: Any) -> list[str]:
    """One state or several, each once. Raises InvalidInput."""
    if value is not None and not isinstance(value, str | Sequence | set | frozenset):
        raise InvalidInput(f"state={value!a:.60}: expected one of {', '.join(STATES)}, or a list of them.")
    asked = [value] if isinstance(value, str) else list(value or [])
    for name in asked:
        if not isinstance(name, str) or name not in STATES:
            raise InvalidInput(f"state={name!a:.60}: expected one of {', '.join(STATES)}.")
    return list(dict.fromkeys(asked))


def labels(value: Any) -> dict[str, str]:
    """The labels that jobs are to have, as parameters of the listing. Raises InvalidInput."""
    if value is not None and not isinstance(value, Mapping):
        raise InvalidInput(f"labels are {value!a:.60}; expected an object of texts: {{'customer': 'acme'}}.")
    if value is not None and len(value) > MOST_LABELS:
        raise InvalidInput(f"{len(value)} labels were given; a listing takes {MOST_LABELS} at most.")
    asked: dict[str, str] = {}
    for place, (name, wanted) in enumerate((value or {}).items()):
        asked |= {f"label{place}": text(name, "the name of a label"), f"value{place}": text(wanted, "a label")}
    return asked


def pattern(value: Any) -> str | None:
    """Text to look for, as a LIKE pattern without signs of its own. Raises InvalidInput."""
    if value is None or value == "":
        return None
    if len(text(value, "text")) > LONGEST_TEXT:
        raise InvalidInput(f"text has {len(value):,} characters; expected at most {LONGEST_TEXT:,}, as names have.")
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
