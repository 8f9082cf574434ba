"""Places: folders and SFTP servers answer alike, keep every byte of a name, and are never left (SEC22)."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from examples.site_mover.errors import UnsafePath
from examples.site_mover.places import Entry, checksum, name_text, part_path, parts_of, printable
from tests.site_mover.conftest import Opener
from tests.site_mover.trees import AWKWARD, contents, write_tree

ESCAPES = ["../out", "/etc/passwd", "a/../../out", "a//b", "./a", "a/.", "a\0b", ".."]


@pytest.mark.parametrize("path", ESCAPES)
def test_a_path_that_leaves_the_root_is_refused(path: str, opened: Opener, tmp_path: Path) -> None:
    """SEC22: climbing, absolute and NUL paths raise UnsafePath before anything is touched."""
    found = opened(tmp_path / "site")
    for operation in (found.stat, found.open, found.open_part, found.make_folder, found.remove):
        with pytest.raises(UnsafePath):
            operation(path)


@pytest.mark.parametrize("path", ["a", "..a", "a..", "%2e%2e/x", "..\\x", "a b/c\nd"])
def test_odd_names_are_still_names(path: str) -> None:
    """SEC22: a path is decoded nowhere, so what only looks like climbing is an ordinary name."""
    assert "/".join(parts_of(path)) == path


def test_nothing_is_read_or_written_through_a_link(opened: Opener, tmp_path: Path) -> None:
    """SEC22: a link inside the root, to a folder or a file outside, is never followed."""
    outside = tmp_path / "outside"
    write_tree(outside, {b"canary": b"alive"})
    site = opened(tmp_path / "site")
    (tmp_path / "site" / "way").symlink_to(outside)
    (tmp_path / "site" / "file").symlink_to(outside / "canary")
    for operation in (site.open, site.open_part):
        with pytest.raises((OSError, UnsafePath)):
            operation("way/canary")
    with pytest.raises((OSError, UnsafePath)):
        site.open("file")
    with pytest.raises((OSError, UnsafePath)):
        site.set_attributes(Entry("way", "folder", mode=0))
    assert contents(outside) == {b"canary": b"alive"}


def test_a_part_that_is_a_link_is_replaced_not_followed(opened: Opener, tmp_path: Path) -> None:
    """SEC22: a link in place of the part file is removed, and what it points to stays as it is."""
    canary = tmp_path / "canary"
    canary.write_bytes(b"alive")
    site = opened(tmp_path / "site")
    (tmp_path / "site" / "new.headway-part").symlink_to(canary)
    with site.open_part("new") as part:
        part.write(b"x")
    site.publish(Entry("new", "file", 1))
    assert (canary.read_bytes(), (tmp_path / "site" / "new").read_bytes()) == (b"alive", b"x")


def test_every_name_comes_back_byte_for_byte(opened: Opener, tmp_path: Path) -> None:
    """Names of any bytes are listed, read, written and published, a name of 250 bytes too."""
    write_tree(tmp_path / "from", AWKWARD)
    source, destination = opened(tmp_path / "from"), opened(tmp_path / "to")
    for raw in AWKWARD:
        path = name_text(raw)
        found = source.stat(path)
        assert found is not None
        with source.open(path) as reader, destination.open_part(path) as part:
            part.write(reader.read(100))
        destination.publish(found)
    assert contents(tmp_path / "to") == AWKWARD


def test_a_listing_is_sorted_by_bytes_and_tells_kinds(opened: Opener, tmp_path: Path) -> None:
    """list gives files, folders and links with size, time, mode and target, in one fixed order."""
    write_tree(tmp_path / "site", {b"b/x": b"", b"B": b"123", b"\xff": b"", "é".encode(): b""})
    (tmp_path / "site" / "link").symlink_to("b/x")
    entries = {entry.path: entry for entry in opened(tmp_path / "site").list("")}
    assert list(entries) == ["B", "b", "link", "é", "\udcff"]
    assert entries["B"] == Entry("B", "file", 3, 1_700_000_001 * 10**9, 0o640)
    assert (entries["b"].kind, entries["link"].kind, entries["link"].target) == ("folder", "link", "b/x")


def test_writing_goes_on_at_an_offset(opened: Opener, tmp_path: Path) -> None:
    """open_part at an offset cuts what lies behind it, keeps what lies before it, and writes on."""
    site = opened(tmp_path / "site")
    with site.open_part("folder/big") as part:
        part.write(b"a" * 3_000_000)
        part.flush()
    with site.open_part("folder/big", 1_000_000) as part:
        part.write(b"b" * 10)
    site.publish(Entry("folder/big", "file", 0, 1_600_000_000 * 10**9, 0o604))
    expected = b"a" * 1_000_000 + b"b" * 10
    assert checksum(site, "folder/big") == hashlib.sha256(expected).hexdigest()
    assert checksum(site, "folder/big", 1_000_000) == hashlib.sha256(expected[:1_000_000]).hexdigest()
    found = site.stat("folder/big")
    assert found == Entry("folder/big", "file", 1_000_010, 1_600_000_000 * 10**9, 0o604)


def test_reading_begins_at_an_offset(opened: Opener, tmp_path: Path) -> None:
    """open at an offset reads from there to the end, in chunks of the size asked for."""
    data = os.urandom(300_000)
    write_tree(tmp_path / "site", {b"file": data})
    with opened(tmp_path / "site").open("file", 123) as reader:
        pieces = list(iter(lambda: reader.read(100_000), b""))
    assert b"".join(pieces) == data[123:]
    assert [len(piece) for piece in pieces] == [100_000, 100_000, 99_877]


def test_special_bits_are_never_copied(opened: Opener, tmp_path: Path) -> None:
    """A set-user-id bit of the source does not appear at the destination."""
    site = opened(tmp_path / "site")
    with site.open_part("tool") as part:
        part.write(b"#!")
    site.publish(Entry("tool", "file", 2, 0, 0o4755))
    assert (tmp_path / "site" / "tool").stat().st_mode & 0o7777 == 0o755


def test_publishing_replaces_a_file_or_link_but_no_folder(opened: Opener, tmp_path: Path) -> None:
    """publish takes the place of a file or of a link itself; over a folder it raises OSError."""
    site = opened(tmp_path / "site")
    write_tree(tmp_path / "site", {b"old": b"old", b"folder/in": b"in"})
    (tmp_path / "site" / "link").symlink_to("old")
    for name in ("old", "link", "folder"):
        with site.open_part(name) as part:
            part.write(b"new")
    site.publish(Entry("old", "file", 3))
    site.publish(Entry("link", "file", 3))
    with pytest.raises((OSError, UnsafePath)):
        site.publish(Entry("folder", "file", 3))
    held = contents(tmp_path / "site")
    assert (held[b"old"], held[b"link"], held[b"folder/in"]) == (b"new", b"new", b"in")


def test_links_are_made_and_replaced(opened: Opener, tmp_path: Path) -> None:
    """make_link writes the target as it is given, also in place of another link."""
    site = opened(tmp_path / "site")
    site.make_link("a/link", "first")
    site.make_link("a/link", "../grün")
    assert contents(tmp_path / "site") == {b"a/link": b"-> " + "../grün".encode()}


def test_removing_and_asking_for_what_is_not_there(opened: Opener, tmp_path: Path) -> None:
    """stat of nothing is None, remove of nothing is fine, and both work below a file too."""
    site = opened(tmp_path / "site")
    write_tree(tmp_path / "site", {b"file": b""})
    site.remove("file")
    site.remove("file")
    assert (site.stat("file"), site.stat("no/such"), site.list("")) == (None, None, [])


def test_free_room_is_told(opened: Opener, tmp_path: Path) -> None:
    """free_bytes is what the file system has left for this user."""
    free = opened(tmp_path / "site").free_bytes()
    room = os.statvfs(tmp_path)
    assert free is not None
    assert 0 < free <= room.f_blocks * room.f_frsize


def test_a_named_pipe_does_not_hold_the_job(tmp_path: Path, opened: Opener) -> None:
    """Opening what is no regular file raises OSError at once."""
    site = opened(tmp_path / "site")
    os.mkfifo(tmp_path / "site" / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        site.open("pipe")


def test_names_can_be_shown_anywhere() -> None:
    """printable gives plain text for bytes that are not UTF-8 and for control characters."""
    assert printable(name_text(b"a\xffb\n\x1b[1m")) == "a\\xffb\\n\\x1b[1m"


def test_a_part_lies_beside_its_file() -> None:
    """The part's name says whose it is, and stays within 255 bytes."""
    assert part_path("a/b.zip") == "a/b.zip.headway-part"
    assert len(part_path("é" * 127).encode()) <= 255
