"""Configurations of sessions as they are stored: what looks like a password is sealed without being asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from headway.errors import InvalidInput, SecretUnavailable
from headway.model.value import BadValue, decode, encode
from headway.secret import HIDDEN, MARK, Path, Secret, shown, shown_path
from headway.store import sealing
from headway.store.sealing import Owner

WHAT = "the configuration"
SAME = ("id", "name", "key", "host")
"""Names by whose values a member of a list is found again."""

_ENDINGS = tuple(
    "password passwd passphrase passcode pwd secret token credential authorization bearer cookie".split()
    + "apikey privatekey accesskey secretkey sshkey".split()
)
_WORDS = ("pass", "auth", "pin")
"""Too short for the end of any name: a bypass is no secret."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_NUMBERS_TOO = ("password", "passwd", "passphrase", "pwd")
_IN_URL = re.compile(r"(?P<before>[a-z][a-z0-9+.:-]*://[^\s/:@?#]*:)(?P<secret>[^\s/]+)(?=@)", re.IGNORECASE)
_PARAMETER = re.compile(r"(?P<before>[?&;](?P<name>[^=&;?\s]+)=)(?P<secret>[^&;\s]+)")


def seal_config(session: str, config: Any, before: str | None = None) -> str:
    """A configuration that is saved, as JSON text with its secrets sealed. before: the one that it follows.

    Sealed are marked values, texts under names that end in password, token and the like, private keys, and addresses
    with a password. A blank one (empty, None or ***) keeps what was stored there. A secret that has not changed is
    kept as it is. Raises BadValue, InvalidInput, SecretUnavailable, NotSupported.
    """
    given = sealing.plain(config, WHAT)
    stored = decode(before) if before is not None else None
    try:
        return encode(_Saving(Owner("session", session)).value(given, (), stored, ()), WHAT)
    except RecursionError:
        raise BadValue(f"{WHAT} can not be stored: it is nested too deeply to look for secrets in it") from None


def is_secret_name(name: Any) -> bool:
    """Whether what stands under a name, or in a list under it, is taken for a secret."""
    squeezed, words = _squeezed(name), _WORD.findall(str(name))
    return squeezed.removesuffix("s").endswith(_ENDINGS) or (bool(words) and words[-1].lower() in _WORDS)


def without_secrets(text: str) -> tuple[str, list[str]]:
    """A text with *** for the passwords in its addresses, and those: behind a user, and under names of secrets."""
    if "://" not in text:
        return text, []
    found: list[str] = []

    def hide(match: re.Match[str]) -> str:
        if not is_secret_name(match.groupdict().get("name", "password")):
            return match[0]
        found.append(match["secret"])
        return match["before"] + HIDDEN

    return _PARAMETER.sub(hide, _IN_URL.sub(hide, text)), found


