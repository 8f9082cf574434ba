"""The query language of lists: `state:failed type:site.transfer label:site=a words`."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

import click

FIELDS = {
    "state": "state", "status": "state", "type": "type", "session": "session", "category": "category",
    "context": "context_id", "label": "labels", "is": "active", "text": "text",
}  # fmt: skip


def parsed(words: Sequence[str]) -> dict[str, Any]:
    """The words of a query as filters of Headway.jobs. Raises UsageError, naming the word that is wrong."""
    filters: dict[str, Any] = {}
    texts = []
    for word in words:
        name, colon, value = word.partition(":")
        if not colon:
            texts.append(word)
        elif name not in FIELDS or not value:
            raise click.UsageError(_wrong(word, name))
        else:
            _add(filters, texts, word, name, value)
    if texts:
        filters["text"] = " ".join(texts)
    return filters


def _add(filters: dict[str, Any], texts: list[str], word: str, name: str, value: str) -> None:
    field = FIELDS[name]
    if field == "state":
        filters["state"] = [*filters.get("state", []), *value.split(",")]
    elif field == "labels":
        label, equals, wanted = value.partition("=")
        if not equals:
            raise click.UsageError(f"{word!r}: expected label:NAME=VALUE.")
        filters["labels"] = _and(filters.get("labels", {}), label, wanted)
    elif field == "active":
        if value not in ("active", "ended"):
            raise click.UsageError(f"{word!r}: expected is:active or is:ended.")
        filters["active"] = value == "active"
    elif field == "text":
        texts.append(value)
    else:
        filters[field] = value


def _and(labels: dict[str, list[str]], label: str, wanted: str) -> dict[str, list[str]]:
    """Two names: both; the same name again: any of its values."""
    return {**labels, label: [*labels.get(label, []), wanted]}


def _wrong(word: str, name: str) -> str:
    near = difflib.get_close_matches(name, FIELDS, n=1)
    hint = f" Did you mean {near[0]}:?" if near and near[0] != name else ""
    return (
        f"The word {word[:60]!r} of the query is not understood.{hint} Fields: {', '.join(FIELDS)}, each followed by a "
        "colon and a value; text:... finds a text with a colon in it."
    )
