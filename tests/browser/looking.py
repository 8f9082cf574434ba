"""How these tests look at pages: by role and name, as people and screen readers do."""

from __future__ import annotations

import math
import re

from playwright.sync_api import Locator, Page, WebSocket, expect

from headway import Job

STATES = (
    "Pending|Running|Pausing…|Paused|Interrupted|Cancelling…|Cancelled|Completed|Failed|Rolling back|Rolled back"
    "|Rollback failed"
)
PATIENCE_MS = 60_000
"""How long a page may take to show what a test expects, on a machine that does other things as well."""
LONG_MS = 120_000
"""For what a server does by itself, such as finding that a worker is gone."""


def open_job(page: Page, address: str, job: Job, search: str = "") -> Page:
    """The page of a job, shown."""
    page.goto(f"{address}/jobs/{job.number}{search}")
    expect(page.get_by_role("heading", level=1, name=job.name)).to_be_visible()
    return page


def open_jobs(page: Page, address: str, search: str = "") -> Locator:
    """The list of jobs, shown; its grid."""
    page.goto(f"{address}/jobs{search}")
    grid = page.get_by_role("grid", name="Jobs")
    expect(grid).to_be_visible()
    return grid


def expect_state(page: Page, word: str, *, timeout: float = PATIENCE_MS) -> None:
    """The page of a job says this state, in its title and beside its name."""
    expect(page).to_have_title(re.compile(f"^{re.escape(word)} · "), timeout=timeout)
    expect(page.get_by_role("main").get_by_text(word, exact=True).first).to_be_visible()


def main(page: Page) -> Locator:
    """The content of the page."""
    return page.get_by_role("main")


def press(where: Page | Locator, name: str) -> None:
    """Presses a button by its name."""
    where.get_by_role("button", name=name, exact=True).click()


def strike(page: Page, keys: str) -> None:
    """Presses keys one after the other, as fast as anybody could: the time of the page, which has a clock of the test's
    own, stands still meanwhile.
    """
    page.clock.pause_at(page.evaluate("() => Date.now() / 1000 + 20"))
    for key in keys.split():
        page.keyboard.press(key)
    page.clock.resume()


def grid_rows(grid: Locator) -> Locator:
    """The rows of a grid that are drawn, without its head."""
    return grid.get_by_role("row").filter(has=grid.page.get_by_role("gridcell"))


_UNITS = {"s": 1, "min": 60, "h": 3600}


def seconds_left(text: str) -> float:
    """What a time left says, in seconds: "about 49 s left"; of a range, "34 min – 2 h left", its middle."""
    found = re.findall(r"([\d.]+) ?(s|min|h)?(?=[ –])", text)
    assert found, text
    ends = [float(number) * _UNITS[unit or found[-1][1]] for number, unit in found]
    return math.sqrt(min(ends) * max(ends))


def frames_heard(page: Page) -> list[str]:
    """Everything that the server sends the page over WebSockets from now on."""
    heard: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(str(frame)))

    page.on("websocket", listen)
    return heard
