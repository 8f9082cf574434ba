"""A process that keeps the turn to write an SQLite file: PATH. It holds it until it is told a line, or ends."""

from __future__ import annotations

import sys

from headway.clock import SystemClock
from headway.store.turn import Turn
from tests.faults.side import say


def main(path: str) -> None:
    with Turn(path, SystemClock()).held():
        say("holds it")
        sys.stdin.readline()
    say("gave it back")
    sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:])
