"""`headway tree`: a job with all that is below it."""

from __future__ import annotations

from typing import Any

import headway
from headway import Context, Headway
from tests.cli.command import Cli


@headway.job("tree.leaf")
def leaf(ctx: Context, n: int) -> None:
    """A child; the second one fails."""
    if n == 1:
        raise ValueError("no such table")


@headway.job("tree.root")
def root(ctx: Context) -> Any:
    """Three children behind one another."""
    children = [ctx.spawn(leaf, {"n": n}, name=f"Table {n}") for n in range(3)]
    ctx.gather(*children, return_exceptions=True)


@headway.job("tree.warns")
def warns(ctx: Context, fails: bool) -> None:
    """A child that completes with a warning, unless it shall fail."""
    ctx.warn("a file is missing")
    if fails:
        raise ValueError("all are missing")


@headway.job("tree.warned")
def warned(ctx: Context) -> None:
    """Three children that warn, of which one fails."""
    children = [ctx.spawn(warns, {"fails": key == "c"}, key=key) for key in "abc"]
    ctx.gather(*children, return_exceptions=True)


def test_a_tree_is_drawn_from_the_given_job_down(cli: Cli, hw: Headway) -> None:
    """S4.26: each job stands below its parent, with number, name, state and percentage."""
    hw.submit(root, name="All tables")
    hw.work_until_idle()
    done = cli("tree", "1")
    assert done.returncode == 0
    lines = [line.split("  ") for line in done.stdout.splitlines()]
    assert [line[:3] for line in lines] == [
        ["1", "All tables", "✔ completed"], ["├─ 2", "Table 0", "✔ completed"], ["├─ 3", "Table 1", "✘ failed"],
        ["└─ 4", "Table 2", "✔ completed"],
    ]  # fmt: skip
    assert "100%" in lines[0]
    assert "4 jobs: 3 completed, 1 failed" in done.stderr


def test_the_last_line_of_a_tree_has_the_warnings_below(cli: Cli, hw: Headway) -> None:
    """How many jobs completed with warnings is said beside those that completed, also where the root has none."""
    hw.submit(warned)
    hw.work_until_idle()
    assert "4 jobs: 3 completed (2 with warnings), 1 failed" in cli("tree", "1").stderr


def test_a_branch_is_a_tree_of_its_own(cli: Cli, hw: Headway) -> None:
    """From a child down, and a job without children alone."""
    hw.submit(root)
    hw.work_until_idle()
    assert cli("tree", "3").stdout.startswith("3  Table 1  ✘ failed")


def test_a_tree_shows_what_it_was_restarted_from(cli: Cli, hw: Headway) -> None:
    """S4.26: the link to the job before stands beside the job."""
    hw.submit("tree.nobody has it")
    hw.cancel(1)
    hw.restart(1)
    assert "restarted from 1" in cli("tree", "2").stdout


def test_a_child_that_nobody_can_run_is_told(cli: Cli, hw: Headway) -> None:
    """Rule 14: show of a parent, also of one that has ended, and the tree say what a child waits for."""
    headway.job("tree.careless")(lambda ctx: ctx.spawn("tree.nobody has it") and None)
    hw.submit("tree.careless")
    hw.work_until_idle()
    assert "1 pending; waiting for a worker that has 'tree.nobody has it'; headway tree 1" in cli("show", "1").stdout
    assert "waits for a worker that has 'tree.nobody has it'" in cli("tree", "1").stdout


def test_a_tree_as_json(each_cli: Cli) -> None:
    """The same as one document: each branch is a job and its children."""
    with Headway(each_cli.url) as hw:
        hw.submit(root)
        hw.work_until_idle()
    tree = each_cli.json("tree", "1")["tree"]
    assert tree["job"]["number"] == 1
    assert [branch["job"]["state"] for branch in tree["children"]] == ["completed", "failed", "completed"]
    assert [branch["children"] for branch in tree["children"]] == [[], [], []]


def test_show_leads_to_the_tree(cli: Cli, hw: Headway) -> None:
    """A job with children says how to see them."""
    hw.submit(root)
    hw.work_until_idle()
    assert "headway tree 1" in cli("show", "1").stdout
    assert "headway tree" not in cli("show", "2").stdout


def test_a_tree_of_no_job_is_refused(cli: Cli) -> None:
    """An unknown id is an error, as everywhere."""
    done = cli("tree", "nobody")
    assert (done.returncode, done.stdout) == (6, "")
