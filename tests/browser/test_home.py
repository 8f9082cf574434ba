"""The first page while people look at it: cards that keep their places, and a server that goes away."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, Request, expect

from tests.browser.complaints import Complaints
from tests.browser.conftest import NewPuppet
from tests.browser.looking import LONG_MS, main, press
from tests.browser.serving import Served


def cards(page: Page) -> Locator:
    """The cards of active jobs, in their order."""
    return main(page).get_by_role("list", name="Active jobs").locator("> li")


def test_a_card_keeps_its_place_when_its_job_ends_and_others_come(
    page: Page, served: Served, puppet: NewPuppet
) -> None:
    """Nothing moves under the pointer: who has ended stays with its end state, newcomers go behind."""
    first, second = puppet("First"), puppet("Second")
    page.goto(served.address)
    expect(cards(page)).to_contain_text(["Second", "First"])
    cards(page).first.hover()
    second.end()
    expect(cards(page).first).to_contain_text("Completed")
    third = puppet("Third")
    expect(cards(page)).to_contain_text(["Second", "First", "Third"])
    page.keyboard.press("2")
    expect(page.get_by_role("heading", level=1, name="First")).to_be_visible()
    first.end()
    third.end()


def test_while_the_server_is_away_nothing_is_asked_and_all_is_marked_as_of(
    page: Page, served: Served, puppet: NewPuppet, complaints: Complaints
) -> None:
    """Each panel says from when it is; reads wait for the server, and are done when it is there again."""
    puppet("Import").did()
    page.goto(served.address)
    well = main(page).get_by_text("Everything is well", exact=True)
    for read in ("Everything is well", "Nothing has failed in the last 24 hours.", "Import"):
        expect(main(page).get_by_text(read, exact=True)).to_be_visible()
    complaints.announce_losses()
    served.kill()
    expect(main(page).get_by_text(re.compile("Live updates lost"))).to_be_visible()
    expect(main(page).get_by_text("Everything was well when the server was last heard")).to_be_visible()
    expect(main(page).get_by_text("As of")).to_have_count(3)
    asked: list[str] = []

    def hear(request: Request) -> None:
        # The live connection itself looks whether the server is there.
        if "/api/" in request.url and not request.url.endswith("/changes"):
            asked.append(request.url)

    page.on("request", hear)
    expect(main(page).get_by_text(re.compile(r"Live updates lost (\d\d s|\d+ min) ago"))).to_be_visible(timeout=LONG_MS)
    assert not asked
    with page.expect_request(re.compile("/api/v1/health"), timeout=LONG_MS):
        served.start()
    expect(well).to_be_visible()


def test_whose_jobs_are_shown(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux Home: `?owner=me` leaves the jobs of this browser's session, `?owner=NAME` those of a user; what is not known
    is told.
    """
    mine, other = puppet("Mine"), puppet("Other")
    page.goto(served.address)
    expect(cards(page)).to_contain_text(["Other", "Mine"])
    owner = served.hw.jobs()[0].owner
    page.goto(f"{served.address}/?owner={owner}&window=1h&colour=red")
    expect(cards(page)).to_contain_text(["Other", "Mine"])
    expect(main(page).get_by_role("status").filter(has_text="“colour”")).to_be_visible()
    expect(main(page).get_by_role("heading", name="Failed in 1 hour")).to_be_visible()
    page.goto(f"{served.address}/?owner=nobody-at-all")
    expect(main(page).get_by_text("No job of nobody-at-all")).to_be_visible()
    expect(main(page).get_by_text("No jobs yet")).to_have_count(0)
    press(main(page), "Show everybody's")
    expect(cards(page)).to_contain_text(["Other", "Mine"])
    main(page).get_by_text("This browser", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?owner=me$"))
    given = {"type": "browser.wait", "name": "Of this browser", "input": {"gate": "/nowhere"}}
    job = page.request.post(f"{served.address}/api/v1/jobs", data=given).json()
    expect(cards(page)).to_contain_text(["Of this browser"])
    expect(cards(page)).to_have_count(1)
    served.hw.cancel(job["id"])
    mine.end()
    other.end()
