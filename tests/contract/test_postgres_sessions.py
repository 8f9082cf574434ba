"""Sessions of a PostgreSQL server that somebody else resets, as poolers between do."""

from __future__ import annotations

import logging

import headway
from headway import Headway
from headway.store.postgres import Postgres
from headway.store.postgres.session import PREPARE_AFTER


def _reset(hw: Headway, sessions: int) -> int:
    """Drops what the sessions have prepared behind the driver's back; how much that was."""
    assert isinstance(hw._database, Postgres)
    pool = hw._database._pool
    held = [pool.getconn() for _ in range(sessions)]
    dropped = 0
    for connection in held:
        for _ in range(PREPARE_AFTER + 2):
            connection.execute("SELECT 1")
        dropped += int(connection.pgconn.exec_(b"SELECT count(*) FROM pg_prepared_statements").get_value(0, 0) or 0)
        connection.pgconn.exec_(b"DEALLOCATE ALL")
    for connection in held:
        pool.putconn(connection)
    return dropped


def test_verbs_go_on_when_sessions_were_reset(postgres_url: str) -> None:
    """What a session does not know any more is asked on a new one, in reading and in writing, and done once."""
    with Headway(postgres_url) as hw:
        for _ in range(PREPARE_AFTER + 2):
            hw.submit("copy")
            hw.counts()
        assert _reset(hw, 1) > 3
        assert hw.counts() == {"pending": PREPARE_AFTER + 2}
        for _ in range(PREPARE_AFTER + 2):
            hw.submit("copy")
        assert _reset(hw, 3) > 3
        hw.submit("copy")
        hw._database.ring()
        assert hw.counts() == {"pending": 2 * PREPARE_AFTER + 5}


def test_lost_sessions_are_no_word_of_a_job(postgres_url: str) -> None:
    """What the driver says of Headway's own sessions is not in the log of the job that met it; of its own it is."""

    @headway.job("sessions.lost")
    def lost(ctx: headway.Context) -> None:
        pool = hw._database._pool  # type: ignore[attr-defined]
        connection = pool.getconn()
        connection.close()
        pool.putconn(connection)
        logging.getLogger("psycopg.pool").warning("discarding closed connection: %s", "of a pool of the job")

    with Headway(postgres_url) as hw:
        hw.submit(lost)
        hw.work_until_idle()
        assert [line.data["text"] for line in hw.logs(1)] == ["discarding closed connection: of a pool of the job"]
