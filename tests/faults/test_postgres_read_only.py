"""A PostgreSQL server that takes no writes for a while, or has lost its tables."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

import psycopg
import pytest

from headway import Headway, Job
from headway.errors import StoreUnavailable, StoreUnusable
from tests.support.postgres import Server


def _set_read_only(server: Server, value: str) -> None:
    with psycopg.connect(server.base_url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}".encode())
        connection.execute("SELECT pg_reload_conf()")


def _submit_until_refused(hw: Headway) -> None:
    """A changed setting reaches the connections of the server one after the other."""
    while True:
        hw.submit("faults.any")


def _submit_until_taken(hw: Headway) -> Job:
    while True:
        with suppress(StoreUnavailable):
            return hw.submit("faults.any")


def test_a_server_that_is_read_only_for_a_while_is_worth_trying_again(own_postgres: Server) -> None:
    """G12: after the opening, a read-only server is unavailable and no more; writes go on when it takes them."""
    with Headway(own_postgres.create_database()) as hw:
        hw.counts()
        _set_read_only(own_postgres, "on")
        with pytest.raises(StoreUnavailable, match="read-only"):
            _submit_until_refused(hw)
        _set_read_only(own_postgres, "off")
        assert _submit_until_taken(hw).state == "pending"


def test_a_read_only_server_can_not_be_made_a_store(own_postgres: Server) -> None:
    """An empty database of a replica is refused at once, with what to do."""
    url = own_postgres.create_database()
    with psycopg.connect(own_postgres.base_url, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{urlsplit(url).path[1:]}" SET default_transaction_read_only = on'.encode())
    with pytest.raises(StoreUnusable, match="Name the primary"):
        Headway(url).counts()


def test_a_schema_that_was_dropped_is_told_in_a_sentence(postgres_url: str) -> None:
    """Errors of the driver never come out of a verb."""
    with Headway(postgres_url) as hw:
        hw.counts()
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA headway CASCADE")
        with pytest.raises(StoreUnusable, match="Restore them"):
            hw.submit("faults.any")
