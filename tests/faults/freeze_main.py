"""A process inside a transaction that has locked the job it was told: URL. Then it waits to be told again."""

from __future__ import annotations

import sys

from headway.clock import SystemClock
from headway.store.postgres import Postgres
from headway.store.postgres.transaction import PostgresTransaction
from tests.faults.side import say


def main(url: str) -> None:
    job = sys.stdin.readline().strip()

    def hold(transaction: PostgresTransaction) -> None:
        transaction.lock([job])
        say("holds it")
        sys.stdin.readline()

    Postgres(url, SystemClock()).write(hold)


if __name__ == "__main__":
    main(*sys.argv[1:])
