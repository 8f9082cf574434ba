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

import paramiko

from examples.site_mover.local import LocalPlace
from examples.site_mover.places import Place
from examples.site_mover.sftp import SftpPlace

_OPTIONS = frozenset({"key", "password_env", "passphrase_env", "known_hosts", "host_key"})
_CONNECT_S = 20.0


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
    server = Server.parse(text)
    return SftpPlace(server.url, server.root, lambda: server.connect(password))


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

    def connect(self, password: str | None) -> paramiko.SSHClient:
        """An authenticated connection. Raises SSHException if the host key or the credentials are refused."""
        client = paramiko.SSHClient()
        for file in self.options.get("known_hosts", ()):
            client.load_host_keys(file)
        client.set_missing_host_key_policy(_Pinned(self.options.get("host_key", ())))
        password = password if password is not None else self._variable("password_env")
        key = next(iter(self.options.get("key", ())), None)
        own = key is None and password is None
        try:
            client.connect(
                self.host,
                self.port,
                self.user,
                password=password,
                key_filename=key,
                passphrase=self._variable("passphrase_env"),
                allow_agent=own,
                look_for_keys=own,
                timeout=_CONNECT_S,
                banner_timeout=_CONNECT_S,
                auth_timeout=_CONNECT_S,
            )
        except BaseException:
            client.close()
            raise
        return client

    def _variable(self, option: str) -> str | None:
        for name in self.options.get(option, ()):
            if name not in os.environ:
                raise ValueError(f"{option} names {name}, which is not set in this process's environment")
            return os.environ[name]
        return None


class _Pinned(paramiko.MissingHostKeyPolicy):
    """Accepts a host that known_hosts does not have only if its key is one of these fingerprints."""

    def __init__(self, fingerprints: tuple[str, ...]) -> None:
        self._fingerprints = fingerprints

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        if key.fingerprint.rstrip("=") not in self._fingerprints:
            raise paramiko.SSHException(
                f"{hostname} shows the host key {key.fingerprint}, which is neither in known_hosts"
                " nor the host_key of the address; ask its operator before you trust it"
            )


def _query(query: str) -> dict[str, tuple[str, ...]]:
    options: dict[str, tuple[str, ...]] = {}
    for pair in filter(None, query.split("&")):
        # Not parse_qs: it reads "+" as a space, and fingerprints hold plus signs.
        name, _, value = pair.partition("=")
        if name not in _OPTIONS:
            raise ValueError(f"an sftp address has no option {name!r}; it has {', '.join(sorted(_OPTIONS))}")
        options[name] = (*options.get(name, ()), unquote(value))
    return options
