"""What the fault tests share: both databases, and faults by dice whose seed repeats them."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return str(tmp_path / "jobs.db")


@pytest.fixture
def dice() -> random.Random:
    """Random faults; a failed test prints the seed that repeats its choices."""
    seed = int(os.environ.get("HEADWAY_SEED") or random.randrange(1 << 32))
    print(f"seed {seed}: repeat with HEADWAY_SEED={seed}")
    return random.Random(seed)
