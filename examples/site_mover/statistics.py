"""What a scan counts, as plain values that are saved with each checkpoint and make up its result."""

from __future__ import annotations

from typing import Any

from examples.site_mover.places import Entry, printable

_LARGEST = 20
_TYPES = 200  # kinds of file that are counted one by one; a tree of random suffixes must not fill the checkpoint


class Statistics:
    """files, folders, links, others, bytes, depth, excluded, errors, the largest files, and counts by
    suffix.
    """

    def __init__(self, saved: dict[str, Any] | None = None) -> None:
        self.values: dict[str, Any] = saved or {
            "files": 0,
            "folders": 0,
            "links": 0,
            "others": 0,
            "bytes": 0,
            "depth": 0,
            "excluded": 0,
            "errors": 0,
            "largest": [],
            "by_type": {},
        }

    def count(self, entry: Entry) -> None:
        """Add one entry that is not excluded."""
        values = self.values
        values[f"{entry.kind}s"] += 1
        values["depth"] = max(values["depth"], entry.path.count("/") + 1)
        if entry.kind == "file":
            values["bytes"] += entry.size
            self._count_type(entry)
            self._keep_largest(entry)

    def _count_type(self, entry: Entry) -> None:
        by_type = self.values["by_type"]
        kind = type_of(entry.path)
        if kind not in by_type and len(by_type) >= _TYPES:
            kind = "(more)"
        counts = by_type.setdefault(kind, {"files": 0, "bytes": 0})
        counts["files"] += 1
        counts["bytes"] += entry.size

    def _keep_largest(self, entry: Entry) -> None:
        largest = self.values["largest"]
        if len(largest) == _LARGEST and entry.size <= largest[-1]["size"]:
            return
        largest.append({"path": printable(entry.path), "size": entry.size})
        largest.sort(key=lambda item: -item["size"])
        del largest[_LARGEST:]


def type_of(path: str) -> str:
    """A file's suffix in small letters, as ".php"; "" without one."""
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return f".{printable(suffix.lower())}" if dot and stem and len(suffix) <= 16 else ""
