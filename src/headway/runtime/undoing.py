"""Undos as a job records them: each once, by its type and input."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from headway.model.value import decode
from headway.runtime.registry import REGISTRY, type_name
from headway.store import undos
from headway.tracker.submission import a_type, compared_input, stored_input


def undo_row(
    job: str, type: str | Callable[..., Any], input: Mapping[str, Any] | None, step: str | None, now: float
) -> dict[str, Any]:
    """An undo as a report takes it. Raises InvalidInput and Unstorable: what could never run is refused now.

    A type that this process does not have is taken: a worker that has it may be another one.
    """
    name = a_type(type_name(type))
    key, known = _key(name, compared_input(input)), REGISTRY.find(name)
    text = stored_input(input, undos.owner(job, key), known.arguments if known else None)
    return {
        "key": key, "type": name, "input": text, "step": step, "state": "recorded", "recorded_at": now,
    }  # fmt: skip


def _key(name: str, text: str) -> str:
    """The same for the same type and input, whatever the order of the input's names."""
    return hashlib.sha256(msgspec.json.encode([name, decode(text)], order="sorted")).hexdigest()
