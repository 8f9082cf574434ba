"""The examples, which come with Headway's sources and not with the package."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

import headway
from headway.errors import NotSupported


def load(name: str) -> ModuleType:
    """A module of the folder examples: of the current folder, else beside the package. Raises NotSupported."""
    for place in (os.getcwd(), str(Path(headway.__file__).parents[2])):
        if (Path(place) / Path(*name.split("."))).with_suffix(".py").is_file():
            sys.path.insert(0, place)
            break
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        raise NotSupported(
            f"The demo shows examples that come with Headway's sources ({missing}). Get them, and run: make demo"
        ) from missing
