"""Which jobs are meant: filters and a query as parameters of listings, of which each job is to be in any."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from headway.errors import Ambiguous, BadQuery, InvalidInput, NotFound
from headway.model.ids import looks_like_job_id
from headway.model.moves import STATES
from headway.model.query import Query, WrongQuery
from headway.model.query import parsed as parsed_query
from headway.store.workspaces import DEFAULT
from headway.tracker import asking
from headway.tracker.leading import Way

MOST_CHOICES = 128
"""Combinations of values that a listing can ask for: each is read by itself."""
MOST_IDS = 100
"""Jobs that a listing can name."""
CHOICES = {"state": "state", "type": "type", "session": "session", "category": "category", "context": "context_id",
           "owner": "owner"}  # fmt: skip
"""Fields of a query whose values are compared, by the parameter that each becomes."""
JOBS = ("parent", "root", "restarted_from")
"""Fields whose values are any ids of jobs."""
DENIALS = {"state": "not_states", "type": "not_types", "session": "not_sessions", "category": "not_categories",
           "owner": "not_owners", "label": "not_labels"}  # fmt: skip

Resolve = Callable[[str], str]
"""The whole id that any id means. Raises NotFound, Ambiguous."""


def query(text: Any) -> Query | None:
    """A query, read; None where nothing is asked. Raises BadQuery, which says where it is wrong."""
    if text is None:
        return None
    try:
        return parsed_query(asking.text(text, "the query"))
    except WrongQuery as wrong:
        raise BadQuery(str(wrong), wrong.at, wrong.expected) from None


def ids(value: Any) -> list[str] | None:
    """Whole ids of jobs. Raises InvalidInput."""
    if value is None:
        return None
    given = list(value) if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str) else [value]
    if len(given) > MOST_IDS:
        raise InvalidInput(f"{len(given):,} ids were given; a listing takes {MOST_IDS}.")
    for one in given:
        if not isinstance(one, str) or not looks_like_job_id(one):
            raise InvalidInput(f"{one!a:.60} is no whole id of a job: expected 36 characters, as every job has them.")
    return [one.lower() for one in dict.fromkeys(given)]


def ways(filters: Mapping[str, Any], labels: Any, asked: Query | None, resolve: Resolve) -> list[Way]:
    """Parameters of the listings that make up the answer; none where nothing can fit. Raises InvalidInput.

    filters: those given beside the query, checked; "state" is a list.
    """
    fixed = {name: value for name, value in filters.items() if name != "state" and value is not None}
    choices: dict[str, list[str]] = {"state": list(filters["state"])} if filters.get("state") else {}
    fixed |= _words([*([fixed.pop("text")] if "text" in fixed else []), *(asked.texts if asked else [])])
    if asked is not None:
        fixed |= _texts(asked)
        _narrow(choices, fixed, asked, resolve)
    wanted = _all_labels(labels, asked)
    return [] if wanted == [] != labels else _product(choices, fixed, asking.labels(wanted))


def _narrow(choices: dict[str, list[str]], fixed: dict[str, Any], asked: Query, resolve: Resolve) -> None:
    """Takes in what a query asks for beside texts. Both hold: the query, and what was given beside it."""
    for field, name in CHOICES.items():
        if field in asked.values:
            wanted = [DEFAULT if (field, one) == ("session", "default") else one for one in asked.values[field]]
            _choose(choices, fixed, name, wanted)
    for field in JOBS:
        if field in asked.values:
            _choose(choices, fixed, field, _resolved(asked.values[field], resolve))
    if "id" in asked.values:
        found = _resolved(asked.values["id"], resolve)
        fixed["ids"] = [one for one in found if "ids" not in fixed or one in fixed["ids"]]
    fixed |= {name: asked.without[field] for field, name in DENIALS.items() if field in asked.without}
    if "completed" in asked.without.get("state", ()):  # what is left is little: its states lead to it
        choices.setdefault("state", [one for one in STATES if one not in asked.without["state"]])
    if len(asked.values.get("is", [])) == 1:
        fixed[asked.values["is"][0]] = True


def _choose(choices: dict[str, list[str]], fixed: Mapping[str, Any], name: str, wanted: list[str]) -> None:
    choices[name] = [one for one in wanted if one in choices.get(name, [fixed.get(name, one)])]


def _resolved(given: Sequence[str], resolve: Resolve) -> list[str]:
    """The jobs that ids mean; an id that means none, or several, is in no listing."""
    found = []
    for one in given:
        try:
            found.append(resolve(one))
        except (NotFound, Ambiguous, InvalidInput):
            continue
    return list(dict.fromkeys(found))


def _words(words: Sequence[str]) -> dict[str, Any]:
    """Words that are looked for, each in the texts of a job, and as another id of it."""
    patterns = {f"text{place}": asking.pattern(word) for place, word in enumerate(words)}
    return {**patterns, **{f"word{place}": word for place, word in enumerate(words)}}


def _texts(asked: Query) -> dict[str, Any]:
    """Parts of names and errors, as patterns."""
    found = {"names": asked.values.get("name"), "errors": asked.values.get("error")}
    found["not_names"] = asked.without.get("name")
    return {name: [asking.pattern(one) for one in values] for name, values in found.items() if values}


def _all_labels(given: Any, asked: Query | None) -> Any:
    """Labels of both: each choice of what was given, together with those of the query."""
    if asked is None or not asked.labels:
        return given
    several = given if isinstance(given, Sequence) and not isinstance(given, str) else [given or {}]
    both = [_both(one, asked.labels) for one in several]
    return [one for one in both if not isinstance(one, Mapping) or all(one.values())]


def _both(one: Any, more: Mapping[str, Sequence[str]]) -> Any:
    if not isinstance(one, Mapping):
        return one  # what is wrong with it is said where labels are checked
    common = {name: _fitting(one[name], more[name]) for name in one if name in more}
    return {**one, **more, **common}


def _fitting(given: Any, asked: Sequence[str]) -> list[str]:
    values = [given] if isinstance(given, str) else list(given)
    return [value for value in values if value in asked]


def _product(choices: Mapping[str, Sequence[str]], fixed: Way, labels: Sequence[Mapping[str, str]]) -> list[Way]:
    if not all(choices.values()) or fixed.get("ids") == []:
        return []
    many = math.prod(map(len, choices.values())) * len(labels)
    if many > MOST_CHOICES:
        raise InvalidInput(
            f"The values that were given make {many} choices together; a listing takes {MOST_CHOICES}: give fewer."
        )
    every = itertools.product(*choices.values())
    return [{**fixed, **dict(zip(choices, one, strict=True)), **way} for one in every for way in labels]
