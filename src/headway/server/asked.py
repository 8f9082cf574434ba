"""What a request asks: its query and its body, checked against the types that its operation declares."""

from __future__ import annotations

import asyncio
import difflib
import re
import typing
import urllib.parse
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, TypeVar

import msgspec
from starlette.requests import Request

from headway.errors import InvalidInput
from headway.model.allowed import instead
from headway.server import selection
from headway.server.problems import Refusal

T = TypeVar("T")

DEEPEST = 64
"""Levels of the deepest JSON that is read."""
BODY_S = 30.0
"""How long the body of a request may take to arrive."""
_SIGNS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\Z|\\\Z)|[\[{]|[\]}]', re.DOTALL)
"""Strings, also one that does not end: a quote from which the search had to start again would cost the square."""


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters."""


def query(request: Request, kind: Callable[..., T], where: str) -> T:
    """The parameters behind the path. Raises InvalidInput, naming those that the operation does not know."""
    text = request.scope["query_string"]
    try:
        pairs = urllib.parse.parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError as problem:  # not ASCII, or not UTF-8 behind its percent signs
        raise InvalidInput(f"The query of {where} can not be read: {problem}.") from None
    known: dict[str, Any] = _parameters(kind)
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if selection.QUERY not in known:
        given.pop(selection.QUERY, None)  # it says in which session the request acts, whatever it asks
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        taken = f"it takes {', '.join(known)}" if known else "it takes none"
        near = difflib.get_close_matches(unknown, known, 1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise InvalidInput(f"{where} has no parameter {unknown[:60]!r}; {taken}.{meant}")
    missing = next((name for name in _required(kind) if name not in given), None)
    if missing is not None:
        raise InvalidInput(f"{where} needs the parameter {missing!r}.")
    return kind(**{_fields(kind)[name]: _parameter(where, name, values, known[name]) for name, values in given.items()})


@cache
def _parameters(kind: Any) -> dict[str, Any]:
    """The types of the parameters; one that may be left out is not given as null."""
    return {field.encode_name: _without_none(field.type) for field in msgspec.structs.fields(kind)}


@cache
def _fields(kind: Any) -> dict[str, str]:
    """The names of the fields by those of their parameters: `from` is none in Python."""
    return {field.encode_name: field.name for field in msgspec.structs.fields(kind)}


@cache
def _required(kind: Any) -> list[str]:
    """The parameters that can not be left out."""
    return [field.encode_name for field in msgspec.structs.fields(kind) if field.required]


def _parameter(where: str, name: str, values: list[str], kind: Any) -> Any:
    plain = typing.get_args(kind)[0] if typing.get_origin(kind) is Annotated else kind
    several = typing.get_origin(plain) is list
    if not several and len(values) > 1:
        raise InvalidInput(f"The parameter {name!r} of {where} was given {len(values)} times; expected it once.")
    try:
        return msgspec.convert(values if several else values[0], kind, strict=False)
    except msgspec.ValidationError as problem:
        said = f"{problem}.{instead(kind, problem)}"
        raise InvalidInput(f"{name}={values[0][:60]!r} does not fit {where}: {said}") from None


def _without_none(kind: Any) -> Any:
    choices = [one for one in typing.get_args(kind) if one is not type(None)]
    optional = type(None) in typing.get_args(kind)
    return choices[0] if optional and len(choices) == 1 else kind


async def body(request: Request, kind: type[T], where: str) -> T:
    """The body of a request; nothing at all is an empty object. Raises InvalidInput, and Refusal for other media."""
    try:
        raw = await asyncio.wait_for(request.body(), BODY_S)
    except TimeoutError:
        raise Refusal(
            "too_slow",
            f"The body did not arrive within {BODY_S:.0f} s.",
            {"Connection": "close"},
        ) from None
    if raw:
        _check_media(request.headers.get("content-type", ""), where)
    return decoded(raw or b"{}", kind, where)


def decoded(raw: bytes, kind: type[T], where: str) -> T:
    """JSON as a type has it. Raises InvalidInput."""
    check_depth(raw)
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as problem:
        raise InvalidInput(f"The body of {where} does not fit: {problem}.{instead(kind, problem)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise InvalidInput(f"The body of {where} does not fit: {problem}.") from None


def _check_media(given: str, where: str) -> None:
    """A form that a page of another origin can send without asking is no JSON."""
    if given.partition(";")[0].strip().lower() != "application/json":
        raise Refusal(
            "unsupported_media",
            f"{where} takes Content-Type: application/json; found {given[:60] or 'none'}. "
            "With curl: --json, or -H 'Content-Type: application/json'.",
        )


def check_depth(raw: bytes) -> None:
    """Raises InvalidInput for JSON that is nested too deeply to be read."""
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        return
    depth = 0
    for sign in _SIGNS.finditer(raw):
        if sign[0] in (b"[", b"{"):
            depth += 1
            if depth > DEEPEST:
                raise InvalidInput(f"The JSON is nested more than {DEEPEST} levels deep.")
        elif sign[0] in (b"]", b"}"):
            depth -= 1
