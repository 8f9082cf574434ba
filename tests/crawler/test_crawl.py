"""The crawler, on real pages of a server on the loopback (S1.11, S1.12, S1.26, S1.30, S1.36)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import examples.crawler.jobs  # noqa: F401 - its job type
from headway import Headway
from headway.model.job import Item, Job
from headway.testing import Clock
from tests.crawler.site import IMAGE, Site, documents, served


@pytest.fixture
def site() -> Iterator[Site]:
    """A site on a free port."""
    with served() as site:
        yield site


@pytest.fixture
def clock() -> Clock:
    """Time that moves by what the crawler sleeps."""
    return Clock()


@pytest.fixture
def hw(clock: Clock) -> Iterator[Headway]:
    """The verbs, on a database of memory."""
    with Headway(":memory:", clock=clock) as hw:
        yield hw


@pytest.fixture
def crawl(hw: Headway, site: Site, tmp_path: Path) -> Any:
    """A function that crawls the site to the end and gives the job."""

    def run(**options: Any) -> Job:
        given = {"url": site.address, "delay": 0, "storage": str(tmp_path / "contents"), **options}
        job = hw.submit("scraping.crawl", given)
        hw.work_until_idle()
        return hw.get(job)

    return run


def _pages(hw: Headway, job: Job, site: Site) -> dict[str, Item]:
    return {item.key.removeprefix(site.address): item for item in hw.items(job, "pages", 1000).all()}


def test_real_documents_are_crawled_once_each(hw: Headway, site: Site, crawl: Any) -> None:
    """S1.11: the documents of this project, whole: each page once, with title, hash and place."""
    documents(site)
    known = set(site.pages)
    job = crawl(max_pages=1000, depth=10, concurrency=2)
    pages = _pages(hw, job, site)
    assert {path for path, item in pages.items() if item.state == "done"} == known
    assert len(site.fetched()) == len(set(site.fetched()))
    assert (pages["/guide.html"].data["title"], pages["/guide.html"].status_code) == ("guide", 200)
    assert (job.state, job.result["pages_scraped"]) == ("completed", len(known))
    assert Path(pages["/guide.html"].data["path"]).read_bytes() == site.pages["/guide.html"][2]


def test_a_crawl_counts_pages(site: Site, crawl: Any) -> None:
    """Pages are the measure, not the bytes of those that are in already; what grew is named."""
    documents(site)
    progress = crawl(max_pages=1000, depth=10).progress
    assert (progress.unit, progress.done) == ("pages", progress.total)
    assert progress.note == f"total grew to {progress.total} pages"


def test_robots_txt_is_obeyed(hw: Headway, site: Site, crawl: Any) -> None:
    """What robots.txt does not allow is never asked for, and says so."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /private", "text/plain")
    site.put("/", '<a href="/private/a">a</a><a href="/open">b</a>')
    site.put("/open", "open")
    job = crawl(user_agent="tester/2")
    assert site.fetched() == ["/", "/open"]
    assert site.agents == {"tester/2"}
    refused = _pages(hw, job, site)["/private/a"]
    assert (refused.state, refused.error and refused.error.message) == ("skipped", "robots.txt does not allow it")


def test_rules_may_stand_elsewhere(site: Site, crawl: Any) -> None:
    """A robots.txt that leads to another place holds from there."""
    site.leads["/robots.txt"] = "/rules"
    site.put("/rules", "User-agent: *\nDisallow: /", "text/plain")
    site.put("/", "home")
    assert crawl().result["pages_scraped"] == 0
    assert site.fetched() == ["/rules"]


def test_broken_rules_keep_it_away(site: Site, crawl: Any) -> None:
    """A host whose robots.txt is refused or broken is left alone."""
    site.put("/robots.txt", "no", status=503)
    site.put("/", "home")
    assert crawl().result["pages_scraped"] == 0
    assert site.fetched() == []


def test_requests_wait_for_their_turn(clock: Clock, site: Site, crawl: Any) -> None:
    """S1.12: the delay lies between any two requests to a host; a longer one in robots.txt wins."""
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7", "text/plain")
    site.put("/", '<a href="/a">a</a><a href="/b">b</a>')
    before = clock.boot()
    crawl(delay=2)
    assert len(site.fetched()) == 3
    assert 14 <= clock.boot() - before < 21


def test_limits_hold(hw: Headway, site: Site, crawl: Any) -> None:
    """S1.12: no more pages than asked for, none farther away, and what lies beyond stays known."""
    for n in range(6):
        site.put(
            f"/{n or ''}", "".join(f'<a href="/{m}">{m}</a>' for m in range(1, 6)) if not n else f'<a href="/far{n}">'
        )
        site.put(f"/far{n}", "far")
    job = crawl(max_pages=3, depth=1)
    assert site.fetched() == ["/", "/1", "/2"]
    states = {path: item.state for path, item in _pages(hw, job, site).items()}
    assert states == {"/": "done", "/1": "done", "/2": "done", "/3": "skipped", "/4": "skipped", "/5": "skipped"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_pages": 0},
        {"max_pages": 10_001},
        {"delay": 61},
        {"url": "file:///etc/passwd"},
        {"selectors": {"a": "b c"}},
    ],
)
def test_impossible_options_fail(crawl: Any, site: Site, wrong: dict[str, Any]) -> None:
    """S1.12: what no crawl may do fails at once, with a sentence, and nothing is fetched."""
    job = crawl(**wrong)
    assert (job.state, "expected" in job.error.message, site.asked) == ("failed", True, [])


