"""Ports for servers of tests that are ended and started again."""

from __future__ import annotations

import socket
from pathlib import Path
from secrets import randbelow

_LOWEST = 10_100  # browsers call no server at 10080
_HANDED_OUT = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port of this host that nobody has. The system hands it out to nobody, also while its server is away."""
    handed_out = int(_HANDED_OUT.read_text().split()[0]) if _HANDED_OUT.exists() else 1 << 15
    while True:
        port = _LOWEST + randbelow(max(handed_out - _LOWEST, 1000))
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
