"""What users install: the built wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.support.imports import SOURCE

PAGES = "headway/server/static"
BUILD = [sys.executable, "-m", "hatchling", "build", "-t"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*BUILD, "wheel", "-d", str(folder)], cwd=SOURCE.parent, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return zipfile.Path(built)


@pytest.fixture
def unbuilt(tmp_path: Path) -> Path:
    """Sources in which the pages were not built."""
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(SOURCE.parent / name, tmp_path)
    (tmp_path / "src" / "headway").mkdir(parents=True)
    shutil.copy(SOURCE / "headway" / "__init__.py", tmp_path / "src" / "headway")
    return tmp_path


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


def test_the_pages_are_in_the_wheel(wheel: zipfile.Path) -> None:
    """What is installed shows the web pages without Node: the page, its scripts and its styles, all that were built."""
    built = {path.relative_to(SOURCE).as_posix() for path in (SOURCE / PAGES).rglob("*") if path.is_file()}
    packed = {name for name in wheel.root.namelist() if name.startswith(PAGES) and not name.endswith("/")}
    assert packed == built
    assert f"{PAGES}/index.html" in packed
    assert {".js", ".css"} <= {Path(name).suffix for name in packed}


def test_the_demo_is_in_the_wheel(wheel: zipfile.Path, tmp_path: Path) -> None:
    """What is installed plays its demo: the jobs that it shows are packed, and need no package beside the extras."""
    with zipfile.ZipFile(str(wheel.root.filename)) as packed:
        packed.extractall(tmp_path)  # noqa: S202 - made here
    program = (
        "import sys; sys.modules['paramiko'] = None; sys.path.insert(0, sys.argv[1]); import headway; "
        "from headway.cli import examples; found = examples.load('examples.demo.stage'); "
        "assert found.__file__.startswith(sys.argv[1]) and headway.__file__.startswith(sys.argv[1]); "
        "assert not found.ROOT.samefile(sys.argv[1]) and (found.ROOT / 'examples').is_dir()"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=tmp_path, check=True, env={})


def test_the_pages_are_in_the_source_archive(tmp_path: Path) -> None:
    """Who builds from the source archive needs no Node either."""
    subprocess.run([*BUILD, "sdist", "-d", str(tmp_path)], cwd=SOURCE.parent, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(built) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    assert f"src/{PAGES}/index.html" in names
    assert "hatch_build.py" in names


def test_a_wheel_without_pages_is_not_built(unbuilt: Path) -> None:
    """Without pages, and without npm to build them, the build ends in one line that says so."""
    done = subprocess.run([*BUILD, "wheel"], cwd=unbuilt, capture_output=True, text=True, env={"PATH": ""}, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("headway: the web pages are not built, and there is no npm")
    assert not (unbuilt / "dist").exists() or not list((unbuilt / "dist").iterdir())


def test_an_editable_install_needs_no_pages(unbuilt: Path) -> None:
    """Developers install before they build: the server says how, as long as there are no pages."""
    program = "import hatchling.build, sys; hatchling.build.build_editable(sys.argv[1])"
    subprocess.run([sys.executable, "-c", program, "."], cwd=unbuilt, check=True, capture_output=True, env={"PATH": ""})
    assert len(list(unbuilt.glob("*.whl"))) == 1
