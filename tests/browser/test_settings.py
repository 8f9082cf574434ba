"""Settings: what goes by itself, and what another rule would delete."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from headway import DAY_S
from tests.browser.conftest import NewPuppet
from tests.browser.looking import main
from tests.browser.serving import Served


def test_retention_says_what_would_go(page: Page, served: Served) -> None:
    """ux Settings: each rule with what goes by it and how many are pinned; another rule is tried before it is made."""
    served.hw.create_session("acme", keep_s=DAY_S / 2)
    ended = [served.hw.cancel(served.hw.submit("imports.feed", session="acme")) for _ in range(2)]
    served.hw.pin(ended[0])
    served.hw.cancel(served.hw.submit("imports.page"))
    page.goto(f"{served.address}/settings")
    retention = main(page).get_by_role("region", name="Retention")
    rule = retention.locator("[data-rule=acme]")
    expect(rule).to_contain_text("kept for 12 h after the end")
    expect(rule).to_contain_text("1 job within a day")
    expect(retention).to_contain_text(re.compile("Pinned.*unpins them.1 job"))
    retention.get_by_label("Name of the type").fill("imports.page")
    expect(retention.get_by_role("status")).to_have_text("This would delete nothing now.")
    retention.get_by_label("Days after the end").fill("0.0000001")
    expect(retention.get_by_role("status")).to_have_text("This would delete 1 job at once.")
    expect(retention.get_by_text('@headway.job("imports.page"')).to_be_visible()
    assert len(served.hw.jobs()) == 3


def test_the_support_bundle_is_saved(page: Page, served: Served, tmp_path: Path) -> None:
    """ux Settings: Health and Settings offer one file, which holds nothing that jobs work on."""
    served.hw.cancel(served.hw.submit("imports.feed", {"place": "c4n4ry"}))
    for path in ("health", "settings"):
        page.goto(f"{served.address}/{path}")
        with page.expect_download() as saved:
            main(page).get_by_role("link", name="Download support bundle").click()
        saved.value.save_as(tmp_path / path)
        told = (tmp_path / path).read_text()
        assert (json.loads(told)["counts"], "c4n4ry" in told) == ({"cancelled": 1}, False)


def test_a_type_is_always_resumed(page: Page, served: Served, puppet: NewPuppet) -> None:
    """ux Recovery: "always resume this type" asks once, sends on what waits, stands on Recovery and Settings, and is
    taken back with Undo.
    """
    by_hand = puppet("By hand", type="browser.by-hand")
    served.hw.wait(by_hand.job, until="running", timeout_s=60)
    served.stop()
    served.start()
    job = by_hand.job
    assert served.hw.get(job).state == "interrupted"
    page.goto(f"{served.address}/recovery")
    main(page).get_by_role("button", name="Always resume this type").click()
    page.get_by_role("dialog").get_by_role("button", name="Always resume").click()
    served.hw.wait(job, until="running", timeout_s=60)
    rule = main(page).locator("[data-rule='browser.by-hand']")
    expect(rule).to_contain_text("made by")
    page.goto(f"{served.address}/settings")
    rule.get_by_role("button", name="Take back the rule for browser.by-hand").click()
    expect(rule).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(rule).to_be_visible()
    by_hand.end()


def test_a_section_has_its_address(page: Page, served: Served) -> None:
    """ux Settings: /settings/{section} shows the section and puts the focus on it; one that is not there is named."""
    page.set_viewport_size({"width": 900, "height": 400})
    page.goto(f"{served.address}/settings/help")
    heading = main(page).get_by_role("heading", name="Help from others")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    main(page).get_by_role("link", name="Retention").click()
    expect(page).to_have_url(f"{served.address}/settings/retention")
    expect(main(page).get_by_role("heading", name="Retention")).to_be_focused()
    page.goto(f"{served.address}/settings/kitchen")
    expect(main(page)).to_contain_text("There is no section “kitchen”")
