"""Whose turn it is to write: a lock beside the SQLite file, fair between processes, that names its holder.

SQLite's own wait is a race that a busy process wins again and again. Here whoever waits holds the place of the next
in line (`.next`), and everybody should pass through it to get the turn (`.turn`), so no process overtakes. Both are
file locks: they fall with their process, however it ends (its forked children let go of them at once, see forking);
one that is stopped in line is passed by. The pid of the holder stands in `.next`; `.turn` is written after a commit of
which others are told, which is what wakes the watchers of the database (see doorbell).
"""

from __future__ import annotations

import fcntl
import os
import random
import threading
from contextlib import suppress
from functools import partial

from headway.clock import Clock
from headway.errors import StoreBusy
from headway.store import forking, host

PATIENCE_S = 10.0
"""How long a writer waits for its turn before it says who keeps it."""
LINE_S = 0.5
"""How long a writer waits for the place of the next in line: whoever has it may be stopped, and then keeps it."""


class Turn:
    """The lock of one database file, for one process at a time (not for threads: they have their own)."""

    def __init__(self, database: str, clock: Clock) -> None:
        self.path = f"{database}.turn"
        self._clock = clock
        self._turn = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._next = os.open(f"{database}.next", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._never = threading.Event()
        forking.keeps(self)
        self.give_back = partial(fcntl.flock, self._turn, fcntl.LOCK_UN)
        """Gives the turn back, taken or not. It is no function of Python: before its first line a Ctrl-C could come."""

    def take(self) -> None:
        """Waits for the turn, which one gives back in a `finally` of a `try` around this. Taken twice is taken once.

        Raises StoreBusy, naming the holder, after 10 s.
        """
        limit = self._clock.precise() + PATIENCE_S
        try:
            self._lock(self._next, self._clock.precise() + LINE_S)
            if not self._lock(self._turn, limit):
                raise StoreBusy(self._who())
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)
        with suppress(OSError):  # a full disk: the holder has no name then, and nothing else depends on it
            os.pwrite(self._next, f"{os.getpid():<20}".encode(), 0)

    def ring(self) -> None:
        """Wakes the watchers of the database, in every process."""
        with suppress(OSError):  # a full disk: what was committed stays so, and waiters look again by themselves
            os.pwrite(self._turn, b".", 0)

    def close(self) -> None:
        """Closes the lock files."""
        forking.keeps_no_more(self)
        os.close(self._turn)
        os.close(self._next)

    def let_go_in_child(self) -> None:
        """See forking.Keeper."""
        forking.blank(self._turn, self._next)

    def _lock(self, file: int, limit: float) -> bool:
        """Whether the lock could be had in time."""
        pause_s = 0.0001
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._clock.precise() > limit:
                    return False
                self._never.wait(pause_s * random.uniform(0.5, 1.5))  # noqa: S311 - spreads waiters, no secret
                pause_s = min(pause_s * 1.5, 0.002)
            else:
                return True

    def _who(self) -> str:
        text = os.pread(self._next, 20, 0).decode("ascii", "replace").strip()
        took = int(text) if text.isdigit() else None
        waited = f"Waited {PATIENCE_S:.0f} s for the turn to write {self.path.removesuffix('.turn')}"
        if took is None or host.born(took) is not None:
            holder = f"process {took} ({host.command(took)})" if took is not None else "another process"
            return f"{waited}: {holder} keeps it. If it is stopped or stuck, continue or end it; nothing was written."
        left = " ".join(str(pid) for pid in host.lockers(self.path)) or f"those of: fuser {self.path}"
        return (
            f"{waited}: process {took} took it and has ended, but a process that it started keeps its files open. "
            f"End it: kill {left}. Nothing was written."
        )
