"""The last look: is everything that the plan wanted at the destination, with the size it should have?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from examples.site_mover.listing import Listing
from examples.site_mover.places import Place, printable
from examples.site_mover.plan import THERE
from examples.site_mover.records import entry_of, read_lines

_SHOWN = 100  # names in the result


def verify_plan(plan: Path, destination: Place, check: Callable[[], None]) -> dict[str, Any]:
    """Compare the sizes of the files that a plan copied or found there; their contents were compared before.

    check is called for each file and may raise Halt. A file that grew at the source after the plan counts
    as different.
    """
    there = Listing(destination)
    wanted = found = wanted_bytes = found_bytes = missing = 0
    names: list[str] = []
    for _, _, record in read_lines(plan):
        wanted_here = record.get("do") == "copy" or record.get("reason") == THERE
        if not wanted_here or record["kind"] != "file":
            continue
        check()
        entry = entry_of(record)
        wanted += 1
        wanted_bytes += entry.size
        present = _present(there, entry.path)
        if present is None:
            missing += 1
            names += [printable(entry.path)] if len(names) < _SHOWN else []
        else:
            found += 1
            found_bytes += present
    return {
        "source_files": wanted,
        "source_size": wanted_bytes,
        "destination_files": found,
        "destination_size": found_bytes,
        "missing_count": missing,
        "missing_files": names,
    }


def _present(there: Listing, path: str) -> int | None:
    try:
        entry = there.get(path)
    except OSError:
        return None
    return entry.size if entry is not None and entry.kind == "file" else None
