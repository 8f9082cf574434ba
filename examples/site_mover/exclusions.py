"""Which paths are left out: glob patterns as people know them from .gitignore, without its negation."""

from __future__ import annotations

import re
from collections.abc import Iterable

from examples.site_mover.places import PART_SUFFIX

DEFAULT = (".git/", ".svn/", "node_modules/", "__pycache__/", ".DS_Store", "Thumbs.db")


class Exclusions:
    """`*` and `?` stay within a name, `**` crosses folders.

    A pattern without "/" means any name at any depth; with one it starts at the root; with "/" at its end it
    means folders only. What is in an excluded folder is excluded. Unfinished parts always are.
    """

    def __init__(self, patterns: Iterable[str] = DEFAULT) -> None:
        self.patterns = tuple(patterns)
        self._any = _joined(p for p in (*self.patterns, f"*{PART_SUFFIX}") if not p.endswith("/"))
        self._folder = _joined(p for p in self.patterns if p.endswith("/"))

    def excludes(self, path: str, folder: bool = False) -> bool:
        """Whether a pattern names this very path; folders above it have been asked about before."""
        return bool(self._any.fullmatch(path) or (folder and self._folder.fullmatch(path)))


def _joined(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_expression, patterns)) or r"(?!)", re.DOTALL)


def _expression(pattern: str) -> str:
    body = pattern.rstrip("/")
    anchored = "/" in body
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", body.removeprefix("/"))
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return ("" if anchored else "(?:.*/)?") + "".join(known.get(token) or re.escape(token) for token in tokens)
