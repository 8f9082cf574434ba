"""A process inside a transaction that has locked the job it was told: URL. Then it waits to be told again."""

from __future__ import annotations

import sys

from headway.clock import SystemClock
from headway.store.postgres import Postgres, PostgresTransaction
from tests.faults.side import say


def _hold(transaction: PostgresTransaction) -> None:
    transaction.lock([sys.stdin.readline().strip()])
    say("holds it")
    sys.stdin.readline()


if __name__ == "__main__":
    Postgres(sys.argv[1], SystemClock()).write(_hold)
