"""docs/older.md: its code runs, and its paths are served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from headway.server.app import OPERATIONS

TEXT = (Path(__file__).parents[2] / "docs" / "older.md").read_text()
CODE = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("code", CODE)
def test_its_code_runs(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example can be typed as it stands."""
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "docs/older.md", "exec"), {})  # noqa: S102 - our own documents


def test_its_paths_are_served() -> None:
    """Every GET, POST and DELETE that it names is one of an operation."""
    served = {f"{one.method} {re.sub(r'{[^}]*}', '{}', one.address)}" for one in OPERATIONS}
    named = re.findall(r"`((?:GET|POST|DELETE) /api/[^`]*)`", TEXT)
    assert [name for name in named if re.sub(r"{[^}]*}", "{}", name) not in served] == []
    assert len(named) > 10
