"""The layers of the package: imports go down only, and only the clock reads the time."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

import pytest

from tests.support.imports import Import, imports, sources

# What stands on one line may not import each other; a folder may always import itself.
ORDER = [
    {"model"},
    {"errors", "clock"},
    {"secret"},  # it reads the environment, which the model may not
    {"store"},
    {"tracker"},
    {"runtime"},
    {"live"},
    {"checks"},
    {"doors"},  # track and tracked of the user's own database
    {"headway"},  # the public names in __init__.py, for those above
    {"notify", "report", "schedule", "integrations"},
    {"compat"},  # older words for the verbs
    {"server", "testing"},
    {"cli"},
    {"__main__"},
]
RANK = {part: rank for rank, parts in enumerate(ORDER) for part in parts}

# They use the verbs, and nothing uses them.
LEAVES = {"notify", "report", "schedule", "integrations", "testing"}

# Imports that go up, late only. File, the part it may import, reason.
LATE = {
    ("tracker/headway.py", "runtime"): "doors of the class Headway: worker(), track(), tracked()",
    ("tracker/connection.py", "runtime"): "the runner's side of the process, made at first use and closed with it",
}

# The model computes; it neither waits nor reads nor writes. (A lock is neither: ids.py has one.)
IMPURE = {"apsw", "asyncio", "http", "io", "logging", "multiprocessing", "os", "psycopg", "select", "shutil"}
IMPURE |= {"signal", "socket", "sqlite3", "subprocess", "sys", "tempfile", "time", "urllib"}

ALL = [found for file, text in sources() for found in imports(file, text)]


def _part(path: str) -> str:
    """The layer's name of a file or of a module: the first folder or the file below the package."""
    first = PurePosixPath(path).parts[0].removesuffix(".py")
    return "headway" if first == "__init__" else first


def _target(found: Import) -> str | None:
    """The layer that an import reaches, or None outside the package."""
    names = found.module.split(".")
    if names[0] != "headway":
        return None
    return names[1] if len(names) > 1 and names[1] in RANK else "headway"


def goes_wrong(found: Import) -> bool:
    """Whether an import breaks the order of the layers."""
    source, target = _part(found.file), _target(found)
    if target is None or source in ("headway", target):
        return False
    if found.late and (found.file, target) in LATE:
        return False
    return target in LEAVES or RANK[target] >= RANK[source]


def test_every_file_has_a_layer() -> None:
    """A new part of the package is given its place in the order before anything else."""
    assert {_part(file) for file, _ in sources()} <= RANK.keys()


def test_imports_go_down_only() -> None:
    """No file imports a layer above or beside its own, at once or late, but for the listed doors."""
    assert [str(found) for found in ALL if goes_wrong(found)] == []


def test_exemptions_are_needed() -> None:
    """A door that nobody uses any more leaves the list, once its file is there."""
    files = {file for file, _ in sources()}
    used = {(found.file, _target(found)) for found in ALL if found.late}
    assert [door for door in LATE if door[0] in files and door not in used] == []


def test_model_is_pure() -> None:
    """The model imports nothing that waits, reads, writes or tells the time."""
    inside = [found for found in ALL if _part(found.file) == "model"]
    assert [str(found) for found in inside if found.module.split(".")[0] in IMPURE] == []


def test_only_the_clock_reads_the_time() -> None:
    """No module but clock.py imports time or asks datetime for now (rule 12)."""
    wrong = [str(found) for found in ALL if found.module.split(".")[0] == "time" and found.file != "clock.py"]
    assert wrong + [f"{file} asks for {asked}" for file, text in sources() for asked in _asks_for_now(text)] == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("store/sqlite/database.py", "from headway.tracker.lookup import find"),
        ("store/sqlite/database.py", "def f():\n    import headway.cli.main"),
        ("tracker/headway.py", "from headway.runtime.worker import Worker"),
        ("model/job.py", "from headway import errors"),
        ("model/job.py", "from headway import Job"),
        ("cli/ls.py", "from headway.report import text"),
    ],
)
def test_a_wrong_import_is_seen(file: str, text: str) -> None:
    """The check of the layers finds each kind of import that goes up, sideways or to a leaf."""
    assert [goes_wrong(found) for found in imports(file, text)] == [True]


def _asks_for_now(text: str) -> list[str]:
    asked = (ast.unparse(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute))
    return [one for one in asked if one.endswith(("date.today", "datetime.today", "datetime.now", "datetime.utcnow"))]
