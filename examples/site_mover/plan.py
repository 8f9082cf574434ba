"""Plan: compare the manifest with the destination and write down what to do, entry by entry, and why not
otherwise.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from examples.site_mover.errors import UnsafePath
from examples.site_mover.exclusions import Exclusions
from examples.site_mover.listing import Listing
from examples.site_mover.places import Entry, Place, checksum, printable, quoted, unquoted
from examples.site_mover.records import LineWriter, entry_of, entry_record, read_header, read_lines
from examples.site_mover.tracking import Rhythm, Tracking

THERE = "already there"
TOO_LARGE = "too large"
EXCLUDED = "excluded"
NOT_ASKED = "not asked for"
OUTSIDE = "link leads outside"
SPECIAL = "not a file, folder or link"
CONFLICT = "another kind of entry is in the way"

Decision = tuple[str, str | None]  # what to do (copy, folder, link, skip), and the reason to skip


@dataclass(frozen=True, slots=True)
class Options:
    """skip_large_files: bytes. files: only these paths. compare: what makes a file the same: "checksum"
    or "time".
    """

    exclusions: Exclusions
    skip_large_files: int | None = None
    files: frozenset[str] | None = None
    compare: str = "checksum"


def plan_move(
    ctx: Tracking,
    source: Place,
    destination: Place,
    manifest: Path,
    plan: Path,
    address: str,
    options: Options,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Write the plan, going on after the last checkpoint of ctx. Returns the result of the plan job.

    address: how the transfer reaches the destination. Raises IncompleteFile, ValueError for an unknown
    compare, PlaceLost.
    """
    return _Plan(ctx, source, destination, options, clock).run(manifest, plan, address)


