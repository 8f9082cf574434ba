"""A script with a tracked loop: URL EXTERNAL_ID COUNT bare|with. Inside each member it says so and waits to be told.

It is told "break", "raise", or an empty line, which goes on to the next member.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from headway import Headway
from tests.faults.side import say


def walk(members: Iterable[int]) -> None:
    """Goes over the members as it is told."""
    for n in members:
        say("at", n)
        word = sys.stdin.readline().strip()
        if word == "break":
            break
        if word == "raise":
            raise ValueError("as told")


def main(url: str, name: str, count: str, how: str) -> None:
    with Headway(url) as hw:
        loop = hw.track(range(int(count)), "Loop", external_id=name, show=False)
        if how == "bare":
            walk(loop)
        else:
            with loop:
                walk(loop)
    say("over")


if __name__ == "__main__":
    main(*sys.argv[1:])
