"""The input of a job on the command line: key=text, key:=json, or a file."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from headway.errors import InvalidInput


def read(pairs: Sequence[str], file: str | None) -> dict[str, Any]:
    """The input from --input and from pairs, which win. Raises UsageError, InvalidInput."""
    return {**(_from_file(file) if file is not None else {}), **dict(_pair(text) for text in pairs)}


def texts(pairs: Sequence[str], what: str) -> dict[str, str]:
    """NAME=VALUE pairs, as labels have them."""
    named = [text.partition("=") for text in pairs]
    wrong = [text for text, (name, equals, _) in zip(pairs, named, strict=True) if not (name and equals)]
    if wrong:
        raise click.UsageError(f"{what} {wrong[0][:60]!r}: expected NAME=VALUE.")
    return {name: value for name, _, value in named}


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.rstrip(":"):
        raise click.UsageError(f"{text[:60]!r} is no input: expected key=text or key:=json.")
    if not name.endswith(":"):
        return name, value
    return name[:-1], _decoded(value.encode(), f"{name}=")


def _from_file(file: str) -> dict[str, Any]:
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as problem:
        raise InvalidInput(
            f"--input {file}: {problem.strerror}. Name a file with a JSON object, or - for stdin."
        ) from None
    found = _decoded(content, f"--input {file}")
    if not isinstance(found, Mapping):
        raise InvalidInput(f"--input {file}: expected a JSON object of named values; found {type(found).__name__}.")
    return dict(found)


def _decoded(content: bytes, what: str) -> Any:
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise click.UsageError(f"{what} holds no JSON: {problem}. For a text write key=text.") from None
