"""The ground that these tests stand on: what they would not notice, they could not promise."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import chromium
from tests.browser.accessibility import axe
from tests.browser.complaints import Complaints

PAGE = "<!doctype html><html lang=en><title>A page</title><main><h1>Jobs</h1>{}</main></html>"


def test_errors_of_a_page_are_heard(page: Page, complaints: Complaints) -> None:
    """An error in a script and a line on the console are complaints, until a test has announced them."""
    page.set_content(PAGE.format("<script>console.error('no such job'); missing()</script>"))
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    assert len(complaints.unexpected) == 2
    complaints.announce("no such job", "missing is not defined")


def test_axe_finds_what_has_no_name(page: Page) -> None:
    """A button without a name is found, one with a name is not."""
    page.set_content(PAGE.format("<p><button style='height:40px;width:40px'></button></p><button>Pause</button>"))
    assert [line.split()[0] for line in axe(page)] == ["button-name"]


def test_a_missing_browser_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser the tests fail, with a sentence that says what to do."""
    monkeypatch.setenv(chromium.GIVEN, "/no/browser")
    with pytest.raises(chromium.NoBrowser, match="Set \\$HEADWAY_TEST_BROWSER to a Chromium"):
        chromium.program()
