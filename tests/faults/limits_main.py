"""Several claimers in one process: URL CLAIMERS. Each has a connection and a worker of its own, until it is killed."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from threading import Event

import headway
from headway import Headway
from tests.faults.side import say


@headway.job("faults.limited")
def limited(ctx: headway.Context, seconds: float) -> str:
    """Holds its place for a while, and can be stopped in it."""
    ctx.sleep(seconds)
    return ctx.session


def main(url: str, claimers: str) -> None:
    with ExitStack() as stack:
        for _ in range(int(claimers)):
            verbs = stack.enter_context(Headway(url))
            stack.enter_context(verbs.worker(slots=2, types=["faults.limited"]))
        say("working")
        Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
