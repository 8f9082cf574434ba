"""What people ask of a job: shown at once, true when the server says so."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.cable import Cable
from tests.browser.complaints import Complaints
from tests.browser.conftest import NewPuppet
from tests.browser.looking import LONG_MS, expect_state, main, open_job, press
from tests.browser.serving import Served


def test_04_pause_is_shown_before_the_server_answers(
    page: Page, served: Served, puppet: NewPuppet, complaints: Complaints
) -> None:
    """ux 4: the label says Pausing… although no answer can have come, and nothing but the server says Paused."""
    complaints.announce_losses()
    with Cable(served.address) as cable:
        open_job(page, cable.address, puppet("Import").did().job)
        expect_state(page, "Running")
        cable.cut()
        press(main(page), "Pause")
        expect(main(page).get_by_role("button", name="Pausing…")).to_be_visible()
        assert page.title().startswith("Running")


def test_04_pause_is_pausing_until_the_worker_confirms(
    page: Page, served: Served, puppet: NewPuppet, tmp_path: Path
) -> None:
    """ux 4, S1.4: Pausing… until the worker has halted, then Paused; Undo makes it run again."""
    ear = tmp_path / "ear"
    job = puppet("Import")
    open_job(page, served.address, job.job)
    job.tell(deaf=str(ear))
    expect_state(page, "Running")
    press(main(page), "Pause")
    undo = page.get_by_role("button", name="Undo", exact=True)
    undo.hover()  # it stays while the pointer is over it
    expect_state(page, "Pausing…")
    ear.touch()
    expect_state(page, "Paused")
    undo.click()
    expect_state(page, "Running")
    assert job.end().state == "completed"
    expect_state(page, "Completed")


def test_04_undo_takes_back_a_pause_that_is_not_there_yet(
    page: Page, served: Served, puppet: NewPuppet, tmp_path: Path
) -> None:
    """ux 4: Undo of a pause that the worker has not heard yet leaves the runner at work."""
    ear = tmp_path / "ear"
    job = puppet("Import").tell(deaf=str(ear))
    open_job(page, served.address, job.job)
    expect_state(page, "Running")
    press(main(page), "Pause")
    undo = page.get_by_role("button", name="Undo", exact=True)
    undo.hover()  # it stays while the pointer is over it
    expect_state(page, "Pausing…")
    undo.click()
    expect_state(page, "Running")
    ear.touch()
    assert job.end().attempt == 1


NOTE_WHEN_STUCK = """
() => {
  const look = () => {
    const said = document.querySelector("section[aria-label^='It has not paused for']")?.getAttribute("aria-label");
    if (said) window.stuckAfter ??= Number(/[0-9]+/.exec(said)[0]);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
  look();
}
"""
"""Notes which seconds the offer to cut a worker off named when it was first there."""


def test_05_a_worker_that_ignores_a_pause_can_be_cut_off(
    page: Page, served: Served, puppet: NewPuppet, tmp_path: Path
) -> None:
    """ux 5: after half a minute without an answer the page offers to cut it off, and says what that means."""
    ear = tmp_path / "ear"
    job = puppet("Import").tell(deaf=str(ear))
    page.clock.install()
    open_job(page, served.address, job.job)
    expect_state(page, "Running")
    press(main(page), "Pause")
    expect_state(page, "Pausing…")
    stuck = main(page).get_by_role("region", name=re.compile("It has not paused for"))
    page.evaluate(NOTE_WHEN_STUCK)
    for milliseconds in (15_000, 16_000):
        page.clock.fast_forward(milliseconds)
    expect(stuck).to_contain_text("nothing that it writes counts any more")
    assert page.evaluate("() => window.stuckAfter") >= 30
    press(stuck, "Cancel instead")
    expect_state(page, "Cancelling…")
    ear.touch()
    expect_state(page, "Cancelled", timeout=LONG_MS)
    assert job.now.attempt == 1


def test_actions_are_those_that_the_server_permits(page: Page, served: Served, puppet: NewPuppet) -> None:
    """The buttons of a job come from its list of moves: what its state forbids is not offered."""
    job = puppet("Import").did()
    open_job(page, served.address, job.job)
    expect(main(page).get_by_role("button", name="Pause", exact=True)).to_be_enabled()
    expect(main(page).get_by_role("button", name="Resume", exact=True)).to_have_count(0)
    job.end()
    expect_state(page, "Completed")
    expect(main(page).get_by_role("button", name="Pause", exact=True)).to_have_count(0)


def test_cancel_asks_first_and_the_safe_button_has_the_focus(page: Page, served: Served, puppet: NewPuppet) -> None:
    """A cancel can not be taken back: one dialog names the job, and Enter there changes nothing."""
    job = puppet("Import").did()
    open_job(page, served.address, job.job)
    press(main(page), "Cancel")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Import")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    assert job.now.state == "running"
    press(main(page), "Cancel")
    dialog.get_by_role("button", name="Cancel the job").click()
    expect_state(page, "Cancelled")


def test_a_rollback_shows_what_it_undoes_and_how_far_it_goes(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux 27: each undo with its input; what came before a chosen step is kept, and the reason stands in the history."""
    job = puppet("Import").tell(undo="first").tell(step="fetch").tell(undo="second").did().end()
    open_job(page, served.address, job)
    main(page).get_by_role("button", name="Roll back", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    second, first = 'browser.undo {"path":"second"}', 'browser.undo {"path":"first"}'
    expect(dialog.get_by_role("listitem")).to_have_text([second, first])
    dialog.get_by_label("Keep").select_option("Everything up to step fetch")
    expect(dialog.get_by_role("listitem")).to_have_text([second])
    dialog.get_by_label("Reason").fill("wrong table")
    dialog.get_by_role("button", name="Undo 1 thing").click()
    expect(page).to_have_title(re.compile("^Rolled back in part · "))
    assert [(undo.input, undo.state) for undo in served.hw.undos(job)] == [
        ({"path": "first"}, "recorded"), ({"path": "second"}, "done"),
    ]  # fmt: skip
    asked = [event.data for event in served.hw.events(job).all() if event.name == "rollback"]
    assert [data["reason"] for data in asked] == ["wrong table"]
