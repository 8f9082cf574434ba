"""A live job on somebody else's page: the examples of examples/embed, from an origin of their own."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Locator, Page, expect

from headway import Job
from tests.browser.complaints import Complaints
from tests.browser.elsewhere import Elsewhere
from tests.browser.looking import LONG_MS
from tests.browser.puppet import Puppet
from tests.browser.serving import Served
from tests.faults.child import ROOT

EXAMPLES = ROOT / "examples" / "embed"
JOBS = Path("tests/browser/jobs_embed.py")
HALF = re.compile(r"5.?000 of 10.?000 rows")


class Embedded(NamedTuple):
    """A page of another origin, and the server whose job it shows."""

    address: str
    served: Served
    gate: Path

    @property
    def job(self) -> Job:
        """The newest import."""
        return self.served.hw.jobs(type="import")[0]


def embedded(folder: Path, place: Path, query: str = "") -> Iterator[Embedded]:
    """The pages of a folder, allowed to call a server of the test."""
    with Elsewhere(folder) as elsewhere:
        options = ("--import", JOBS, "--allow-origin", elsewhere.origin)
        with Served(str(place / "jobs.db"), *options) as served:
            elsewhere.server = served.address
            yield Embedded(elsewhere.origin + query.format(served.address), served, place / "gate")


@pytest.fixture
def plain(pages_built: None, tmp_path: Path) -> Iterator[Embedded]:
    """The page of ten lines."""
    yield from embedded(EXAMPLES, tmp_path)


@pytest.fixture(scope="module")
def react_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with the hooks, built."""
    built = tmp_path_factory.mktemp("react")
    build = ["npm", "run", "--silent", "build", "-w", "headway-embed-example", "--", "--outDir", str(built)]
    subprocess.run([*build, "--emptyOutDir", "--logLevel", "warn"], cwd=ROOT, check=True)
    return built


@pytest.fixture
def react(pages_built: None, react_built: Path, tmp_path: Path) -> Iterator[Embedded]:
    """The page with the hooks, on an origin of its own."""
    yield from embedded(react_built, tmp_path, "/?server={}")


def begun(page: Page, address: str) -> None:
    """The page, with an import that it has started."""
    page.goto(address)
    page.get_by_role("button", name="Start").click()
    expect(bar(page)).to_be_visible()


def bar(page: Page) -> Locator:
    """The bar of the embedded job."""
    return page.get_by_role("progressbar")


def undisturbed(there: Embedded) -> None:
    """The one job works on to its end, and was asked for nothing on the way."""
    there.gate.touch()
    ended = [there.served.hw.wait(job, timeout_s=60) for job in there.served.hw.jobs(type="import")]
    assert [job.state for job in ended] == ["completed"]
    assert [event.name for event in there.served.hw.events(ended[0]).all() if event.kind == "control"] == []


def kept(page: Page) -> str:
    """What the page has left in the browser."""
    return json.dumps(page.evaluate("() => ({ ...localStorage, ...sessionStorage, cookie: document.cookie })"))


def test_40_the_page_of_ten_lines_is_live(page: Page, plain: Embedded) -> None:
    """ux 40: ten lines of HTML from another origin show a live bar."""
    assert len((EXAMPLES / "index.html").read_text().splitlines()) <= 11
    begun(page, plain.address)
    expect(page.get_by_text(HALF)).to_be_visible()
    plain.gate.touch()
    expect(page.get_by_text("Completed", exact=True)).to_be_visible()


def test_40_a_reload_keeps_the_same_job(page: Page, plain: Embedded) -> None:
    """ux 40: after a reload the page shows the same job, and leaving it never cancels."""
    begun(page, plain.address)
    expect(page.get_by_text(HALF)).to_be_visible()
    page.reload()
    expect(page.get_by_text(HALF)).to_be_visible()
    page.goto("about:blank")
    undisturbed(plain)


def test_40_a_job_that_ended_while_away_is_shown_once(page: Page, plain: Embedded) -> None:
    """ux 40: who comes back after the end sees how it ended, the next time there is nothing."""
    begun(page, plain.address)
    page.goto("about:blank")
    plain.gate.touch()
    plain.served.hw.wait(plain.job, timeout_s=60)
    page.goto(plain.address)
    expect(page.get_by_text("Completed", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text("Nothing is imported just now.")).to_be_visible()


def test_40_no_key_is_left_in_the_browser(page: Page, plain: Embedded) -> None:
    """ux 40: the id of the job is kept, and nothing that would let anybody in."""
    begun(page, plain.address)
    expect(page.get_by_text(HALF)).to_be_visible()
    assert plain.job.id in kept(page)
    assert re.search('token|bearer|secret|cookie": "[^"]', kept(page), re.IGNORECASE) is None


def test_40_pause_from_an_embedded_bar(page: Page, plain: Embedded) -> None:
    """ux 40: the controls that the page permits work from another origin."""
    begun(page, plain.address)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    assert plain.served.hw.wait(plain.job, until="paused", timeout_s=60).state == "paused"


def test_40_the_hooks_find_the_job_again(page: Page, react: Embedded) -> None:
    """ux 40: the React page shows the same job after a reload; unmounting does not cancel."""
    begun(page, react.address)
    expect(page.get_by_text(HALF)).to_be_visible()
    page.reload()
    expect(page.get_by_text(HALF)).to_be_visible()
    page.goto("about:blank")
    undisturbed(react)
    page.goto(react.address)
    page.get_by_role("button", name="Thank you").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def test_40_other_origins_are_refused(page: Page, plain: Embedded, complaints: Complaints) -> None:
    """ux 40: a page whose origin is not on the list reads nothing."""
    complaints.announce("blocked by CORS policy", "net::ERR_FAILED", "status of 403")
    page.goto(plain.address.replace("localhost", "127.0.0.1"))
    refused = page.evaluate(
        "async (server) => { try { return (await fetch(server + '/api/v1/jobs')).status } catch { return 'refused' } }",
        plain.served.address,
    )
    assert refused == "refused"


GUARDED = """<!doctype html>
<html lang="en"><title>An import</title>
<script type="module" src="{server}/embed/job-progress.js"></script>
<job-progress job-id="1" token-url="/token" controls="pause"></job-progress></html>
"""


def test_12_a_fresh_token_is_fetched_before_each_connection(page: Page, tmp_path: Path, complaints: Complaints) -> None:
    """ux 12: the token of the page has run out while it was away: it is live again without a reload or a login."""
    complaints.announce_losses()
    pages, secret = tmp_path / "pages", tmp_path / "secret"
    pages.mkdir()
    tokens = [f"{n}-a-token-of-a-quarter-hour" for n in range(2)]
    secret.write_text(tokens[0])
    (pages / "token").write_text(tokens[0])
    with Elsewhere(pages) as elsewhere:
        options = ("--token-file", secret, "--allow-origin", elsewhere.origin)
        with Served(str(tmp_path / "jobs.db"), *options) as served:
            (pages / "index.html").write_text(GUARDED.format(server=served.address))
            puppet = Puppet(served.hw, tmp_path / "Import").tell(progress={"done": 10, "total": 100}).did()
            page.goto(elsewhere.origin)
            expect(bar(page)).to_have_attribute("aria-valuenow", "10")
            for file in (secret, pages / "token"):  # the server has read its own: no page gets the old one from here on
                file.write_text(tokens[1])
            served.kill()
            served.start()
            puppet.tell(progress={"done": 60, "total": 100}).did()
            expect(bar(page)).to_have_attribute("aria-valuenow", "60", timeout=LONG_MS)
            assert not any(token in kept(page) for token in tokens)
            page.goto("about:blank")
