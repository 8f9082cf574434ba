"""What may be stored: plain JSON values. Encoding, and saying which part of a value can not be kept."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import msgspec

LARGEST = 16 * 1024 * 1024
"""Bytes in the largest single value (input, result, checkpoint) that is kept."""


class BadValue(ValueError):
    """A value can not be stored; the message says which part and why."""


def encode(value: Any, what: str) -> str:
    """`value` as JSON text. what: how an error names it, such as "the input".

    Dataclasses, msgspec Structs, datetimes, Decimals, sets and paths are turned into plain values. Raises BadValue
    for anything else, for NaN and infinities, NUL characters, lone surrogates, and more than 16 MiB.
    """
    try:
        encoded = _ENCODER.encode(value)
    except (TypeError, ValueError, RecursionError) as problem:
        raise BadValue(f"{what} can not be stored: {_first_fault(value) or problem}") from None
    if len(encoded) > LARGEST:
        raise BadValue(f"{what} can not be stored: it has {len(encoded):,} bytes and at most {LARGEST:,} are kept")
    # NaN is written as null, so look whether it was one; and 1 beside "1" would be two values of one name.
    if b"null" in encoded or b"\\u0000" in encoded or _NUMBER_AS_KEY.search(encoded):
        fault = _first_fault(value)
        if fault:
            raise BadValue(f"{what} can not be stored: {fault}")
    return encoded.decode()


def decode(text: str | bytes | None) -> Any:
    """The value of JSON text; None for None."""
    return None if text is None else _DECODER.decode(text)


def clean_text(text: str, longest: int) -> str:
    """`text` as both databases can hold it: NUL and lone surrogates replaced, cut at `longest` characters."""
    if len(text) > longest:
        text = f"{text[:longest]} [cut: {len(text) - longest:,} more characters]"
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def clean_key(key: Any) -> str:
    """A key as text that both databases can hold; what they can not is escaped, so that two keys stay two."""
    text = str(key)
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


def plain_form(value: Any) -> Any:
    """The plain value of what JSON has no form for. Raises TypeError for what has none."""
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"Encoding objects of type {type(value).__name__} is unsupported")


def _first_fault(value: Any) -> str | None:
    return next(_faults(value, "", 0), None)


def _faults(value: Any, path: str, depth: int) -> Iterator[str]:
    here = f"the part at {path!r}" if path else "it"
    if depth > 64:
        yield f"{here} is nested more than 64 levels deep"
    elif isinstance(value, str):
        yield from _text_faults(value, here)
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield f"{here} is {value}, which JSON can not say; use None"
    elif isinstance(value, Mapping):
        if len({str(key) for key in value}) < len(value):
            yield f"{here} has two keys that are the same text, such as 1 and '1'; give each its own"
        for key, member in value.items():
            name = f"{path}.{key}" if path else str(key)
            if not isinstance(key, str | int | float):
                yield f"{here} has a key of type {type(key).__name__}; keys are text"
            yield from _faults(key, name, depth + 1)
            yield from _faults(member, name, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for index, member in enumerate(value):
            yield from _faults(member, f"{path}[{index}]", depth + 1)
    else:
        try:
            _ENCODER.encode(value)
        except (TypeError, ValueError, RecursionError):
            yield f"{here} is of type {type(value).__name__}; expected text, numbers, booleans, None, lists and dicts"


def _text_faults(text: str, here: str) -> Iterator[str]:
    if "\x00" in text:
        yield f"{here} holds a NUL character (at position {text.index(chr(0))})"
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        yield f"{here} holds a lone surrogate (at position {problem.start}), which is not text"


_NUMBER_AS_KEY = re.compile(rb'"-?[0-9][0-9.eE+-]*":')
_ENCODER = msgspec.json.Encoder(enc_hook=plain_form)
_DECODER = msgspec.json.Decoder()
