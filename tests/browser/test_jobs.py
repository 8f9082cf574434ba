"""The list of jobs: calm while they come, found by any id, shared by its address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from headway import Headway, Job
from tests.browser.conftest import NewPage, NewPuppet
from tests.browser.looking import LONG_MS, grid_rows, main, open_job, open_jobs, press
from tests.browser.serving import Served


def done(hw: Headway, many: int, name: str = "Check") -> list[Job]:
    """So many jobs that are over."""
    jobs = [hw.submit("browser.quick", name=f"{name} {n}") for n in range(many)]
    return [hw.wait(job, timeout_s=60) for job in jobs]


def search(page: Page) -> Locator:
    """The box that takes any id or query."""
    return main(page).get_by_role("combobox", name="Search jobs")


def test_15_new_jobs_do_not_move_what_is_read(page: Page, served: Served) -> None:
    """ux 15: 200 jobs arrive: rows stay where they are, "200 new" counts, focus and selection stay."""
    done(served.hw, 60)
    grid = open_jobs(page, served.address)
    page.mouse.wheel(0, 800)
    row = grid.get_by_role("row", name=re.compile("Check 25"))
    row.get_by_role("checkbox").check()
    row.focus()
    before = row.bounding_box()
    served.hw.submit_many("browser.quick", [{"text": str(n)} for n in range(200)])
    expect(page.get_by_role("button", name="200 new")).to_be_visible(timeout=LONG_MS)
    assert row.bounding_box() == before
    expect(row).to_be_focused()
    expect(row.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="200 new").click()
    expect(grid_rows(grid).first).to_contain_text("browser.quick")
    expect(page.get_by_role("button", name=re.compile("new$"))).to_have_count(0)


@pytest.fixture
def known(served: Served, tmp_path: Path) -> dict[str, tuple[str, str]]:
    """What may be typed, by the kind of id, and the heading of where it leads."""
    hw = served.hw
    hw.create_session("acme", job_type="browser.quick")
    job = hw.submit("browser.quick", name="Weekly check", external_id="weekly-17", idempotency_key="key-of-the-week")
    family = hw.submit("browser.family", {"gate": str(tmp_path / "gate"), "children": 1}, name="Move a site")
    hw.wait(job, timeout_s=60)
    while not (children := hw.children(family)):
        hw.wait(family, until="running", timeout_s=60)
    hw.wait(children[0], until="running", timeout_s=60)
    worker = hw.attempts(job)[0].worker
    return {
        "job": (job.id, "Weekly check"),
        "session": ("acme", "acme"),
        "parent": (family.id, "Move a site"),
        "attempt": (f"{job.number}#1", "Weekly check"),
        "external": ("weekly-17", "Weekly check"),
        "idempotency": ("key-of-the-week", "Weekly check"),
        "worker": (worker, ""),
        "prefix": (job.id[:30], "Weekly check"),
    }


@pytest.mark.parametrize("kind", ["job", "session", "parent", "attempt", "external", "idempotency", "worker", "prefix"])
def test_16_any_id_leads_to_its_job(page: Page, served: Served, known: dict[str, tuple[str, str]], kind: str) -> None:
    """ux 16, S1.19: an id of any kind, pasted into the search, leads to what it names."""
    text, heading = known[kind]
    open_jobs(page, served.address)
    search(page).fill(text)
    if kind == "worker":
        page.get_by_role("option", name=re.compile("^worker")).click()
        expect(page.get_by_role("heading", level=1, name="Health")).to_be_visible()
        return
    search(page).press("Enter")
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def test_16_an_unknown_id_offers_near_ones(page: Page, served: Served) -> None:
    """ux 16: an id that nothing has is not an empty list: what is near to it is offered."""
    (job,) = done(served.hw, 1)
    page.goto(f"{served.address}/jobs/{job.id[:-2]}zz")
    expect(page.get_by_role("heading", name="There is no such job")).to_be_visible()
    main(page).get_by_role("link", name=re.compile("Check 0")).click()
    expect(page.get_by_role("heading", level=1, name="Check 0")).to_be_visible()


def test_17_an_address_shows_the_same_list_elsewhere(page: Page, new_page: NewPage, served: Served) -> None:
    """ux 17: filter, order and place stand in the address: another browser shows the same rows."""
    done(served.hw, 120)
    done(served.hw, 3, "Other")
    grid = open_jobs(page, served.address, "?q=name%3A%22Check+33%22&sort=created")
    expect(grid_rows(grid)).to_have_count(1)
    grid = open_jobs(page, served.address, "?q=state%3Acompleted&sort=created")
    page.mouse.move(640, 400)
    page.mouse.wheel(0, 2_000)
    expect(page).to_have_url(re.compile("cursor="))
    expect(grid.get_by_role("row", name=re.compile("Check 55"))).to_be_in_viewport()
    other = new_page()
    other.goto(page.url)
    expect(other.get_by_role("row", name=re.compile("Check 55"))).to_be_in_viewport()
    assert parse_qs(urlsplit(other.url).query)["sort"] == ["created"]


def test_17_back_from_a_job_restores_the_row(page: Page, served: Served) -> None:
    """ux 17: back from a job the list is where it was, and the focus on the row that one came from."""
    done(served.hw, 120)
    grid = open_jobs(page, served.address)
    page.mouse.move(640, 400)
    page.mouse.wheel(0, 1_500)
    row = grid.get_by_role("row", name=re.compile("Check 80"))
    row.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Check 80")).to_be_visible()
    page.go_back()
    expect(row).to_be_in_viewport()
    expect(row).to_be_focused()


def test_a_list_that_is_left_does_not_lead_back(page: Page, served: Served) -> None:
    """The address that follows the focus after a moment is not written once the next page is being fetched."""
    (job,) = done(served.hw, 1)
    page.clock.install()
    grid = open_jobs(page, served.address)
    expect(grid_rows(grid)).to_have_count(1)
    page.route("**/assets/*.js", lambda route: None)  # held back until nothing is routed any more
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.clock.run_for(500)
    page.unroute("**/assets/*.js")
    expect(page.get_by_role("heading", level=1, name=job.name)).to_be_visible()


def test_18_next_and_previous_walk_the_list(page: Page, served: Served) -> None:
    """ux 18: next and previous on a job go through the list that one came from, in its order."""
    done(served.hw, 5)
    done(served.hw, 2, "Other")
    grid = open_jobs(page, served.address, "?q=Check")
    grid.get_by_role("row", name=re.compile("Check 3")).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1, name="Check 3")).to_be_visible()
    main(page).get_by_role("link", name=re.compile("Next in the list")).click()
    for here, before in (("Check 2", "Check 3"), ("Check 3", "Check 4")):
        expect(page.get_by_role("heading", level=1, name=here)).to_be_visible()
        expect(main(page).get_by_role("link", name=f"Previous in the list: {before}")).to_be_visible()
        page.keyboard.press("K")
    expect(page.get_by_role("heading", level=1, name="Check 4")).to_be_visible()
    expect(main(page).get_by_label("This is the first job of the list.")).to_be_visible()
    main(page).get_by_role("link", name="Back to results").click()
    expect(search(page)).to_have_value("Check")


def test_19_all_matching_names_count_and_query(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux 19: the dialog shows how many and which; a job that starts meanwhile is reported and left alone."""
    jobs = [puppet(f"Import {n}").did() for n in range(3)]
    grid = open_jobs(page, served.address, "?q=Import")
    grid.get_by_role("row", name=re.compile("Import 1")).get_by_role("checkbox").check()
    page.get_by_role("radio", name=re.compile("All 3 matching")).check(force=True)
    bar = page.get_by_role("region", name=re.compile("selected"))
    press(bar, "Cancel")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3")
    expect(dialog.get_by_text("Import", exact=True)).to_be_visible()
    late = puppet("Import late").did()
    dialog.get_by_role("button", name="Cancel 3 jobs").click()
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("heading", level=1, name="Cancel 3 jobs")).to_be_visible()
    expect(page).to_have_title(re.compile("^Completed"), timeout=LONG_MS)
    assert [served.hw.wait(job.job, timeout_s=60).state for job in jobs] == ["cancelled"] * 3
    bulk = served.hw.jobs(type="headway.bulk")[0]
    assert late.now.state == "running"
    assert bulk.result["newcomers"] == {"count": 1, "numbers": [late.job.number]}
    expect(main(page).get_by_role("region", name="Warnings")).to_contain_text("and were left alone")


