"""What users install: the built wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import pytest

from tests.support.imports import SOURCE


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=SOURCE.parent, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.Path(built)


def test_every_statement_and_migration_is_in_the_wheel(wheel: zipfile.Path) -> None:
    """SQL files and the mark of the types travel with the code."""
    wanted = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.sql")} | {"headway/py.typed"}
    assert wanted <= set(wheel.root.namelist())


def test_the_core_needs_three_packages(wheel: zipfile.Path) -> None:
    """Without an extra, Headway installs apsw, msgspec and cronsim and nothing else."""
    (metadata,) = (path for path in wheel.root.namelist() if path.endswith("/METADATA"))
    lines = wheel.root.read(metadata).decode().splitlines()
    needs = [line.split()[1] for line in lines if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert {need.partition(">=")[0] for need in needs} == {"apsw", "msgspec", "cronsim"}
