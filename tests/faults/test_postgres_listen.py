"""A PostgreSQL server that has no connection left for whoever listens."""

from __future__ import annotations

from urllib.parse import urlsplit

import psycopg

from headway import Headway
from tests.support.postgres import Server


def test_waiting_does_not_storm_a_server_that_refuses_to_listen(own_postgres: Server) -> None:
    """A listener that is refused rings nobody, and is tried again until the server takes it."""
    url = own_postgres.create_database()
    name = urlsplit(url).path[1:]
    with Headway(url) as hw, psycopg.connect(own_postgres.base_url, autocommit=True) as other:
        hw.counts()
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        seen = hw.changed(0, 0)
        assert hw.changed(seen, 1.0) == seen
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
        assert hw.changed(seen, 60.0) != seen
