"""Transfer: carry out a plan over a ledger of files, several at a time. Goes on inside a big file; what fails is
kept with its error and tried again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import headway
from examples.site_mover.bandwidth import Bandwidth
from examples.site_mover.copy import Copier
from examples.site_mover.errors import (
    ChecksumMismatch,
    Ended,
    SourceChanged,
    TooManyFailed,
    UnsafePath,
)
from examples.site_mover.listing import Listing
from examples.site_mover.places import CHUNK, Entry, Place, printable, quoted, unquoted
from examples.site_mover.plan import THERE
from examples.site_mover.pool import Ends, Pool
from examples.site_mover.records import entry_of, member_of, path_of, read_header, read_lines
from examples.site_mover.report import Inside, Report
from examples.site_mover.verify import verify_plan

UNDO = "site.transfer.undo"
_ONE_FILE = (OSError, SourceChanged, ChecksumMismatch, UnsafePath)
_AT_ONCE = 1000  # plan entries that are listed together


@dataclass(frozen=True, slots=True)
class Options:
    """bandwidth_limit: bytes per second, of all threads. tries: per file and attempt. max_failed: None is any number.

    concurrency: files at a time, None: as the session says. reconnects: how often in a row a lost connection is opened
    again. journal: a file of this host that gets one line "PATH BYTES OFFSET finished" for each file that was
    published, PATH percent-encoded, OFFSET where its last copy began.
    """

    bandwidth_limit: float | None = None
    verify_after_transfer: bool = True
    dry_run: bool = False
    tries: int = 3
    max_failed: int | None = None
    concurrency: int | None = None
    reconnects: int = 5
    journal: str | None = None


class Transfer:
    """Carries out one plan.

    Its ledgers: `files`, by path and with sizes; `structure`, the folders and links around them. A file's data say
    which job began it and what was `over`written (null: nothing was there), before anything is at the destination.
    connect: called by each thread. password: of the destination, for the rollback, where its address needs one.
    Raises IncompleteFile if the plan is not complete.
    """

    def __init__(
        self,
        ctx: headway.Context,
        connect: Callable[[], Ends],
        plan: Path,
        options: Options,
        clock: Callable[[], float] = time.monotonic,
        password: headway.Secret | None = None,
    ) -> None:
        self.ctx, self.plan, self.options, self.clock = ctx, plan, options, clock
        self.header = read_header(plan, "plan")
        self.files, self.structure = ctx.items("files"), ctx.items("structure")
        self.report = Report(ctx, self.files, self.structure, self.header["totals"], clock)
        self.pool = Pool(ctx, connect, options.reconnects)
        self.bandwidth = Bandwidth(options.bandwidth_limit, clock, ctx.sleep)
        self.number = ctx.job.number
        self.undo = {"job": ctx.job_id, "destination": self.header["destination"]}
        self.undo |= {} if password is None else {"password": password}

    def run(self) -> dict[str, Any]:
        """Returns the result of the job. Raises TooManyFailed with the result so far, PlaceFull,
        PlaceLost.
        """
        if self.options.dry_run:
            return self.report.dry_run()
        self.ctx.undo(UNDO, self.undo)
        with self.pool:
            if "listed" not in self.ctx.state:  # what an earlier job has done, where this one retries its failed files
                self.ctx.checkpoint(listed=0, bytes_before=int(self.files.counts.size_done))
            self.pool.use(self._list)
            self.report.begin("transferring")
            with self.ctx.phase("structure"):  # first, and one by one: who makes a folder makes those above it
                self._work(self._make, self.structure, 1)
            self._work(self._copy, self.files, self.options.concurrency)
            with self.ctx.phase("times"):
                self._finish_folders()
            return self._allowed(self.report.result(self._verification()))

    def _list(self, ends: Ends) -> None:
        """Enters what the plan wants into the ledgers; durable before anything is made."""
        self.report.begin("listing")
        there = Listing(ends.destination)
        lines = read_lines(self.plan, self.ctx.state["listed"])
        while some := list(islice(lines, _AT_ONCE)):
            records = [record for _, _, record in some]
            self.structure.add_many(_around(records, there))
            self.files.add_many(_copied(records))
            self.ctx.checkpoint(listed=some[-1][1])

    def _work(
        self, work: Callable[[headway.ItemAtHand, Ends], None], ledger: headway.Ledger, concurrency: int | None
    ) -> None:
        retries, most = self.options.tries - 1, self.options.max_failed
        try:
            self.ctx.map(partial(self._one, work), ledger, concurrency=concurrency, retries=retries, max_failed=most)
        except Ended as ended:
            raise ended.error from None
        except headway.TooManyFailed as failed:
            raise TooManyFailed(str(failed), self.report.result()) from failed

    def _one(self, work: Callable[[headway.ItemAtHand, Ends], None], item: headway.ItemAtHand) -> None:
        try:
            self.pool.use(partial(work, item))
        except _ONE_FILE as error:
            self.report.failed(path_of(item.key, item.value), error)
            raise
        except Exception as error:
            raise Ended(error) from error
        finally:
            self.report.over(item)

    def _make(self, item: headway.ItemAtHand, ends: Ends) -> None:
        path = path_of(item.key, item.value)
        if item.value["kind"] == "folder":
            ends.destination.make_folder(path)
        else:
            ends.destination.make_link(path, unquoted(item.value["target"]))
        item.save(job=self.number)

    def _copy(self, item: headway.ItemAtHand, ends: Ends) -> None:
        copier = self._copier(ends)
        entry = copier.current(path_of(item.key, item.value))
        inside = Inside(self.ctx, self.report, item, self.clock)
        digest = copier.found(entry)
        if digest is None:
            self._begin(item, ends.destination, entry)
            start = copier.part_offset(entry.path, item.data["offset"])
            digest = self._copied(copier, entry, start, inside)
            self._write_journal(entry, start)
        elif item.data.get("job") != self.number:
            item.skip(THERE)
        ends.destination.settle()
        item.save(hash=digest, size=entry.size)

    def _begin(self, item: headway.ItemAtHand, destination: Place, entry: Entry) -> None:
        """Keeps what a rollback has to know, before there is anything at the destination."""
        known, version = item.data, [entry.size, entry.mtime_ns]
        same = known.get("version") == version
        if not same or known.get("job") != self.number:
            offset, over = known["offset"] if same else 0, known.get("over")
            if known.get("job") != self.number:
                found = destination.stat(entry.path)
                over = found.kind if found else None
            item.save(size=entry.size, job=self.number, over=over, version=version, offset=offset)
            self.ctx.settle()

    def _copied(self, copier: Copier, entry: Entry, start: int, inside: Inside) -> str | None:
        try:
            return copier.copy(entry, start, inside.moved)
        except (SourceChanged, ChecksumMismatch):
            copier.discard(entry.path)
            raise

    def _copier(self, ends: Ends) -> Copier:
        limit = self.options.bandwidth_limit
        return Copier(
            *ends,
            self.options.verify_after_transfer,
            self.bandwidth.take,
            self._stop_if_asked,
            # A slow line gets small pieces, so that it flows instead of waiting a minute for each megabyte.
            CHUNK if limit is None else max(1 << 12, min(CHUNK, int(limit / 8))),
        )

    def _finish_folders(self) -> None:
        """Last, and from the inside out: a folder's time changes with each name in it, and its mode may
        forbid them.
        """
        folders = [entry_of(record) for _, _, record in read_lines(self.plan) if record.get("do") == "folder"]
        for entry in reversed(folders):
            self._stop_if_asked()
            try:
                self.pool.use(partial(_set_attributes, entry))
            except (OSError, UnsafePath) as error:
                self.ctx.warn(f"{printable(entry.path)}: its mode and time could not be set: {error}")

    def _verification(self) -> dict[str, Any] | None:
        if not self.options.verify_after_transfer:
            return None
        self.report.begin("verifying")
        with self.ctx.phase("verify"):
            return self.pool.use(lambda ends: verify_plan(self.plan, ends.destination, self._stop_if_asked))

    def _stop_if_asked(self) -> None:
        if self.ctx.stopping:
            self.ctx.check()

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
        if allowed is not None and result["errors_count"] > allowed:
            raise TooManyFailed(f"{result['errors_count']} entries failed; at most {allowed} may", result)
        return result


def _set_attributes(entry: Entry, ends: Ends) -> None:
    ends.destination.set_attributes(entry)


def _copied(records: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any] | None, int]]:
    """The files to copy, as members of a ledger."""
    for record in records:
        if record.get("do") == "copy":
            key, rest = member_of(record["path"])
            yield key, rest or None, record["size"]


def _around(records: list[dict[str, Any]], there: Listing) -> Iterator[tuple[str, dict[str, Any]]]:
    """The folders and links to make, each with what is there now."""
    for record in records:
        if record.get("do") in ("folder", "link"):
            key, rest = member_of(record["path"])
            over, kind = _kind_at(there, record["path"]), record["kind"]
            yield key, {"kind": kind, "over": over, "target": quoted(record.get("target") or ""), **rest}


def _kind_at(there: Listing, path: str) -> str | None:
    try:
        found = there.get(path)
    except (OSError, UnsafePath):
        return "unknown"
    return found.kind if found is not None else None
