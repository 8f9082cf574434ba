"""Whose turn it is to write: a lock beside the SQLite file, fair between processes, that names its holder.

SQLite's own wait is a race that a busy process wins again and again. Here whoever waits holds the place of the next
in line (`.next`), and everybody should pass through it to get the turn (`.turn`), so no process overtakes. Both are
file locks: they fall with their process, however it ends; one that is stopped in line is passed by. The pid of the
holder stands in `.next`; `.turn` is written when the turn is given back, after the commit, which is what wakes the
watchers of the database (see doorbell).
"""

from __future__ import annotations

import fcntl
import os
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from headway.clock import Clock
from headway.errors import StoreBusy

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

    @contextmanager
    def held(self) -> Iterator[None]:
        """Waits for the turn and keeps it for the block. Raises StoreBusy, naming the holder, after 10 s."""
        limit = self._clock.precise() + PATIENCE_S
        self._lock(self._next, self._clock.precise() + LINE_S)
        try:
            if not self._lock(self._turn, limit):
                raise StoreBusy(self._who())
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)
        try:
            with suppress(OSError):  # a full disk: the holder has no name then, and nothing else depends on it
                os.pwrite(self._next, f"{os.getpid():<20}".encode(), 0)
            yield
        finally:
            with suppress(OSError):  # the same: what was committed stays so, and waiters look again by themselves
                os.pwrite(self._turn, b".", 0)
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def close(self) -> None:
        """Closes the lock files."""
        os.close(self._turn)
        os.close(self._next)

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
        command = ""
        if text.isdigit():
            try:
                command = Path(f"/proc/{text}/comm").read_text().strip()
            except OSError:
                command = "which has ended"
        holder = f"process {text} ({command})" if text else "another process"
        return (
            f"Waited {PATIENCE_S:.0f} s for the turn to write {self.path.removesuffix('.turn')}: {holder} keeps it. "
            "If that process is stopped or stuck, continue or end it; nothing was written."
        )
