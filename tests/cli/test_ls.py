"""`headway ls` and `headway show`: what there is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from headway import Headway
from tests.cli.command import Cli


def numbers(cli: Cli, *words: str) -> list[int]:
    return [job["number"] for job in cli.json("ls", *words)["jobs"]]


def test_active_ones_first_then_those_that_ended_last(each_cli: Cli) -> None:
    """Without a query: active jobs, newest first, then ended ones, newest first."""
    with Headway(each_cli.url) as hw:
        for _ in range(4):
            hw.submit("gate")
        hw.cancel(4)
        hw.cancel(2)
    assert numbers(each_cli) == [3, 1, 4, 2]


def test_twenty_in_all_and_a_cursor_for_the_rest(cli: Cli, hw: Headway) -> None:
    """A listing stops at 20 and says how to go on; following the cursors gives each job once."""
    hw.submit_many("gate", [{}] * 45)
    for number in range(1, 31):
        hw.cancel(number)
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = cli.json("ls", *(["--after", cursor] if cursor else []))
        seen += [job["number"] for job in page["jobs"]]
        cursor, pages = page["next"], pages + 1
    assert (seen, pages) == ([*range(45, 30, -1), *range(30, 0, -1)], 3)
    assert numbers(cli, "--all") == seen
    active = cli.json("ls", "--limit", "15")
    assert [job["number"] for job in active["jobs"]] == seen[:15]
    assert numbers(cli, "--limit", "15", "--after", active["next"]) == seen[15:30]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (["state:paused"], [2]), (["status:paused,cancelled"], [3, 2]), (["type:quick"], [4]), (["label:site=a"], [1]),
        (["label:site=a", "label:site=b"], [1]), (["label:site=a", "label:env=prod"], []),
        (["context:c-1"], [3]), (["session:default.yaml", "type:gate"], [2, 1, 3]), (["is:ended"], [3]),
        (["special"], [2]), (["text:a:b"], [4]), (["nothing"], []), (["category:media"], [4]),
    ],
)  # fmt: skip
def test_a_query_narrows_the_list(cli: Cli, hw: Headway, query: list[str], found: list[int]) -> None:
    """Words of the form field:value filter; other words are looked for in names."""
    hw.submit("gate", labels={"site": "a"})
    hw.pause(hw.submit("gate", name="Something special"))
    hw.cancel(hw.submit("gate", context_id="c-1"))
    hw.submit("quick", name="a:b", category="media")
    assert numbers(cli, *query) == found


def test_a_wrong_word_is_named(cli: Cli) -> None:
    """The word of a query that is not understood is named, with the field that was meant."""
    said = cli("ls", "stat:failed").stderr
    assert "'stat:failed'" in said
    assert "Did you mean state" in said


def test_the_database_is_named_and_whose_it_is(cli: Cli) -> None:
    """An empty list names the database that was looked into, and its owner: two users have two files."""
    said = cli("ls").stderr
    assert said.startswith("0 jobs in ~/jobs.db (")
    assert "'s)\n" in said


def test_rows_are_data_and_the_rest_is_said_aside(cli: Cli, hw: Headway) -> None:
    """Standard output has the heads and a row per job and no escape codes; counts go to standard error."""
    hw.submit("gate", name="x" * 200)
    done = cli("ls")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["NUMBER", "1"]
    assert "x" * 200 in done.stdout
    assert done.stderr.startswith("1 pending in ")


def test_jobs_of_one_type_are_told_apart_by_their_ids(cli: Cli, hw: Headway) -> None:
    """Where the name of a job is only its type its context id and external ids stand beside it."""
    hw.submit("gate", context_id="pg1", external_id={"gui": "gui-17"})
    hw.submit("gate", name="Nightly", context_id="pg2")
    rows = cli("ls").stdout
    assert ("gate · pg1 · gui-17" in rows, "Nightly" in rows, "pg2" in rows) == (True, True, False), rows


def test_counts_are_those_of_the_query(cli: Cli, hw: Headway) -> None:
    """What a list says of states and numbers is of the jobs that were asked for, and of how many."""
    hw.submit_many("gate", [{}] * 3)
    hw.cancel(hw.submit("quick", context_id="nightly"))
    hw.create_session("acme")
    hw.submit("gate", session="acme")
    said = [cli("ls", *words).stderr for words in (["nightly"], ["type:gate"], ["nobody"], ["--session", "default"])]
    began = ("1 cancelled of 5 jobs in ", "4 pending of 5 jobs in ", "0 of 5 jobs in ", "3 pending, 1 cancelled of 5")
    assert [text.startswith(begin) for text, begin in zip(said, began, strict=True)] == [True] * 4, said


def test_a_table_fits_its_terminal(cli: Cli, hw: Headway) -> None:
    """On a terminal names are cut so that each job takes one line."""
    hw.submit("gate", name="x" * 200)
    terminal = cli.terminal("ls", "--color", "never", columns=80)
    terminal.end()
    rows = [line for line in terminal.drawn.splitlines() if "x" in line and "gate" in line]
    assert len(rows) == 1
    assert len(rows[0]) <= 80
    assert "…" in rows[0]


def test_show_has_all_that_matters(cli: Cli, working: Headway) -> None:
    """A failed job is shown with its error, its last log lines, and what can be done as commands."""
    job = working.submit("broken", external_id="gui-17", labels={"site": "a"})
    working.wait(job)
    done = cli("show", "gui-17")
    for text in ("✘ failed", "external:gui-17", "site=a", "ValueError: no such table: users", "about to fail"):
        assert text in done.stdout
    assert f"headway retry {job.number}" in done.stderr


def test_show_lists_steps(cli: Cli, working: Headway) -> None:
    """Planned and finished steps are listed with shape and word."""
    (cli.home / "open").touch()
    job = working.submit("gate", {"path": str(cli.home / "open")})
    working.wait(job)
    shown = cli("show", str(job.number)).stdout
    assert "✔ go" in shown
    assert [step["name"] for step in cli.json("show", str(job.number))["steps"]] == ["wait", "go"]


def test_a_short_start() -> None:
    """A list in a pipe loads nothing that only tables and servers need: it comes in well under 300 ms."""
    code = "import sys, headway.cli.main, headway.cli.ls; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"rich", "psycopg"} & set(loaded)


def test_warnings_are_read_where_they_are_counted(cli: Cli, hw: Headway) -> None:
    """`ls` marks a job that has ended with warnings, `show` says which."""
    with hw.tracked("import", show=False) as ctx:
        ctx.warn("3 rows were skipped")
    shown = cli("show", "1").stdout
    assert "Warnings\n  3 rows were skipped" in shown, shown
    assert "completed with warnings" in cli("ls").stdout
