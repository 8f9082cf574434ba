"""A log that is long, live and found again."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from headway import Job, Secret
from tests.browser.conftest import NewPage, NewPuppet
from tests.browser.contrast import contrast
from tests.browser.looking import frames_heard, open_job
from tests.browser.serving import Served

MANY = 1_000_000
PASSWORD = "correct-horse-battery"


def open_log(page: Page, address: str, job: Job, anchor: str = "") -> Locator:
    """The log of a job, shown."""
    open_job(page, address, job, f"?tab=log{anchor}")
    lines = page.get_by_role("region", name="Log lines")
    expect(lines).to_be_visible()
    return lines


def line_of(served: Served, job: Job, text: str) -> int:
    """The number of the line with that text."""
    found: list[int] = [event.seq for event in served.hw.logs(job, limit=1000).all() if event.data["text"] == text]
    return found[0]


def logged(served: Served, lines: int, gate: Path | None = None) -> Job:
    """A job that has said so many lines."""
    given = {"lines": lines, "gate": None if gate is None else str(gate)}
    job = served.hw.submit("browser.log", given, name="Talkative")
    if gate is None:
        return served.hw.wait(job, timeout_s=250)
    while not served.hw.last_logs(job, 1) or served.hw.last_logs(job, 1)[0].data["text"] != f"line {lines} of {lines}":
        served.hw.wait(job, until="running", timeout_s=60)
    return job


def test_21_a_million_lines_are_searched_and_scrolled(page: Page, served: Served) -> None:
    """ux 21: the log shows at once, its end by one key; the search finds the last line but one and says n of N."""
    job = logged(served, MANY)
    lines = open_log(page, served.address, job)
    expect(lines.get_by_text(f"line 1 of {MANY}")).to_be_visible()
    page.keyboard.press("End")
    expect(lines.get_by_text(f"line {MANY} of {MANY}")).to_be_visible()
    page.get_by_label("Search in the whole log").fill(f"line {MANY - 1} of")
    expect(page.get_by_text("1 of 1", exact=True)).to_be_visible()
    expect(lines.get_by_text(f"line {MANY - 1} of {MANY}")).to_be_visible()
    lines.hover()
    for _ in range(20):
        page.mouse.wheel(0, -2_000)
    expect(lines.get_by_text(re.compile(r"line 99\d{4} of")).first).to_be_visible()
    assert page.locator("[data-seq]").count() < 1_000


def test_22_following_stops_when_scrolled_up(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux 22: scrolled up the log stays where one reads, counts what is new, and End follows again."""
    job = puppet("Talkative").tell(log=[f"old {n}" for n in range(300)]).did()
    lines = open_log(page, served.address, job.job)
    expect(lines.get_by_text("old 299", exact=True)).to_be_visible()
    lines.hover()
    page.mouse.wheel(0, -1_500)
    expect(lines.get_by_text("old 299", exact=True)).not_to_be_in_viewport()
    job.tell(log=[f"new {n}" for n in range(34)]).did()
    more = page.get_by_role("button", name="34 new lines, jump to end")
    expect(more).to_be_visible()
    expect(lines.get_by_text("new 33", exact=True)).not_to_be_in_viewport()
    more.click()
    expect(lines.get_by_text("new 33", exact=True)).to_be_in_viewport()
    job.tell(log=["newest"]).did()
    expect(lines.get_by_text("newest", exact=True)).to_be_in_viewport()
    lines.hover()
    page.mouse.wheel(0, -1_500)
    expect(lines.get_by_text("newest", exact=True)).not_to_be_in_viewport()
    page.keyboard.press("End")
    expect(lines.get_by_text("newest", exact=True)).to_be_in_viewport()


def test_23_an_address_of_lines_opens_and_focuses_them(page: Page, served: Served) -> None:
    """ux 23: #L120-L140 shows these lines, highlighted, with the focus on the first."""
    job = logged(served, 3_000)
    lines = open_log(page, served.address, job, "#L120-L140")
    first = lines.locator('[data-seq="120"]')
    expect(first).to_be_in_viewport()
    expect(first).to_be_focused()
    expect(lines.locator("[data-chosen]")).to_have_count(21)


def test_23_lines_of_a_folded_step_are_unfolded(page: Page, served: Served, tmp_path: Path) -> None:
    """ux 23: an address of lines inside a folded step unfolds it."""
    job = served.hw.submit("browser.steps", {"gate": str(tmp_path / "gate")}, name="Migrate")
    lines = open_log(page, served.address, job)
    expect(lines.get_by_text("copied file 39")).to_be_visible()
    number = line_of(served, job, "copied file 20")
    page.get_by_role("button", name="Fold steps").click()
    expect(lines.get_by_text("copied file 20")).to_have_count(0)
    page.goto(f"{served.address}/jobs/{job.number}?tab=log#L{number}")
    expect(lines.get_by_text("copied file 20")).to_be_in_viewport()


def test_24_colours_are_colours_and_markup_is_text(new_page: NewPage, served: Served, tmp_path: Path) -> None:
    """ux 24, SEC: red is red and can be read in both themes; HTML and scripts stay text; the secret never arrives."""
    given = {"password": Secret(PASSWORD), "gate": str(tmp_path / "gate")}
    job = served.hw.submit("browser.loud", given, name="Loud")
    for scheme in ("light", "dark"):
        page = new_page(color_scheme=scheme)
        heard = frames_heard(page)
        lines = open_log(page, served.address, job)
        red = lines.get_by_text("red words", exact=True)
        expect(red).to_be_visible()
        front, ratio = contrast(red)
        assert front[0] > max(front[1], front[2]) + 50
        assert ratio >= 4.5
        expect(lines.get_by_text('<img src=x onerror="document.title=')).to_be_visible()
        expect(lines.get_by_role("img")).to_have_count(0)
        expect(lines.get_by_text("the password is ***")).to_be_visible()
        assert "broken in" not in page.title()
        assert PASSWORD not in page.content()
        assert PASSWORD not in "".join(heard)


def test_25_the_plain_log_is_nothing_but_text(page: Page, served: Served) -> None:
    """ux 25: every line is in the document, for the browser's own search and for screen readers."""
    job = logged(served, 5_000)
    open_log(page, served.address, job)
    page.get_by_role("button", name="Plain text").click()
    panel = page.get_by_role("tabpanel")
    expect(panel.get_by_text("all 5\u202f000 lines are here")).to_be_visible()
    found = re.findall(r"line (\d+) of 5000", panel.text_content() or "")
    assert [int(number) for number in found] == list(range(1, 5_001))
    assert page.evaluate("() => window.find('line 2500 of 5000')")
