"""Secrets as they are stored: encrypted, and bound to the place that they were given for.

AES-256-GCM; tenant, owner and path are bound data, so that an envelope that was copied elsewhere does not open there.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from headway.errors import InvalidInput, NotSupported, SecretUnavailable
from headway.model.value import BadValue, decode, encode
from headway.secret import HIDDEN, MARK, Path, Secret, marked, replaced, shown_path
from headway.store.contract import Database
from headway.store.keys import VARIABLE, keyring
from headway.store.moving import TENANT

MOST_LOOKED_AT = 1000
"""Inputs in which the keys in use are looked for."""
NONCE = 12
"""Bytes of a nonce: drawn anew for each secret."""


class Owner(NamedTuple):
    """To what a value with secrets belongs: Owner("job", id) for a job's input."""

    kind: str
    id: str


def stored(value: Any, owner: Owner, what: str, check: Callable[[Any], object] | None = None) -> str:
    """A value that was given, as JSON text with its secrets sealed. what: how errors name it.

    check: is shown the plain value, with Secret objects, before anything is sealed. Raises BadValue, InvalidInput,
    SecretUnavailable, NotSupported where the package for it is missing, and what check raises.
    """

    def seal_all(given: Any) -> Any:
        if check is not None:
            check(given)
        return sealed(given, owner, what)

    text, has_secrets = _encoded(value, what, seal_all)
    if check is not None and not has_secrets:
        check(decode(text))
    return text


def plain(value: Any, what: str) -> Any:
    """A value that was given as plain values, with Secret objects. Raises BadValue, InvalidInput."""
    kept: list[Any] = []

    def keep(given: Any) -> Any:
        kept.append(given)
        return _each_secret(given, lambda *_: HIDDEN)

    text, has_secrets = _encoded(value, what, keep)
    return kept[0] if has_secrets else decode(text)


def in_clear(value: Any, what: str) -> str:
    """JSON text of a value with its secrets as they were given, for whoever is to seal them. Raises BadValue,
    InvalidInput.
    """
    return _encoded(value, what, lambda given: _each_secret(given, lambda secret, _: _as_given(secret)))[0]


def _as_given(secret: Secret) -> dict[str, Any]:
    return {MARK: secret.reveal() if secret.variable is None else {"env": secret.variable}}


def fingerprint(value: Any, what: str) -> str:
    """JSON text that is the same for the same value, and tells nothing of the secrets in it.

    Sealing the same value twice gives two texts: whoever compares what was asked compares this. It stays the same
    while keys are added.
    """
    return _encoded(value, what, lambda given: _each_secret(given, lambda secret, _: {MARK: _digest(secret)}))[0]


def _encoded(value: Any, what: str, by: Callable[[Any], Any]) -> tuple[str, bool]:
    """JSON text of a value, or of `by(value)` where it has secrets; and whether it has."""
    try:
        text = encode(value, what)
    except BadValue:
        given = _marked(value, what)
        if given is None:
            raise
    else:
        try:
            given = marked(value, what) if MARK in text else None
        except RecursionError:
            raise BadValue(f"{what} can not be stored: it is nested too deeply to look for secrets in it") from None
        if given is None:
            return text, False
    return encode(by(given), what), True


def _marked(value: Any, what: str) -> Any | None:
    try:
        return marked(value, what)
    except InvalidInput:
        raise
    except RecursionError:
        return None
    except (TypeError, ValueError):  # it can not be stored for another reason, which must be the one that is told
        return _each_secret(value, lambda *_: HIDDEN)


def sealed(value: Any, owner: Owner, what: str) -> Any:
    """A plain value with Secret objects, with an envelope or a reference in the place of each."""
    return _each_secret(value, lambda secret, path: seal(secret, owner, path, what))


def seal(secret: Secret, owner: Owner, path: Path, what: str, shown: str | None = None) -> dict[str, Any]:
    """The stored form of one secret. shown: how it is shown, if not as ***."""
    if secret.variable is not None:
        return {MARK: {"env": secret.variable}}
    text = secret.reveal()
    if text == HIDDEN or ":***@" in text:
        raise InvalidInput(
            f"{what}: {shown_path(path)!r} is {HIDDEN}, which is how a secret is shown. Give its value anew."
        )
    cipher = _ciphers()
    identity, key = keyring(create=True).newest
    nonce = secrets.token_bytes(NONCE)
    envelope = {
        "sealed": base64.b64encode(nonce + cipher(key).encrypt(nonce, text.encode(), _bound(owner, path))).decode(),
        "key": identity,
    }
    return {MARK: envelope if shown is None else {**envelope, "shown": shown}}


