"""A server process for the tests: URL PORT. It serves until SIGTERM and then stops in good order."""

from __future__ import annotations

import signal
import sys

from headway import Headway
from headway.server import create_app
from headway.server.serving import Serving
from tests.faults.side import say


def main(url: str, port: str) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    with Headway(url) as hw, Serving(create_app(hw), port=int(port)) as serving:
        say("serving", serving.address)
        signal.sigwait({signal.SIGTERM})
    say("stopped")


if __name__ == "__main__":
    main(*sys.argv[1:])
