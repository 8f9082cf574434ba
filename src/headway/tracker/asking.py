"""What a caller asks to see, checked: what no database can be asked for is refused with a sentence."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from headway.errors import InvalidInput
from headway.model.job import LEVELS
from headway.model.moves import STATES
from headway.model.recovery import CAUSES
from headway.store.workspaces import DEFAULT

MOST_LABELS = 4
"""Labels that a listing can ask for at once."""
MOST = 10_000
"""Entries of the longest page."""
MOST_WAYS = 32
"""Choices of labels that a listing can ask for at once."""
LONGEST_TEXT = 1000
"""Characters that are looked for at most: no name is longer."""


def text(value: Any, what: str) -> str:
    """A text that both databases can compare with theirs. Raises InvalidInput."""
    if isinstance(value, str) and "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value):
        return value
    raise InvalidInput(f"{what} is {value!a:.60}; expected text, without NUL characters and lone surrogates.")


def session(value: Any) -> str | None:
    """The session that jobs are to be of; "default" is "default.yaml". Raises InvalidInput."""
    return None if value is None else DEFAULT if value == "default" else text(value, "session")


def owner(value: Any) -> str | None:
    """Who submitted the jobs that are meant. Raises InvalidInput."""
    return None if value is None else text(value, "owner")


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


def cursor(value: Any) -> int | None:
    """The number of the entry that a page begins after, also as the text of a page's `next`. Raises InvalidInput."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 20:
        return number(int(value), "after")
    return None if value is None else number(value, "after")


def inputs(value: Any) -> Iterable[Any]:
    """The inputs of many jobs. Raises InvalidInput."""
    if isinstance(value, Iterable):
        return value
    raise InvalidInput(f"inputs are of type {type(value).__name__}; expected something to iterate over: one dict each.")


def reach(value: Any) -> str:
    """How far a request goes that is asked at a job. Raises InvalidInput."""
    if value not in ("tree", "job"):
        raise InvalidInput(f"scope={value!a:.60}: expected 'tree', 'job' or 'session'.")
    return str(value)


def until(value: Any) -> str:
    """What is waited for. Raises InvalidInput."""
    if value != "ended" and value not in STATES:
        raise InvalidInput(f"until={value!a:.60}: expected 'ended' or one of {', '.join(STATES)}.")
    return str(value)


def items(value: Any) -> str | None:
    """What is tried again. Raises InvalidInput."""
    if value not in (None, "failed"):
        raise InvalidInput(f"retry(items={value!a:.60}): expected 'failed', or nothing to retry the job.")
    return None if value is None else "failed"


def seconds(value: Any) -> float | None:
    """A time limit. Raises InvalidInput."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e12):
        return value
    raise InvalidInput(f"timeout_s is {value!a:.60}; expected seconds, or None to wait for ever.")


def causes(value: Any) -> list[str]:
    """Why jobs stopped: one cause or several, all where none is named. Raises InvalidInput."""
    given: list[Any] = [*CAUSES] if value is None else list(value) if _is_list(value) else [value]
    for unknown in (one for one in given if not isinstance(one, str) or one not in CAUSES):
        raise InvalidInput(f"cause={unknown!a:.60}: expected {', '.join(CAUSES)}.")
    return given


def levels(value: Any) -> list[str] | None:
    """Levels of log lines, one or several; None for all. Raises InvalidInput."""
    given = None if value is None else list(value) if _is_list(value) else [value]
    for unknown in (one for one in given or () if not isinstance(one, str) or one not in LEVELS):
        raise InvalidInput(f"level={unknown!a:.60}: expected {', '.join(LEVELS)}.")
    return given


def moment(value: Any, what: str) -> float | None:
    """A time as seconds since the epoch. Raises InvalidInput."""
    if value is None:
        return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise InvalidInput(f"{what} is {value!a:.60}; expected a datetime with its time zone.")
    return value.timestamp()


def states(value: Any) -> list[str]:
    """One state or several, each once. Raises InvalidInput."""
    if value is not None and not isinstance(value, str | Sequence | set | frozenset):
        raise InvalidInput(f"state={value!a:.60}: expected one of {', '.join(STATES)}, or a list of them.")
    asked = [value] if isinstance(value, str) else list(value or [])
    for name in asked:
        if not isinstance(name, str) or name not in STATES:
            raise InvalidInput(f"state={name!a:.60}: expected one of {', '.join(STATES)}.")
    return list(dict.fromkeys(asked))


Labels = Mapping[str, str | Sequence[str]]
"""Labels that jobs are to have: all names, and of each any of its values."""


def labels(value: Any) -> list[dict[str, str]]:
    """What jobs are to have, as parameters of listings of which each job is to be in any. Raises InvalidInput."""
    wanted = value if _is_list(value) else [value or {}]
    ways = [way for one in wanted for way in _ways(one)]
    if not 0 < len(ways) <= MOST_WAYS:
        raise InvalidInput(f"labels leave {len(ways)} choices; expected 1 to {MOST_WAYS}: give other values.")
    return ways


def _ways(wanted: Any) -> list[dict[str, str]]:
    """One mapping: every choice of one value for each of its names."""
    if not isinstance(wanted, Mapping):
        raise InvalidInput(f"labels are {wanted!a:.60}; expected an object of texts: {{'customer': 'acme'}}.")
    if len(wanted) > MOST_LABELS:
        raise InvalidInput(f"{len(wanted)} labels were given; a listing takes {MOST_LABELS} at most.")
    names = [text(name, "the name of a label") for name in wanted]
    values = [[text(one, "a label") for one in (of if _is_list(of) else [of])] for of in wanted.values()]
    if math.prod(map(len, values)) > MOST_WAYS:
        raise InvalidInput(f"{sum(map(len, values))} values of labels were given; a listing takes {MOST_WAYS} choices.")
    asked = {f"label{place}": name for place, name in enumerate(names)}
    choices = itertools.product(*values)
    return [asked | {f"value{place}": one for place, one in enumerate(choice)} for choice in choices]


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence | set | frozenset) and not isinstance(value, str | bytes)


def pattern(value: Any) -> str | None:
    """Text to look for, as a LIKE pattern without signs of its own. Raises InvalidInput."""
    if value is None or value == "":
        return None
    if len(text(value, "text")) > LONGEST_TEXT:
        raise InvalidInput(f"text has {len(value):,} characters; expected at most {LONGEST_TEXT:,}, as names have.")
    return _escaped(value)


def stored_pattern(value: str | None) -> str | None:
    """The same for the JSON text in which it stands: what has the text has this, but not the other way round."""
    return _escaped(msgspec.json.encode(value).decode()[1:-1]) if value else None


def _escaped(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
