"""The scan: manifest, counts, and which system a site runs on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from examples.site_mover.errors import IncompleteFile
from examples.site_mover.exclusions import DEFAULT, Exclusions
from examples.site_mover.local import LocalPlace
from examples.site_mover.records import entry_of, read_header, read_lines
from examples.site_mover.scan import scan_site
from headway import Halt
from tests.site_mover.conftest import Opener
from tests.site_mover.recording import Recording
from tests.site_mover.trees import AWKWARD, many_files, write_tree


def _scan(ctx: Recording, root: Path, manifest: Path, patterns: tuple[str, ...] = DEFAULT) -> dict[str, Any]:
    return scan_site(ctx, LocalPlace(root), str(root), manifest, Exclusions(patterns))


def test_a_scan_counts_what_is_there(tmp_path: Path, opened: Opener) -> None:
    """S0.25: files, folders, size, largest, by type, depth, links, excluded; progress as S0.23 names it."""
    write_tree(tmp_path / "site", {b"a.php": b"12345", b"b/c/d.PHP": b"1", b".git/x": b"", b"no-suffix": b"22"})
    (tmp_path / "site" / "link").symlink_to("a.php")
    ctx = Recording()
    site = opened(tmp_path / "site")
    result = scan_site(ctx, site, "address", tmp_path / "manifest", Exclusions())
    counts = result["statistics"]
    assert (counts["files"], counts["folders"], counts["links"], counts["bytes"]) == (4 - 1, 2, 1, 8)
    assert (counts["depth"], counts["excluded"]) == (3, 1)
    assert counts["by_type"] == {".php": {"files": 2, "bytes": 6}, "": {"files": 1, "bytes": 2}}
    assert [item["path"] for item in counts["largest"]] == ["a.php", "no-suffix", "b/c/d.PHP"]
    assert ctx.shown["data"]["files_scanned"] == 3


def test_the_manifest_holds_every_entry(tmp_path: Path) -> None:
    """Each entry is one line with its exact name, between a header and the totals."""
    write_tree(tmp_path / "site", AWKWARD)
    _scan(Recording(), tmp_path / "site", tmp_path / "manifest")
    entries = [entry_of(record) for _, _, record in read_lines(tmp_path / "manifest") if "path" in record]
    names = {entry.path.encode("utf-8", "surrogateescape") for entry in entries if entry.kind == "file"}
    assert names == set(AWKWARD)
    assert read_header(tmp_path / "manifest", "manifest")["totals"]["files"] == len(AWKWARD)


@pytest.mark.parametrize("stop_at", [1, 2, 57, *range(240, 253, 3)])
def test_a_stopped_scan_goes_on_to_the_same_result(tmp_path: Path, stop_at: int) -> None:
    """Halt at any entry and resumed, the scan gives the manifest and the counts of an undisturbed one."""
    write_tree(tmp_path / "site", {**many_files(100), **AWKWARD, b"z/node_modules/x": b""})
    expected = _scan(Recording(), tmp_path / "site", tmp_path / "whole")
    ctx = Recording(lambda shown: shown["done"] >= stop_at)
    with pytest.raises(Halt):
        _scan(ctx, tmp_path / "site", tmp_path / "parts")
    with (tmp_path / "parts").open("ab") as torn:
        torn.write(b'{"path":"half a li')
    result = _scan(ctx.again(), tmp_path / "site", tmp_path / "parts")
    differing = {"manifest", "duration_s"}
    assert {k: v for k, v in result.items() if k not in differing} == {
        k: v for k, v in expected.items() if k not in differing
    }
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()


def test_an_unfinished_manifest_is_refused(tmp_path: Path) -> None:
    """A manifest without totals, or a file of another kind, raises IncompleteFile."""
    write_tree(tmp_path / "site", many_files(20))
    with pytest.raises(Halt):
        _scan(Recording(lambda shown: shown["done"] == 10), tmp_path / "site", tmp_path / "manifest")
    with pytest.raises(IncompleteFile, match="has not completed"):
        read_header(tmp_path / "manifest", "manifest")
    with pytest.raises(IncompleteFile, match="is no plan"):
        read_header(tmp_path / "manifest", "plan")


def test_a_root_that_cannot_be_read_fails_the_scan(tmp_path: Path) -> None:
    """A source that is not there is an error, not an empty site (S0.29)."""
    with pytest.raises(FileNotFoundError):
        _scan(Recording(), tmp_path / "nothing", tmp_path / "manifest")


def _system(tmp_path: Path, files: dict[str, str]) -> tuple[str | None, str | None]:
    write_tree(tmp_path / "site", {name.encode(): text.encode() for name, text in files.items()})
    found = _scan(Recording(), tmp_path / "site", tmp_path / "manifest")["cms_detection"]
    return found["cms"], found["version"]


SITES = [
    (
        ("WordPress", "6.4.2"),
        {"wp-includes/version.php": "<?php\n$wp_version = '6.4.2';", "wp-login.php": ""},
    ),
    (("WordPress", "5.9"), {"www/wp-includes/version.php": '$wp_version="5.9";', "www/wp-config.php": ""}),
    (
        ("Drupal", "10.1.5"),
        {"core/lib/Drupal.php": "const VERSION = '10.1.5';", "core/core.services.yml": ""},
    ),
    (
        ("Drupal", "7.98"),
        {"includes/bootstrap.inc": "define('VERSION', '7.98');", "modules/system/system.module": ""},
    ),
    (
        ("Joomla", "4.3.4"),
        {
            "administrator/manifests/files/joomla.xml": "<version>4.3.4</version>",
            "administrator/index.php": "",
        },
    ),
    (
        ("Magento", "2.4.6"),
        {"bin/magento": "", "composer.json": '{"require": {"magento/product-community-edition": "2.4.6"}}'},
    ),
    (("TYPO3", None), {"typo3conf/LocalConfiguration.php": "", "typo3/index.php": ""}),
    (("static", None), {"index.html": "<p>", "about/index.html": "<p>", "style.css": ""}),
    ((None, None), {"index.php": "", "about.html": ""}),
    ((None, None), {"wp-includes/version.php": "$wp_version = '1';"}),
]


@pytest.mark.parametrize(("expected", "files"), SITES)
def test_the_system_is_told_by_its_files(
    tmp_path: Path, expected: tuple[str | None, str | None], files: dict[str, str]
) -> None:
    """S0.25: cms_detection names the system and its version, wherever in the tree it is installed."""
    assert _system(tmp_path, files) == expected


def test_several_installations_are_all_found(tmp_path: Path) -> None:
    """A blog inside a shop: the outermost one is named, both are listed."""
    blog = {f"blog/{name}": text for name, text in SITES[0][1].items()}
    write_tree(tmp_path / "site", {n.encode(): t.encode() for n, t in {**SITES[5][1], **blog}.items()})
    found = _scan(Recording(), tmp_path / "site", tmp_path / "manifest")["cms_detection"]
    assert found["cms"] == "Magento"
    assert [(each["cms"], each["path"]) for each in found["installations"]] == [
        ("Magento", ""),
        ("WordPress", "blog"),
    ]
