"""The examples: those of a checkout, else those that the package brings along."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

import headway
from headway.errors import NotSupported


def load(name: str) -> ModuleType:
    """A module of the folder examples: of the current folder, beside the package, or in it. Raises NotSupported."""
    package = Path(headway.__file__).parent
    for place in (os.getcwd(), str(package.parents[1]), str(package / "_examples")):
        if (Path(place) / Path(*name.split("."))).with_suffix(".py").is_file():
            sys.path.insert(0, place)
            break
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        raise NotSupported(
            f"The demo shows examples that come with Headway's sources ({missing}). Get them, and run: make demo"
        ) from missing
