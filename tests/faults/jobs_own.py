"""A job with a transaction of its own."""

from __future__ import annotations

import headway


@headway.job("faults.own_transaction")
def own_transaction(ctx: headway.Context) -> str:
    """How long PostgreSQL lets it be silent inside the transaction; 0 is for ever."""
    with ctx.transaction() as connection:
        found = connection.execute("SHOW idle_in_transaction_session_timeout").fetchone()
    return str(found[0])
