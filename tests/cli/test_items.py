"""`headway items`, and retry of what has failed."""

from __future__ import annotations

from collections.abc import Iterator

import headway
from headway import Context, Headway, ItemAtHand
from tests.cli.command import Cli


@headway.job("cli.files")
def files(ctx: Context) -> None:
    """Three files; the second one fails at its first try."""
    ledger = ctx.items("files")
    ledger.add_many([("a", None, 2000), ("b", None, 1000), ("c", None, 500)])
    ctx.map(copied, ledger, concurrency=1)


def copied(item: ItemAtHand) -> None:
    """The work on a file."""
    item.save(hash="same" if item.key != "b" else None, status_code=404 if item.key == "b" else 200)
    if item.key == "b" and item.attempt == 1:
        raise ValueError("no such file")


def _worked(hw: Headway) -> None:
    hw.submit(files, name="Files")
    hw.work_until_idle()


def test_items_are_listed_with_what_became_of_them(cli: Cli, hw: Headway) -> None:
    """S1.26: each item has its state, its size and the reason why it failed."""
    _worked(hw)
    assert cli("items", "1").stdout.splitlines() == [
        "✔  a  2 kB  200", "✘  b  1 kB  404  ValueError: no such file", "✔  c  500 B  200  same as a",
    ]  # fmt: skip
    assert [item["key"] for item in cli.json("items", "1", "files", "--state", "failed")["items"]] == ["b"]


def test_a_map_over_something_without_an_end_tells_what_is_known_so_far(cli: Cli, hw: Headway) -> None:
    """While more may be asked for, the number of items is none of the whole, and says so."""

    def members() -> Iterator[str]:
        yield from "ab"
        shown.append(cli("show", "1").stdout)
        yield "c"

    shown: list[str] = []
    headway.job("cli.endless")(lambda ctx: ctx.map(lambda member: None, members(), concurrency=1))
    hw.submit("cli.endless")
    hw.work_until_idle()
    assert "/2 so far\n" in shown[0]
    assert "3/3\n" in cli("show", "1").stdout


def test_pages_of_items_follow_each_other(cli: Cli, hw: Headway) -> None:
    """A page says how to get the next one."""
    _worked(hw)
    first = cli.json("items", "1", "--limit", "2")
    assert (len(first["items"]), first["next"]) == (2, "b")
    assert cli.json("items", "1", "--after", first["next"])["items"][0]["key"] == "c"


def test_a_ledger_that_is_not_there_is_named(cli: Cli, hw: Headway) -> None:
    """What was asked, and what there is."""
    _worked(hw)
    done = cli("items", "1", "pages")
    assert done.returncode != 0
    assert "no ledger 'pages'; it has 'files'" in done.stderr


def test_show_counts_the_items(cli: Cli, hw: Headway) -> None:
    """S1.36: ledgers with what failed and what duplicates saved, and how to try the failed ones again."""
    _worked(hw)
    shown = cli("show", "1").stdout
    assert "files  3/3 over: 2 done  3.5 kB/3.5 kB  1 failed  1 duplicates  500 B saved" in shown
    assert "headway retry 1 --items failed" in shown


def test_failed_items_are_tried_again(cli: Cli, hw: Headway) -> None:
    """S3.25: `retry --items failed` of a completed job is a new job that works on them alone."""
    _worked(hw)
    done = cli("retry", "1", "--items", "failed")
    assert done.stdout == "1 → new job 2  Files\n"
    hw.work_until_idle()
    assert [(item["state"], item["attempts"]) for item in cli.json("items", "2")["items"]] == [
        ("done", 1), ("done", 2), ("done", 1),
    ]  # fmt: skip
    assert "no failed items" in cli("retry", "2", "--items", "failed").stderr