def mark_secrets(value: Any, name: str = "") -> Any:
    """A plain value with the JSON form of a secret for whatever a configuration would seal. name: what it stands under.

    An address with a password is a secret as a whole.
    """
    if isinstance(value, dict):
        return value if MARK in value else {key: mark_secrets(member, str(key)) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [mark_secrets(member, name) for member in value]
    if _is_secret(value, name) or (isinstance(value, str) and without_secrets(value)[1]):
        return {MARK: str(value)}
    return value


def _is_secret(given: Any, name: str) -> bool:
    """Whether a single value is one by its name, or a private key under whatever name."""
    if isinstance(given, str):
        return bool(given) and (is_secret_name(name) or "PRIVATE KEY-----" in given)
    return type(given) in (int, float) and _squeezed(name).endswith(_NUMBERS_TOO)


class _Saving(NamedTuple):
    """One save. `at` is the path of a value, `old` what was stored for it, under the path `was`.

    drops: whether what is looked at is a new member of a list from which members with secrets have gone.
    """

    owner: Owner
    drops: bool = False

    def value(self, given: Any, at: Path, old: Any, was: Path) -> Any:
        if isinstance(given, dict):
            known = old if isinstance(old, dict) and MARK not in old else {}
            return {
                name: self.value(member, (*at, str(name)), known.get(str(name)), (*was, str(name)))
                for name, member in given.items()
            }
        if isinstance(given, list | tuple):
            return self._list(given, at, old if isinstance(old, list) else [], was)
        if isinstance(old, dict) and MARK in old and _is_blank(given, old):
            return self._kept(old, at, was)
        return self._single(given, at, old, was)

    def _list(self, given: Sequence[Any], at: Path, old: list[Any], was: Path) -> list[Any]:
        """Members keep their secrets when they change places, and never take those of another."""
        places = [_counterpart(member, index, given, old) for index, member in enumerate(given)]
        gone = any(_holds_secret(old[place]) for place in {*range(len(old))} - {*places})
        new = self._replace(drops=self.drops or gone)
        return [
            new.value(member, (*at, index), None, (*was, index))
            if place is None
            else self.value(member, (*at, index), old[place], (*was, place))
            for index, (member, place) in enumerate(zip(given, places, strict=True))
        ]

    def _single(self, given: Any, at: Path, old: Any, was: Path) -> Any:
        if isinstance(given, Secret):
            if self.drops and given.variable is None and not given.reveal():
                raise _shown_back(at, "empty")
            return self._sealed(given, at, old, was)
        name = next((part for part in reversed(at) if isinstance(part, str)), "")
        if _is_secret(given, name):
            return self._sealed(Secret(str(given)), at, old, was)
        if isinstance(given, str) and given:
            hidden, found = without_secrets(given)
            if HIDDEN in found:
                raise _shown_back(at, HIDDEN)
            if found:
                return self._sealed(Secret(given), at, old, was, hidden)
        elif given in (None, "") and self.drops and is_secret_name(name):
            raise _shown_back(at, "empty")
        return given

    def _sealed(self, secret: Secret, at: Path, old: Any, was: Path, hidden: str | None = None) -> Any:
        if at == was and isinstance(old, dict) and MARK in old and self._opens_as(old, secret, was):
            return old
        return sealing.seal(secret, self.owner, at, WHAT, hidden)

    def _kept(self, old: dict[str, Any], at: Path, was: Path) -> Any:
        """What is stored, where it is blank in what was given; sealed anew where it has moved."""
        if at == was:
            return old
        secret = sealing.open_form(old[MARK], self.owner, was)
        return sealing.seal(secret, self.owner, at, WHAT, old[MARK].get("shown"))

    def _opens_as(self, old: dict[str, Any], secret: Secret, was: Path) -> bool:
        try:
            return sealing.open_form(old[MARK], self.owner, was) == secret
        except SecretUnavailable:  # its key is gone: the value that was given now takes its place
            return False


def _shown_back(at: Path, found: str) -> InvalidInput:
    """A blank secret for which nothing is stored: kept as it is, the one that it stood for would be lost."""
    return InvalidInput(
        f"{WHAT}: the secret of {shown_path(at)!r} is {found}, and what is stored there is of something else. Give its "
        "value anew; where it needs none, leave its name out."
    )


def _holds_secret(stored: Any) -> bool:
    if isinstance(stored, dict):
        return MARK in stored or any(map(_holds_secret, stored.values()))
    return isinstance(stored, list) and any(map(_holds_secret, stored))


def _is_blank(given: Any, old: dict[str, Any]) -> bool:
    text = given.reveal() if isinstance(given, Secret) and given.variable is None else given
    return text in (None, "", HIDDEN, shown(old)[MARK])


def _counterpart(member: Any, index: int, given: Sequence[Any], old: list[Any]) -> int | None:
    """Which stored member of a list a given one is: the one of the same name, else that at its place."""
    mark = _identity(member)
    named = [_identity(other) for other in old]
    if mark is not None and mark in named:
        return named.index(mark)
    if len(given) != len(old):
        return None
    return index if named[index] is None or named[index] not in [_identity(other) for other in given] else None


def _identity(member: Any) -> str | None:
    if not isinstance(member, dict):
        return None
    found = [(name, member[name]) for name in SAME if isinstance(member.get(name), str | int)]
    return msgspec.json.encode(found[0]).decode() if found else None


def _squeezed(name: Any) -> str:
    return str(name).lower().replace("_", "").replace("-", "").replace(" ", "")
