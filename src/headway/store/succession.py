"""What a retry leaves to the attempt that follows: failed items become pending, ledgers of another job are copied.

It is done there, under the fence of that attempt and in chunks, since a verb that is killed in the middle has nobody
who goes on for it. Checkpoints tell how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import msgspec

from headway.errors import Conflict, NotFound
from headway.store import ledgers, records, reporting
from headway.store.contract import Database, Rows, Transaction
from headway.store.moving import TENANT, Change
from headway.store.records import JobRow
from headway.store.reporting import Report

CHUNK = 5000
"""Items that are changed in one transaction: longer ones would hold up every other writer."""
COPY, SUCCESSOR, RETRIED = "copy", "successor", "retried"
"""Kinds of checkpoints: what a job copies; the job that copies from it; the last attempt whose retry has its items."""

Write = Callable[[Transaction], None]


class Copy(msgspec.Struct, frozen=True):
    """How far the copying of ledgers is. of: the job whose they are; whole: those that are copied; after: the last key
    that is copied of the one that follows them; ended: nothing is left to copy.
    """

    of: str
    whole: tuple[str, ...] = ()
    after: str | None = None
    ended: bool = False


def promise(transaction: Transaction, old: JobRow, new: str, now: float) -> None:
    """The new job is to copy the ledgers of the old one, and is found again by whoever asks for it once more."""
    _keep(transaction, old.id, old.attempt, SUCCESSOR, new, now)
    _keep(transaction, new, 0, COPY, Copy(old.id), now)


def open_successor(ask: Callable[..., Rows], old: str) -> str | None:
    """The job that copies from this one and has not ended. It holds for a caller who has locked the old one."""
    new = _kept(ask, old, SUCCESSOR, str)
    rows = records.job_rows(ask("job_by_id", tenant=TENANT, id=new)) if new else []
    return rows[0].id if rows and rows[0].ended_at is None else None


def next_write(database: Database, row: JobRow) -> Write | None:
    """The next thing that is to be written before the work of an attempt begins; None where nothing is left.

    Raises NotFound where the job whose items it needs was deleted, Conflict where that was rolled back.
    """
    return _next_copy(database, row) or _next_retry(database, row)


def catch_up(database: Database, row: JobRow) -> bool:
    """Does it all for a runner that is no thread of this process; whether the attempt still holds its job.

    Where it can not be done, the attempt has failed.
    """
    try:
        while (write := next_write(database, row)) is not None:
            if not database.write(partial(_fenced, row, write)):
                return False
    except (NotFound, Conflict) as problem:
        error = msgspec.json.encode({"code": problem.code, "message": str(problem)}).decode()
        end = Change(job=row.id, actor="runner", move="fail", attempt=row.attempt, serial=2, error=error)
        reporting.report(database, [Report(job=row.id, attempt=row.attempt, serial=1, end=end)])
        return False
    return True


def _fenced(row: JobRow, write: Write, transaction: Transaction) -> bool:
    held = reporting.may_write(transaction, row.id, row.attempt)
    if held:
        write(transaction)
    return held


def _next_copy(database: Database, row: JobRow) -> Write | None:
    if row.restarted_from is None:
        return None
    copy = _kept(database.read, row.id, COPY, Copy)
    if copy is None or copy.ended:
        return None
    left = [known.ledger for known in ledgers.every(database, copy.of) if known.ledger not in copy.whole]
    if not left:
        return partial(_copy, database, row, None, None, msgspec.structs.replace(copy, ended=True))
    ends = ledgers.end_of_chunk(database, copy.of, left[0], copy.after, CHUNK)
    whole = copy.whole if ends is not None else (*copy.whole, left[0])
    return partial(_copy, database, row, left[0], copy.after, msgspec.structs.replace(copy, after=ends, whole=whole))


def _copy(
    database: Database, row: JobRow, ledger: str | None, after: str | None, then: Copy, transaction: Transaction
) -> None:
    if ledger is not None:
        place = {"tenant": TENANT, "job": then.of, "to_job": row.id, "ledger": ledger}
        transaction.run("copy_items", after=after, upto=then.after, **place)
        if then.after is None:
            transaction.run("copy_ledger", **place)
    # Asked last: rows go only after the mark that a job is deleted, so that none was missing before.
    of = records.job_rows(transaction.run("job_by_id", tenant=TENANT, id=then.of))
    if not of:
        raise NotFound(
            f"Job {row.number} ({row.name}) was to work on the failed items of job {then.of}, which was deleted before "
            "all of them were copied. Submit the work anew."
        )
    if of[0].state != "completed":
        raise Conflict(
            f"Job {row.number} ({row.name}) was to work on the failed items of job {of[0].number} ({of[0].name}). That "
            f"is {of[0].state.replace('_', ' ')} now: what it had done may be undone. Submit the work anew.",
            then.of,
        )
    _keep(transaction, row.id, row.attempt, COPY, then, database.now())


def _next_retry(database: Database, row: JobRow) -> Write | None:
    """Where a person has sent the job back, what had failed until then is to be tried again."""
    retried = database.read("last_retry", tenant=TENANT, job=row.id)[0][0] if row.attempt > 1 else None
    if not retried or retried <= (_kept(database.read, row.id, RETRIED, int) or 0):
        return None
    return partial(_retry, database, row, [known.ledger for known in ledgers.every(database, row.id) if known.failed])


def _retry(database: Database, row: JobRow, failed: Sequence[str], transaction: Transaction) -> None:
    for place in [{"tenant": TENANT, "job": row.id, "ledger": ledger} for ledger in failed]:
        sizes = [one for (one,) in transaction.run("retry_items", limit=CHUNK, now=database.now(), **place)]
        transaction.run("count_retried", items=len(sizes), size=float(sum(sizes)), **place)
        if len(sizes) == CHUNK:
            return  # there may be more
    _keep(transaction, row.id, row.attempt, RETRIED, row.attempt - 1, database.now())


def _kept(read: Callable[..., Any], job: str, kind: str, type: Any) -> Any:
    rows = read("checkpoint_of", tenant=TENANT, job=job, kind=kind)
    return msgspec.json.decode(rows[0][0], type=type) if rows else None


def _keep(transaction: Transaction, job: str, attempt: int, kind: str, value: Any, now: float) -> None:
    text = msgspec.json.encode(value).decode()
    row = {"kind": kind, "name": "", "value": text, "attempt": attempt, "saved_at": now}
    transaction.each("save_checkpoints", [{"tenant": TENANT, "job": job, **row}])
