"""The epoch of a database: what its event ids begin with, so that those of another past are known as such.

Numbers count on from where a copy was made: after it is put back they are given again, to other events. So a database
that was put back has another epoch than before. Copies of ours have none, and get one from whoever opens them first.
"""

from __future__ import annotations

import secrets

from headway.store.contract import Database, Transaction


def epoch(database: Database) -> str:
    """What tells this database from any other, and from what it was before it was put back from a copy."""
    return str(database.read("meta_value", name="store")[0][0])


def epoch_in(transaction: Transaction) -> str:
    """See epoch; inside a transaction of the caller."""
    return str(transaction.run("meta_value", name="store")[0][0])


def begin(transaction: Transaction) -> None:
    """Another epoch. Leases are of the one before: whoever held them in it did not get them from this database."""
    transaction.run("end_leases")
    transaction.run("set_meta", name="store", value=secrets.token_hex(8))


def ensure(database: Database) -> None:
    """Begins an epoch where there is none: in a copy that is opened for the first time."""
    if not database.read("meta_value", name="store"):
        database.write(begin_first)


def begin_first(transaction: Transaction) -> None:
    """Begins an epoch unless somebody else has."""
    if not transaction.run("meta_value", name="store"):
        begin(transaction)