def opened(text: str, owner: Owner) -> Any:
    """The value of stored JSON text, with a Secret for each envelope and reference. Raises SecretUnavailable."""
    value = decode(text)
    return opened_value(value, owner) if MARK in text else value


def opened_value(value: Any, owner: Owner, path: Path = ()) -> Any:
    """See opened. path: where the value is inside what belongs to the owner."""
    return replaced(value, lambda form, at: open_form(form, owner, at), path)


def open_form(form: Any, owner: Owner, path: Path) -> Secret:
    """The secret of a stored form. Raises SecretUnavailable."""
    if isinstance(form, dict) and form.keys() == {"env"}:
        return Secret.env(form["env"])
    if not isinstance(form, dict) or not {"sealed", "key"} <= form.keys():
        raise SecretUnavailable(f"What is stored as {shown_path(path)!r} of {owner.kind} {owner.id} is no secret.")
    cipher = _ciphers()
    key = keyring().key(str(form["key"]))
    try:
        content = base64.b64decode(form["sealed"], validate=True)
        return Secret(cipher(key).decrypt(content[:NONCE], content[NONCE:], _bound(owner, path)).decode())
    except Exception as problem:  # the package has a class of its own for a wrong tag, base64 and UTF-8 theirs
        raise SecretUnavailable(
            f"The secret {shown_path(path)!r} of {owner.kind} {owner.id} does not open: it was changed, or copied from "
            "elsewhere. Give it anew."
        ) from problem


def moved(text: str, old: Owner, new: Owner, what: str) -> str:
    """Stored JSON text of one owner, sealed for another. Raises SecretUnavailable."""
    return encode(sealed(opened(text, old), new, what), what) if MARK in text else text


def with_shown(value: Any, before: Callable[[], Any], what: str) -> Any:
    """A value that was given, as plain values with Secret objects; one that is given as secrets are shown is what
    `before` has in that place. before: returns a plain value with Secret objects. Raises BadValue, InvalidInput, and
    what before raises.
    """

    def meant(secret: Secret, path: Path) -> Secret:
        if secret.variable is not None or secret.reveal() != HIDDEN:
            return secret
        found = _at(before(), path)
        return found if isinstance(found, Secret) else secret

    return _each_secret(plain(value, what), meant)


def _at(value: Any, path: Path) -> Any:
    for part in path:
        if not isinstance(value, dict | list):
            return None
        value = dict(enumerate(value) if isinstance(value, list) else value).get(part)
    return value


def texts_in(value: Any) -> list[str]:
    """The texts of all secrets in a plain value with Secret objects; a reference that leads nowhere has none."""
    found: list[str] = []

    def reveal(secret: Secret, _: Path) -> None:
        with suppress(SecretUnavailable):
            found.append(secret.reveal())

    _each_secret(value, reveal)
    return found


def keys_in_use(database: Database) -> set[str]:
    """The ids of the keys that open what sessions and open jobs keep sealed."""
    found: set[str] = set()
    for (text,) in database.read("sealed_in_use", tenant=TENANT, limit=MOST_LOOKED_AT):
        _add_keys(decode(text), found)
    return found


def _add_keys(value: Any, found: set[str]) -> None:
    if isinstance(value, dict) and isinstance(form := value.get(MARK), dict) and "key" in form:
        found.add(str(form["key"]))
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            _add_keys(member, found)


def key_texts() -> list[str]:
    """What of the environment gives the keys away, for whoever keeps what a program prints."""
    return os.environ.get(VARIABLE, "").split()


def digest(text: str) -> str:
    """The same for the same text, telling nothing of it, also while keys are added. Raises SecretUnavailable."""
    return hmac.new(keyring(create=True).oldest, text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def _digest(secret: Secret) -> Any:
    return {"env": secret.variable} if secret.variable is not None else digest(secret.reveal())


def _each_secret(value: Any, by: Callable[[Secret, Path], object], path: Path = ()) -> Any:
    """A copy of a plain value in which `by(secret, path)` stands for each Secret."""
    if isinstance(value, Secret):
        return by(value, path)
    if isinstance(value, dict):
        return {name: _each_secret(member, by, (*path, str(name))) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_each_secret(member, by, (*path, index)) for index, member in enumerate(value)]
    return value


def _bound(owner: Owner, path: Path) -> bytes:
    return msgspec.json.encode(["headway secret", TENANT, owner.kind, owner.id, list(path)])


@functools.cache
def _ciphers() -> Any:
    """AES in GCM mode, from the package that not everybody has."""
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError as missing:
        raise NotSupported(
            f"{missing}. To keep secrets needs a package: pip install 'headway[secrets]'. Without it, "
            'headway.Secret.env("NAME") refers to an environment variable of the worker.'
        ) from missing
    return AESGCM
