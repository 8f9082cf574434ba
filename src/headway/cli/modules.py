"""`--import MODULE|FILE`: the modules that register job types. They are looked up from the current folder too."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import click

from headway.errors import InvalidInput

option = click.option(
    "--import", "-i", "modules", metavar="MODULE|FILE", multiple=True,
    help="A module or file with job types; may be given several times.",
)  # fmt: skip


def load(names: Iterable[str]) -> None:
    """Imports modules by name or by file. Raises InvalidInput where there is none; errors inside pass through."""
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    for name in names:
        if name.endswith(".py") or "/" in name:
            _load_file(Path(name))
        else:
            _load_module(name)


def own_frames(error: BaseException) -> TracebackType | None:
    """The traceback of an error from the module on in which it was raised; the whole one where none was loaded."""
    frame = begin = error.__traceback__
    loading = False
    while frame is not None:
        name = frame.tb_frame.f_code.co_filename
        loading = name == __file__ or (loading and (name == importlib.__file__ or name.startswith("<frozen importlib")))
        frame = frame.tb_next
        begin = frame if loading else begin
    return begin


def _load_module(name: str) -> None:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name is None or not f"{name}.".startswith(f"{missing.name}."):
            raise
        raise InvalidInput(
            f"There is no module {name!r}: {missing}. Looked in {Path.cwd()} and where Python looks; "
            "give a module's name or a file: --import jobs.py"
        ) from missing


def _load_file(path: Path) -> None:
    """As its dotted name below the current folder where it has one, so that a file is never loaded twice."""
    found = path.resolve()
    if not found.is_file():
        raise InvalidInput(f"There is no file {path} to import (looked for {found}).")
    name = _dotted(found)
    if name is not None:
        _load_module(name)
        return
    spec = importlib.util.spec_from_file_location(found.stem, found)
    if spec is None or spec.loader is None:
        raise InvalidInput(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(found.stem, module)
    sys.path.insert(1, str(found.parent))  # its neighbours, as `python FILE` has them
    spec.loader.exec_module(module)


def _dotted(path: Path) -> str | None:
    try:
        parts = path.relative_to(Path.cwd()).with_suffix("").parts
    except ValueError:
        return None
    return ".".join(parts) if all(part.isidentifier() for part in parts) else None
