"""By which names a server may be called, and pages of which origins may call it, as they are given by people."""

from __future__ import annotations

import re
import urllib.parse

from headway.errors import InvalidInput

ANY = "*"
USUAL_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_ADDRESS = re.compile(r"\[?([0-9a-f.]*:[0-9a-f.:]*:[0-9a-f.:]*(%[a-z0-9_.-]+)?)\]?")
"""An IPv6 address, bare or as it stands in a Host header."""


def host_of(given: str) -> str:
    """A name as the Host header has it, without its port; "*" is any. Raises InvalidInput."""
    name = given.strip().lower()
    address = _ADDRESS.fullmatch(name)
    if address is not None:
        return f"[{address[1]}]"
    if name != ANY and not _NAME.fullmatch(name):
        raise InvalidInput(
            f"{given[:100]!a} is no name of a host: expected one such as jobs.example or 192.0.2.7, without http:// "
            "and without a port; * is any."
        )
    return name


def origin_of(given: str) -> str:
    """An origin as browsers send it: lower case, no slash at its end, no usual port. Raises InvalidInput."""
    text = given.strip().lower().removesuffix("/")
    try:
        parts = urllib.parse.urlsplit(text)
        host, port = host_of(parts.hostname or ""), parts.port
    except (ValueError, InvalidInput):  # such as http://[ or a port that is none
        raise _no_origin(given) from None
    whole = f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")
    if not parts.scheme or host == ANY or text != whole:
        raise _no_origin(given)
    return whole.removesuffix(f":{port}") if USUAL_PORTS.get(parts.scheme) == port else whole


def _no_origin(given: str) -> InvalidInput:
    return InvalidInput(
        f"{given[:100]!a} is no origin: expected scheme and host, with the port where it is not the usual one, and no "
        "path: https://tools.example or http://localhost:9000."
    )
