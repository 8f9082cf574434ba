"""What a transfer has done: kept over all attempts, shown as progress, and in the end its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from examples.site_mover.places import Entry, printable

_SHOWN = 100  # failed files that the result names
_LONGEST = 500  # characters of an error that are kept
_MB = 1_000_000


@dataclass(slots=True)
class Totals:
    """Saved with each checkpoint."""

    files: int = 0  # copied, by any attempt
    bytes: int = 0  # of those files
    found: int = 0  # files that were there already: published, but not recorded, before a crash
    links: int = 0
    folders: int = 0
    done_bytes: int = 0  # of the plan, copied or found
    grown_bytes: int = 0  # how much larger the files are now than when they were planned
    spent_s: float = 0.0


@dataclass(slots=True)
class Failure:
    """The last error of one file, and how often it was tried."""

    path: str
    tries: int
    error: str


class Tally:
    """Counts, failures by their place in the plan, and time spent. `planned` is the plan's totals."""

    def __init__(self, saved: dict[str, Any], planned: dict[str, Any], clock: Callable[[], float]) -> None:
        self.totals = Totals(**saved.get("totals", {}))
        self.failed = {int(at): Failure(**failure) for at, failure in saved.get("failed", {}).items()}
        self.last_error: str | None = None
        self._planned, self._clock, self._began = planned, clock, clock()

    def copied(self, entry: Entry) -> None:
        """Count a file that was published."""
        self.totals.files += 1
        self.totals.bytes += entry.size
        self.totals.done_bytes += entry.size

    def found(self, entry: Entry) -> None:
        """Count a file that was there already."""
        self.totals.found += 1
        self.totals.done_bytes += entry.size

    def fail(self, at: int, path: str, error: Exception) -> Failure:
        """Keep the error of the entry whose plan line begins at `at`."""
        tries = self.failed[at].tries + 1 if at in self.failed else 1
        self.failed[at] = Failure(printable(path), tries, str(error)[:_LONGEST])
        self.last_error = f"{printable(path)}: {error}"
        return self.failed[at]

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps; __init__ takes it back."""
        self.totals.spent_s, self._began = self._spent(), self._clock()
        return {
            "totals": asdict(self.totals),
            "failed": {str(at): asdict(failure) for at, failure in self.failed.items()},
        }

    def progress(self, status: str, path: str, inside: int = 0) -> dict[str, Any]:
        """The arguments of ctx.progress: bytes own the percentage. inside: bytes of the current file so
        far.
        """
        done = self.totals.done_bytes + inside
        total = self._planned["bytes"] + self.totals.grown_bytes
        data = {
            "status": status,
            "files_transferred": self.totals.files + self.totals.found,
            "total_files": self._planned["files"],
            "bytes_transferred": done,
            "total_bytes": total,
            "current_file": printable(path),
            "errors_count": len(self.failed),
            "last_error": self.last_error,
            "elapsed_seconds": self._spent(),
        }
        return {
            "done": done,
            "total": total,
            "unit": "B",
            "failed": len(self.failed),
            "message": printable(path),
            "data": data,
        }

    def result(self, verification: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result of the job, also of one that fails. average_speed in MB/s (10**6 bytes), null if no
        time passed.
        """
        spent = self._spent()
        return {
            "success": not self.failed,
            "files": self.totals.files,
            "bytes": self.totals.bytes,
            "found_files": self.totals.found,
            "folders": self.totals.folders,
            "links": self.totals.links,
            "duration_s": spent,
            "average_speed": round(self.totals.bytes / _MB / spent, 3) if spent else None,
            "errors_count": len(self.failed),
            "skipped_files": sum(self._planned["skipped"].values()),
            "failed_files": [asdict(failure) for failure in list(self.failed.values())[:_SHOWN]],
            "verification_result": verification,
        }

    def _spent(self) -> float:
        return round(self.totals.spent_s + self._clock() - self._began, 3)
