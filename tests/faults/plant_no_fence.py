"""Planted in a worker: its statements do not test which attempt writes. What this breaks, the checks must see."""

from __future__ import annotations

import tests.faults.plant_deaf  # noqa: F401 - else it hears that it is lost before it writes
from headway.store import sql

_source = sql._source


def _without_fence(name: str, dialect: str) -> str:
    text = _source(name, dialect)
    if name not in ("report", "move"):
        return text
    fences = {"jobs.attempt = r.attempt": "TRUE", "jobs.serial < r.serial": "TRUE"}
    answers = {"RETURNING jobs.id, jobs.attempt": "RETURNING jobs.id, 1"}  # its own attempt
    for right, wrong in (fences | answers).items():
        text = text.replace(right, wrong)
    return text


sql._source = _without_fence
sql.statement.cache_clear()
