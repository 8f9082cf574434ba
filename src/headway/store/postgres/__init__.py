"""PostgreSQL: for many hosts. Needs the `postgres` extra (psycopg 3)."""

from headway.store.postgres.database import Postgres

__all__ = ["Postgres"]
