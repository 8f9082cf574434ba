"""In a worker of the site mover: it stands still when it has done so much, however late that comes which a test means
for the midst of its work. Each file that is published or removed counts one, and so does every 100 kB that is written.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from examples.site_mover.local import LocalPart, LocalPlace
from examples.site_mover.places import Entry

LEASH, HELD = "HEADWAY_TEST_LEASH", "HEADWAY_TEST_HELD"
"""The environment variables with how much it may do, and with the file that it makes when it stands still."""
UNIT = 100_000


def opened(held: str | Path) -> Path:
    """Where this file is, beside that one, the leash is off."""
    return Path(f"{held}.opened")


class _Leash:
    def __init__(self, units: int) -> None:
        self._left = units * UNIT
        self._lock = threading.Lock()
        self._never = threading.Event()

    def pay(self, size: int) -> None:
        """Goes on while something is left."""
        with self._lock:
            self._left -= size
            held = self._left < 0
        if held:
            Path(os.environ[HELD]).touch()
            while not opened(os.environ[HELD]).exists():
                self._never.wait(0.02)


def _put_on(leash: _Leash) -> None:
    write, publish, remove = LocalPart.write, LocalPlace.publish, LocalPlace.remove

    def leashed_write(part: LocalPart, data: bytes) -> None:
        leash.pay(len(data))
        write(part, data)

    def leashed_publish(place: LocalPlace, entry: Entry) -> None:
        leash.pay(UNIT)
        publish(place, entry)

    def leashed_remove(place: LocalPlace, path: str) -> None:
        leash.pay(UNIT)
        remove(place, path)

    LocalPart.write = leashed_write  # type: ignore[assignment, method-assign]
    LocalPlace.publish = leashed_publish  # type: ignore[assignment, method-assign]
    LocalPlace.remove = leashed_remove  # type: ignore[assignment, method-assign]


if LEASH in os.environ:
    _put_on(_Leash(int(os.environ[LEASH])))