class _Plan:
    def __init__(
        self, ctx: Tracking, source: Place, destination: Place, options: Options, clock: Callable[[], float]
    ) -> None:
        if options.compare not in {"checksum", "time"}:
            raise ValueError(f"compare is 'checksum' or 'time', not {options.compare!r}")
        saved = dict(ctx.state.get("plan", {}))
        self.ctx, self.source, self.destination, self.options = ctx, source, destination, options
        self.there = Listing(destination)
        self.rhythm = Rhythm(clock)
        self.at: int = saved.get("at", 0)
        self.length: int = saved.get("length", 0)
        self.totals: dict[str, Any] = saved.get(
            "totals", {"files": 0, "bytes": 0, "folders": 0, "links": 0, "skipped": {}, "skipped_bytes": 0}
        )
        self.excluded_below = unquoted(saved.get("excluded_below", ""))

    def run(self, manifest: Path, plan: Path, address: str) -> dict[str, Any]:
        header = read_header(manifest, "manifest")
        total = sum(header["totals"][kind] for kind in ("files", "folders", "links", "others"))
        with LineWriter(plan, self.length) as lines:
            if not self.length:
                lines.write({"headway": "plan", "source": header["source"], "destination": address})
            for _, next_at, record in read_lines(manifest, self.at):
                if "path" in record:
                    self._take(entry_of(record), lines, total)
                self.at = next_at
                if self.rhythm.due() or self.ctx.stopping:
                    self._save(lines)
            lines.write({"totals": self.totals})
            lines.flush()
        return self._result(plan)

    def _take(self, entry: Entry, lines: LineWriter, total: int) -> None:
        action, reason = self._decide(entry)
        if action == "skip":
            skipped = self.totals["skipped"]
            skipped[reason] = skipped.get(reason, 0) + 1
            self.totals["skipped_bytes"] += entry.size if entry.kind == "file" else 0
            lines.write({"do": action, "reason": reason, **entry_record(entry)})
        else:
            self.totals[{"copy": "files", "folder": "folders", "link": "links"}[action]] += 1
            self.totals["bytes"] += entry.size if action == "copy" else 0
            lines.write({"do": action, **entry_record(entry)})
        done = sum(self.totals[kind] for kind in ("files", "folders", "links")) + sum(self.totals["skipped"].values())
        self.ctx.progress(done=done, total=total, message=printable(entry.path))

    def _decide(self, entry: Entry) -> Decision:
        options = self.options
        if self._is_excluded(entry):
            return "skip", EXCLUDED
        if options.files is not None and entry.kind != "folder" and entry.path not in options.files:
            return "skip", NOT_ASKED
        if entry.kind == "folder":
            return self._folder(self.there.get(entry.path), entry)
        if entry.kind == "link":
            return self._link(self.there.get(entry.path), entry)
        if entry.kind == "other":
            return "skip", SPECIAL
        if options.skip_large_files is not None and entry.size > options.skip_large_files:
            return "skip", TOO_LARGE
        return self._file(self.there.get(entry.path), entry)

    def _is_excluded(self, entry: Entry) -> bool:
        if self.excluded_below and entry.path.startswith(self.excluded_below):
            return True
        excluded = self.options.exclusions.excludes(entry.path, entry.kind == "folder")
        if excluded and entry.kind == "folder":
            self.excluded_below = f"{entry.path}/"
        return excluded

    def _folder(self, found: Entry | None, entry: Entry) -> Decision:
        if found is None or found.kind == "folder":
            return "folder", None  # also one that is there: its mode and time are set at the end
        return "skip", CONFLICT

    def _link(self, found: Entry | None, entry: Entry) -> Decision:
        if leads_outside(entry):
            return "skip", OUTSIDE
        if found is not None and found.kind == "link" and found.target == entry.target:
            return "skip", THERE
        return ("skip", CONFLICT) if found is not None and found.kind == "folder" else ("link", None)

    def _file(self, found: Entry | None, entry: Entry) -> Decision:
        if found is not None and found.kind == "folder":
            return "skip", CONFLICT
        if found is not None and found.kind == "file" and self._same(found, entry):
            return "skip", THERE
        return "copy", None

    def _same(self, found: Entry, entry: Entry) -> bool:
        if self.options.compare == "time" or found.size != entry.size:
            return found.same_version(entry)
        try:
            return same_content(self.source, self.destination, entry.path, lambda size: self._pause_point())
        except (OSError, UnsafePath) as error:
            self.ctx.warn(f"{printable(entry.path)}: could not be compared, so it is copied: {error}")
            return False

    def _pause_point(self) -> None:
        if self.ctx.stopping:
            self.ctx.check()

    def _save(self, lines: LineWriter) -> None:
        self.length = lines.flush()
        self.ctx.checkpoint(
            {
                "plan": {
                    "at": self.at,
                    "length": self.length,
                    "totals": self.totals,
                    "excluded_below": quoted(self.excluded_below),
                }
            }
        )
        self.rhythm.saved()

    def _result(self, plan: Path) -> dict[str, Any]:
        free = self.destination.free_bytes()
        fits = None if free is None else self.totals["bytes"] <= free
        if fits is False:
            self.ctx.warn(f"{self.totals['bytes']} bytes are to be copied, but the destination has {free} bytes free")
        return {"success": True, "plan": str(plan), **self.totals, "free_bytes": free, "fits": fits}


def leads_outside(entry: Entry) -> bool:
    """Whether a link's target is absolute or could climb out of the root: such a link is never made.

    `..` counts only before the first name: behind a name that is itself a link it would lead from
    somewhere else.
    """
    target = entry.target or "/"
    names = [name for name in target.split("/") if name not in {"", "."}]
    climbs = next((at for at, name in enumerate(names) if name != ".."), len(names))
    return target.startswith("/") or climbs > entry.path.count("/") or ".." in names[climbs:]


def same_content(a: Place, b: Place, path: str, pace: Callable[[int], None]) -> bool:
    """Whether the file at this path has the same SHA-256 in both places."""
    return checksum(a, path, pace=pace) == checksum(b, path, pace=pace)
