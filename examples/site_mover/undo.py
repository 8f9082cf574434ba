"""Take a transfer back: from the destination goes what the transfer has made, unless it has changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

import headway
from examples.site_mover.errors import Ended, UnsafePath
from examples.site_mover.places import Entry, Place, part_path, printable, unquoted
from examples.site_mover.pool import Pool
from examples.site_mover.records import path_of

OVER = "it was there before and was overwritten; what it was is not kept"
CHANGED = "it has changed since"
UNKNOWN = "what was there before could not be seen"
NOT_EMPTY = "something that the transfer has not made is in it"
_SHOWN = 100
_PAGE = 1000

Alone = tuple[Place]


class Undoing:
    """Goes by the ledgers of the transfer: its files, then the links and folders from the inside out.

    What stays is a skipped item of the rollback, with the reason. `job`: the id of the transfer.
    """

    def __init__(self, ctx: headway.Context, connect: Callable[[], Alone], job: str) -> None:
        self._ctx, self._pool, self._job = ctx, Pool(ctx, connect), job
        self._number = ctx.headway.get(job).number

    def run(self) -> dict[str, Any]:
        """How much was removed, and what was kept and why. Raises OSError for what cannot be removed, PlaceLost."""
        structure = sorted(filter(self._may_be_made, self._items("structure")), key=_depth, reverse=True)
        try:
            with self._pool:
                removed = self._ctx.map(self._remove_file, _Files(self), key=_key).done
                removed += self._ctx.map(self._remove_around, structure, key=_key, concurrency=1).done
        except Ended as ended:
            raise ended.error from None
        return {"removed": removed, **self._kept()}

    def made(self) -> Iterator[headway.Item]:
        """The files that the transfer has begun to write."""
        return (item for item in self._items("files") if item.data.get("job") == self._number)

    @property
    def total(self) -> int:
        """How many files the transfer had to write, begun or not."""
        return next((found.total for found in self._ctx.headway.ledgers(self._job) if found.ledger == "files"), 0)

    def _items(self, ledger: str) -> Iterator[headway.Item]:
        found: Iterator[headway.Item] = self._ctx.headway.items(self._job, ledger, limit=_PAGE).all()
        return found

    def _may_be_made(self, item: headway.Item) -> bool:
        """A pending one may have been under way when the transfer ended; what was there before it is known."""
        return item.value["over"] != "folder" and (item.data.get("job") == self._number or item.state == "pending")

    def _remove_file(self, item: headway.Item) -> None:
        self._one(partial(self._file, item))

    def _remove_around(self, item: headway.Item) -> None:
        self._one(partial(self._link if item.value["kind"] == "link" else self._folder, item))

    def _one(self, work: Callable[[Alone], str | None]) -> None:
        """Keeps the reason where something stays. An error ends the rollback, which goes on there when asked again."""
        try:
            reason = self._pool.use(work)
        except UnsafePath as changed:
            reason = str(changed)
        except Exception as error:
            raise Ended(error) from error
        at_hand = headway.current_item()
        if reason is not None and at_hand is not None:
            at_hand.skip(reason)

    def _file(self, item: headway.Item, places: Alone) -> str | None:
        [there], path = places, _path(item)
        if item.state != "done":
            there.remove(part_path(path))
        size, mtime_ns = item.data["version"]
        found = there.stat(path)
        if found is None or item.state == "failed":
            return None
        if item.data["over"] is not None:
            return OVER
        if found.kind != "file" or not found.same_version(Entry(path, "file", size, mtime_ns)):
            return CHANGED
        there.remove(path)
        return None

    def _link(self, item: headway.Item, places: Alone) -> str | None:
        [there], path = places, _path(item)
        found = there.stat(path)
        if found is None:
            return None
        if item.value["over"] is not None:
            return OVER
        if found.kind != "link" or found.target != unquoted(item.value["target"]):
            return CHANGED
        there.remove(path)
        return None

    def _folder(self, item: headway.Item, places: Alone) -> str | None:
        [there], path = places, _path(item)
        found = there.stat(path)
        if found is not None and item.value["over"] is not None:
            return UNKNOWN
        if found is not None and found.kind != "folder":
            return CHANGED
        if found is not None and there.list(path):
            return NOT_EMPTY
        there.remove_folder(path)
        return None

    def _kept(self) -> dict[str, Any]:
        self._ctx.settle()
        verbs, job = self._ctx.headway, self._ctx.job_id
        ledgers = verbs.ledgers(job)
        kept = sum(ledger.skipped for ledger in ledgers)
        if kept:
            self._ctx.warn(
                f"{kept:,} entries of the destination were kept; headway items {self._ctx.job.number} says why"
            )
        items = (
            item for ledger in ledgers for item in verbs.items(job, ledger.ledger, limit=_PAGE, state="skipped").all()
        )
        return {"kept": kept, "kept_entries": [_told(item) for item in islice(items, _SHOWN)]}


class _Files:
    """The files to remove. How many of them were begun is not known beforehand."""

    def __init__(self, undoing: Undoing) -> None:
        self._undoing = undoing

    def __len__(self) -> int:
        return self._undoing.total

    def __iter__(self) -> Iterator[headway.Item]:
        return self._undoing.made()


def _key(item: headway.Item) -> str:
    return item.key


def _path(item: headway.Item) -> str:
    return path_of(item.key, item.value)


def _depth(item: headway.Item) -> int:
    return _path(item).count("/")


def _told(item: headway.Item) -> dict[str, Any]:
    return {"path": printable(_path(item)), "reason": item.error.message if item.error else None}
