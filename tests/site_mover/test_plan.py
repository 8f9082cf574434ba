"""The plan: what is to be copied, and why something is not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from examples.site_mover import plan as planning
from examples.site_mover.exclusions import Exclusions
from examples.site_mover.local import LocalPlace
from examples.site_mover.places import Entry
from examples.site_mover.plan import leads_outside, plan_move
from examples.site_mover.records import read_lines
from headway import Halt
from tests.site_mover.conftest import Opener
from tests.site_mover.moving import planned
from tests.site_mover.recording import Recording
from tests.site_mover.trees import many_files, write_tree


def _lines(work: Path) -> dict[str, tuple[str, str | None]]:
    records = (record for _, _, record in read_lines(work / "plan"))
    return {record["path"]: (record["do"], record.get("reason")) for record in records if "do" in record}


def test_each_entry_gets_a_decision(tmp_path: Path, opened: Opener) -> None:
    """S0.26, S0.30: copied, there already and verified, too large, excluded, or in the way of another
    kind.
    """
    files = {
        b"same": b"same",
        b"other": b"new!",
        b"large": b"x" * 100,
        b"logs/a.log": b"",
        b"folder-there": b"",
    }
    write_tree(tmp_path / "from", files)
    os.mkfifo(tmp_path / "from" / "pipe")
    write_tree(tmp_path / "to", {b"same": b"same", b"other": b"old!", b"folder-there/x": b""})
    result = planned(
        tmp_path / "work",
        opened(tmp_path / "from"),
        opened(tmp_path / "to"),
        exclusions=Exclusions(["logs/"]),
        skip_large_files=99,
    )
    assert _lines(tmp_path / "work") == {
        "folder-there": ("skip", planning.CONFLICT),
        "large": ("skip", planning.TOO_LARGE),
        "logs": ("skip", planning.EXCLUDED),
        "logs/a.log": ("skip", planning.EXCLUDED),
        "other": ("copy", None),
        "pipe": ("skip", planning.SPECIAL),
        "same": ("skip", planning.THERE),
    }
    assert (result["files"], result["bytes"], sum(result["skipped"].values())) == (1, 4, 6)


def test_only_the_files_asked_for_are_planned(tmp_path: Path) -> None:
    """S0.30: with `files`, everything else is skipped; folders are kept."""
    write_tree(tmp_path / "from", {b"a": b"", b"b/c": b"", b"b/d": b""})
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path)
    planned(tmp_path / "work", source, destination, files=frozenset({"b/d"}))
    assert _lines(tmp_path / "work") == {
        "a": ("skip", planning.NOT_ASKED),
        "b": ("folder", None),
        "b/c": ("skip", planning.NOT_ASKED),
        "b/d": ("copy", None),
    }


@pytest.mark.parametrize(("compare", "action"), [("checksum", "copy"), ("time", "skip")])
def test_what_makes_a_file_the_same_is_chosen(tmp_path: Path, compare: str, action: str) -> None:
    """Same size and time but other bytes: `checksum` copies it, `time` believes it."""
    write_tree(tmp_path / "from", {b"file": b"good"})
    write_tree(tmp_path / "to", {b"file": b"rot!"})
    planned(tmp_path / "work", LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to"), compare=compare)
    assert _lines(tmp_path / "work")["file"][0] == action


@pytest.mark.parametrize(
    ("path", "target", "outside"),
    [
        ("link", "a/b", False),
        ("a/link", "../b", False),
        ("a/link", ".", False),
        ("link", "../b", True),
        ("a/link", "../../b", True),
        ("link", "/etc/passwd", True),
        ("a/b/link", "c/../../../x", True),
        ("a/b/link", "way/../..", True),
        ("link", None, True),
    ],
)
def test_a_link_that_could_lead_outside_is_told(path: str, target: str | None, outside: bool) -> None:
    """SEC22: absolute targets and those that climb out, also by way of another link, are never made."""
    assert leads_outside(Entry(path, "link", target=target)) is outside


def test_a_plan_that_does_not_fit_says_so(tmp_path: Path) -> None:
    """The room at the destination is compared with what is to be copied."""
    (tmp_path / "from").mkdir()
    os.truncate(os.open(tmp_path / "from" / "huge", os.O_CREAT | os.O_WRONLY), 1 << 42)
    result = planned(tmp_path / "work", LocalPlace(tmp_path / "from"), LocalPlace(tmp_path))
    assert result["fits"] is (result["free_bytes"] >= 1 << 42)


@pytest.mark.parametrize("stop_at", [1, 60, 143, 214, 215])
def test_a_stopped_plan_goes_on_to_the_same_plan(tmp_path: Path, stop_at: int) -> None:
    """Halt at any entry and resumed, the plan and its totals are those of an undisturbed one."""
    write_tree(tmp_path / "from", {**many_files(100), b"\xff/skipped": b"", b"\xff/too": b""})
    write_tree(tmp_path / "to", dict(list(many_files(100).items())[::3]))
    source, destination = LocalPlace(tmp_path / "from"), LocalPlace(tmp_path / "to")
    expected = planned(tmp_path / "work", source, destination, exclusions=Exclusions(["d03/", "\udcff/"]))

    def again(ctx: Recording) -> dict[str, Any]:
        paths = (tmp_path / "work" / "manifest", tmp_path / "work" / "resumed")
        return plan_move(ctx, source, destination, *paths, "to", planning.Options(Exclusions(["d03/", "\udcff/"])))

    ctx = Recording(lambda shown: shown["done"] >= stop_at)
    with pytest.raises(Halt):
        again(ctx)
    result = again(ctx.again())
    assert {**result, "plan": "", "free_bytes": 0} == {**expected, "plan": "", "free_bytes": 0}
    assert (tmp_path / "work" / "resumed").read_bytes() == (tmp_path / "work" / "plan").read_bytes()
