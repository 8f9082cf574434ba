"""The lines of the five older systems are accounted for: docs/conformance.md has them all."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

CONFORMANCE: dict[str, Any] = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "conformance"))
COMPLETE = ["S0", "S1", "S2", "S3", "S4"]
"""Families of which every line is accounted for."""


@pytest.mark.parametrize("family", COMPLETE)
def test_every_line_has_a_test_or_a_reason(family: str) -> None:
    """An S or P line that no test names says in reasons.toml why."""
    known = CONFORMANCE["tests"]().keys() | CONFORMANCE["reasons"]().keys()
    asked = [line.id for line in CONFORMANCE["lines"]()[family] if line.is_asked_for]
    assert [line for line in asked if line not in known] == []


def test_only_lines_that_exist_are_named() -> None:
    """A test or a reason that names an unknown line is a slip of the pen."""
    named = CONFORMANCE["tests"]().keys() | CONFORMANCE["reasons"]().keys()
    assert named - {line.id for family in CONFORMANCE["lines"]().values() for line in family} == set()
