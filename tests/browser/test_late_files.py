"""Files of the pages that are fetched late, and are gone by then."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from headway import Job
from tests.browser.complaints import Complaints
from tests.browser.conftest import NewPuppet
from tests.browser.looking import LONG_MS, main, open_job, press
from tests.browser.serving import BUILT, Served

TREE = re.compile(r"/assets/tree-")
HASH = re.compile(r"(?<=-)[\w-]{8}(?=\.(js|css)$)")


@pytest.fixture
def own_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages_built: None) -> Path:
    """A folder with the pages that the served of this test serves."""
    folder = tmp_path / "static"
    shutil.copytree(BUILT, folder)
    monkeypatch.setenv("HEADWAY_STATIC", str(folder))
    return folder


@pytest.fixture
def served(own_build: Path, tmp_path: Path) -> Iterator[Served]:
    """As the fixture of that name, with the test's own build."""
    with Served(str(tmp_path / "jobs.db")) as server:
        yield server


def hold(page: Page, files: re.Pattern[str]) -> None:
    """Keeps a page from getting files that it fetches once it has time, until `page.unroute_all()`."""
    page.route(files, lambda route: None)


def open_whole(page: Page, served: Served, job: Job) -> None:
    """The page of a job with all that it needs at once: it would begin anew for a part that it lacks."""
    open_job(page, served.address, job)
    expect(page.get_by_role("region", name="Steps")).to_be_visible()


def tree(page: Page) -> Locator:
    return page.get_by_role("tabpanel", name="Tree")


def build_anew(folder: Path) -> None:
    """Another build of the same pages: every file of the one before has another name."""
    names = {
        one.name: HASH.sub(lambda found: found[0][::-1], one.name) for one in folder.rglob("*") if HASH.search(one.name)
    }
    assert len(set(names.values()) - set(names)) == len(names)
    for one in [one for one in folder.rglob("*") if one.suffix in (".js", ".css", ".html")]:
        text = one.read_text()
        for before, after in names.items():
            text = text.replace(before, after)
        one.write_text(text)
        one.rename(one.with_name(names.get(one.name, one.name)))


def test_a_tab_that_is_opened_while_the_server_is_away_shows_once_it_is_back(
    page: Page, served: Served, puppet: NewPuppet, complaints: Complaints
) -> None:
    """Grey lines meanwhile and no error; then the page begins anew, where it was."""
    hold(page, TREE)
    open_whole(page, served, puppet("Import").did().job)
    complaints.announce_losses()
    served.kill()
    expect(main(page).get_by_text(re.compile("Live updates lost"))).to_be_visible()
    page.get_by_role("tab", name="Tree").click()
    page.unroute_all()
    expect(tree(page).locator("[aria-busy=true]")).to_be_visible()
    expect(main(page).get_by_role("alert")).to_have_count(0)
    served.start()
    expect(tree(page).get_by_text("no parent and no children")).to_be_visible(timeout=LONG_MS)


def test_a_tab_whose_files_were_replaced_by_a_newer_build_shows_after_one_reload(
    page: Page, own_build: Path, served: Served, puppet: NewPuppet, complaints: Complaints
) -> None:
    """The page of before asks for what is gone: it begins anew with the pages of the newer build."""
    hold(page, TREE)
    open_whole(page, served, puppet("Import").did().job)
    build_anew(own_build)
    assert page.request.get(served.address, headers={"Accept": "text/html"}).ok
    complaints.announce("status of 404", "Refused to apply style")
    page.get_by_role("tab", name="Tree").click()
    page.unroute_all()
    expect(tree(page).get_by_text("no parent and no children")).to_be_visible()


def test_a_file_that_stays_away_is_told_and_not_asked_for_over_and_over(
    page: Page, served: Served, puppet: NewPuppet, complaints: Complaints
) -> None:
    """After one reload that has not helped the part says what is wrong; the rest of the page works on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    page.route(TREE, lambda route: route.fulfill(status=404))
    complaints.announce("status of 404", "Files of this page can not be fetched")
    open_job(page, served.address, puppet("Import").did().job, "?tab=tree")
    alert = tree(page).get_by_role("alert")
    expect(alert).to_contain_text("Files of this page can not be got")
    loaded = len(asked)
    page.unroute_all()
    press(alert, "Reload")
    expect(tree(page).get_by_text("no parent and no children")).to_be_visible()
    assert loaded == 2


def test_a_server_that_comes_back_as_another_release_is_told(
    page: Page, served: Served, puppet: NewPuppet, complaints: Complaints
) -> None:
    """ux, Settings: a new version is a hint to reload; nothing is reloaded under somebody's hands."""
    open_whole(page, served, puppet("Import").did().job)
    told = {"status": "ok", "release": "99.1.0", "checks": []}
    page.route("**/api/v1/health", lambda route: route.fulfill(body=json.dumps(told)))
    complaints.announce_losses()
    served.kill()
    served.start()
    expect(main(page).get_by_text("Headway was updated to 99.1.0")).to_be_visible(timeout=LONG_MS)
    page.unroute_all()
    press(main(page), "Reload")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(main(page).get_by_text("was updated")).to_have_count(0)
