"""A worker process for the tests: URL SLOTS MODULE... It works until SIGTERM and then stops in good order."""

from __future__ import annotations

import importlib
import signal
import sys

from headway import Headway
from tests.faults.side import say


def main(url: str, slots: str, *modules: str) -> None:
    # Waited for with sigwait: a handler would run in the middle of whatever the main thread does.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    for module in modules:
        importlib.import_module(module)
    with Headway(url) as hw, hw.worker(slots=int(slots)):
        say("working")
        signal.sigwait({signal.SIGTERM})
    say("stopped")


if __name__ == "__main__":
    main(*sys.argv[1:])
