"""Wakes whoever waits for a change of an SQLite file: no polling where the system can tell (inotify on Linux)."""

from __future__ import annotations

import ctypes
import os
import select
import sys
import threading

from headway.clock import Clock

CALM_S = 0.002
"""Shortest time between two rings, so that a busy writer does not wake its own process at every commit."""
COARSE_S = 0.05
"""How often the file is looked at where the system can not tell of changes."""


class Doorbell:
    """Counts the commits to one database that this process heard of; waiters sleep until the count moves."""

    def __init__(self, path: str | None, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._changed = threading.Condition()
        self._rings = 1
        self._watcher: threading.Thread | None = None
        self._closed = False
        self._stop = -1  # open as long as there is a watcher; afterwards its number may be that of another file

    def ring(self) -> None:
        """Somebody has committed."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, seen: int, timeout_s: float) -> int:
        """Waits until the count differs from `seen` or the time has passed; returns the count."""
        self._start()
        with self._changed:
            self._changed.wait_for(lambda: self._rings != seen, timeout_s)
            return self._rings

    def close(self) -> None:
        """Ends the watching thread and wakes every waiter."""
        with self._changed:  # one that is being made has begun then, and can be waited for; none is made afterwards
            self._closed = True
            watcher, self._watcher = self._watcher, None
            if watcher is not None:
                os.write(self._stop, b"x")
        if watcher is not None and watcher is not threading.current_thread():
            watcher.join()
        self.ring()

    def _start(self) -> None:
        if self._path is None or self._watcher is not None:
            return
        with self._changed:
            if not self._closed and self._watcher is None:
                stop, self._stop = os.pipe()
                watcher = threading.Thread(
                    target=self._watch, args=(self._path, stop), name="headway-doorbell", daemon=True
                )
                try:
                    watcher.start()
                except RuntimeError:  # no thread is to be had: the next who waits tries again
                    self._end(stop, self._stop)
                    raise
                self._watcher = watcher

    def _watch(self, path: str, stop: int) -> None:
        """Rings at each change of the file. Whatever ends it, the next who waits begins another."""
        events = None
        try:
            events = _inotify(path)
            self._ring_for(path, stop, events)
        finally:
            with self._changed:
                self._end(stop, self._stop, events)

    def _ring_for(self, path: str, stop: int, events: int | None) -> None:
        calm, waited = _polled(stop), _polled(stop) if events is None else _polled(stop, events)
        mark = _modified(path)
        while True:
            readable = waited.poll(COARSE_S * 1000 if events is None else None)
            if stop in [file for file, _ in readable]:
                return
            if events is not None:
                os.read(events, 65536)
                self.ring()
                calm.poll(CALM_S * 1000)
            elif mark != (mark := _modified(path)):
                self.ring()

    def _end(self, *files: int | None) -> None:
        """There is no watcher any more. The caller has the lock."""
        self._watcher, self._stop = None, -1
        for file in files:
            if file is not None:
                os.close(file)


def _polled(*files: int) -> select.poll:
    """What waits for these files. Not select(), which takes no number beyond 1023: a server has more connections."""
    waited = select.poll()
    for file in files:
        waited.register(file, select.POLLIN)
    return waited


def _modified(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return 0


def _inotify(path: str) -> int | None:
    """A file descriptor that becomes readable when the file is written; None where there is no inotify."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None, use_errno=True)
    descriptor = int(library.inotify_init1(os.O_CLOEXEC))
    if descriptor < 0:
        return None
    if library.inotify_add_watch(descriptor, os.fsencode(path), _IN_MODIFY) < 0:
        os.close(descriptor)  # the limit of watches is reached: look at the file instead
        return None
    return descriptor


_IN_MODIFY = 0x2
