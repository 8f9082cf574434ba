"""The page docs/life-of-a-job.md and the table of moves."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_the_table() -> None:
    """The documented life of a job is the one in force: scripts/life-of-a-job writes it anew."""
    written = runpy.run_path(str(ROOT / "scripts" / "life-of-a-job"))["page"]()
    assert (ROOT / "docs" / "life-of-a-job.md").read_text() == written
