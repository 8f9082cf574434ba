"""The input of a job on the command line: key=text, key:=json, a file, and secrets that are asked for."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from headway.cli.app import App
from headway.cli.text import one_line
from headway.errors import InvalidInput
from headway.secret import Secret
from headway.store.configs import is_secret_name

BY_NAME = "@env:"
"""Begins a text that names an environment variable of the worker, whose value is a secret."""


def read(pairs: Sequence[str], file: str | None, secrets: Sequence[str] = ()) -> dict[str, Any]:
    """The input from --input, from pairs, which win, and from names whose values are asked for.

    Raises UsageError, InvalidInput.
    """
    if secrets and file == "-":
        raise click.UsageError("--input - and --secret would both read standard input: give the input as a file.")
    given = {**(_from_file(file) if file is not None else {}), **dict(_pair(text) for text in pairs)}
    return {**given, **{name: _asked(name) for name in secrets}}


def in_clear(given: Mapping[str, Any]) -> list[str]:
    """The names of an input under which people keep secrets, and which has a plain text there."""
    return [name for name, value in given.items() if isinstance(value, str) and value and is_secret_name(name)]


def tell_of_plain(app: App, given: Mapping[str, Any]) -> None:
    """Says what of an input is stored in clear, although people keep secrets under its name."""
    for name in map(one_line, in_clear(given)):
        app.say(f"headway: {name} is a plain value, and stored as it is. As a secret: --secret {name}")


def texts(pairs: Sequence[str], what: str) -> dict[str, str]:
    """NAME=VALUE pairs, as labels have them."""
    named = [text.partition("=") for text in pairs]
    wrong = [text for text, (name, equals, _) in zip(pairs, named, strict=True) if not (name and equals)]
    if wrong:
        raise click.UsageError(f"{what} {wrong[0][:60]!r}: expected NAME=VALUE.")
    return {name: value for name, _, value in named}


def _asked(name: str) -> Secret:
    """A secret from whoever sits at the terminal, without echo; else the next line of standard input."""
    if sys.stdin.isatty():
        return Secret(click.prompt(name, hide_input=True, err=True))
    line = sys.stdin.readline()
    if not line.rstrip("\r\n"):
        raise click.UsageError(f"--secret {name}: standard input holds no line for it. Write one line for each name.")
    return Secret(line.rstrip("\r\n"))


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.rstrip(":"):
        raise click.UsageError(f"{text[:60]!r} is no input: expected key=text or key:=json.")
    if not name.endswith(":"):
        return name, Secret.env(value.removeprefix(BY_NAME)) if value.startswith(BY_NAME) else value
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
