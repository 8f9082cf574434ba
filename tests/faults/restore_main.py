"""A process that puts a copy in the place of a database: COPY PATH [N]. It is killed meanwhile.

N: before which statement it kills itself, counted from 0, over all its connections.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys

import apsw

from headway.store import copies
from tests.faults.side import say


def _die_before(nth: int) -> None:
    statements = itertools.count()

    def count(*_: object) -> bool:
        if next(statements) == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    apsw.connection_hooks.append(lambda connection: setattr(connection, "exec_trace", count))


def main(copy: str, path: str, nth: str | None = None) -> None:
    if nth is not None:
        _die_before(int(nth))
    say("begins")
    copies.put_back(copy, path, replace=True)
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
