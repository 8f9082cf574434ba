"""`python -m examples.site_mover SOURCE DESTINATION`: moves a site, with a worker of its own."""

from __future__ import annotations

import argparse
import json
import sys
import uuid

from examples.site_mover import jobs as jobs  # noqa: PLC0414  # registers the job types
from examples.site_mover.line import Line
from examples.site_mover.move import move
from headway import Headway, HeadwayError, Job


def main() -> int:
    """Move, show how far it is, and print the result of the transfer as JSON; 1 where something went wrong."""
    given = _asked()
    print(f"move {given.id}", file=sys.stderr)
    try:
        done = _moved(given)
    except (ValueError, HeadwayError) as error:
        print(f"site_mover: {error}", file=sys.stderr)
        return 1
    print(json.dumps(done.result, indent=2))
    if done.undos:
        print(f"To see what a rollback would undo: headway rollback {done.number} --dry-run", file=sys.stderr)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m examples.site_mover", description=__doc__)
    parser.add_argument("source", help="a folder, or sftp://user@host/folder?known_hosts=FILE&key=FILE")
    parser.add_argument("destination", help="the same")
    parser.add_argument("--url", help="where jobs are kept; default $HEADWAY_URL, else your own file")
    parser.add_argument("--id", default=f"move-{uuid.uuid4().hex[:12]}", help="go on with this move")
    parser.add_argument("--exclude", action="append", metavar="PATTERN", help="instead of the usual patterns")
    parser.add_argument("--bandwidth", type=float, metavar="BYTES", help="most bytes per second")
    parser.add_argument("--concurrency", type=int, metavar="FILES", help="files at a time; default 10")
    parser.add_argument("--dry-run", action="store_true", help="scan and plan, and copy nothing")
    return parser.parse_args()


def _moved(given: argparse.Namespace) -> Job:
    with Headway(given.url) as hw, hw.worker(slots=1):
        return move(
            hw,
            given.source,
            given.destination,
            move_id=given.id,
            exclusions=given.exclude,
            transfer={
                "bandwidth_limit": given.bandwidth,
                "dry_run": given.dry_run,
                "concurrency": given.concurrency,
            },
            show=Line().show,
        )


if __name__ == "__main__":
    sys.exit(main())
