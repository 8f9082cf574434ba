"""This machine and its processes: which worker is which, and whether one of them still lives."""

from __future__ import annotations

import os
import secrets
import socket
from functools import cache
from pathlib import Path

from headway.clock import boot_id


def name() -> str:
    """The name of this machine."""
    return socket.gethostname()


def new_worker_id() -> str:
    """An id for this process as a worker: readable, and never used twice."""
    return f"{name()}-{os.getpid()}-{secrets.token_hex(4)}"


@cache
def place() -> str:
    """This start of the machine and this namespace of process ids: pids mean something only inside both."""
    try:
        namespace = os.readlink("/proc/self/ns/pid")
    except OSError:
        namespace = "host"
    return f"{name()} {boot_id()} {namespace}"


def has_ended(pid: int, place_of: str, born_at: str) -> bool:
    """Whether a worker's process is known to have ended; of other machines, and where it can not be told, it is not."""
    return place_of == place() and bool(born_at) and born(pid) != born_at


def command(pid: int) -> str:
    """The name of the program that a process runs."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return "which has ended"


def lockers(path: str) -> list[int]:
    """The processes that have a file open through which it is locked, as far as this user may look.

    Source: proc(5), the lines "lock:" of /proc/pid/fdinfo. Several where a child was forked from the one that locked.
    """
    place, found = os.path.realpath(path), set()
    for entry in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(entry) == place and "lock:" in (entry.parents[1] / "fdinfo" / entry.name).read_text():
                found.add(int(entry.parts[2]))
        except OSError:
            pass  # it has ended or closed the file since, or is another user's: what is left is told
    return sorted(found)


def born(pid: int) -> str | None:
    """When the process began, in ticks since the machine started; None where it is gone or can not be told.

    Source: proc(5), field 22 of /proc/pid/stat. A dead process that nobody has waited for yet counts as gone.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return None if fields[0] in ("Z", "X") else fields[19]