def test_20_a_bulk_action_goes_on_without_its_page(
    page: Page, new_page: NewPage, served: Served, puppet: NewPuppet
) -> None:
    """ux 20: the bulk action is a job with a reason for each that was skipped; closing the page does not stop it."""
    running, ended = puppet("Import 0").did(), done(served.hw, 1, "Import over")[0]
    grid = open_jobs(page, served.address, "?q=Import")
    for job in (running.job, ended):
        grid.get_by_role("row", name=re.compile(job.name)).get_by_role("checkbox").check()
    press(page.get_by_role("region", name=re.compile("selected")), "Pause")
    with page.expect_response(lambda answer: answer.request.method == "POST"):  # it is submitted
        page.get_by_role("dialog").get_by_role("button", name="Pause 1 of 2 jobs").click()
    page.close()
    assert served.hw.wait(running.job, until="paused", timeout_s=60).state == "paused"
    bulk = served.hw.wait(served.hw.jobs(type="headway.bulk")[0], timeout_s=60)
    other = open_job(new_page(), served.address, bulk, "?tab=items")
    expect(main(other).get_by_text(re.compile("completed and can not be paused"))).to_be_visible()


def test_finished_jobs_are_cleaned_up_after_a_question(page: Page, served: Served, puppet: NewPuppet) -> None:
    """S0.35: the history is newest first and counted; what has ended is deleted after one dialog, the rest stays."""
    done(served.hw, 3)
    running = puppet("Check that runs").did().job
    grid = open_jobs(page, served.address, "?q=state:completed")
    names = grid_rows(grid).get_by_role("link").filter(has_text="Check")
    expect(names).to_have_text([re.compile(f"Check {n}") for n in (2, 1, 0)])
    grid.get_by_role("row", name=re.compile("Check 1")).get_by_role("checkbox").check()
    page.get_by_role("radio", name=re.compile("All 3 matching")).check(force=True)
    press(page.get_by_role("region", name=re.compile("selected")), "Delete")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("can not be undone")
    dialog.get_by_role("button", name="Delete 3 jobs").click()
    page.get_by_role("button", name="Open it").click()
    expect(page).to_have_title(re.compile("^Completed"), timeout=LONG_MS)
    assert [job.id for job in served.hw.jobs(q="Check")] == [running.id]


def test_no_word_of_a_state_is_cut(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux Jobs: the column of states has room for the longest of them, and for the mark of warnings."""
    page.set_viewport_size({"width": 1280, "height": 800})
    failed = served.hw.wait(served.hw.submit("browser.failing", {"path": "locked"}), timeout_s=60)
    served.hw.wait(served.hw.rollback(failed), timeout_s=60)
    puppet("Warned").tell(warn="odd row").did().end()
    grid = open_jobs(page, served.address)
    for words in ("Rollback failed", "with warnings"):
        cell = grid.get_by_role("gridcell").filter(has=page.get_by_text(words, exact=True))
        expect(cell).to_be_visible()
        assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth"), words
