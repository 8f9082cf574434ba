"""A script that works its jobs off in its own thread: URL MODULE."""

from __future__ import annotations

import importlib
import sys

from headway import Headway
from tests.faults.side import say


def main(url: str, module: str) -> None:
    importlib.import_module(module)
    with Headway(url) as hw:
        say("ran", hw.work_until_idle())


if __name__ == "__main__":
    main(*sys.argv[1:])
