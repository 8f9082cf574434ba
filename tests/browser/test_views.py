"""Saved views of the list: named, found beside the search box and in the palette, shared as an address."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import grid_rows, main, open_jobs
from tests.browser.serving import Served


def button(page: Page) -> Locator:
    """The button of the views; its name says which is shown."""
    return main(page).get_by_role("button", name=re.compile("^Saved views"))


def saved(page: Page, served: Served, name: str) -> Locator:
    """The list of cancelled jobs, saved under a name."""
    served.hw.cancel(served.hw.submit("imports.feed", name="Gone"))
    served.hw.submit("imports.feed", name="Waits")
    grid = open_jobs(page, served.address, "?q=state%3Acancelled")
    button(page).click()
    page.get_by_role("menuitem", name="Save this view…").click()
    page.get_by_role("dialog").get_by_label("Name").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(button(page)).to_have_accessible_name(f"Saved views: {name}")
    return grid


def test_a_view_is_named_and_found_again(page: Page, served: Served) -> None:
    """ux Jobs: a saved view stands beside the search box and in the palette, and becomes an address to share."""
    grid = saved(page, served, "What is gone")
    page.goto(f"{served.address}/jobs?view=What+is+gone")
    expect(page).to_have_url(re.compile(r"/jobs\?q=state%3Acancelled$"))
    expect(grid_rows(grid)).to_have_count(1)
    expect(button(page)).to_have_accessible_name("Saved views: What is gone")
    page.goto(served.address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill("what is gone")
    page.get_by_role("option", name="View: What is gone").click()
    expect(grid_rows(grid)).to_have_count(1)


def test_a_view_is_renamed_and_deleted_with_undo(page: Page, served: Served) -> None:
    """ux Jobs: what is deleted comes back by Undo; a name that is not known is told and has no effect."""
    saved(page, served, "One")
    button(page).click()
    page.get_by_role("menuitem", name="Rename “One”…").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Other")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(button(page)).to_have_accessible_name("Saved views: Other")
    button(page).click()
    page.get_by_role("menuitem", name="Delete “Other”").click()
    expect(button(page)).to_have_accessible_name("Saved views")
    page.get_by_role("button", name="Undo").click()
    expect(button(page)).to_have_accessible_name("Saved views: Other")
    open_jobs(page, served.address, "?view=One")
    expect(main(page)).to_contain_text("“One” is no value of “view” in the address; known are Other.")
    expect(grid_rows(main(page).get_by_role("grid"))).to_have_count(2)
