"""Planted in a worker: it claims jobs that run already. What this breaks, the checks must see."""

from __future__ import annotations

from headway.store import sql

_source = sql._source


def _claims_what_runs(name: str, dialect: str) -> str:
    text = _source(name, dialect)
    return text.replace("= 'pending'", "IN ('pending', 'running')") if name == "claim" else text


sql._source = _claims_what_runs
sql.statement.cache_clear()
