"""The walk over a place: one order, and it can go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.site_mover.connect import place
from examples.site_mover.errors import PlaceLost
from examples.site_mover.exclusions import Exclusions
from examples.site_mover.listing import Listing
from examples.site_mover.local import LocalPlace
from examples.site_mover.places import Entry
from examples.site_mover.walk import position, walk
from tests.site_mover.conftest import Opener
from tests.site_mover.sftp_server import Running
from tests.site_mover.trees import AWKWARD, write_tree


def _everything(entry: Entry) -> bool:
    return True


def _raise(folder: str, error: Exception) -> None:
    raise error


def test_folders_come_before_what_is_in_them(tmp_path: Path, opened: Opener) -> None:
    """Names are in the order of their bytes, and a folder is followed by its contents."""
    write_tree(tmp_path / "site", {b"b/z/1": b"", b"b/a": b"", b"a-b": b"", b"a/x": b"", b"c": b""})
    found = [entry.path for entry in walk(opened(tmp_path / "site"), _everything, _raise)]
    assert found == ["a", "a/x", "a-b", "b", "b/a", "b/z", "b/z/1", "c"]


def test_a_walk_goes_on_after_any_entry(tmp_path: Path) -> None:
    """What follows `after` is exactly what a whole walk gives behind that entry."""
    write_tree(tmp_path, {**AWKWARD, b"a/b/c": b"", b"a-b": b"", b"a/b-c/d": b""})
    site = LocalPlace(tmp_path)
    whole = [entry.path for entry in walk(site, _everything, _raise)]
    for at, path in enumerate(whole):
        assert [entry.path for entry in walk(site, _everything, _raise, after=path)] == whole[at + 1 :]


def test_a_walk_goes_on_after_an_entry_that_is_gone(tmp_path: Path) -> None:
    """`after` need not exist any more: the walk goes on behind where it would be."""
    write_tree(tmp_path, {b"a": b"", b"c/x": b"", b"d": b""})
    found = [entry.path for entry in walk(LocalPlace(tmp_path), _everything, _raise, after="b/gone")]
    assert found == ["c", "c/x", "d"]


@given(st.lists(st.text("ab-./é\udcff", min_size=1, max_size=3), min_size=2, max_size=2))
def test_positions_order_a_parent_before_its_children(names: list[str]) -> None:
    """position(a/b) follows position(a), and everything below a comes before a's next sibling."""
    parent, child = (name.replace("/", "x").replace(".", "y") for name in names)
    assert position(parent) < position(f"{parent}/{child}") < position(f"{parent}z")


def test_a_folder_that_cannot_be_read_is_told_and_passed(tmp_path: Path, opened: Opener) -> None:
    """An error of one folder goes to on_error, and the walk goes on behind it."""
    write_tree(tmp_path / "site", {b"a/x": b"", b"b": b""})
    site = opened(tmp_path / "site")
    told: list[str] = []
    for entry in walk(site, _everything, lambda folder, error: told.append(folder)):
        if entry.path == "a":
            (tmp_path / "site" / "a" / "x").unlink()
            (tmp_path / "site" / "a").rmdir()
    assert told == ["a"]


def test_a_lost_connection_ends_the_walk(sftp: Running) -> None:
    """PlaceLost is not an error of one folder: it ends the walk."""
    site = place(sftp.address("/"))
    sftp.cut()
    sftp.until_cut()
    with pytest.raises(PlaceLost):
        list(walk(site, _everything, _raise))


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("*.log", ["a.log", "x/y/b.log"], ["a.log.txt", "alog"]),
        ("cache/", ["cache/", "x/cache/"], ["cache", "cached/"]),
        ("wp-content/cache/", ["wp-content/cache/"], ["x/wp-content/cache/", "cache/"]),
        ("/top.txt", ["top.txt"], ["x/top.txt"]),
        ("a/*/c", ["a/b/c"], ["a/b/b/c", "x/a/b/c"]),
        ("a/**/c", ["a/c", "a/b/b/c"], ["a/bc"]),
        ("a?c", ["abc", "x/a.c"], ["a/c", "ac"]),
        ("(x)[1]+", ["(x)[1]+"], ["x1"]),
        ("new\nline", ["new\nline"], ["new"]),
    ],
)
def test_patterns_exclude_what_they_name(pattern: str, hits: list[str], misses: list[str]) -> None:
    """S0.30: globs name paths; "/" at the end of a path here marks a folder."""
    exclusions = Exclusions([pattern])

    def excluded(path: str) -> bool:
        return exclusions.excludes(path.rstrip("/"), path.endswith("/"))

    assert ([path for path in hits if not excluded(path)], [path for path in misses if excluded(path)]) == (
        [],
        [],
    )


def test_unfinished_parts_are_always_excluded() -> None:
    """What a transfer to this place has left unfinished is no part of the site."""
    assert Exclusions([]).excludes("a/b.zip.headway-part")


def test_a_listing_asks_once_for_each_folder(tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listing answers for files, folders and what is missing below either, in the order of a walk."""
    write_tree(tmp_path / "site", {b"a/b/c": b"1", b"a/d": b"22", b"e": b"333"})
    site = opened(tmp_path / "site")
    asked: list[str] = []
    real = site.list

    def counted(folder: str) -> list[Entry]:
        asked.append(folder)
        return real(folder)

    monkeypatch.setattr(site, "list", counted)
    there = Listing(site)
    paths = ["a", "a/b", "a/b/c", "a/b/no", "a/d", "a/d/below", "e", "no/such/file"]
    sizes = {path: entry.size for path in paths if (entry := there.get(path)) and entry.kind == "file"}
    assert sizes == {"a/b/c": 1, "a/d": 2, "e": 3}
    assert asked == ["", "a", "a/b"]
