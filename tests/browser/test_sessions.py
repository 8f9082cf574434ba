"""What is asked of a whole session: from its page, and from the palette."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.looking import main, press
from tests.browser.serving import Served


def test_a_start_asks_for_its_input(page: Page, served: Served) -> None:
    """ux Sessions: Start shows the input of the last start, to be changed; nothing is submitted before it is sent."""
    served.hw.create_session("acme", job_type="browser.undo")
    served.hw.start_session("acme", {"path": "first"})
    page.goto(f"{served.address}/sessions/acme")
    press(main(page), "Start")
    dialog = page.get_by_role("dialog", name="Start acme")
    field = dialog.get_by_role("textbox", name="Input as JSON")
    expect(field).to_have_value('{\n  "path": "first"\n}')
    field.fill("first")
    expect(dialog.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    field.fill('{"path": "second"}')
    press(dialog, "Start")
    press(page, "Open it")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [job.input for job in served.hw.jobs(session="acme")] == [{"path": "second"}, {"path": "first"}]


def test_a_session_without_a_type_is_started_with_one(page: Page, served: Served) -> None:
    """ux Sessions: Start asks for the type that a session lacks, and what its empty list offers names one as well."""
    served.hw.create_session("ok 5")
    page.goto(f"{served.address}/sessions/ok 5?tab=jobs")
    expect(main(page).get_by_text("session start 'ok 5' --type site.transfer")).to_be_visible()
    press(main(page), "Start")
    dialog = page.get_by_role("dialog", name="Start ok 5")
    expect(dialog.get_by_role("textbox", name="Input as JSON")).to_have_value("{}")
    expect(dialog.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    dialog.get_by_role("textbox", name="Job type").fill("browser.quick")
    press(dialog, "Start")
    press(page, "Open it")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [job.type for job in served.hw.jobs(session="ok 5")] == ["browser.quick"]
    assert served.hw.session("ok 5").job_type == "browser.quick"


def test_the_palette_starts_a_session_by_its_name(page: Page, served: Served) -> None:
    """ux Palette: what can be asked of a session is found by its name on every page."""
    served.hw.create_session("acme", job_type="browser.quick")
    page.goto(f"{served.address}/health")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("combobox").fill("start acme")
    page.get_by_role("option", name="Start acme", exact=True).click()
    expect(page.get_by_role("dialog", name="Start acme").get_by_label("Input as JSON")).to_have_value("{}")
