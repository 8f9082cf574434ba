"""Reads which modules a source file imports, and whether at once or late."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src"


class Import(NamedTuple):
    """One import. Late: inside a function, or for the type checker only."""

    file: str
    line: int
    module: str
    late: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def sources() -> Iterator[tuple[str, str]]:
    """Path inside the package and text of every file of the package."""
    package = SOURCE / "headway"
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package).as_posix(), path.read_text()


def imports(file: str, text: str) -> list[Import]:
    """Every import of a source file; `from a import b` counts as a.b, since b may be a module."""
    return [Import(file, line, module, late) for line, module, late in _walk(ast.parse(text), late=False)]


def _walk(node: ast.AST, *, late: bool) -> Iterator[tuple[int, str, bool]]:
    if isinstance(node, ast.Import):
        yield from ((node.lineno, name.name, late) for name in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from ((node.lineno, f"{node.module}.{name.name}", late) for name in node.names)
    late = late or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or _for_types(node)
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, late=late)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
