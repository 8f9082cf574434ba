"""Configurations compared: what has changed, and of secrets only that they have."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Response, expect

from headway import Job, Secret
from tests.browser.looking import frames_heard, main, open_job
from tests.browser.serving import Served

OLD, NEW = "old-horse-battery", "new-horse-battery"
CONFIG = {"source": "sftp://old.example/www", "limits": {"rows": 500, "tries": 3}, "token": Secret(OLD)}


@pytest.fixture
def job(served: Served) -> Job:
    """The second run of a type in a session whose configuration has changed in between."""
    hw = served.hw
    hw.create_session("acme", config=CONFIG, job_type="browser.configured")
    hw.wait(hw.submit("browser.configured", name="Read one", session="acme"), timeout_s=60)
    hw.save_session("acme", {**CONFIG, "limits": {"rows": 800, "tries": 3}, "token": Secret(NEW)})
    return hw.wait(hw.submit("browser.configured", name="Read two", session="acme"), timeout_s=60)


def test_28_versions_of_a_session_differ_in_what_changed(page: Page, served: Served, job: Job) -> None:
    """ux 28: only changed keys, the secret as "changed", its value nowhere in page or traffic."""
    heard, answers = frames_heard(page), list[Response]()
    page.on("response", lambda answer: answers.append(answer) if "/api/v1/sessions/acme" in answer.url else None)
    page.goto(f"{served.address}/sessions/acme?tab=versions&from=1&to=2")
    table = main(page).get_by_role("table", name="Changed values")
    expect(table.get_by_role("row").filter(has_text="limits.rows")).to_contain_text("800")
    expect(table.get_by_role("row").filter(has_text="token")).to_contain_text("changed")
    expect(table.get_by_text("source")).to_have_count(0)
    expect(table.get_by_text("tries")).to_have_count(0)
    bodies = [answer.text() for answer in answers]
    assert any('"$secret"' in body for body in bodies)
    for secret in (OLD, NEW):
        assert secret not in page.content()
        assert secret not in "".join(heard + bodies)


def test_28_a_job_shows_what_changed_since_the_run_before(page: Page, served: Served, job: Job) -> None:
    """ux 28: the config tab compares with the previous run of the type; secrets are masked everywhere."""
    heard = frames_heard(page)
    open_job(page, served.address, job, "?tab=config")
    panel = page.get_by_role("tabpanel")
    expect(panel.get_by_text("Changed since the previous run")).to_be_visible()
    rows = panel.get_by_role("table").get_by_role("row")
    expect(rows).to_have_text([re.compile("^Key"), re.compile("^limits.rows.*500.*800"), re.compile("^token")])
    for secret in (OLD, NEW):
        assert secret not in page.content()
        assert secret not in "".join(heard)
        for path in (
            f"jobs/{job.id}/configuration",
            f"jobs/{job.id}",
            "sessions/acme",
            "sessions/acme/diff?from=1&to=2",
        ):
            answer = page.request.get(f"{served.address}/api/v1/{path}")
            assert answer.ok, path
            assert secret not in answer.text()
