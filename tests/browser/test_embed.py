"""Jobs on pages of another origin: the examples of examples/embed, as they are."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from headway import Headway, Job
from tests.browser.conftest import NewPage
from tests.browser.looking import LONG_MS
from tests.browser.serving import BUILT, Served
from tests.faults.child import ROOT

EMBED = ROOT / "examples" / "embed"
BUNDLE = EMBED / "react" / "dist"
STRICT = "default-src 'none'; script-src {0} 'self'; connect-src {0} {1}; require-trusted-types-for 'script'"


class Elsewhere:
    """A web server of somebody else, with the files of a folder. policy: what it lets its pages load."""

    def __init__(self, folder: Path) -> None:
        self.policy = ""
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, self, folder))
        self.origin = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Elsewhere:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Files(http.server.SimpleHTTPRequestHandler):
    def __init__(self, elsewhere: Elsewhere, folder: Path, *given: Any) -> None:
        self._elsewhere = elsewhere
        super().__init__(*given, directory=str(folder))

    def end_headers(self) -> None:
        if self._elsewhere.policy:
            self.send_header("Content-Security-Policy", self._elsewhere.policy)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def jobs_for(elsewhere: Elsewhere, url: str) -> Iterator[Served]:
    """A server that pages of elsewhere may call."""
    options = ("--import", EMBED.relative_to(ROOT) / "jobs.py", "--allow-origin", elsewhere.origin)
    with Served(url, *options) as served:
        yield served


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Elsewhere]:
    """The plain page, which is written for a server at another port."""
    for name in ("index.html", "start.js"):
        (tmp_path / name).write_text((EMBED / name).read_text())
    (tmp_path / "favicon.ico").touch()
    with Elsewhere(tmp_path) as elsewhere:
        yield elsewhere


@pytest.fixture
def served(pages_built: None, plain: Elsewhere, tmp_path: Path) -> Iterator[Served]:
    """The server whose jobs the plain page shows."""
    if not (BUILT / "embed" / "job-progress.js").exists():
        pytest.fail("the element is not built: npm run build:element -w @headway/client", pytrace=False)
    with jobs_for(plain, str(tmp_path / "jobs.db")) as found:
        page = tmp_path / "index.html"
        page.write_text(page.read_text().replace("http://127.0.0.1:8765", found.address))
        yield found


def the_job(hw: Headway) -> Job:
    """The only one there is."""
    (job,) = hw.jobs()
    return job


def test_40_a_page_of_ten_lines_shows_a_job_and_finds_it_again(
    page: Page, served: Served, plain: Elsewhere, new_page: NewPage
) -> None:
    """ux 40: the bar is live, a reload keeps the job, its end while away shows once, and no key is stored."""
    assert len((EMBED / "index.html").read_text().splitlines()) <= 10
    page.goto(plain.origin)
    expect(page.get_by_text("Nothing is imported just now.")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    bar = page.get_by_role("progressbar", name="Import of 10,000 rows")
    expect(bar).to_have_attribute("aria-valuemax", "10000", timeout=LONG_MS)
    page.reload()
    expect(bar).to_have_attribute("aria-valuemax", "10000")
    assert "token" not in page.evaluate("JSON.stringify(localStorage)")
    page.goto("about:blank")
    served.hw.cancel(the_job(served.hw).id)
    served.hw.wait(the_job(served.hw).id, timeout_s=30)
    page.goto(plain.origin)
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Nothing is imported just now.")).to_be_visible()


def test_40_leaving_the_page_does_not_cancel(page: Page, served: Served, plain: Elsewhere) -> None:
    """ux 40: the element taken away, the page closed: the job runs on."""
    page.goto(plain.origin)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=LONG_MS)
    page.evaluate("document.querySelector('job-progress').remove()")
    page.close()
    assert the_job(served.hw).state == "running"


def test_the_strictest_policy_of_a_page_permits_the_element(page: Page, served: Served, plain: Elsewhere) -> None:
    """No inline style, no markup from text, no eval: only the script and its connections are to be allowed."""
    plain.policy = STRICT.format(served.address, served.address.replace("http", "ws"))
    page.goto(plain.origin)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=LONG_MS)
    width = "getComputedStyle(document.querySelector('job-progress').shadowRoot.querySelector('.box')).borderTopWidth"
    assert page.evaluate(width) == "1px"


def test_cancel_is_asked_for_once_more(page: Page, served: Served, plain: Elsewhere) -> None:
    """The safe answer has the focus; pausing is not asked about."""
    page.goto(plain.origin)
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Cancel", exact=True).click(timeout=LONG_MS)
    expect(page.get_by_role("button", name="Keep it running")).to_be_focused()
    page.get_by_role("button", name="Cancel job").click()
    expect(page.get_by_text("Cancelled", exact=True)).to_be_visible(timeout=LONG_MS)


def test_40_a_page_in_react_shows_a_job_and_finds_it_again(page: Page, pages_built: None, tmp_path: Path) -> None:
    """ux 40: with the hooks; the job goes on when it is paused and the page was opened again."""
    if not BUNDLE.exists():
        pytest.fail("the example is not built: npm run build -w headway-embed-example", pytrace=False)
    with Elsewhere(BUNDLE) as elsewhere, jobs_for(elsewhere, str(tmp_path / "jobs.db")) as served:
        address = f"{elsewhere.origin}/?server={served.address}"
        page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        page.goto(address)
        page.get_by_role("button", name="Start").click()
        bar = page.get_by_role("progressbar", name="Import of 10,000 rows")
        expect(bar).to_be_visible(timeout=LONG_MS)
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Go on")).to_be_visible(timeout=LONG_MS)
        page.goto("about:blank")
        page.goto(address)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("running", exact=False)).to_be_visible(timeout=LONG_MS)
        page.close()  # before its server
