"""A job that has failed: what went wrong, and what to do now."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from headway import Job
from tests.browser.conftest import NewPage
from tests.browser.looking import main, open_job, press
from tests.browser.serving import Served


def failed(served: Served, **given: object) -> Job:
    """A job that has failed in its second step."""
    return served.hw.wait(served.hw.submit("browser.failing", given, name="Load rows"), timeout_s=60)


def test_26_error_cause_and_next_step_are_seen_at_once(new_page: NewPage, served: Served) -> None:
    """ux 26: error, step, cause and a button for what to do next are visible without scrolling at 1280 by 720."""
    page = open_job(new_page(height=720), served.address, failed(served))
    box = page.get_by_role("region", name=re.compile("Failed"))
    for text in ("Refused: the target refused row 17", "Cause", "Likely because"):
        expect(box.get_by_text(text, exact=True)).to_be_in_viewport(ratio=1)
    expect(box.get_by_role("heading", name="Failed in step load")).to_be_in_viewport(ratio=1)
    expect(box.get_by_role("button", name="Retry")).to_be_in_viewport(ratio=1)


def test_26_the_same_error_is_counted(page: Page, served: Served) -> None:
    """ux 26: how often the same error was seen, at first and last."""
    for _ in range(2):
        failed(served)
    open_job(page, served.address, failed(served))
    box = page.get_by_role("region", name=re.compile("Failed"))
    expect(box).to_contain_text(re.compile("Same error seen 3 times, first (just now|.* ago), last (just now|.* ago)"))


def test_27_retry_says_what_is_repeated_and_what_is_kept(page: Page, served: Served) -> None:
    """ux 27: the dialog of a retry tells what is repeated, what is kept, and which side effects are already done."""
    job = failed(served)
    open_job(page, served.address, job)
    press(page.get_by_role("region", name=re.compile("Failed")), "Retry")
    dialog = page.get_by_role("dialog")
    for part, told in (
        ("Kept", ["Step fetch: its result"]), ("Repeated", ["Step load"]),
        (re.compile("^Already done"), ["can be undone by browser.undo", "Whatever step fetch has done"]),
    ):  # fmt: skip
        expect(dialog.get_by_role("region", name=part).get_by_role("listitem")).to_have_text(told)
    dialog.get_by_role("button", name="Retry").click()
    expect(main(page).get_by_role("definition").get_by_text("2", exact=True)).to_be_visible()
    assert served.hw.wait(job, until="failed", timeout_s=60).attempt == 2


def test_a_job_that_failed_for_its_input_is_given_another_one(page: Page, served: Served) -> None:
    """Where the same input ends the same way, a restart with another one comes first, and begins with the old one."""
    job = failed(served, message="no such file: rows.csv")
    open_job(page, served.address, job)
    box = page.get_by_role("region", name=re.compile("Failed"))
    expect(box.get_by_role("listitem").first).to_contain_text("Restart with another input")
    press(box, "Restart with another input…")
    written = page.get_by_role("dialog").get_by_role("textbox", name="Input as JSON")
    expect(written).to_have_value(re.compile("rows.csv"))
    written.fill('{"message": "no such file: lines.csv"}')
    press(page.get_by_role("dialog"), "Restart")
    expect(page.get_by_text(re.compile(r"Job #\d+ began"))).to_be_visible()
    (new,) = (one for one in served.hw.jobs() if one.restarted_from == job.id)
    assert new.input == {"message": "no such file: lines.csv"}
    main(page).get_by_text(re.compile("^Restarted as")).get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"/jobs/{new.id}"))


def test_a_failed_rollback_is_told_where_somebody_looks(page: Page, served: Served) -> None:
    """S1.29: Home, Recovery and both jobs tell of it, and lead to the next rollback."""
    job = failed(served, path="locked.csv")
    rollback = served.hw.wait(served.hw.rollback(job), timeout_s=60)
    open_job(page, served.address, job)
    box = page.get_by_role("region", name=re.compile("The rollback failed"))
    expect(box).to_contain_text("locked.csv is in use")
    expect(box).to_contain_text("1 of 1 undo is left")
    box.get_by_role("link", name=f"job #{rollback.number}").click()
    press(main(page), f"Roll back #{job.number} again…")
    press(page.get_by_role("dialog"), "Leave it as it is")
    page.goto(served.address)
    expect(main(page)).to_contain_text("1 job is rolled back only in part")
    press(main(page), "Roll back again…")
    expect(main(page)).to_contain_text("1 effect, by browser.undo")
    press(main(page), "Roll back again…")
    press(page.get_by_role("dialog"), "Undo 1 thing")
    expect(page.get_by_text(re.compile(r"being rolled back"))).to_be_visible()
