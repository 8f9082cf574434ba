"""Sessions of a PostgreSQL server: how they are set up, lent by a pool, and made as new after a job had one."""

from __future__ import annotations

import weakref
from typing import Any, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row
from psycopg.types.string import TextLoader
from psycopg_pool import ConnectionPool

from headway.store import forking

PooledConnection = psycopg.Connection[tuple[Any, ...]]

SCHEMA = "headway"
"""Tables live in a schema of their own, beside whatever else the database holds."""
SILENCE_S = 30
"""A session that says nothing for so long inside a transaction is ended by the server: its process is frozen or cut
off, and what it has locked would keep everybody from taking over its jobs."""
LOST_PACKETS = {"tcp_user_timeout": 15_000, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
"""After how many milliseconds, or seconds of nothing, a session is given up whose packets are not acknowledged. The
system would wait for a quarter of an hour, or for two hours where nothing was sent."""
PREPARE_AFTER = 5
"""Runs of one statement after which the driver prepares it: its own default."""
OWN_SETTINGS = f"RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET search_path TO {SCHEMA}, public"
AS_NEW = (
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); "
    "DISCARD PLANS; DISCARD TEMP; DISCARD SEQUENCES"
)
"""DISCARD ALL but for prepared statements: the driver goes on to use those that it knows of."""


class Session(psycopg.Connection[tuple[Any, ...]]):
    """A connection that a forked child lets go of, from its very beginning, and that notices when packets are lost."""

    @classmethod
    def connect(cls, conninfo: str = "", **options: Any) -> Self:
        """See psycopg.Connection.connect. What the address says of lost packets holds."""
        said = conninfo_to_dict(conninfo)
        unsaid = {name: value for name, value in LOST_PACKETS.items() if name not in said}
        with forking.MAKING.one():
            connection = super().connect(conninfo, **{**unsaid, **options})
            _OPEN.add(connection)
            return connection


_OPEN: weakref.WeakSet[Session] = weakref.WeakSet()


def let_go_in_child() -> None:
    """In a forked child: the sessions are the parent's, and the server is told nothing."""
    forking.blank(*(session.fileno() for session in _OPEN if not (session.closed or session.broken)))


class Pool(ConnectionPool[PooledConnection]):
    """Lends the connection that came back last: its server process has the plans and pages of what went before."""

    def _get_ready_connection(self, timeout: float | None) -> PooledConnection | None:
        if self._pool:
            self._pool.rotate(1)
        return super()._get_ready_connection(timeout)


def set_up(connection: PooledConnection) -> None:
    """What every session of ours has."""
    connection.execute(f"SET search_path TO {SCHEMA}, public")
    connection.execute(
        "SELECT set_config('idle_in_transaction_session_timeout', %s, false) "
        "WHERE current_setting('idle_in_transaction_session_timeout') = '0'",
        (f"{SILENCE_S}s",),
    )
    for kind in ("json", "jsonb"):
        connection.adapters.register_loader(kind, _Text)


def clean(connection: PooledConnection) -> None:
    """Leaves nothing of a job on a connection that others get; one that can not be cleaned is closed."""
    try:
        connection.cursor_factory, connection.row_factory = psycopg.Cursor, tuple_row
        connection.prepare_threshold = PREPARE_AFTER
        connection.autocommit = True
        connection.execute(AS_NEW)
        set_up(connection)
    except psycopg.Error:
        connection.close()


def cursor(connection: PooledConnection) -> psycopg.Cursor[tuple[Any, ...]]:
    """A cursor of ours, whatever a job has set on the connection."""
    return psycopg.Cursor(connection, row_factory=tuple_row)


class _Text(TextLoader):
    """JSON as the text it is: msgspec reads it."""
