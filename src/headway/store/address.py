"""The address of a database server as it may be shown."""

from __future__ import annotations

import re
from urllib.parse import unquote

SECRET = frozenset({"password", "sslpassword", "passfile"})
"""Parameters of libpq that are secrets, or lead to them."""


def is_postgres(url: str) -> bool:
    """Whether it is the address of a PostgreSQL server."""
    return url.startswith(("postgresql://", "postgres://"))


def without_password(url: str) -> str:
    """The address without its password, also where it is no right address: all before the last @ may be one."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    cut = len(authority) if "@" in authority or ":" not in authority else len(rest)
    credentials, at, host = rest[:cut].rpartition("@")
    place, mark, query = (host + rest[cut:]).partition("?")
    kept = [part for part in query.split("&") if unquote(part.partition("=")[0]).strip().lower() not in SECRET]
    shown = f"{scheme}://{credentials.partition(':')[0]}{at}{place}"
    return shown + mark + "&".join(kept) if any(kept) else shown
