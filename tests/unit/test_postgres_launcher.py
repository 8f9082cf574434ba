"""The launcher of PostgreSQL that the other tests stand on."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.postgres import Databases, Server


def _answer(url: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone()


def _keep_a_row(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")


@pytest.mark.parametrize("end", ["stop", "crash", "kill"])
def test_what_was_committed_is_there_after_every_kind_of_end(own_postgres: Server, end: str) -> None:
    """A committed row is found again, at the same address, however the server ended."""
    url = own_postgres.create_database()
    _keep_a_row(url)
    getattr(own_postgres, end)()
    own_postgres.start()
    assert _answer(url) == (1,)


def test_databases_are_apart_and_go_away(postgres: Databases) -> None:
    """A test sees nothing of another's database, and a dropped one refuses connections."""
    with postgres.database() as first, postgres.database() as second:
        _keep_a_row(first)
        with pytest.raises(psycopg.errors.UndefinedTable):
            _answer(second)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        _answer(first)
