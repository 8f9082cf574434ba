"""Secrets: texts that are shown as *** everywhere, and the forms that they have in JSON."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import msgspec

from headway.errors import InvalidInput, SecretUnavailable
from headway.model.value import plain_form

MARK = "$secret"
HIDDEN = "***"
"""What is shown instead of a secret."""

Path = tuple[str | int, ...]
"""Where a value is inside another: names and positions."""


class Secret:
    """A text for the eyes of a job alone: `Secret("text")`, or `Secret.env("NAME")` for a variable of its process.

    It is stored encrypted, or as the name of the variable. It prints as `***`, has no hash and is not pickled;
    `reveal()` gives the text. Raises InvalidInput for what is no text.
    """

    __slots__ = ("_name", "_value")

    def __init__(self, value: str) -> None:
        if not isinstance(value, str):
            raise InvalidInput(f"A secret is a text; found a value of type {type(value).__name__}. Encode it as text.")
        if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
            raise InvalidInput("A secret holds a lone surrogate, which is not text. Encode it as text.")
        self._value = value
        self._name: str | None = None

    @classmethod
    def env(cls, name: str) -> Secret:
        """The value that the environment variable `name` has in the process that reveals it."""
        if not _is_variable(name):
            raise InvalidInput(f"{name!r:.60} is no name of an environment variable; expected one such as 'SFTP_PW'.")
        made = cls("")
        made._name = name
        return made

    @property
    def variable(self) -> str | None:
        """The environment variable that it refers to; None for a secret with a text of its own."""
        return self._name

    def reveal(self) -> str:
        """The text itself. Raises SecretUnavailable where its environment variable is not set in this process."""
        if self._name is None:
            return self._value
        value = os.environ.get(self._name)
        if value is None:
            raise SecretUnavailable(
                f"The environment variable {self._name!r}, which a secret refers to, is not set in this process. "
                "Set it where the job runs, for instance in the environment of its worker."
            )
        return value

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(HIDDEN, spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return self._name == other._name and hmac.compare_digest(self._value.encode(), other._value.encode())

    __hash__ = None  # type: ignore[assignment]  # a set or a log of hashes would tell two secrets apart

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("A Secret is not pickled, since that would write it in clear. Hand over what reveal() gives.")


def marked(value: Any, what: str) -> Any | None:
    """`value` as plain values, with a Secret wherever it has one, as an object or in its JSON form; None: it has none.

    Raises InvalidInput for a form that is none, and what msgspec.to_builtins raises for a value that is not plain.
    """
    found: list[Secret] = []
    place = secrets.token_hex(16)  # so that no value can claim to stand for a Secret

    def keep(other: Any) -> Any:
        if isinstance(other, Secret):
            found.append(other)
            return {MARK: {place: len(found) - 1}}
        return plain_form(other)

    def taken(form: Any, path: Path) -> Secret:
        if isinstance(form, dict) and place in form:
            return found[form[place]]
        return _from_json(form, f"{what} at {shown_path(path)!r}" if path else what)

    plain = msgspec.to_builtins(value, enc_hook=keep)
    return replaced(plain, taken) if any(True for _ in forms(plain)) else None


def shown(value: Any) -> Any:
    """A stored value as anybody may see it: *** for each secret, the name for a reference to the environment."""
    return replaced(value, lambda form, _: {MARK: _shown_form(form)})


def shown_text(text: str) -> Any:
    """The value of stored JSON text as anybody may see it."""
    value = msgspec.json.decode(text)
    return shown(value) if f'"{MARK}"' in text else value


def replaced(value: Any, by: Callable[[Any, Path], Any], path: Path = ()) -> Any:
    """A copy of a plain value in which `by(form, path)` stands for each {"$secret": form}."""
    if isinstance(value, dict):
        if MARK in value:
            return by(value[MARK] if len(value) == 1 else value, path)
        return {name: replaced(member, by, (*path, str(name))) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [replaced(member, by, (*path, index)) for index, member in enumerate(value)]
    return value


def forms(value: Any) -> Iterator[Any]:
    """The form of each secret inside a plain value."""
    if isinstance(value, dict):
        if MARK in value:
            yield value[MARK]
        else:
            for member in value.values():
                yield from forms(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from forms(member)


def shown_path(path: Path) -> str:
    """A path as errors name it: servers[0].password."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def _is_variable(name: object) -> bool:
    return isinstance(name, str) and name.isprintable() and 0 < len(name) <= 255 and "=" not in name


def _from_json(form: Any, where: str) -> Secret:
    if isinstance(form, str):
        return Secret(form)
    if isinstance(form, dict) and form.keys() == {"env"}:
        return Secret.env(form["env"])
    raise InvalidInput(
        f'{where}: that is no form of a secret; expected {{"$secret": "text"}} or {{"$secret": {{"env": "NAME"}}}}, '
        "with nothing beside it."
    )


def _shown_form(form: Any) -> Any:
    if isinstance(form, dict):
        if form.keys() == {"env"}:
            return form
        return form.get("shown", HIDDEN)
    return HIDDEN
