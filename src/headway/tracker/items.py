"""The verbs about items: read ledgers, and try again what has failed."""

from __future__ import annotations

import itertools
from functools import partial

import msgspec

from headway.errors import Deleted, IllegalChange, IllegalMove, InvalidInput, NotFound
from headway.model.job import Item, Job, Page
from headway.model.ledger import LedgerCounts
from headway.store import families, keeping, ledgers, records, succession
from headway.store.contract import CommitUnknown, Transaction
from headway.store.moving import TENANT
from headway.store.records import JobRow
from headway.tracker import asking, submission
from headway.tracker.connection import AnyId
from headway.tracker.control import Control
from headway.tracker.lookup import find
from headway.tracker.submitting import Submitting

FEW = ("pending", "failed", "skipped")
"""States whose items are sought in an index of their own, in the order in which they were added."""
MOST_NAMED = 20
"""Jobs that a refusal names."""


class Items(Control, Submitting):
    """Items, ledgers, retry."""

    def items(
        self, any_id: AnyId, ledger: str | None = None, limit: int = 50, after: str | None = None,
        state: str | None = None,
    ) -> Page[Item]:  # fmt: skip
        """The items of a ledger by key; those of a state other than done in the order in which they were added.

        ledger: may be left out where the job has one only. Raises NotFound, InvalidInput.
        """
        job, limit = self.get(any_id), asking.limit(limit)
        name = self._ledger(job, ledger)
        if state is not None and state not in (*FEW, "done"):
            raise InvalidInput(f"state={state!a:.60}: expected one of {', '.join((*FEW, 'done'))}.")
        cursor = None if after is None else asking.text(after, "after")
        if state in FEW:
            found = keeping.items_added(self._database, job.id, name, _position(cursor), limit + 1, state)
            page, more = [item for _, item in found], [str(position) for position, _ in found]
        else:
            page = keeping.items(self._database, job.id, name, cursor, limit + 1, state)
            more = [item.key for item in page]
        following = more[limit - 1] if len(page) > limit else None
        return Page(page[:limit], following, lambda cursor: self.items(job, name, limit, cursor, state))

    def ledgers(self, any_id: AnyId) -> list[LedgerCounts]:
        """The ledgers of a job by name, in figures; among them the keys of its tracked loops."""
        job = self.get(any_id).id
        return [known.counts(job) for known in ledgers.every(self._database, job)]

    def retry(self, any_id: AnyId, reason: str | None = None, items: str | None = None) -> Job:
        """Sends a failed job, and what failed below it, back to the queue.

        Finished steps, cursors and done items stay; failed items are pending again when the next attempt begins.
        items="failed": refused where no item has failed; of a job without such items those below it are named, or,
        where these have failed with it, sent back as without items. A completed job with failed items has no way back:
        a new one, `restarted_from` it, begins with a copy of its ledgers and works on them; it is returned, also to
        whoever asks again while it is open. Raises IllegalMove, Conflict, InvalidInput.
        """
        items = asking.items(items)
        _, row = find(self._database, any_id, changing=True)
        if items and row.state in ("failed", "completed") and not self._failed_items(row):
            self._refuse_without_items(row)
        if items and row.state == "completed":
            return self._retry_in_new(row, reason)
        return self._ask(f"id:{row.id}", "retry", reason, "tree")

    def _failed_items(self, row: JobRow) -> int:
        return sum(known.failed for known in ledgers.every(self._database, row.id))

    def _refuse_without_items(self, row: JobRow) -> None:
        """Raises IllegalMove, naming the jobs below that have failed items; not where a retry takes these along."""
        rows = itertools.chain.from_iterable(families.levels(self._database, row)[1:])
        may = (one for one in rows if one.state == "failed" or (one.state == "completed" and one.warnings))
        below = list(itertools.islice(filter(self._failed_items, may), MOST_NAMED + 1))
        if row.state == "failed" and any(one.state == "failed" for one in below):
            return
        told = f"Job {row.number} ({row.name}) has no failed items that could be tried again."
        if below:
            named = " ".join(str(one.number) for one in below[:MOST_NAMED])
            more = " and more" if len(below) > MOST_NAMED else ""
            told = f"{told[:-1]}; jobs below it have: {named}{more}. Retry these."
        raise IllegalMove(told, row.state, records.moves_of(row))

    def _retry_in_new(self, old: JobRow, reason: str | None) -> Job:
        """The successor that copies the ledgers of the old job: the open one, else a new one. Raises IllegalMove."""
        new = self._successor(old, reason)
        new = msgspec.structs.replace(new, why=new.why | {"copies_items_of": old.id})
        try:
            identity: str = self._database.write(partial(self._succeed, old, new))
        except CommitUnknown:
            if keeping.by_id(self._database, new.id) is None:
                raise
            identity = new.id
        except IllegalChange as refused:
            submission.explain(self._database, new, refused)
            raise
        return self.get(identity)

    def _succeed(self, old: JobRow, new: keeping.NewJob, transaction: Transaction) -> str:
        transaction.lock([old.id])
        rows = records.job_rows(transaction.run("job_by_id", tenant=TENANT, id=old.id))
        if not rows:
            raise Deleted(f"Job {old.number} ({old.name}) was deleted.")
        if rows[0].state != "completed":
            raise IllegalMove(
                f"Job {old.number} ({old.name}) is {rows[0].state}, and no longer completed: its failed items can not "
                "be tried again in a new job.", rows[0].state, records.moves_of(rows[0]),
            )  # fmt: skip
        known, now = succession.open_successor(transaction.run, old.id), self._database.now()
        if known is None:
            keeping.add(transaction, [new], now)
            succession.promise(transaction, old, new.id, now)
        return known or new.id

    def _ledger(self, job: Job, asked: str | None) -> str:
        """The ledger that is meant. Raises NotFound, InvalidInput."""
        if asked is not None:
            return asking.text(asked, "ledger")
        names = [known.ledger for known in ledgers.every(self._database, job.id)]
        if not names:
            raise NotFound(f"Job {job.number} ({job.name}) has no items.")
        if len(names) > 1:
            raise InvalidInput(f"Job {job.number} has {len(names)} ledgers; name one: {', '.join(names[:10])}.")
        return names[0]


def _position(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if cursor.isdecimal() and len(cursor) < 19:
        return int(cursor)
    raise InvalidInput(f"after={cursor!a:.60} is no cursor of this listing: expected .next of the page before.")
