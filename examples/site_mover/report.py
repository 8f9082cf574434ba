"""What a transfer tells: counts while it works, and in the end its result. The ledgers do the counting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import headway
from examples.site_mover.places import Entry, Part, printable
from examples.site_mover.records import path_of
from examples.site_mover.tracking import Rhythm

_EVERY_S = 1.0  # how often it tells, at most
_SHOWN = 100  # failed entries that the result names
_MB = 1_000_000
_PAGE = 1000


class Report:
    """Tells of one transfer. `planned` is the plan's totals."""

    def __init__(
        self,
        ctx: headway.Context,
        files: headway.Ledger,
        structure: headway.Ledger,
        planned: dict[str, Any],
        clock: Callable[[], float],
    ) -> None:
        self._ctx, self._files, self._structure, self._planned, self._clock = ctx, files, structure, planned, clock
        self._spent_s, self._began = ctx.job.active_s, clock()
        self._status, self._path, self._told = "initializing", "", clock() - _EVERY_S
        self._error: str | None = None
        self._inside: dict[str, int] = {}  # how far the files under way are

    def begin(self, status: str) -> None:
        """Something else begins, and is told at once."""
        self._status = status
        self._tell()

    def at(self, path: str, key: str, offset: int) -> None:
        """So many bytes of a file are there."""
        self._path, self._inside[key] = path, offset
        if self._clock() - self._told >= _EVERY_S:
            self._tell()

    def over(self, item: headway.ItemAtHand) -> None:
        """A try at an entry is over."""
        self._inside.pop(item.key, None)

    def failed(self, path: str, error: Exception) -> None:
        """A try at an entry has failed; its item keeps the error."""
        self._error = f"{printable(path)}: {error}"

    def dry_run(self) -> dict[str, Any]:
        """The result of a transfer that only says what there is to do."""
        self._ctx.progress(done=0, total=self._planned["bytes"], unit="B")
        return self.result()

    def result(self, verification: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result of the job, also of one that fails. Speeds in MB/s (10**6 bytes), null if no time passed."""
        self._ctx.settle()
        self._tell()
        files, spent = self._files.counts, self._spent()
        left_out = sum(item.size or 0 for state in ("failed", "skipped") for item in self._items(self._files, state))
        made = Counter(item.value["kind"] for item in self._items(self._structure, "done"))
        copied = int(files.size_done - left_out)
        speed = round((copied - self._ctx.state.get("bytes_before", 0)) / _MB / spent, 3) if spent else None
        return {
            "success": not self._errors,
            "files": files.done,
            "bytes": copied,
            "found_files": files.skipped,
            "duplicate_files": files.duplicates,
            "folders": made["folder"],
            "links": made["link"],
            "duration_s": spent,
            "average_speed": speed,
            "average_speed_mb_s": speed,
            "errors_count": self._errors,
            "skipped_files": sum(self._planned["skipped"].values()),
            "failed_files": self._failures(),
            "verification_result": verification,
        }

    def _tell(self) -> None:
        self._told = self._clock()
        files = self._files.counts
        data = {
            "status": self._status,
            "files_transferred": files.done + files.skipped,
            "total_files": files.total or self._planned["files"],
            "bytes_transferred": int(files.size_done) + sum(list(self._inside.values())),
            "total_bytes": int(files.size) or self._planned["bytes"],
            "current_file": printable(self._path),
            "errors_count": self._errors,
            "last_error": self._error,
            "elapsed_seconds": self._spent(),
        }
        self._ctx.progress(message=printable(self._path) or self._status, data=data)

    @property
    def _errors(self) -> int:
        return self._files.counts.failed + self._structure.counts.failed

    def _failures(self) -> list[dict[str, Any]]:
        failed = chain(self._items(self._structure, "failed"), self._items(self._files, "failed"))
        return [_failure(item) for item in islice(failed, _SHOWN)]

    def _items(self, ledger: headway.Ledger, state: str) -> Iterator[headway.Item]:
        job, verbs = self._ctx.job_id, self._ctx.headway
        found: Iterator[headway.Item] = verbs.items(job, ledger.name, limit=_PAGE, state=state).all()
        return found

    def _spent(self) -> float:
        return round(self._spent_s + self._clock() - self._began, 3)


class Inside:
    """How far one file is: told to its item, and saved now and then, so that a later attempt goes on from there."""

    def __init__(
        self, ctx: headway.Context, report: Report, item: headway.ItemAtHand, clock: Callable[[], float]
    ) -> None:
        self._ctx, self._report, self._item = ctx, report, item
        self._rhythm = Rhythm(clock)

    def moved(self, entry: Entry, offset: int, size: int, part: Part) -> None:
        """The part holds so many bytes; `size` of them are new. Raises Halt where a stop was asked."""
        self._item.progress(add=max(0, offset - self._item.moved))
        self._report.at(entry.path, self._item.key, offset)
        self._rhythm.add(size)
        if self._ctx.stopping or (offset < entry.size and self._rhythm.due()):
            part.flush()
            self._item.save(offset=offset)
            self._rhythm.saved()
        if size and self._ctx.stopping:
            self._ctx.check()


def _failure(item: headway.Item) -> dict[str, Any]:
    error = item.error.message if item.error else None
    return {"path": printable(path_of(item.key, item.value)), "tries": item.attempts, "error": error}
