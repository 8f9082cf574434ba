"""JSON for programs: one document, or one a line, with the number of its form."""

from __future__ import annotations

import re
import sys
from typing import Any

import msgspec

SCHEMA = 1

_UNSEEN = re.compile("[\x7f-\x9f]")


def emit(document: dict[str, Any]) -> None:
    """Writes a document to standard output, as one line."""
    text = msgspec.json.encode({"schema": SCHEMA, **document}).decode()
    # JSON leaves these controls as they are, and a terminal may obey them.
    escaped = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    sys.stdout.write(escaped + "\n")
    sys.stdout.flush()


def emit_error(code: str, message: str) -> None:
    """Writes what went wrong."""
    emit({"error": {"code": code, "message": message}})
