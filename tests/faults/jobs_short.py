"""Short jobs: each tells a side file, once, that it was run."""

from __future__ import annotations

import os

import headway
from tests.faults.side import note

SIDE = "HEADWAY_TEST_SIDE"
"""The environment variable that names the side file; without one nothing is told."""


@headway.job("faults.short")
def short(ctx: headway.Context, n: int) -> int:
    """Done at once."""
    if SIDE in os.environ:
        note(os.environ[SIDE], "ran", n)
    return n
