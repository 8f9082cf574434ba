"""What a command line and its environment give away: hidden in the record of `headway run`, and in its log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from headway.secret import HIDDEN
from headway.store.configs import is_secret_name, without_secrets

LEAST = 8
"""Characters of a variable's value that is hidden for its name alone: shorter ones are words such as `true`."""


def hidden(words: Sequence[str]) -> tuple[list[str], set[str]]:
    """A command with *** for its passwords, and those: `--password=x`, `--password x`, `TOKEN=x`, `ftp://user:x@host`."""
    shown: list[str] = []
    found: set[str] = set()
    named = False
    for word in words:
        name, equals, value = word.partition("=")
        if equals and is_secret_name(name):
            shown.append(f"{name}={HIDDEN}")
            found.add(value)
        elif named and not word.startswith("-"):
            shown.append(HIDDEN)
            found.add(word)
        else:
            safe, inside = without_secrets(word)
            shown.append(safe)
            found.update(_as_meant(inside))
        named = word.startswith("-") and not equals and is_secret_name(word)
    return shown, found


def in_environment(variables: Mapping[str, str]) -> set[str]:
    """The passwords in an environment: under names of secrets, and in addresses."""
    named = {value for name, value in variables.items() if is_secret_name(name) and len(value) >= LEAST}
    return named.union(*(_as_meant(without_secrets(value)[1]) for value in variables.values() if "://" in value))


def _as_meant(inside: Sequence[str]) -> Iterator[str]:
    """A password as it stands in an address, and as it is when it is decoded."""
    for value in inside:
        yield value
        yield unquote(value)
