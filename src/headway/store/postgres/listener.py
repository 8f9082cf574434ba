"""Hears of changes to a PostgreSQL database: LISTEN on a session of its own, in a thread."""

from __future__ import annotations

import logging
import select
import threading
from typing import Any

import psycopg

from headway.store.postgres.session import Session

CHANNEL = "headway"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
"""Between two tries to listen: doubling, so that a server without a connection to spare is not stormed."""
LOG = logging.getLogger("headway")
LOOK_MS = 1000
"""How often a thread that hears nothing looks whether it is to end."""


class Listener:
    """Counts the rings that this process heard of; waiters sleep until the count moves."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._changed = threading.Condition()
        self._rings = 1
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def wait(self, seen: int, timeout_s: float) -> int:
        """Waits until the count differs from `seen` or the time has passed; returns the count."""
        self._start()
        with self._changed:
            self._changed.wait_for(lambda: self._rings != seen, timeout_s)
            return self._rings

    def ring(self) -> None:
        """Wakes the waiters of this process."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Ends the thread, within a second, and wakes every waiter."""
        self._closed.set()
        self.ring()

    def _start(self) -> None:
        if self._thread is None and not self._closed.is_set():
            with self._changed:
                if self._thread is None:
                    thread = threading.Thread(target=self._hear, name="headway-listen", daemon=True)
                    thread.start()
                    self._thread = thread

    def _hear(self) -> None:
        """Rings at each notification until close(); a connection that is lost or refused is tried again, ever rarer."""
        pause_s = FIRST_PAUSE_S
        while not self._closed.is_set():
            try:
                with Session.connect(self._url, autocommit=True, connect_timeout=10) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    pause_s = FIRST_PAUSE_S
                    self._ring_for(connection)
            except psycopg.Error:  # whoever waits looks again by itself until the server is back
                pass
            except Exception:
                LOG.exception("nobody listens to PostgreSQL for %s s", pause_s)
            self._closed.wait(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    def _ring_for(self, connection: psycopg.Connection[Any]) -> None:
        self.ring()  # what happened before the LISTEN was not heard
        waited = select.poll()  # not select(), which takes no number beyond 1023: a server has more connections
        waited.register(connection.fileno(), select.POLLIN)
        while not self._closed.is_set():
            if waited.poll(LOOK_MS):
                for _ in connection.notifies(timeout=0):
                    pass
                self.ring()
