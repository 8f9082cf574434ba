"""What the demo's release runs as a command: a build that talks in colours, and says how far it is."""

from __future__ import annotations

import sys
import threading

MODULES = "catalogue basket payment search account invoices newsletter statistics admin api".split()
GREEN, YELLOW, GREY, BOLD, PLAIN = "\x1b[32m", "\x1b[33m", "\x1b[90m", "\x1b[1m", "\x1b[0m"


def build(version: str, seconds: float) -> None:
    """Prints a line for each file of each module."""
    print(f"{BOLD}build {version}{PLAIN}", flush=True)
    pause, files = threading.Event(), 20
    for number, module in enumerate(MODULES):
        for file in range(files):
            took = f"{GREY}{20 + file * 7 % 60} ms{PLAIN}"
            print(f"  {GREEN}compiled{PLAIN} {module}/part_{file:02}.ts {took}", flush=True)
            pause.wait(seconds / len(MODULES) / files)
        if number % 4 == 2:
            print(f"  {YELLOW}warning{PLAIN} {module}: 'total' is never read", flush=True)
        print(f"{(number + 1) * 100 // len(MODULES)}% {module} is built", flush=True)


if __name__ == "__main__":
    build(sys.argv[1], float(sys.argv[2]))
