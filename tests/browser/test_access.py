"""Pages that everybody can use: with keys alone, with a screen reader, without colours, small, large and still."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import axe
from tests.browser.conftest import NewPage
from tests.browser.looking import grid_rows, main, open_job, open_jobs, strike
from tests.browser.serving import Served
from tests.browser.world import World

PAGES = (
    "home jobs steps progress failed items log tree checkpoints config events attempts output "
    "sessions session recovery health settings missing"
).split()  # fmt: skip
LOOKS = ("light", "dark", "forced")
FORCED: dict[str, Literal["active", "none"]] = {"light": "none", "dark": "none", "forced": "active"}


@pytest.fixture(scope="module")
def world(pages_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server with something of everything; tests of this file only look at it."""
    folder = tmp_path_factory.mktemp("world")
    with Served(str(folder / "jobs.db")) as served:
        yield World(served, folder)


def address(world: World, name: str) -> str:
    """Where a page is."""
    tabs = {"items": "items", "log": "log", "output": "completed", "attempts": "interrupted", "tree": "family"}
    tabs |= {"checkpoints": "progress", "config": "completed", "events": "failed"}
    if name in ("steps", "progress", "failed"):
        return f"/jobs/{world[name].number}"
    if name in tabs:
        return f"/jobs/{world[tabs[name]].number}?tab={name}"
    return {"home": "/", "session": "/sessions/acme", "missing": "/jobs/no-such-job"}.get(name, f"/{name}")


def show(page: Page, world: World, name: str) -> Page:
    """A page, with what it reads there."""
    page.goto(world.address + address(world, name))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Loading…")).to_have_count(0)
    return page


@pytest.mark.parametrize("name", PAGES)
def test_29_axe_finds_nothing_serious(new_page: NewPage, world: World, name: str) -> None:
    """ux 29: no serious or critical finding on any page, in light, dark and forced colours."""
    page = show(new_page(reduced_motion="reduce"), world, name)
    found = {}
    for look in LOOKS:
        scheme: Literal["dark", "light"] = "dark" if look == "dark" else "light"
        page.emulate_media(color_scheme=scheme, forced_colors=FORCED[look])
        expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
        found[look] = axe(page)
    assert found == {look: [] for look in LOOKS}


@pytest.mark.parametrize("name", ["home", "jobs", "failed", "log", "session", "recovery", "settings"])
def test_29_every_control_is_reached_by_keys_and_seen(new_page: NewPage, world: World, name: str) -> None:
    """ux 29: Tab goes through the page; whatever has the focus shows it, and nothing covers it."""
    page = show(new_page(reduced_motion="reduce"), world, name)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    seen = set[str]()
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found is None:
            break
        assert found["shown"], f"no visible focus on {found['what']}"
        assert found["uncovered"], f"{found['what']} is covered while it has the focus"
        seen.add(found["what"])
    assert len(seen) > 5


FOCUSED = """
() => {
  const at = document.activeElement;
  if (at === null || at === document.body) return null;
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const around = getComputedStyle(at.parentElement);
  const outlined = (one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0;
  const ringed = outlined(style) || style.boxShadow !== "none" || outlined(around) || around.boxShadow !== "none"
    || at.matches("input, textarea") || [...at.children].some((one) => outlined(getComputedStyle(one)));
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, innerHeight) / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const labelled = (one) => [...(at.labels ?? [])].some((label) => label.contains(one));
  const own = (one) => at.contains(one) || one.contains(at) || labelled(one);
  const name = at.getAttribute("aria-label") ?? at.textContent?.slice(0, 40);
  return { what: `${at.tagName} ${name}`, shown: ringed, uncovered: top !== null && own(top) };
}
"""


