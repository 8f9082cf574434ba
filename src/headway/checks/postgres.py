"""The settings of a PostgreSQL server by which a crash would lose what was acknowledged."""

from __future__ import annotations

from headway.checks.subject import Findings, Subject, failing, ok
from headway.store.address import without_password


def settings(subject: Subject) -> Findings:
    """Which server it is, and whether it writes what it acknowledges."""
    if not subject.on_postgres:
        return
    import psycopg

    from headway.store.postgres.problems import explained

    url = subject.hw.url
    with explained(without_password(url)), psycopg.connect(url, connect_timeout=10) as connection:
        version = connection.info.server_version
        yield ok("server", f"PostgreSQL {version // 10000}.{version % 10000}")
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
            value = str(row[0]) if row else "unknown"
            if value in ("off", "unknown"):
                yield failing(name, value, f"turn {name} on: without it a crash loses what was acknowledged")
            else:
                yield ok(name, value)
