"""The id of a request: in its answer, in problem documents and in the log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, MutableMapping
from typing import Any

HEADER = "X-Request-ID"
_USABLE = re.compile(r"[A-Za-z0-9._-]{1,128}")


def give(scope: MutableMapping[str, Any], sent: str | None) -> str:
    """Gives a request its id: the one that the caller sent, where it is a plain word."""
    found = sent if sent and _USABLE.fullmatch(sent) else secrets.token_hex(8)
    scope.setdefault("state", {})["headway_request_id"] = found
    return found


def of(scope: Mapping[str, Any]) -> str:
    """The id of a request."""
    return str(scope.get("state", {}).get("headway_request_id", "none"))
