"""Many processes that open an empty database at the same moment (section 7: any number may)."""

from __future__ import annotations

from contextlib import ExitStack

from headway import Headway
from tests.faults import checks
from tests.faults.child import Child
from tests.faults.database import run

PROCESSES = 10


def test_ten_processes_that_open_an_empty_database_make_one_schema(url: str) -> None:
    """G1: whoever comes first makes the schema, all others use it, and nobody sees an error."""
    with ExitStack() as stack:
        children = [stack.enter_context(Child("tests.faults.open_main", url, f"opened-{n}")) for n in range(PROCESSES)]
        for child in children:
            child.line("ready")
        for child in children:
            child.tell()
        told = [child.line("submitted").split()[1] for child in children]
        assert [child.rest() for child in children] == [[]] * PROCESSES
        assert [(child.process.returncode, child.errors) for child in children] == [(0, "")] * PROCESSES
    with Headway(url) as hw:
        assert [hw.get(f"opened-{n}").id for n in range(PROCESSES)] == told
        checks.counted_right(hw)
    assert len(run(url, "SELECT value FROM meta WHERE name = 'store'")) == 1
    checks.sound(url)