def test_other_hosts_are_counted_or_followed(site: Site, crawl: Any) -> None:
    """S1.12: links that lead away are counted; with include_external they are followed."""
    with served() as other:
        other.put("/x", "elsewhere")
        site.put("/", f'<a href="{other.address}/x">x</a>')
        job = crawl()
        assert (job.result["external_urls_found"], other.asked) == (1, [])
        crawl(include_external=True)
        assert other.fetched() == ["/x"]


def test_each_page_has_its_outcome(hw: Headway, site: Site, crawl: Any) -> None:
    """S1.26, S1.38: failed pages are no scraped ones, and what may pass is tried again: status and error tell."""
    site.put("/", '<a href="/gone">a</a><a href="/busy">b</a><a href="/moved">c</a>')
    site.put("/busy", "busy", status=503)
    site.leads["/moved"] = "/new"
    site.put("/new", "new")
    job = crawl()
    told = {path: (item.state, item.status_code) for path, item in _pages(hw, job, site).items()}
    assert told == {
        "/": ("done", 200), "/gone": ("failed", 404), "/busy": ("failed", 503), "/moved": ("skipped", 302),
        "/new": ("done", 200),
    }  # fmt: skip
    assert (job.result["pages_scraped"], job.result["errors_count"], job.warnings) == (2, 2, 1)
    assert site.asked.count("/busy") == 3
    assert site.asked.count("/gone") == 1


def test_the_same_content_is_stored_once(hw: Headway, site: Site, crawl: Any, tmp_path: Path) -> None:
    """S1.36: duplicates are counted by their hash, and lie in one file."""
    site.put("/", '<img src="/a.png"><img src="/b.png"><img src="/c.gif">')
    site.put("/a.png", IMAGE, "image/png")
    site.put("/b.png", IMAGE, "image/png")
    job = crawl(content_types=["image/png"])
    assert (job.result["files_downloaded"], job.result["duplicates"]) == (2, 1)
    assert job.result["bytes_saved"] == len(IMAGE)
    assert len(list((tmp_path / "contents").rglob("*.png"))) == 1
    files = {item.value["file_name"]: item.value["duplicate_of"] for item in hw.items(job, "files").all()}
    assert files == {"a.png": None, "b.png": f"{site.address}/a.png"}
    assert "/c.gif" not in site.asked


def test_texts_are_extracted(hw: Headway, site: Site, crawl: Any) -> None:
    """S1.12: selectors name texts of a page: by tag, class or id."""
    site.put("/", '<h1>A <b>title</b></h1><p class="x price">3 &euro;</p><p class="price">4</p><i id="k">five</i>')
    job = crawl(selectors={"head": "h1", "price": "p.price", "key": "#k"})
    assert _pages(hw, job, site)["/"].data["extracted"] == {
        "head": ["A title"], "price": ["3 €", "4"], "key": ["five"],
    }  # fmt: skip


def test_unchanged_pages_are_not_transferred_again(site: Site, crawl: Any) -> None:
    """A crawl that knows an earlier one asks by ETag, and finds links in what it has."""
    site.put("/", '<a href="/a">a</a>')
    site.put("/a", "the same")
    first = crawl()
    second = crawl(earlier=first.id)
    assert (site.unchanged, second.result["pages_scraped"]) == (2, 2)
    site.put("/a", "another")
    crawl(earlier=second.id)
    assert site.unchanged == 3


def test_a_pause_fetches_nothing_twice(site: Site, tmp_path: Path) -> None:
    """S1.30, S1.11: paused and resumed, a crawl goes on with what is left and fetches nothing it has again."""
    documents(site)
    reached, paused = threading.Event(), threading.Event()

    def hold(path: str) -> None:
        """The crawl is slow until it is paused: it must not be over before that."""
        if len(site.asked) > 8:
            reached.set()
            paused.wait(1)

    site.hold = hold
    with Headway(tmp_path / "jobs.db") as hw:
        given = {"url": site.address, "delay": 0.01, "storage": str(tmp_path), "max_pages": 500, "depth": 9}
        job = hw.submit("scraping.crawl", given)
        with hw.worker(slots=1):
            assert reached.wait(120)
            hw.pause(job)
            assert hw.wait(job, until="paused", timeout_s=120).state == "paused"
            paused.set()
            before = len(site.fetched())
            hw.resume(job)
            ended = hw.wait(job, timeout_s=120)
        assert (ended.state, ended.attempt, before < len(site.pages)) == ("completed", 2, True)
        assert len(site.fetched()) == len(set(site.fetched()))
