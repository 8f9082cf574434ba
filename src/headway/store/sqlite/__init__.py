"""The embedded database: one SQLite file, opened by any number of processes of one host; or ":memory:"."""

from headway.store.sqlite.database import MEMORY, Sqlite

__all__ = ["MEMORY", "Sqlite"]
