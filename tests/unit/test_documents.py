"""Pages of docs/ that are written from the code say what the code says."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
from starlette.routing import compile_path

from headway.errors import DuplicateStep, HeadwayError
from headway.model.ids import RESERVED
from headway.server import problems
from headway.server.app import OPERATIONS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["conformance", "life-of-a-job", "reference"])
def test_a_written_page_is_up_to_date(name: str) -> None:
    """The page is what its script writes today: run scripts/<name> after a change."""
    written = runpy.run_path(str(ROOT / "scripts" / name))["page"]()
    assert (ROOT / "docs" / f"{name}.md").read_text() == written


def test_every_path_of_the_http_page_is_there_as_it_stands() -> None:
    """What a reader would type has its prefix, and is a path of the server."""
    page = (ROOT / "docs" / "http.md").read_text()
    known = [compile_path(operation.address)[0] for operation in OPERATIONS if "{job_type}" not in operation.address]
    named = {path.rstrip("/.,") for path in re.findall(r"\$api(/[^\s\"'`?]*)", page)} - {"/$path"}
    assert len(named) > 20
    assert [path for path in sorted(named) if not any(one.match(f"/api/v1{path}") for one in known)] == []
    assert re.findall(r"`(?:GET|POST|PUT|DELETE) /.*", page) == []


def test_the_http_page_has_every_refusal_of_the_server() -> None:
    """Each code stands in the table of refusals, in the row of its status."""
    table = re.findall(r"^\| (\d[\d, ]*) \| (.*) \|$", (ROOT / "docs" / "http.md").read_text(), re.MULTILINE)
    of_work = {HeadwayError.code, DuplicateStep.code}  # no call of a server is answered with these
    for code, (status, _) in problems.statuses().items():
        rows = [statuses for statuses, told in table if f"`{code}`" in told]
        assert code in of_work or any(str(status) in row for row in rows), (code, status)


def test_the_guide_lists_the_words_that_are_no_ids() -> None:
    """Who gives ids of their own can read which words are reserved."""
    listed = re.search(r"is none of these words.*?: (.*?)\. Nor", (ROOT / "docs" / "guide.md").read_text(), re.DOTALL)
    assert listed is not None
    assert frozenset(re.split(r",\s+", listed[1])) == RESERVED
