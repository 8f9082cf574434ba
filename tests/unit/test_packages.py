"""The packages of the web pages: the same everywhere."""

from __future__ import annotations

import json
import runpy

from tests.support.imports import SOURCE

ROOT = SOURCE.parent


def test_the_lock_file_is_whole() -> None:
    """`npm ci` refuses a lock file without the packages of other platforms: scripts/complete-lock enters them."""
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert runpy.run_path(str(ROOT / "scripts" / "complete-lock"))["missing"](lock["packages"]) == {}


def test_the_lock_file_names_no_registry() -> None:
    """Whoever installs takes packages from the registry of their own settings, and gets what was locked."""
    assert '"resolved": "http' not in (ROOT / "package-lock.json").read_text()
