"""A process that opens a database at a given moment: URL NAME. It waits for a line, submits one job and says it."""

from __future__ import annotations

import sys

from headway import Headway
from tests.faults.side import say


def main(url: str, name: str) -> None:
    say("ready")
    sys.stdin.readline()
    with Headway(url) as hw:
        say("submitted", hw.submit("faults.short", {"n": 0}, external_id=name).id)


if __name__ == "__main__":
    main(*sys.argv[1:])
