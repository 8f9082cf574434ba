"""axe-core in a page: what keeps people out of it."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.faults.child import ROOT

_SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """
async () => (await axe.run(document, { resultTypes: ["violations"], runOnly: %s })).violations
"""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_GRAVE = ("serious", "critical")


def axe(page: Page, *, rules: list[str] = _RULES) -> list[str]:
    """The serious and critical findings in what the page shows, a line for each place."""
    # Evaluated, not added as an element: the page's security policy permits no scripts of others.
    page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(_RUN % rules)
    return [line for one in found if one["impact"] in _GRAVE for line in _lines(one)]


def _lines(finding: dict[str, Any]) -> list[str]:
    return [f"{finding['id']} ({finding['impact']}): {node['html'][:160]} {_why(node)}" for node in finding["nodes"]]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(one["message"] for one in (*node["any"], *node["all"], *node["none"]))


@cache
def _source() -> str:
    return _SOURCE.read_text()
