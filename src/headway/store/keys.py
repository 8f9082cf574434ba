"""The keys that seal secrets: where they are looked for, read, and made at first use. Never in the database."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
import shlex
import stat
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from headway.errors import SecretUnavailable

VARIABLE, FILE_VARIABLE = "HEADWAY_KEY", "HEADWAY_KEY_FILE"
LENGTH = 32
"""Bytes of a key, for AES-256."""
_MAKES = f"head -c {LENGTH} /dev/urandom | base64"
"""What prints a new key in a shell."""


class Keyring(NamedTuple):
    """Keys by their ids, oldest first: the newest one seals, all of them open. place: where they came from."""

    place: str
    keys: dict[str, bytes]

    @property
    def newest(self) -> tuple[str, bytes]:
        """The id and the key that seals."""
        return next(reversed(self.keys.items()))

    @property
    def oldest(self) -> bytes:
        """The key that stays the longest the same while others are added."""
        return next(iter(self.keys.values()))

    def key(self, identity: str) -> bytes:
        """The key with that id. Raises SecretUnavailable."""
        found = self.keys.get(identity)
        if found is None:
            known = ", ".join(self.keys) or "none"
            raise SecretUnavailable(
                f"A secret was sealed with the key {identity!r:.60}, which is not here: {self.place} has {known}. "
                f"Add that key, from the place where the secret was given, to {self.place}; keys are looked for in "
                f"${VARIABLE}, else in the file ${FILE_VARIABLE}, else in {_shown_default()}."
            )
        return found


def keyring(create: bool = False) -> Keyring:
    """The keys of this user. create: makes the user's key file where there is none. Raises SecretUnavailable."""
    given = os.environ.get(VARIABLE)
    if given:
        return _parsed(f"${VARIABLE}", given)
    named = os.environ.get(FILE_VARIABLE)
    path = Path(named) if named else default_file()
    try:
        found = path.stat()
    except OSError as problem:
        if named or not isinstance(problem, FileNotFoundError):
            raise _unreadable(path, problem) from None
        if not create:
            return Keyring(str(path), {})
        _make(path)
        found = path.stat()
    if not named and stat.S_IMODE(found.st_mode) & 0o077:
        raise SecretUnavailable(f"Others may read the keys in {path}, so they are not used: chmod 600 {path}")
    return _read(path, found.st_ino, found.st_size, found.st_mtime_ns)


def default_file() -> Path:
    """The user's own key file: $XDG_CONFIG_HOME/headway/keys. Raises SecretUnavailable where there is no home."""
    configured = os.environ.get("XDG_CONFIG_HOME")
    try:
        return (Path(configured) if configured else Path.home() / ".config") / "headway" / "keys"
    except RuntimeError:
        raise SecretUnavailable(
            f"Secrets need a key, and this user has no home to keep one in. Set ${VARIABLE} or ${FILE_VARIABLE}."
        ) from None


def key_id(key: bytes) -> str:
    """The id of a key, which tells nothing of it."""
    return hashlib.sha256(b"headway key id" + key).hexdigest()[:8]


@lru_cache(maxsize=8)
def _read(path: Path, *_seen: int) -> Keyring:
    """Reads a key file once for each state that it is seen in."""
    try:
        return _parsed(str(path), path.read_text())
    except (OSError, UnicodeDecodeError) as problem:
        raise _unreadable(path, problem) from None


@lru_cache(maxsize=8)
def _parsed(place: str, text: str) -> Keyring:
    """Keys of text: base64, separated by spaces or lines; from # to the end of a line is a remark."""
    words = [word for line in text.splitlines() for word in line.partition("#")[0].split()]
    keys = [_decoded(word, place) for word in words]
    if not keys:
        raise SecretUnavailable(f"{place} holds no key; expected base64 of {LENGTH} random bytes.")
    return Keyring(place, {key_id(key): key for key in keys})


def _decoded(word: str, place: str) -> bytes:
    try:
        key = base64.b64decode(word.translate(_FROM_URL), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != LENGTH:
        raise SecretUnavailable(
            f"{place} holds something that is no key: expected base64 of {LENGTH} random bytes, as "
            f"`{_MAKES}` prints it; several keys on lines of their own, the newest last."
        )
    return key


def _make(path: Path) -> None:
    """A key file with a first key, whole from the first moment; the one of another process that was faster stays."""
    written = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(LENGTH)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(written, path)
        except FileExistsError:
            pass
        finally:
            written.unlink()
    except OSError as problem:
        raise SecretUnavailable(
            f"A key for secrets can not be kept in {path}: {problem.strerror}. Set ${VARIABLE} or ${FILE_VARIABLE}."
        ) from None


def _unreadable(path: Path, problem: Exception) -> SecretUnavailable:
    said = problem.strerror if isinstance(problem, OSError) else "it is no text"
    mend = f"Correct the file, or ${FILE_VARIABLE}."
    if isinstance(problem, FileNotFoundError):
        folder = "" if path.parent.is_dir() else f"mkdir -p {shlex.quote(str(path.parent))}; "
        made = f"(umask 077; {folder}{_MAKES} > {shlex.quote(str(path))})"
        mend = f"Correct ${FILE_VARIABLE}, or make a new key there: {made}"
    return SecretUnavailable(f"The keys in {path} can not be read: {said}. {mend}")


def _shown_default() -> str:
    try:
        return str(default_file())
    except SecretUnavailable:
        return "the user's own file"


_FROM_URL = str.maketrans("-_", "+/")
