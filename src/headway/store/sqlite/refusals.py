"""Where no jobs are kept: files of other programs, network file systems, releases of SQLite that damage files."""

from __future__ import annotations

import os
from pathlib import Path

import apsw

from headway.errors import StoreUnusable

FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""Releases from which SQLite no longer corrupts a WAL file that several connections write (3.52.0 was withdrawn)."""
OURS = {"jobs", "meta", "moves", "states"}
"""Tables by which a file is known as one of ours."""
NETWORK = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "fuse.sshfs", "ncpfs"}
"""File systems whose locks do not hold between hosts."""


def refuse_foreign(connection: apsw.Connection, path: str) -> None:
    """Raises StoreUnusable for a file with tables of another program; it is not touched."""
    tables = sorted(row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"))
    if tables and not OURS.issubset(tables):
        raise StoreUnusable(
            f"{path} holds the tables of another program ({', '.join(tables[:5])}). "
            "Name another file; this one was not touched."
        )


def require_fixed_sqlite(version: tuple[int, ...]) -> None:
    """Raises StoreUnusable where this SQLite can corrupt a WAL file (sqlite.org/wal.html, the WAL-reset bug)."""
    fixed = version >= FIXED[0] and version[:2] != (3, 52)
    fixed = fixed or any(version[:2] == release[:2] and version >= release for release in FIXED[1:])
    if not fixed:
        found = ".".join(str(part) for part in version)
        raise StoreUnusable(
            f"SQLite {found} can corrupt a database that several connections write (the WAL-reset bug). "
            "Install apsw 3.53 or later, which brings its own SQLite."
        )


def refuse_network(path: str) -> None:
    """Raises StoreUnusable where the file would lie on a network file system."""
    kind = network(path)
    if kind is not None:
        raise StoreUnusable(
            f"{path} lies on a network file system ({kind}), whose locks do not hold. "
            "Use a local disk, or PostgreSQL for many hosts."
        )


def network(path: str) -> str | None:
    """The kind of network file system that the file would lie on; None for a local disk."""
    try:
        mounts = Path("/proc/mounts").read_text().splitlines()
    except OSError:
        return None  # not Linux: there is no such list, and SQLite's own checks must do
    place = os.path.realpath(path)
    kinds = {line.split()[1].replace("\\040", " "): line.split()[2] for line in mounts if len(line.split()) > 2}
    best = max((mount for mount in kinds if place.startswith(mount.rstrip("/") + "/")), key=len, default="/")
    return kinds[best] if kinds.get(best) in NETWORK else None
