"""A process that keeps the turn to write an SQLite file: PATH. It holds it until it is told a line, or ends.

With "leave" a program that it started has the file of the lock as well, as from a fork that Python knows nothing of.
"""

from __future__ import annotations

import os
import subprocess
import sys

from headway.clock import SystemClock
from headway.store.sqlite import turn as taking
from headway.store.sqlite.turn import Turn
from tests.faults.side import say


def main(path: str, leave: str = "") -> None:
    taking.PATIENCE_S = 300.0  # the test says how long it stands in line
    turn = Turn(path, SystemClock())
    turn.take()
    if leave:
        locked = [int(file) for file in os.listdir("/proc/self/fd") if _leads_to(file, f"{path}.turn")]
        say("child", subprocess.Popen(["sleep", "600"], pass_fds=locked).pid)
    say("holds it")
    sys.stdin.readline()
    turn.give_back()
    say("gave it back")
    sys.stdin.readline()


def _leads_to(file: str, path: str) -> bool:
    try:
        return os.readlink(f"/proc/self/fd/{file}") == path
    except OSError:
        return False  # the listing's own


if __name__ == "__main__":
    main(*sys.argv[1:])
