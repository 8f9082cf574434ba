"""A process that puts a copy in the place of a database: COPY PATH. It is killed meanwhile."""

from __future__ import annotations

import sys

from headway.store import copies
from tests.faults.side import say


def main(copy: str, path: str) -> None:
    say("begins")
    copies.put_back(copy, path, replace=True)
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
