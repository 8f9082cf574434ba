"""What the sweep does for sessions: those that nobody uses are closed, and limits are counted anew."""

from __future__ import annotations

import logging
from functools import partial

from headway.store import workspaces
from headway.store.contract import Database, Transaction
from headway.store.moving import TENANT

LOG = logging.getLogger("headway")

RECOUNT_S = 60.0
"""How often the limits are counted anew."""
CHUNK = 100


def sweep(database: Database, now: float) -> None:
    """Closes idle sessions and puts wrong counts right. Reads first, so that an idle sweep writes nothing."""
    for (identity,) in database.read("idle_sessions", default=workspaces.DEFAULT, now=now, limit=CHUNK):
        database.write(partial(_close_if_idle, identity, now), ring=False)
    last = database.read("meta_value", name="limits_counted") if database.read("any_limit") else [(now,)]
    if not last or now - float(last[0][0]) >= RECOUNT_S:
        _recount(database, now)


def _close_if_idle(identity: str, now: float, transaction: Transaction) -> None:
    """Closes a session, unless a job of it is open or ended lately: then it was used, and is asked for again later.

    One that was never used goes altogether: browsers that come and go leave no rows.
    """
    known = workspaces.lock(transaction, identity)
    if known is None or known.idle_s is None:
        return
    used_at = now if workspaces.running_job(transaction, identity) else _last_end(transaction, identity)
    if max(used_at, known.used_at) + known.idle_s <= now:
        workspaces.close(transaction, identity, now)
        workspaces.forget_blank(transaction, identity)
        LOG.info("session %s was closed: nobody has used it for %g s", identity, known.idle_s)
    else:
        workspaces.use(transaction, identity, max(used_at, known.used_at))


def forget_closed(database: Database, before: float) -> None:
    """Removes sessions that were closed before then and of which no job is left."""
    for (identity,) in database.read("long_closed", tenant=TENANT, before=before, limit=CHUNK):
        database.write(partial(_forget_closed, identity, before), ring=False)


def _forget_closed(identity: str, before: float, transaction: Transaction) -> None:
    workspaces.lock(transaction, identity)  # it may be begun anew at this moment
    if (identity,) in [tuple(row) for row in transaction.run("long_closed", tenant=TENANT, before=before, limit=CHUNK)]:
        workspaces.forget(transaction, identity)


def _last_end(transaction: Transaction, identity: str) -> float:
    rows = transaction.run("last_end", tenant=TENANT, session=identity)
    return float(rows[0][0] or 0.0)


def _recount(database: Database, now: float) -> None:
    """One statement sees jobs and counts of one moment: only what differs there is locked and counted again."""
    wrong = [str(key) for (key,) in database.read("limits_off", tenant=TENANT)]
    database.write(partial(_put_right, sorted(wrong), now), ring=bool(wrong))


def _put_right(keys: list[str], now: float, transaction: Transaction) -> None:
    for key in keys:
        locked = transaction.run("lock_limit", tenant=TENANT, key=key)
        if not locked:
            continue
        used, most = locked[0]
        found = int(transaction.run("count_limit", tenant=TENANT, key=key)[0][0])
        if used != found:
            transaction.run("correct_limit", tenant=TENANT, key=key, used=min(found, most))
            LOG.warning("the limit %s counted %d jobs, and %d run%s: put right", key, used, found, "s" * (found == 1))
    transaction.run("set_meta", name="limits_counted", value=str(now))
