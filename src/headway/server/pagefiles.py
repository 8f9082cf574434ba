"""The built pages, as they lie in the package: read once, held in memory, and compressed there."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from collections.abc import Iterator
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

INDEX = "index.html"
ELSEWHERE = "HEADWAY_STATIC"
"""Names a folder of pages other than those of the package: for those who work on them."""
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""Of the files that a build may hold; any other is not served. Not left to the machine, whose table may be empty."""
PACKED = {".ico", ".png", ".woff2"}
"""What is compressed already."""
PAYS = 1024
_HASHED = re.compile(r"assets/.+-[\w-]{8}\.\w+")


class PageFile:
    """One file of the build. path: below the folder, as addresses have it."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path, self.content = path, content
        self.type = TYPES[PurePosixPath(path).suffix]
        self.tag = f'W/"{hashlib.sha256(content).hexdigest()[:20]}"'

    @property
    def never_changes(self) -> bool:
        """Whether its name is told by its content."""
        return _HASHED.fullmatch(self.path) is not None

    @property
    def is_for_all(self) -> bool:
        """Whether pages of other origins may have it: what they embed."""
        return self.path.startswith("embed/")

    @cached_property
    def packed(self) -> bytes | None:
        """It, compressed; None where that does not pay."""
        if PurePosixPath(self.path).suffix in PACKED or len(self.content) < PAYS:
            return None
        return gzip.compress(self.content, 9, mtime=0)


class PageFiles:
    """The files of one folder. A build that replaces them is seen at the next look at the index."""

    def __init__(self, folder: Traversable | None = None) -> None:
        given = os.environ.get(ELSEWHERE)
        own = Path(given) if given else files("headway.server") / "static"
        self._folder = own if folder is None else folder
        self._built: object = None
        self._files: dict[str, PageFile] = {}

    def get(self, path: str) -> PageFile | None:
        """The file at a path. No path leads out of the folder: it is looked up among those that were found there."""
        if not self._files:
            self._look()
        return self._files.get(path)

    def index(self) -> str | None:
        """The page that all addresses have; None where nothing was built."""
        self._look()
        found = self._files.get(INDEX)
        return None if found is None else found.content.decode()

    def _look(self) -> None:
        built = _built(self._folder)
        if built != self._built or built is None:
            self._files = {} if built is None else {path: PageFile(path, read) for path, read in _read(self._folder)}
            self._built = built


def _built(folder: Traversable) -> object:
    """Changes with each build; None where there is none. What lies in an archive stays as it is."""
    index = folder / INDEX
    if not index.is_file():
        return None
    if not isinstance(folder, Path):
        return True
    return sorted((str(one), one.stat().st_mtime_ns) for one in folder.rglob("*"))  # written one after another


def _read(folder: Traversable, below: str = "") -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        path = below + one.name
        if one.is_dir():
            yield from _read(one, f"{path}/")
        elif PurePosixPath(path).suffix in TYPES:
            yield path, one.read_bytes()
