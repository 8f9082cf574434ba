"""The tree of a job, as it changes."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPuppet
from tests.browser.looking import open_job
from tests.browser.serving import Served


def test_a_tree_follows_its_jobs_without_being_read_again(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux, Tree: what moves and what is new, at any depth, is told by the live list of the family."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/tree") else None)
    root = puppet("Root").did()
    child = puppet("Child", parent=root.job).did()
    open_job(page, served.address, root.job, "?tab=tree")
    tree = page.get_by_role("tree", name="Jobs of this tree")
    rows = tree.get_by_role("treeitem")
    expect(rows).to_have_count(2)
    read = len(asked)
    puppet("Grandchild", parent=child.job).did()
    expect(rows.nth(2)).to_contain_text("Grandchild")
    expect(rows.nth(2)).to_have_attribute("aria-level", "3")
    child.tell(progress={"done": 30, "total": 100}).did()
    expect(rows.nth(1)).to_contain_text("30 %")
    child.end()
    expect(rows.nth(1).get_by_text(re.compile("Completed")).first).to_be_attached()
    assert len(asked) == read
