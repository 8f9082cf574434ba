"""The session that a browser is in, and tabs that work in others."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.complaints import Complaints
from tests.browser.looking import main, press
from tests.browser.serving import Served

CURRENT = "**/api/v1/sessions/current"


def small_print(page: Page) -> Locator:
    """What every page says of the session, below the navigation."""
    return page.get_by_role("region", name="This browser's session")


def test_every_page_tells_the_session_of_its_browser(page: Page, served: Served, tmp_path: Path) -> None:
    """S2.37: id, running and connected in small print on every page, and whole in the settings."""
    page.goto(served.address)
    expect(small_print(page)).to_contain_text("Idle")
    expect(small_print(page)).to_contain_text("Connected")
    named, own = small_print(page).get_by_role("link").inner_text().rsplit(maxsplit=1)
    assert (named, own[:4]) == ("This browser", "web-")
    given = {"gate": str(tmp_path / "gate")}
    job = page.request.post(f"{served.address}/api/v1/jobs", data={"type": "browser.wait", "input": given}).json()
    assert job["session"] == own
    served.hw.wait(job["id"], until="running", timeout_s=60)
    page.goto(f"{served.address}/settings")
    for place in (small_print(page), main(page).get_by_role("region", name="Session of this browser")):
        expect(place).to_contain_text(own)
        expect(place).to_contain_text("1 job running")
        expect(place).to_contain_text("Connected")


def test_a_session_that_can_not_be_told_is_said(page: Page, served: Served, complaints: Complaints) -> None:
    """S2.37: where the server does not answer, the page says that it has failed to fetch session info."""
    complaints.announce("503")
    page.route(CURRENT, lambda route: route.fulfill(status=503))
    page.goto(f"{served.address}/settings")
    expect(small_print(page)).to_contain_text("Failed to fetch session info")
    expect(small_print(page)).to_contain_text("Not connected")
    trouble = main(page).get_by_role("alert")
    expect(trouble).to_contain_text("Failed to fetch session info")
    page.unroute(CURRENT)
    trouble.get_by_role("button").click()
    expect(small_print(page)).to_contain_text("Idle")
    expect(trouble).to_have_count(0)


def test_each_tab_has_the_session_of_its_address(page: Page, served: Served) -> None:
    """S2.2: two tabs of one browser work in two sessions: each starts the work of the one in its address."""
    for name in ("acme", "globex"):
        served.hw.create_session(name, job_type="browser.quick")
    tabs = [page, page.context.new_page()]
    for tab, name in zip(tabs, ("acme", "globex"), strict=True):
        tab.goto(f"{served.address}/sessions/{name}")
        expect(tab.get_by_role("heading", level=1, name=name)).to_be_visible()
    for tab in tabs:
        press(main(tab), "Start")
        press(tab.get_by_role("dialog"), "Start")
        expect(tab.get_by_text(re.compile("has been submitted"))).to_be_visible()
    assert sorted(job.session for job in served.hw.jobs()) == ["acme", "globex"]
