"""By what a listing is read. SQLite does not know how many jobs share a value, so it is told which index to go along.

A page in the order of ids goes along its first label, else along whatever filter leads to few jobs. Filters that many
jobs may share lead only where few do: else the state, or the time, leads to what is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headway.store import keeping
from headway.store.contract import Database

Way = Mapping[str, Any]
"""Filters as parameters of a page of jobs; a job that fits any of several ways is listed."""

FEW = 2000
"""Jobs that are read and sorted without anybody noticing."""
WIDE = ("type", "session", "category", "owner", "label0", "value0")
"""Filters that any number of jobs may share."""
NARROW = {"ids", "parent", "root", "restarted_from", "context_id"}
"""Filters that lead to few jobs."""


class Lead:
    """What leads the pages of one listing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._few: dict[tuple[tuple[str, Any], ...], bool] = {}

    def of(self, filters: Way) -> Way:
        """The filters of a page, with what it is read along."""
        if not NARROW.isdisjoint(filters):
            return _with_label(filters, leads=False)
        if "errors" in filters and "label0" not in filters:
            return {**filters, "led_by_error": True}
        lead = _lead(filters)
        if lead is None or self._is_few(filters):
            return _with_label(filters, leads="by_end" not in filters and "by_start" not in filters)
        return {**_with_label(filters, leads=False), lead: True}

    def _is_few(self, filters: Way) -> bool:
        """Whether few jobs have the values that are asked for, whatever their state."""
        wide = {name: filters[name] for name in WIDE if name in filters}
        if not wide:
            return False
        place = tuple(wide.items())
        if place not in self._few:
            asked = _with_label(wide, leads=True)
            self._few[place] = sum(keeping.numbers_of(self._database, asked, FEW).values()) < FEW
        return self._few[place]


def _lead(filters: Way) -> str | None:
    """What leads to the jobs of a page where its other filters do not; None where nothing does but the order."""
    if "by_end" in filters:
        return "led_by_ended"
    if "by_start" in filters:
        return "led_by_started"
    if filters.get("state", "completed") != "completed":
        return "led_by_state"
    if "active" in filters:
        return "led_by_open"
    return "led_by_unstarted" if "unstarted" in filters else None


def _with_label(filters: Way, leads: bool) -> Way:
    """The first label is what the page is read along, or it is looked up like the others."""
    if "label0" not in filters:
        return filters
    if leads:
        order = "label_oldest" if "oldest" in filters else "label_newest"
        rest = {name: value for name, value in filters.items() if name != "oldest"}
        return {**rest, "by_label": True, "ordered": True, order: True}
    rest = {name: value for name, value in filters.items() if name not in ("label0", "value0")}
    return {**rest, "label4": filters["label0"], "value4": filters["value0"]}
