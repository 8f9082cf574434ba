"""The `headway` command. Its parts need the `cli` extra; this file tells who lacks it how to get it."""

from __future__ import annotations

import sys

_EXTRA = {"click", "rich"}


def main() -> None:
    """Run the command line, or say in one line how to get it and exit with status 1."""
    try:
        from headway.cli.main import main as real
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _EXTRA:
            raise
        print("headway: the command line needs the cli extra: pip install 'headway[cli]'", file=sys.stderr)
        sys.exit(1)
    real()
