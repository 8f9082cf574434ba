"""Live updates that are lost and come back, and clocks that disagree."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.cable import Cable
from tests.browser.complaints import Complaints
from tests.browser.conftest import NewPage, NewPuppet
from tests.browser.desk import Desk
from tests.browser.looking import LONG_MS, expect_state, main, open_job
from tests.browser.puppet import Puppet
from tests.browser.serving import Served
from tests.faults.child import Child


def bar_value(page: Page) -> Locator:
    """The bar of the job on its page."""
    return main(page).get_by_role("progressbar").first


def rows_of_history(page: Page) -> list[int]:
    """The numbers in the history of a job, as the page shows them."""
    cells = page.get_by_role("table", name="History of the job").get_by_role("row").all_inner_texts()
    return sorted(int(found[1]) for text in cells if (found := re.match(r"\s*(\d+)\s", text)))


def test_11_a_cut_network_freezes_the_page_and_loses_nothing(
    page: Page, served: Served, puppet: NewPuppet, complaints: Complaints
) -> None:
    """ux 11, S0.36, G10: figures freeze with their time, actions say why they are off; no event is lost."""
    complaints.announce_losses()
    job = puppet("Import").tell(progress={"done": 10, "total": 100}, log=["first"]).did()
    page.clock.install()
    with Cable(served.address) as cable:
        open_job(page, cable.address, job.job, "?tab=log")
        expect(bar_value(page)).to_have_attribute("aria-valuenow", "10")
        expect(page.get_by_text("first", exact=True)).to_be_visible()
        cable.cut()
        job.tell(progress={"done": 60, "total": 100}, log=[f"while it was cut {n}" for n in range(5)]).did()
        page.clock.run_for(46_000)
        lost = main(page).get_by_text(re.compile("Live updates lost"))
        expect(lost).to_be_visible()
        expect(main(page).get_by_text("As of")).to_be_visible()
        expect(bar_value(page)).to_have_attribute("aria-valuenow", "10")
        pause = main(page).get_by_role("button", name="Pause", exact=True)
        expect(pause).to_be_disabled()
        cable.mend()
        page.clock.run_for(11_000)
        page.clock.resume()
        expect(bar_value(page)).to_have_attribute("aria-valuenow", "60", timeout=LONG_MS)
        expect(lost).to_have_count(0)
        expect(pause).to_be_enabled()
        for n in range(5):
            expect(page.get_by_text(f"while it was cut {n}", exact=True)).to_have_count(1)


def test_11_a_browser_that_is_offline_says_so(
    page: Page, served: Served, puppet: NewPuppet, complaints: Complaints
) -> None:
    """ux 11: without a network the page says so, and goes on by itself when it is back."""
    complaints.announce_losses()
    job = puppet("Import").did()
    with Cable(served.address) as cable:
        open_job(page, cable.address, job.job)
        expect(page.get_by_role("region", name="Steps")).to_be_visible()
        cable.cut()
        page.context.set_offline(True)
        cable.mend()
        expect(main(page).get_by_text(re.compile("No network|Live updates lost"))).to_be_visible(timeout=LONG_MS)
        job.tell(progress={"done": 60, "total": 100}).did()
        page.context.set_offline(False)
        expect(bar_value(page)).to_have_attribute("aria-valuenow", "60", timeout=LONG_MS)


def test_13_eight_tabs_are_all_live(new_page: NewPage, served: Served, puppet: NewPuppet) -> None:
    """ux 13: eight tabs of one browser are live and their calls are not held up, whatever HTTP/1.1 allows per host."""
    job = puppet("Import").tell(progress={"done": 1, "total": 100}).did()
    first = new_page()
    tabs = [first, *(first.context.new_page() for _ in range(7))]
    for tab in tabs:
        open_job(tab, served.address, job.job)
    job.tell(progress={"done": 42, "total": 100}).did()
    for tab in tabs:
        expect(bar_value(tab)).to_have_attribute("aria-valuenow", "42")
        answered = tab.evaluate("async () => (await fetch('/api/v1/jobs')).status")
        assert answered == 200


def test_14_a_laptop_that_slept_shows_right_durations(page: Page, desk: Desk, tmp_path: Path) -> None:
    """ux 14: after two hours of sleep durations are those of the server, never negative."""
    job = Puppet(desk.hw, tmp_path / "Import").did()
    page.clock.install()
    open_job(page, desk.address, job.job)
    expect_state(page, "Running")
    desk.advance(2 * 60 * 60)
    page.clock.fast_forward("02:00:00")
    job.tell(progress={"done": 1, "total": 2}).did()
    expect(bar_value(page)).to_have_attribute("aria-valuenow", "1", timeout=LONG_MS)
    elapsed = main(page).get_by_role("definition").filter(has_text=re.compile(r"^2 h 0\d min"))
    expect(elapsed.first).to_be_visible()
    expect(main(page).get_by_text(re.compile(r"-\d+ (s|min|h)"))).to_have_count(0)


def test_14_a_page_whose_clock_is_wrong_shows_right_durations(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux 14: durations come from the server's clock: a browser that is an hour ahead changes nothing."""
    job = puppet("Import").did().job
    page.clock.set_system_time(job.created_at.timestamp() + 3_600)
    open_job(page, served.address, job)
    expect(main(page).get_by_text(re.compile(r"hour|\bh\b")).first).to_have_count(0)
    expect(main(page).get_by_role("definition").filter(has_text=re.compile(r"^\d+ s")).first).to_be_visible()


def test_14_health_shows_a_worker_whose_clock_is_ahead(
    page: Page, postgres_url: str, tmp_path: Path, complaints: Complaints
) -> None:
    """ux 14: a worker five minutes ahead changes no duration, and Health names it with its skew."""
    given = {"gate": str(tmp_path / "gate"), "side": str(tmp_path / "side")}
    # On PostgreSQL: where the database is a file, worker and database have one clock.
    with Served(postgres_url) as served, Child("tests.browser.skewed_main", served.url, 300) as worker:
        job = served.hw.submit("browser.away", given, name="Import")
        worker.line("holding")
        open_job(page, served.address, job)
        expect(main(page).get_by_role("definition").filter(has_text=re.compile(r"^\d+ s")).first).to_be_visible()
        expect(main(page).get_by_text(re.compile(r"^in \d|-\d+ (s|min)"))).to_have_count(0)
        page.goto(f"{served.address}/health")
        expect(main(page).get_by_text(re.compile(r"^\+(29|30)\d(\.\d+)? s off$"))).to_be_visible()
        (tmp_path / "gate").touch()
        assert served.hw.wait(job, timeout_s=60).state == "completed"
        complaints.announce_losses()  # the server ends before the page


def test_a_reload_loses_no_progress(page: Page, served: Served, puppet: NewPuppet) -> None:
    """S0.36: a page that is loaded again shows what the one before it showed, and goes on live."""
    job = puppet("Import").tell(progress={"done": 10, "total": 100}).did()
    open_job(page, served.address, job.job)
    job.tell(progress={"done": 40, "total": 100}).did()
    expect(bar_value(page)).to_have_attribute("aria-valuenow", "40")
    page.reload()
    expect(bar_value(page)).to_have_attribute("aria-valuenow", "40")
    job.tell(progress={"done": 60, "total": 100}).did()
    expect(bar_value(page)).to_have_attribute("aria-valuenow", "60")
