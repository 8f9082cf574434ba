"""From an address to a Place: a folder, or `sftp://user@host:port/folder?...` with its key and host key.

Passwords are never in an address: `password_env` and `passphrase_env` name environment variables of the
process that connects. The host's key must be known beforehand, from a known_hosts file or as a
fingerprint; an unknown one is refused.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from examples.site_mover.local import LocalPlace
from examples.site_mover.places import Place

_OPTIONS = frozenset({"key", "password_env", "passphrase_env", "known_hosts", "host_key"})


def place(address: str | Path, password: str | None = None) -> Place:
    """The place at this address, connected. Raises ValueError for an address that cannot be used, PlaceLost.

    "/folder", or "sftp://user@host:22/folder?key=FILE&known_hosts=FILE" with any of: key (a private key
    file), passphrase_env, password_env (names of environment variables), and known_hosts (a file) or
    host_key ("SHA256:...", more than once if the host has several). "/~/folder" is relative to the account's
    own folder. Without key and password the SSH agent and the user's own keys are tried.
    """
    text = str(address)
    if "://" not in text:
        return LocalPlace(text)
    from examples.site_mover.sftp import SftpPlace  # late: folders need no paramiko
    from examples.site_mover.ssh import connected

    server = Server.parse(text)
    return SftpPlace(server.url, server.root, lambda: connected(server, password))


def checked(address: str) -> str:
    """The address, unless it is one that cannot be used. Raises ValueError."""
    if "://" in address:
        Server.parse(address)
    return address


@dataclass(frozen=True, slots=True)
class Server:
    """What an sftp:// address says."""

    host: str
    port: int
    user: str | None
    root: str
    options: Mapping[str, tuple[str, ...]]

    @classmethod
    def parse(cls, address: str) -> Server:
        parts = urlsplit(address)
        if parts.scheme != "sftp" or not parts.hostname:
            raise ValueError("a place is a folder or sftp://user@host/folder; this address is neither")
        if parts.password is not None:
            raise ValueError("an address must not hold a password: use password_env=NAME_OF_A_VARIABLE, or a key")
        options = _query(parts.query)
        if not {"known_hosts", "host_key"} & options.keys():
            raise ValueError(
                f"whether {parts.hostname} is the right host cannot be checked:"
                " add known_hosts=FILE or host_key=SHA256:... to the address"
            )
        root = unquote(parts.path, errors="surrogateescape") or "/"
        if root.startswith("/~/"):
            root = root.removeprefix("/~/") or "."
        return cls(parts.hostname, parts.port or 22, unquote(parts.username or "") or None, root, options)

    @property
    def url(self) -> str:
        return f"sftp://{self.user + '@' if self.user else ''}{self.host}:{self.port}{self.root}"

    def variable(self, option: str) -> str | None:
        """The value of the environment variable that an option names. Raises ValueError where it is not set."""
        for name in self.options.get(option, ()):
            if name not in os.environ:
                raise ValueError(f"{option} names {name}, which is not set in this process's environment")
            return os.environ[name]
        return None


def _query(query: str) -> dict[str, tuple[str, ...]]:
    options: dict[str, tuple[str, ...]] = {}
    for pair in filter(None, query.split("&")):
        # Not parse_qs: it reads "+" as a space, and fingerprints hold plus signs.
        name, _, value = pair.partition("=")
        if name not in _OPTIONS:
            raise ValueError(f"an sftp address has no option {name!r}; it has {', '.join(sorted(_OPTIONS))}")
        options[name] = (*options.get(name, ()), unquote(value))
    return options
