"""One go of one contestant, here: `python -m benchmarks.go MEASURE CONTESTANT FOLDER [POSTGRES_URL]`.

The figures are the last line on standard output, as JSON; anything a contestant prints comes before.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from benchmarks.contest import Measure, Place


def measure(name: str) -> Measure:
    """The measure kept in the module of this name."""
    found = importlib.import_module(f"benchmarks.{name}").MEASURE
    if not isinstance(found, Measure):
        raise TypeError(f"benchmarks.{name}.MEASURE is {found!r}; a Measure is expected there")
    return found


def main(name: str, contestant: str, folder: str, postgres: str = "") -> None:
    """Run the go and print its figures."""
    results = measure(name).contestant(contestant).go(Place(Path(folder), postgres))
    print(json.dumps(results), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
