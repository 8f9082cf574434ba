"""Pages of docs/ that are written from the code say what the code says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["conformance", "life-of-a-job", "reference"])
def test_a_written_page_is_up_to_date(name: str) -> None:
    """The page is what its script writes today: run scripts/<name> after a change."""
    written = runpy.run_path(str(ROOT / "scripts" / name))["page"]()
    assert (ROOT / "docs" / f"{name}.md").read_text() == written
