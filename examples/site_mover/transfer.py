"""Transfer: carry out a plan. Goes on inside a big file, keeps the error of each file that fails, tries
those again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from examples.site_mover.bandwidth import Bandwidth
from examples.site_mover.copy import Copier
from examples.site_mover.errors import (
    ChecksumMismatch,
    PlaceLost,
    SourceChanged,
    TooManyFailed,
    UnsafePath,
)
from examples.site_mover.places import CHUNK, Entry, Part, Place, printable, quoted
from examples.site_mover.records import entry_of, read_at, read_header, read_lines
from examples.site_mover.tally import Tally
from examples.site_mover.tracking import Rhythm, Tracking
from examples.site_mover.verify import verify_plan

_ONE_FILE = (OSError, SourceChanged, ChecksumMismatch, UnsafePath)
_MOST_FAILED = 1000  # more than this is no longer about single files, and would fill the checkpoint
_LONGEST_WAIT_S = 30.0
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """bandwidth_limit: bytes per second. tries: per file and attempt. max_failed: None is any number.

    reconnects: how often in a row a lost connection is opened again. journal: a file of this host that
    gets one line "PATH BYTES OFFSET finished" for each file that was published, PATH percent-encoded,
    OFFSET where its last copy began.
    """

    bandwidth_limit: float | None = None
    verify_after_transfer: bool = True
    dry_run: bool = False
    tries: int = 3
    max_failed: int | None = None
    reconnects: int = 5
    journal: str | None = None


class Transfer:
    """Carries out one plan. It saves its place in the plan, the tally, and how far the current file is.

    Raises IncompleteFile if the plan is not complete.
    """

    def __init__(
        self,
        ctx: Tracking,
        source: Place,
        destination: Place,
        plan: Path,
        options: Options,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        saved = dict(ctx.state.get("transfer", {}))
        self.ctx, self.source, self.destination, self.plan, self.options = (
            ctx,
            source,
            destination,
            plan,
            options,
        )
        self.tally = Tally(saved, read_header(plan, "plan")["totals"], clock)
        self.at: int = saved.get("at", 0)
        self.part: dict[str, Any] | None = saved.get("part")
        self.rhythm = Rhythm(clock)
        limit = options.bandwidth_limit
        self.copier = Copier(
            source,
            destination,
            options.verify_after_transfer,
            Bandwidth(limit, clock, ctx.sleep).take,
            self._stop_if_asked,
            # A slow line gets small pieces, so that it flows instead of waiting a minute for each megabyte.
            CHUNK if limit is None else max(1 << 12, min(CHUNK, int(limit))),
        )

    def run(self) -> dict[str, Any]:
        """Returns the result of the job. Raises TooManyFailed with the result so far, PlaceFull,
        PlaceLost.
        """
        self._show("transferring", "")
        if self.options.dry_run:
            return self.tally.result()
        for at, next_at, record in read_lines(self.plan, self.at):
            if "do" in record:
                self._try(at, record)
            self.at = next_at
            self._rest()
        self._try_again()
        self._finish_folders()
        self._save()
        return self._allowed(self.tally.result(self._verification()))

    def _try_again(self) -> None:
        """Each attempt of the job does, so that a retry of a failed job tries what has failed."""
        for _ in range(1, self.options.tries):
            for at in sorted(self.tally.failed):
                self._try(at, read_at(self.plan, at))
                self._rest()

    def _try(self, at: int, record: dict[str, Any]) -> None:
        entry = entry_of(record)
        try:
            self._with_reconnects(partial(self._do, at, record["do"], entry))
        except _ONE_FILE as error:
            self._keep_failure(at, entry, error)
        else:
            self.tally.failed.pop(at, None)

    def _with_reconnects(self, work: Callable[[], T]) -> T:
        lost: PlaceLost | None = None
        for attempt in range(self.options.reconnects + 1):
            try:
                if lost is not None:
                    self.ctx.warn(f"{lost}; connecting again")
                    self.ctx.sleep(min(_LONGEST_WAIT_S, 2.0**attempt))
                    self.source.reconnect()
                    self.destination.reconnect()
                return work()
            except PlaceLost as error:
                lost = error
        raise lost or PlaceLost("no attempt was allowed: reconnects is 0 or more")

    def _do(self, at: int, action: str, entry: Entry) -> None:
        if action == "copy":
            self._copy(at, entry)
        elif action == "folder":
            self.destination.make_folder(entry.path)
            self.tally.totals.folders += 1
        elif action == "link":
            self.destination.make_link(entry.path, entry.target or "")
            self.tally.totals.links += 1

    def _copy(self, at: int, planned: Entry) -> None:
        self._show("transferring", planned.path)
        entry = self.copier.current(planned.path)
        if self.copier.is_there(entry):
            self.tally.found(entry)
        else:
            start = self._start(at, entry)
            self._copy_from(start, at, entry)
            self._write_journal(entry, start)
            self.tally.copied(entry)
        self.tally.totals.grown_bytes += entry.size - planned.size
        self.part = None
        self._show("transferring", entry.path)

    def _start(self, at: int, entry: Entry) -> int:
        if self.part is None or self.part["at"] != at or self.part["version"] != [entry.size, entry.mtime_ns]:
            return 0
        return self.copier.part_offset(entry.path, self.part["offset"])

    def _copy_from(self, start: int, at: int, entry: Entry) -> None:
        try:
            self.copier.copy(entry, start, partial(self._moved, at))
        except (SourceChanged, ChecksumMismatch):
            self.copier.discard(entry.path)
            raise

    def _moved(self, at: int, entry: Entry, offset: int, size: int, part: Part) -> None:
        self._show("transferring", entry.path, offset)
        self.rhythm.add(size)
        if offset < entry.size and (self.rhythm.due() or self.ctx.stopping):
            part.flush()
            self.part = {"at": at, "offset": offset, "version": [entry.size, entry.mtime_ns]}
            self._save()

    def _keep_failure(self, at: int, entry: Entry, error: Exception) -> None:
        self.part = None
        failure = self.tally.fail(at, entry.path, error)
        self.ctx.warn(f"{self.tally.last_error} (try {failure.tries})")
        self._show("transferring", entry.path)
        if len(self.tally.failed) > _MOST_FAILED:
            raise TooManyFailed(
                f"more than {_MOST_FAILED} files failed, the last one {self.tally.last_error}",
                self.tally.result(),
            )

    def _rest(self) -> None:
        """Between two entries: save when it is time, and stop here if that was asked."""
        if self.rhythm.due() or self.ctx.stopping:
            self._save()
        self.ctx.check()

    def _save(self) -> None:
        self.destination.settle()
        self.ctx.checkpoint({"transfer": {"at": self.at, "part": self.part, **self.tally.state()}})
        self.rhythm.saved()

    def _finish_folders(self) -> None:
        """Last, and from the inside out: a folder's time changes with each name in it, and its mode may
        forbid them.
        """
        folders = [entry_of(record) for _, _, record in read_lines(self.plan) if record.get("do") == "folder"]
        for entry in reversed(folders):
            self._stop_if_asked()
            try:
                self._with_reconnects(partial(self.destination.set_attributes, entry))
            except (OSError, UnsafePath) as error:
                self.ctx.warn(f"{printable(entry.path)}: its mode and time could not be set: {error}")

    def _verification(self) -> dict[str, Any] | None:
        if not self.options.verify_after_transfer:
            return None
        self._show("verifying", "")
        return self._with_reconnects(partial(verify_plan, self.plan, self.destination, self._stop_if_asked))

    def _stop_if_asked(self) -> None:
        if self.ctx.stopping:
            self.ctx.check()

    def _show(self, status: str, path: str, inside: int = 0) -> None:
        self.ctx.progress(**self.tally.progress(status, path, inside))

    def _write_journal(self, entry: Entry, start: int) -> None:
        if self.options.journal is None:
            return
        line = f"{quoted(entry.path)} {entry.size} {start} finished\n"
        fd = os.open(self.options.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(fd, line.encode("ascii"))
        finally:
            os.close(fd)

    def _allowed(self, result: dict[str, Any]) -> dict[str, Any]:
        allowed = self.options.max_failed
        if allowed is not None and len(self.tally.failed) > allowed:
            raise TooManyFailed(f"{len(self.tally.failed)} files failed; at most {allowed} may", result)
        return result
