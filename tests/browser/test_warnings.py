"""A job that completed with warnings says so wherever its state stands, and leads to what failed."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from headway import Job
from tests.browser.looking import main, open_job, open_jobs
from tests.browser.serving import Served


def warned(served: Served) -> Job:
    """A job of which 3 of 20 items failed."""
    return served.hw.wait(served.hw.submit("browser.ledger", {"count": 20}, name="Fetch pages"), timeout_s=60)


def test_warnings_stand_beside_the_state(page: Page, served: Served) -> None:
    """ux: "completed with warnings" is a mark with a word in the list, and at the head of the job."""
    job = warned(served)
    row = open_jobs(page, served.address).get_by_role("row", name=re.compile("Fetch pages"))
    expect(row.locator("[data-mark=with_warnings]")).to_contain_text("with warnings")
    expect(row.get_by_title("1 warning, 3 failed")).to_be_visible()
    open_job(page, served.address, job)
    expect(page).to_have_title(re.compile("^Completed with warnings · "))
    expect(main(page).locator("header [data-mark=with_warnings]")).to_contain_text("with warnings")


def test_a_warning_leads_to_the_items_that_failed(page: Page, served: Served) -> None:
    """ux: the page of the job says the warning itself, shows the failed items, and tries just these again."""
    job = warned(served)
    open_job(page, served.address, job)
    told = main(page).get_by_role("region", name="Warnings")
    expect(told).to_contain_text("3 of 20 items of 'pages' failed")
    told.get_by_role("link", name="Show 3 failed items").click()
    expect(page).to_have_url(re.compile("tab=items"))
    expect(main(page).get_by_role("table", name="Items").get_by_role("row")).to_have_count(4)
    main(page).get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Retry 3 failed items").click()
    page.get_by_role("region", name="Notices").get_by_role("button", name="Open").click()
    expect(page).to_have_url(re.compile("/jobs/(?!1[?]|1$)"))
    again = served.hw.jobs(type="browser.ledger")[0]
    assert again.restarted_from == job.id


def test_lists_and_pages_tell_the_same_time(page: Page, served: Served) -> None:
    """ux: the time of a job is what it worked, in the list as on its page, and both say what is counted."""
    job = warned(served)
    grid = open_jobs(page, served.address)
    expect(grid.get_by_role("columnheader", name="Time", exact=True)).to_have_attribute(
        "title", re.compile("^Time worked")
    )
    row = grid.get_by_role("row", name=re.compile("Fetch pages"))
    time = row.locator("[data-column=duration]").inner_text()
    open_job(page, served.address, job)
    expect(main(page).get_by_title(re.compile("^Time worked"))).to_contain_text(f"Time worked{time}")
