"""What the tests of this folder share: a real browser, and the real server with real jobs."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import tests.browser.jobs  # registers the job types for the servers of this process
from headway import Headway
from tests.browser import chromium
from tests.browser.complaints import Complaints
from tests.browser.desk import Desk
from tests.browser.looking import PATIENCE_MS
from tests.browser.puppet import Puppet
from tests.browser.serving import BUILT, Served

assert tests.browser.jobs.__name__  # imported for what it registers

SERVERS = {"served", "desk", "world", "plain", "react"}
NewPage = Callable[..., Page]
NewPuppet = Callable[..., Puppet]

expect.set_options(timeout=PATIENCE_MS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows with a failed test what its pages showed."""
    report = yield
    pages = getattr(item, "funcargs", {}).get("_pages", [])
    if report.when == "call" and report.failed:
        for page in pages:
            report.sections.append((f"page {page.url}", _shown(page)))
    return report


def _shown(page: Page) -> str:
    return page.locator("body").aria_snapshot(timeout=2_000) if not page.is_closed() else "closed"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of one file: its event loop would be in the way of other tests of this process."""
    try:
        running = chromium.started()
        with running as found:
            yield found
    except chromium.NoBrowser as reason:
        pytest.fail(f"the tests of the pages need a browser: {reason}", pytrace=False)


@pytest.fixture(scope="session")
def pages_built() -> None:
    """The pages are there to be served."""
    if not BUILT.exists():
        pytest.fail(
            "the pages are not built, and these tests look at them: npm run build -w headway-web", pytrace=False
        )


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What the pages of a test complain about; at its end there is nothing that it has not announced."""
    heard = Complaints()
    yield heard
    if heard.unexpected:
        pytest.fail("the pages complained:\n" + "\n".join(heard.unexpected), pytrace=False)


@pytest.fixture
def _pages() -> list[Page]:
    """The pages of a test, to be shown when it fails."""
    return []


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest, browser: Browser, complaints: Complaints, _pages: list[Page]
) -> Iterator[NewPage]:
    """Opens a page in a profile of its own: another person's browser. It takes the options of a profile."""
    for name in SERVERS & set(request.fixturenames):
        request.getfixturevalue(name)  # first, so that the pages are closed before their server is
    contexts = []

    def opened(**options: Any) -> Page:
        context = chromium.fresh(browser, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        complaints.listen(page)
        _pages.append(page)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page of a fresh browser."""
    return new_page()


@pytest.fixture
def served(pages_built: None, tmp_path: Path) -> Iterator[Served]:
    """`headway serve` with the jobs of these tests, over an empty database."""
    with Served(str(tmp_path / "jobs.db")) as server:
        yield server


@pytest.fixture
def hw(served: Served) -> Headway:
    """The verbs, on the database of the served."""
    return served.hw


@pytest.fixture
def puppet(hw: Headway, tmp_path: Path) -> NewPuppet:
    """Makes jobs that do what they are told: `puppet("Import", total=...)`."""
    return lambda name, **options: Puppet(hw, tmp_path / name, **options)


@pytest.fixture
def desk(pages_built: None, tmp_path: Path) -> Iterator[Desk]:
    """A server whose time the test moves."""
    with Desk(str(tmp_path / "jobs.db")) as found:
        yield found