def test_29_the_skip_link_leads_to_the_content(page: Page, world: World) -> None:
    """ux 29: the first Tab stop jumps over the navigation."""
    show(page, world, "jobs")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_29_the_list_is_worked_with_keys(page: Page, world: World) -> None:
    """ux 29: rows are walked, ticked and opened without a mouse, and Escape leads back."""
    grid = open_jobs(page, world.address)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(grid_rows(grid).nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(grid_rows(grid).nth(0)).to_be_focused()
    page.keyboard.press("x")
    expect(grid.locator("[role=row]:focus").get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("x")
    name = grid.locator("[role=row]:focus").get_by_role("link").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    page.keyboard.press("Escape")
    expect(grid).to_be_visible()


def sheet(page: Page) -> Locator:
    """The help sheet, opened by its key."""
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    return dialog


PLACES = {"Home": "/", "Jobs": "/jobs", "Sessions": "/sessions", "Recovery": "/recovery"}
PLACES |= {"Health": "/health", "Settings": "/settings"}
LISTED = """
(rows) => rows.map((row) => [
  row.querySelector("dt").textContent,
  [...row.querySelector("[data-keys]").querySelectorAll("kbd")].map((cap) => cap.textContent).join(" "),
])
"""
"""What each row of the sheet names, and the first keys that are drawn there."""


def test_30_every_key_of_the_sheet_works(page: Page, world: World) -> None:
    """ux 30: what the sheet lists is what the keys do, here for the keys that lead to pages."""
    page.clock.install()
    show(page, world, "health")
    listed = dict(sheet(page).locator("[data-command]").evaluate_all(LISTED))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    for name, path in PLACES.items():
        strike(page, listed[f"Go to {name}"])
        expect(page).to_have_url(re.compile(f"{re.escape(world.address)}{path}(\\?.*)?$"))


def test_30_no_single_key_works_in_a_field(page: Page, world: World) -> None:
    """ux 30: letters typed into a field are letters."""
    open_jobs(page, world.address)
    box = main(page).get_by_role("combobox", name="Search jobs")
    box.press_sequentially("gs?jx")
    expect(box).to_have_value("gs?jx")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile("/jobs"))


def test_30_single_keys_can_be_turned_off(page: Page, world: World) -> None:
    """ux 30, WCAG 2.1.4: turned off in the settings, single keys do nothing, also after a reload."""
    show(page, world, "settings")
    main(page).get_by_role("switch", name="Single keys").press("Space")
    expect(main(page).get_by_role("switch", name="Single keys")).not_to_be_checked()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("?")
    page.keyboard.press("g")
    page.keyboard.press("j")
    expect(page).to_have_url(re.compile("/settings"))
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_31_states_are_told_by_shape_and_word(page: Page, world: World) -> None:
    """ux 31: without colours every state still differs by its shape and its word."""
    grid = open_jobs(page, world.address)
    # all rows at once: they come and go as one scrolls
    looks: dict[str, str] = dict(grid_rows(grid).evaluate_all(WORDS_AND_SHAPES))
    assert {"Completed", "Failed", "Cancelled", "Paused", "Pending", "Interrupted", "Running", "Rolled back"} <= set(
        looks
    )
    assert len(set(looks.values())) == len(looks)


WORDS_AND_SHAPES = """
(rows) => rows.map((row) => [
  row.querySelectorAll("[role=gridcell]")[1].innerText.split("\\n")[0].trim(),
  row.querySelector("svg").innerHTML,
])
"""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scale"), [(320, 1), (640, 2)])
def test_32_nothing_scrolls_sideways(new_page: NewPage, world: World, name: str, width: int, scale: int) -> None:
    """ux 32: at 320 px, and at 200 % of a small window, the page itself never scrolls sideways."""
    # 200 % zoom of 640 px is 320 CSS px at two device pixels each
    page = show(new_page(width=width // scale, height=800, device_scale_factor=scale), world, name)
    overflow = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, page.evaluate(WIDE)


WIDE = """
() => [...document.querySelectorAll("main *, header *, nav *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map((one) => `${one.tagName}.${one.className} ${one.textContent?.slice(0, 40)}`)
"""


@pytest.mark.parametrize("name", ["home", "jobs", "failed", "log", "session", "recovery", "settings"])
def test_32_targets_are_large_enough(new_page: NewPage, world: World, name: str) -> None:
    """ux 32: what is pressed has 24 by 24 px, links inside sentences excepted."""
    page = show(new_page(width=320, height=800), world, name)
    assert axe(page, rules=["wcag22aa"]) == []


def test_33_nothing_moves_for_those_who_want_less_motion(new_page: NewPage, world: World) -> None:
    """ux 33: with reduced motion nothing is animated."""
    page = open_job(new_page(reduced_motion="no-preference"), world.address, world["steps"])
    expect(main(page).get_by_role("progressbar").first).to_be_visible()
    assert page.evaluate(MOVING) != []
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []


MOVING = """
() => [...document.querySelectorAll("*")].filter((one) => {
  const { animationDuration, transitionDuration } = getComputedStyle(one);
  return `${animationDuration}, ${transitionDuration}`.split(", ").some((time) => parseFloat(time) > 0);
}).map((one) => `${one.tagName} ${one.className}`)
"""
"""What takes time to change its looks."""


def test_33_the_theme_follows_the_system_live(new_page: NewPage, world: World) -> None:
    """ux 33: the theme changes with the system's, without a reload."""
    page = show(new_page(color_scheme="light"), world, "home")
    html = page.locator("html")
    expect(html).to_have_attribute("data-mantine-color-scheme", "light")
    page.emulate_media(color_scheme="dark")
    expect(html).to_have_attribute("data-mantine-color-scheme", "dark")


@pytest.mark.parametrize("name", ["home", "jobs", "steps", "sessions", "recovery", "health"])
def test_34_relative_times_have_absolute_ones(page: Page, world: World, name: str) -> None:
    """ux 34: every relative time gives the absolute one to the keyboard too, or inside a link as its title."""
    show(page, world, name)
    times = page.get_by_role("main").locator("time")
    expect(times.locator("visible=true").first).to_be_visible()
    for time in times.all():
        if not time.is_visible():
            continue
        button = time.locator("xpath=ancestor::button[1]")
        if button.count():
            button.first.focus()
            expect(page.get_by_role("tooltip").filter(has_text=re.compile("20[0-9]{2}")).first).to_be_visible()
            button.first.blur()
        else:
            assert re.search(r"20\d\d", time.get_attribute("title") or ""), time.evaluate("(one) => one.outerHTML")


def test_34_the_zone_changes_every_time(page: Page, world: World) -> None:
    """ux 34: the zone is chosen once and holds for all times of all pages."""
    show(page, world, "settings")
    main(page).get_by_text("UTC", exact=True).click()
    show(page, world, "steps")
    time = main(page).locator("time").first
    time.locator("xpath=ancestor::button[1]").focus()
    expect(page.get_by_role("tooltip")).to_have_text(re.compile("^[^C]*UTC"))
