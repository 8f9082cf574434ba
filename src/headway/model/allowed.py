"""What would have been allowed where a body or parameter does not fit: the values, the names, and the nearest one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from msgspec import inspect

_PLACE = re.compile(r" - at `\$(.*)`$")
_PART = re.compile(r"\.([^.\[`]+)|\[[^\]]*\]")
_VALUE = re.compile(r"Invalid enum value '?(.*?)'?(?: - at|$)")
_FIELD = re.compile(r"unknown field `(.*?)`")


def instead(kind: Any, problem: Exception) -> str:
    """A sentence for the end of a refusal; empty where the problem says enough."""
    told = str(problem)
    value, field, place = _VALUE.search(told), _FIELD.search(told), _PLACE.search(told)
    if value is None and field is None:
        return ""
    found = [inspect.type_info(kind)]
    for part in _PART.finditer(place[1] if place else ""):
        found = [inner for one in _members(found) for inner in _below(one, part[1])]
    if field is not None:
        return _listed("It takes", field[1], (one.encode_name for one in _fields(found)))
    values = (one for info in _members(found) for one in _choices(info))
    return _listed("Allowed are", value[1] if value else "", values)


def _listed(begin: str, given: str, allowed: Iterable[object]) -> str:
    names = [str(one) for one in allowed]
    near = difflib.get_close_matches(given, names, 1)
    return f" {begin} {', '.join(names)}.{f' Did you mean {near[0]}?' if near else ''}" if names else ""


def _members(found: list[inspect.Type]) -> list[inspect.Type]:
    """The types, each member of a union for itself."""
    plain = [one.type if isinstance(one, inspect.Metadata) else one for one in found]
    return [
        inner for one in plain for inner in (_members(list(one.types)) if isinstance(one, inspect.UnionType) else [one])
    ]


def _fields(found: list[inspect.Type]) -> list[inspect.Field]:
    return [field for one in _members(found) if isinstance(one, inspect.StructType) for field in one.fields]


def _below(info: inspect.Type, name: str | None) -> list[inspect.Type]:
    """The types of a member of that name; without one, of the members of a collection."""
    if name is not None:
        return [field.type for field in _fields([info]) if field.encode_name == name]
    if isinstance(info, inspect.DictType):
        return [info.value_type]
    return [info.item_type] if isinstance(info, inspect.CollectionType) else []


def _choices(info: inspect.Type) -> Iterable[object]:
    if isinstance(info, inspect.LiteralType):
        return info.values
    return [one.value for one in info.cls] if isinstance(info, inspect.EnumType) else ()
