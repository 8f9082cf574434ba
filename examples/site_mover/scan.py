"""Scan: walk the source, write its manifest, count what is there, and tell which system the site runs on."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from examples.site_mover import cms
from examples.site_mover.exclusions import Exclusions
from examples.site_mover.places import Entry, Place, printable, quoted, unquoted
from examples.site_mover.records import LineWriter, entry_record
from examples.site_mover.statistics import Statistics
from examples.site_mover.tracking import Rhythm, Tracking
from examples.site_mover.walk import walk

_PAGES = frozenset({".html", ".htm"})
_CODE = frozenset({".php", ".phtml", ".asp", ".aspx", ".jsp", ".cgi", ".pl"})


def scan_site(
    ctx: Tracking,
    source: Place,
    address: str,
    manifest: Path,
    exclusions: Exclusions,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Write the manifest of source, going on after the last checkpoint of ctx. Returns the job's result.

    address: how the next jobs reach the source. Raises OSError if the root itself cannot be read, PlaceLost.
    """
    return _Scan(ctx, source, manifest, exclusions, clock).run(address)


class _Scan:
    def __init__(
        self,
        ctx: Tracking,
        source: Place,
        manifest: Path,
        exclusions: Exclusions,
        clock: Callable[[], float],
    ) -> None:
        saved = dict(ctx.state.get("scan", {}))
        self.ctx, self.source, self.manifest, self.exclusions, self.clock = (
            ctx,
            source,
            manifest,
            exclusions,
            clock,
        )
        self.after = unquoted(saved.get("after", ""))
        self.installations: list[tuple[str, str]] = [(unquoted(root), marker) for root, marker in saved.get("cms", [])]
        self.statistics = Statistics(saved.get("statistics"))
        self.spent_s: float = saved.get("spent_s", 0.0)
        self.length: int = saved.get("length", 0)
        self.rhythm = Rhythm(clock)
        self.began = clock()

    def run(self, address: str) -> dict[str, Any]:
        with LineWriter(self.manifest, self.length) as lines:
            if not self.length:
                lines.write({"headway": "manifest", "source": address, "exclusions": list(self.exclusions.patterns)})
            for entry in walk(self.source, self._counts, self._unreadable, self.after):
                lines.write(entry_record(entry))
                self._take(entry)
                if self.rhythm.due() or self.ctx.stopping:
                    self._save(lines)
            lines.write({"totals": self.statistics.values})
            lines.flush()
        return self._result()

    def _counts(self, entry: Entry) -> bool:
        excluded = self.exclusions.excludes(entry.path, entry.kind == "folder")
        self.statistics.values["excluded"] += excluded
        return not excluded

    def _unreadable(self, folder: str, error: Exception) -> None:
        if not folder:
            raise error
        self.statistics.values["errors"] += 1
        self.ctx.warn(f"{printable(folder)}: {error}")

    def _take(self, entry: Entry) -> None:
        self.after = entry.path
        self.statistics.count(entry)
        if (installation := cms.installation(entry.path)) is not None:
            self.installations.append(installation)
        values = self.statistics.values
        self.ctx.progress(
            done=values["files"] + values["folders"] + values["links"] + values["others"],
            message=printable(entry.path),
            data={
                "status": "scanning",
                "current_path": printable(entry.path),
                "files_scanned": values["files"],
                "dirs_scanned": values["folders"],
                "total_size": values["bytes"],
                "errors_encountered": values["errors"],
            },
        )

    def _save(self, lines: LineWriter) -> None:
        self.length = lines.flush()
        self.ctx.checkpoint(
            {
                "scan": {
                    "after": quoted(self.after),
                    "length": self.length,
                    "cms": [(quoted(root), marker) for root, marker in self.installations],
                    "statistics": self.statistics.values,
                    "spent_s": self._spent(),
                }
            }
        )
        self.rhythm.saved()

    def _spent(self) -> float:
        return round(self.spent_s + self.clock() - self.began, 3)

    def _result(self) -> dict[str, Any]:
        values = self.statistics.values
        types = set(values["by_type"])
        return {
            "success": True,
            "manifest": str(self.manifest),
            "source": self.source.url,
            "duration_s": self._spent(),
            "statistics": values,
            "cms_detection": cms.detect(
                self.source, self.installations, pages=bool(types & _PAGES), code=bool(types & _CODE)
            ),
            "exclusions": list(self.exclusions.patterns),
            "files": values["files"],
            "bytes": values["bytes"],
            "errors_count": values["errors"],
        }
