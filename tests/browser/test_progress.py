"""Progress that can be trusted: spoken, honest about what it does not know, and calm."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPuppet
from tests.browser.desk import Desk
from tests.browser.looking import expect_state, main, open_job, seconds_left
from tests.browser.puppet import Puppet
from tests.browser.serving import Served


def rows(done: int, total: int | None = 10_000) -> dict[str, object]:
    """What a puppet tells of its rows."""
    return {"done": done, "total": total, "unit": "rows"} if total else {"done": done, "unit": "rows"}


class Steady:
    """A job under a clock that the test moves: it does so many rows in each second of it."""

    def __init__(self, desk: Desk, path: Path, total: int, done: int = 0) -> None:
        self.desk, self.total, self.done = desk, total, done
        self.puppet = Puppet(desk.hw, path)
        self.puppet.tell(progress=rows(done, total)).did()

    def work(self, seconds: int, per_second: int) -> None:
        """Lets it work for so long."""
        for _ in range(seconds):
            self.desk.advance(1)
            self.done += per_second
            self.puppet.tell(progress=rows(self.done, self.total)).did()


def test_02_a_bar_with_a_total_has_name_range_and_words(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux 2: the bar says whose it is, from where to where, and how far in words."""
    job = puppet("Import").tell(progress=rows(5_500)).did().job
    open_job(page, served.address, job)
    bar = main(page).get_by_role("progressbar", name=re.compile("Import"))
    expect(bar).to_have_attribute("aria-valuemin", "0")
    expect(bar).to_have_attribute("aria-valuemax", "10000")
    expect(bar).to_have_attribute("aria-valuenow", "5500")
    expect(bar).to_have_attribute("aria-valuetext", re.compile("^5.500 of 10.000 rows"))


def test_02_a_bar_without_a_total_has_no_value(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux 2: unknown is unknown: no value is claimed, the count is told in words."""
    job = puppet("Crawl").tell(progress=rows(5_500, None)).did().job
    open_job(page, served.address, job)
    bar = main(page).get_by_role("progressbar", name=re.compile("Crawl"))
    expect(bar).to_have_attribute("aria-valuetext", re.compile("^5.500 rows"))
    assert bar.get_attribute("aria-valuenow") is None


def test_03_progress_is_spoken_by_a_region_of_its_own(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux 3: quarters and changes of state are said politely, and never two within half a minute."""
    page.clock.install()
    job = puppet("Import").tell(progress=rows(100)).did()
    open_job(page, served.address, job.job)
    region = page.get_by_role("status").filter(has_text=re.compile("Import"))
    expect(region).to_have_count(0)
    job.tell(progress=rows(2_600)).did()
    expect(region).to_have_text("Import: 25 percent done")
    job.tell(progress=rows(5_100)).did()
    expect(main(page).get_by_text("5\u202f100 of 10\u202f000 rows")).to_be_visible()
    page.clock.run_for(10_000)
    expect(region).to_have_text("Import: 25 percent done")
    page.clock.run_for(25_000)
    expect(region).to_have_text("Import: 50 percent done")
    assert region.get_attribute("aria-live") == "polite"


def test_06_the_first_eta_after_a_resume_is_near_the_truth(page: Page, desk: Desk, tmp_path: Path) -> None:
    """ux 6: half a minute after a resume at 60 % the time left is right within 25 %, and the rate is that of now."""
    work = Steady(desk, tmp_path / "Import", total=20_000)
    work.work(60, 200)
    desk.hw.pause(work.puppet.job)
    desk.hw.wait(work.puppet.job, until="paused", timeout_s=60)
    desk.clock.advance(3_600)
    desk.hw.resume(work.puppet.job)
    desk.hw.wait(work.puppet.job, until="running", timeout_s=60)
    work.work(30, 100)
    open_job(page, desk.address, work.puppet.job)
    expect(main(page).get_by_text(re.compile(r"\d+/s")).first).to_have_text(re.compile(r"^(9\d|1[01]\d)/s"))
    left = main(page).get_by_text(re.compile(r"^(about .*|[^l].*–.*) s left( \(|$)"))  # once the server's time is known
    expect(left).to_be_visible()
    truth = (20_000 - work.done) / 100
    assert abs(seconds_left(left.inner_text()) - truth) <= truth / 4


def test_07_a_steady_job_keeps_its_end(page: Page, desk: Desk, tmp_path: Path) -> None:
    """ux 7: at a constant rate the end that is shown hardly ever moves; after a slow-down it is soon right again."""
    work = Steady(desk, tmp_path / "Import", total=60_000)
    work.work(30, 100)
    ends = []
    for _ in range(6):
        work.work(10, 100)
        progress = desk.hw.get(work.puppet.job).progress
        assert progress is not None
        assert progress.eta is not None
        ends.append(round(progress.eta.at))
    assert len(set(ends)) <= 3
    work.work(120, 10)
    open_job(page, desk.address, work.puppet.job)
    left = main(page).get_by_text(re.compile(r"(min|h) left( \(|$)"))
    expect(left).to_be_visible()
    truth = (60_000 - work.done) / 10
    assert abs(seconds_left(left.inner_text()) - truth) <= truth / 5


def test_08_a_total_that_grows_is_told(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux 8: the page says that the total grew, and shows 99 % at most until the job is over."""
    job = puppet("Import").tell(progress=rows(9_990)).did()
    open_job(page, served.address, job.job)
    job.tell(progress=rows(10_000, 12_400)).did()
    expect(main(page).get_by_text(re.compile("total grew to 12.?400"))).to_be_visible()
    job.tell(progress=rows(12_400, 12_400)).did()
    bar = main(page).get_by_role("progressbar").first
    expect(bar).to_have_attribute("aria-valuetext", re.compile("^12.400 of 12.400"))
    expect(main(page).get_by_text("99%", exact=True)).to_be_visible()
    job.end()
    expect(main(page).get_by_text("100%", exact=True)).to_be_visible()


def test_09_stalled_comes_and_goes(page: Page, desk: Desk, tmp_path: Path) -> None:
    """ux 9: no progress, but a living worker: Stalled, without a time left; the next progress takes it away."""
    work = Steady(desk, tmp_path / "Import", total=60_000)
    work.work(30, 100)
    open_job(page, desk.address, work.puppet.job)
    expect(main(page).get_by_text(re.compile(r"left( \(|$)")).first).to_be_visible()
    for _ in range(27):
        desk.advance(5)
        work.puppet.tell(log=[]).did()
    stalled = main(page).get_by_text(re.compile("^Stalled: no progress"))
    expect(stalled).to_be_visible()
    expect(main(page).get_by_text(re.compile(r"left( \(|$)"))).to_have_count(0)
    work.work(2, 100)
    expect(stalled).to_have_count(0)
    expect_state(page, "Running")
