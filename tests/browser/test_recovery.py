"""Killed servers and workers, and the people who come back afterwards."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from headway import Headway, Job
from tests.browser.complaints import Complaints
from tests.browser.conftest import NewPage, NewPuppet
from tests.browser.looking import LONG_MS, expect_state, main, open_job, press
from tests.browser.serving import Served
from tests.faults.child import Child
from tests.faults.side import notes

AWAY = "tests.browser.jobs_away"
ROWS = list(range(10))


def holding(hw: Headway, folder: Path, type: str, name: str) -> Job:
    """A job that has done five of its ten rows and waits for the gate."""
    job = hw.submit(type, {"gate": str(folder / "gate"), "side": str(folder / "side")}, name=name)
    while ("holding", job.id, "5") not in notes(folder / "side"):
        hw.wait(job, until="running", timeout_s=60)
    return job


def rows_of(job: Job, folder: Path) -> list[int]:
    """The rows that were done, as they were noted beside the database."""
    return [int(row) for what, whose, row in notes(folder / "side") if (what, whose) == ("row", job.id)]


def lose_the_server(served: Served, complaints: Complaints) -> None:
    """Kills it and starts it again on the same port."""
    complaints.announce_losses()
    served.kill()
    served.start()


def test_01_the_banner_offers_what_a_killed_server_left(
    page: Page, new_page: NewPage, served: Served, complaints: Complaints, tmp_path: Path
) -> None:
    """ux 1, S0.34, S1.29: three jobs were interrupted, all can be resumed with one click, from their checkpoints."""
    jobs = [holding(served.hw, tmp_path, "browser.rows", f"Import {n}") for n in range(3)]
    page.goto(served.address)
    expect(page.get_by_role("main").get_by_text("Import 2")).to_be_visible()
    lose_the_server(served, complaints)
    reopened = new_page()
    reopened.goto(served.address)
    banner = reopened.get_by_role("region", name=re.compile("interrupted", re.I))
    expect(banner).to_contain_text(re.compile(r"3 jobs .*interrupted"), timeout=LONG_MS)
    expect(banner).to_contain_text("3 can")
    press(banner, "Resume all 3")
    (tmp_path / "gate").touch()
    assert [served.hw.wait(job, timeout_s=60).state for job in jobs] == ["completed"] * 3
    expect(banner).to_have_count(0)
    assert [rows_of(job, tmp_path) for job in jobs] == [ROWS] * 3


def test_01_a_page_that_was_open_recovers_by_itself(
    page: Page, served: Served, puppet: NewPuppet, complaints: Complaints
) -> None:
    """ux 1: the page says that live updates are lost, and is live again when the server is."""
    job = puppet("Import").tell(progress={"done": 10, "total": 100}).did()
    open_job(page, served.address, job.job)
    complaints.announce_losses()
    served.kill()
    lost = main(page).get_by_text(re.compile("Live updates lost"))
    expect(lost).to_be_visible()
    expect(main(page).get_by_role("button", name="Pause", exact=True)).to_be_disabled()
    served.start()
    expect(lost).to_have_count(0, timeout=LONG_MS)
    job.tell(progress={"done": 60, "total": 100}).did()
    expect(main(page).get_by_role("progressbar").first).to_have_attribute("aria-valuenow", "60", timeout=LONG_MS)


def test_10_a_killed_worker_leaves_its_job_interrupted(page: Page, served: Served, tmp_path: Path) -> None:
    """ux 10, G1: Interrupted within a minute, and no second runner before the first one is fenced."""
    given = {"gate": str(tmp_path / "gate"), "side": str(tmp_path / "side")}
    job = served.hw.submit("browser.away", given, name="Import")
    open_job(page, served.address, job)
    with Child("tests.faults.worker_main", served.url, 1, AWAY) as worker:
        worker.line("holding")
        expect_state(page, "Running")
        worker.kill()
        expect_state(page, "Interrupted", timeout=LONG_MS)
    with Child("tests.faults.worker_main", served.url, 1, AWAY):
        main(page).get_by_role("button", name="Resume", exact=True).first.click()
        (tmp_path / "gate").touch()
        expect_state(page, "Completed", timeout=LONG_MS)
    assert rows_of(job, tmp_path) == ROWS
    assert [one.attempt for one in served.hw.attempts(job)] == [1, 2]


def test_recovery_names_cause_checkpoint_and_repeats(
    page: Page, served: Served, complaints: Complaints, tmp_path: Path
) -> None:
    """S0.34, S1.29: the page of what was interrupted says why, from where each goes on, and resumes what is ticked."""
    jobs = [holding(served.hw, tmp_path, "browser.rows", f"Import {n}") for n in range(2)]
    lose_the_server(served, complaints)
    page.goto(f"{served.address}/recovery")
    for job in jobs:
        entry = main(page).locator(f"[data-entry='{job.id}']")
        expect(entry).to_be_visible(timeout=LONG_MS)
        for told in (
            "Stopped.*ended without a word",
            "Last saved(just now|.* ago)",
            "Repeats.*done again. Kept: 5 members",
        ):
            expect(entry.locator("dl")).to_contain_text(re.compile(told))
    main(page).get_by_role("checkbox", name=re.compile("Import 0")).check()
    press(main(page), "Resume selected")
    (tmp_path / "gate").touch()
    assert served.hw.wait(jobs[0], timeout_s=60).state == "completed"
    expect(main(page).get_by_text("Import 0")).to_have_count(0)
    assert served.hw.get(jobs[1]).state == "interrupted"


def test_the_banner_stays_away_once_it_is_dismissed(
    page: Page, served: Served, complaints: Complaints, tmp_path: Path
) -> None:
    """S1.29: dismissed, it is gone, also after a reload; the page of recovery still has the job."""
    job = holding(served.hw, tmp_path, "browser.rows", "Import")
    lose_the_server(served, complaints)
    page.goto(served.address)
    banner = page.get_by_role("region", name=re.compile("interrupted", re.I))
    press(banner, "Dismiss until next time")
    expect(banner).to_have_count(0)
    page.reload()
    expect(page.get_by_role("region", name="Workers and queue")).to_be_visible()
    expect(banner).to_have_count(0)
    page.goto(f"{served.address}/recovery")
    expect(main(page).get_by_text(job.name, exact=True)).to_be_visible()


def test_an_interrupted_job_leads_on_with_one_resume(
    page: Page, served: Served, complaints: Complaints, tmp_path: Path
) -> None:
    """What is interrupted is there to go on: one Resume in its box, and Pause is in the menu."""
    job = holding(served.hw, tmp_path, "browser.rows", "Import")
    lose_the_server(served, complaints)
    open_job(page, served.address, job)
    expect_state(page, "Interrupted", timeout=LONG_MS)
    resume = main(page).get_by_role("button", name="Resume", exact=True)
    expect(resume).to_have_count(1)
    expect(page.get_by_role("region", name=re.compile("Interrupted")).get_by_role("listitem").first).to_contain_text(
        "Resume"
    )
    expect(main(page).get_by_role("button", name="Pause", exact=True)).to_have_count(0)
    press(main(page), "More")
    expect(page.get_by_role("menuitem", name="Pause")).to_be_visible()
