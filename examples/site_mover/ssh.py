"""The connection to a server: authenticated, and only to the host that the address means."""

from __future__ import annotations

import paramiko

from examples.site_mover.connect import Server

_CONNECT_S = 20.0


def connected(server: Server, password: str | None) -> paramiko.SSHClient:
    """An authenticated connection. Raises SSHException if the host key or the credentials are refused."""
    client = paramiko.SSHClient()
    for file in server.options.get("known_hosts", ()):
        client.load_host_keys(file)
    client.set_missing_host_key_policy(_Pinned(server.options.get("host_key", ())))
    password = password if password is not None else server.variable("password_env")
    key = next(iter(server.options.get("key", ())), None)
    own = key is None and password is None
    try:
        client.connect(
            server.host,
            server.port,
            server.user,
            password=password,
            key_filename=key,
            passphrase=server.variable("passphrase_env"),
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
