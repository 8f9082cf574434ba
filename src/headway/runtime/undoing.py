"""Undos as a job records them: each once, by its type and input."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from headway.errors import InvalidInput
from headway.model.value import decode
from headway.runtime.registry import REGISTRY, type_name
from headway.store import claiming, undos
from headway.store.contract import Database
from headway.tracker.submission import a_type, compared_input, stored_input


def undo_row(
    database: Database, job: str, type: str | Callable[..., Any], input: Mapping[str, Any] | None, step: str | None
) -> dict[str, Any]:
    """An undo as a report takes it. Raises InvalidInput and Unstorable: what could never run is refused now.

    A type that this process does not have is taken where another worker had it: that one may do the rollback.
    """
    name = a_type(type_name(type))
    key, known = _key(name, compared_input(input)), REGISTRY.find(name)
    if known is None:
        _refuse_unheard_of(name, claiming.types_known(database))
    text = stored_input(input, undos.owner(job, key), known.arguments if known else None)
    return {
        "key": key, "type": name, "input": text, "step": step, "state": "recorded", "recorded_at": database.now(),
    }  # fmt: skip


def _refuse_unheard_of(name: str, announced: Sequence[str]) -> None:
    """Raises InvalidInput for a type that nobody has or had: its rollback would wait for ever."""
    if name in announced:
        return
    near = difflib.get_close_matches(name, {*announced, *REGISTRY.names()}, n=3)
    raise InvalidInput(
        f"No function is registered as {name!r} here, and no worker has been known to have it: nobody could undo. "
        + (f"Near: {', '.join(near)}." if near else "Import the module that registers it, or start a worker with it.")
    )


def _key(name: str, text: str) -> str:
    """The same for the same type and input, whatever the order of the input's names."""
    return hashlib.sha256(msgspec.json.encode([name, decode(text)], order="sorted")).hexdigest()
