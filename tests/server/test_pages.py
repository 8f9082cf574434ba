"""The web pages: one page for every address that people look at, its files, and what their answers permit."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from headway import Headway
from headway.server import create_app
from headway.server.app import OPERATIONS, App
from headway.server.pagefiles import ELSEWHERE
from headway.server.serving import Serving
from tests.support import calls

PERSON = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "User-Agent": "Mozilla/5.0"}
INDEX = """<!doctype html><html><head>
<meta name="csp-nonce" content="" /><meta name="headway-release" content="" />
<script type="module" src="./assets/index-Ab3_dE9-.js"></script>
</head><body></body></html>"""
SCRIPT = "console.log('pages');" * 100


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of built pages, and a file beside it that nobody may read."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "embed").mkdir()
    (folder / "index.html").write_text(INDEX)
    (folder / "assets" / "index-Ab3_dE9-.js").write_text(SCRIPT)
    (folder / "assets" / "icon.svg").write_text("<svg/>")
    (folder / "embed" / "job-progress.js").write_text(SCRIPT)
    (tmp_path / "canary.js").write_text("canary")
    monkeypatch.setenv(ELSEWHERE, str(folder))
    return folder


@pytest.fixture
def hw(tmp_path: Path) -> Iterator[Headway]:
    """The verbs that the server calls; no page depends on the kind of database."""
    with Headway(tmp_path / "jobs.db") as verbs:
        yield verbs


@pytest.fixture
def pages(built: Path, hw: Headway) -> Iterator[httpx2.Client]:
    """A client of a server with pages."""
    with Serving(create_app(hw), port=0) as serving, httpx2.Client(base_url=serving.address, timeout=60) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/jobs", "/jobs/17", "/jobs/report.js", "/sessions/acme", "/apiary", "/any?q=1"])
def test_every_address_of_a_page_has_it(pages: httpx2.Client, path: str) -> None:
    """Whatever address a person opens or reloads, the page comes, and it loads its files from the right place."""
    answer = pages.get(path, headers=PERSON)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<base href="/" />' in answer.text


@pytest.mark.parametrize("path", ["/api", "/api/v1/nothing", "/assets/gone.js", "/embed/", "/assets/gone"])
def test_the_page_stands_for_nothing_else(pages: httpx2.Client, path: str) -> None:
    """A wrong address of the API or of a file is refused as such, also for a browser."""
    answer = pages.get(path, headers=PERSON)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_path")


def test_programs_get_no_page(pages: httpx2.Client) -> None:
    """Who does not ask for HTML, or asks for a change, is told that nothing stands there."""
    assert pages.get("/jobs").json()["code"] == "no_such_path"
    assert pages.post("/jobs", headers=PERSON).json()["code"] == "no_such_path"


@pytest.mark.parametrize("accepted", ["*/*", "", "text/html"])
def test_the_front_is_a_page_for_whoever_asks(pages: httpx2.Client, accepted: str) -> None:
    """The address that the server prints answers curl as it does a browser."""
    answer = pages.get("/", headers={"Accept": accepted})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_the_front_has_links_for_programs(pages: httpx2.Client) -> None:
    """Who asks for JSON there gets the addresses of the API and its description."""
    answer = pages.get("/", headers={"Accept": "application/json"})
    assert answer.json()["links"] == {"api": "/api/v1", "openapi": "/openapi.json", "pages": "/"}
    assert pages.get(answer.json()["links"]["openapi"]).status_code == 200


def test_no_operation_stands_where_pages_do(pages: httpx2.Client) -> None:
    """SEC1: pages are open to all, so no operation may have an address that could be a page's."""
    assert [one.where for one in OPERATIONS if not one.address.startswith("/api/")] == []


def test_a_page_may_run_its_own_scripts_alone(pages: httpx2.Client) -> None:
    """SEC8: no inline script, no foreign address; styles by a nonce that is another one in every answer."""
    first, second = pages.get("/", headers=PERSON), pages.get("/", headers=PERSON)
    policy = first.headers["content-security-policy"]
    nonce = re.search(r'<meta name="csp-nonce" content="([^"]{20,})"', first.text)
    assert nonce is not None
    assert f"style-src 'self' 'nonce-{nonce[1]}';" in policy
    assert nonce[1] not in second.text
    assert "default-src 'none'; script-src 'self';" in policy
    assert "frame-ancestors 'none'; base-uri 'self'; form-action 'none'" in policy
    assert f"connect-src 'self' ws://{pages.base_url.netloc.decode()} wss:" in policy


def test_a_page_knows_of_which_release_it_is(pages: httpx2.Client) -> None:
    """So that it can tell when the server has become another one meanwhile."""
    release = pages.get("/api/v1/health").json()["release"]
    assert f'<meta name="headway-release" content="{release}" />' in pages.get("/jobs", headers=PERSON).text


def test_a_page_keeps_the_headers_of_all_answers(pages: httpx2.Client) -> None:
    """SEC9: nosniff, referrer, opener and resource policies, and no page is kept by a cache: its nonce is for once."""
    headers = pages.get("/jobs", headers=PERSON).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_a_page_gives_the_browser_its_session(pages: httpx2.Client) -> None:
    """S2.2, S2.28: the first page binds the browser to a session of its own; a filter in the address names no other."""
    assert "headway_session" in pages.get("/jobs?session=nowhere", headers=PERSON).headers["set-cookie"]
    assert pages.get("/api/v1/sessions/current", headers=PERSON).json()["id"].startswith("web-")


def test_files_with_their_content_in_the_name_are_kept(pages: httpx2.Client) -> None:
    """A script whose name changes with it is fetched once; one that keeps its name is asked for again, and is 304."""
    script, icon = pages.get("/assets/index-Ab3_dE9-.js"), pages.get("/assets/icon.svg")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" not in icon.headers["cache-control"]
    again = pages.get("/assets/icon.svg", headers={"If-None-Match": icon.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_are_compressed_where_that_is_understood(pages: httpx2.Client) -> None:
    """The same script, packed and not, and a cache is told that there are two."""
    for accepted, coded in (("gzip", "gzip"), ("identity", None)):
        answer = pages.get("/assets/index-Ab3_dE9-.js", headers={"Accept-Encoding": accepted})
        assert (answer.text, answer.headers.get("content-encoding")) == (SCRIPT, coded)
        assert answer.headers["vary"] == "Accept-Encoding"


def test_only_what_is_embedded_may_be_taken_by_other_pages(pages: httpx2.Client) -> None:
    """Pages of other origins may load the web component, and nothing else."""
    other = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    embedded, script = (pages.get(p, headers=other) for p in ("/embed/job-progress.js", "/assets/index-Ab3_dE9-.js"))
    assert embedded.headers["cross-origin-resource-policy"] == "cross-origin"
    assert embedded.headers["access-control-allow-origin"] == "*"
    assert script.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in script.headers


@pytest.mark.parametrize(
    "path",
    ["/../canary.js", "/assets/../../canary.js", "/assets/%2e%2e/%2e%2e/canary.js", "/assets/..%2f..%2fcanary.js",
     "/assets/%252e%252e/%252e%252e/canary.js", "/assets/..\\..\\canary.js", "//canary.js", "/index.html",
     "/{folder}/canary.js", "/assets/%00/../../../canary.js"],
)  # fmt: skip
def test_no_path_leads_out_of_the_folder(pages: httpx2.Client, built: Path, path: str) -> None:
    """SEC22: whatever is written in a path, only files of the build are served."""
    asked = httpx2.Request("GET", pages.base_url, extensions={"target": path.format(folder=built.parent).encode()})
    answer = pages.send(asked)
    assert (answer.status_code, "canary" in answer.text) == (404, False)


def test_a_page_holds_no_data_and_needs_no_token(built: Path, hw: Headway) -> None:
    """SEC1: with a token the page and its files come all the same, and everything else needs it."""
    with Serving(create_app(hw, token="a-long-secret-token"), port=0) as serving:
        for path in ("/", "/jobs/17", "/assets/icon.svg", "/embed/job-progress.js"):
            assert calls.get(serving.address + path, headers=PERSON).status_code == 200
        for path in ("/api/v1/jobs", "/api/v1/health", "/openapi.json", "/api/health", "/assets/gone.js"):
            assert calls.get(serving.address + path, headers=PERSON).status_code == 401
        for path in ("/x-health", "/%2e/health", "/assets/../api/v1/jobs"):
            assert calls.get(serving.address + path).status_code == 401


def test_pages_work_below_a_prefix(built: Path, hw: Headway) -> None:
    """Mounted in another app, the page loads its files and calls its API below the prefix."""
    mine = create_app(hw)
    host = Starlette(routes=[Mount("/jobs-api", mine)])
    host.site = mine.site  # type: ignore[attr-defined]
    with Serving(cast(App, host), port=0) as serving:
        page = calls.get(f"{serving.address}/jobs-api/jobs/17", headers=PERSON)
        assert '<base href="/jobs-api/" />' in page.text
        assert "Path=/jobs-api;" in page.headers["set-cookie"]
        assert calls.get(f"{serving.address}/jobs-api/assets/icon.svg").status_code == 200


def test_without_a_build_the_page_says_how(built: Path, pages: httpx2.Client) -> None:
    """Sources without built pages say so in plain words, the API goes on, and a build is seen at once."""
    (built / "index.html").rename(built / "away")
    answer = pages.get("/", headers=PERSON)
    assert (answer.status_code, "make ui" in answer.text) == (503, True)
    assert pages.get("/api/v1/health").status_code == 200
    (built / "away").rename(built / "index.html")
    assert pages.get("/", headers=PERSON).status_code == 200


def test_a_new_build_is_seen(built: Path, pages: httpx2.Client) -> None:
    """A build that replaces the pages is served without a new start."""
    pages.get("/", headers=PERSON)
    (built / "assets" / "index-Zz9_dE9-.js").write_text("new")
    (built / "index.html").write_text(INDEX.replace("Ab3", "Zz9"))
    os.utime(built / "index.html", (1, 1))
    assert "index-Zz9_dE9-.js" in pages.get("/", headers=PERSON).text
    assert pages.get("/assets/index-Zz9_dE9-.js").text == "new"


def test_the_built_pages_are_served(hw: Headway) -> None:
    """What `make ui` has built is what a server shows, with a place for the nonce in it."""
    with Serving(create_app(hw), port=0) as serving:
        page = calls.get(serving.address, headers=PERSON)
        [script] = re.findall(r'type="module"[^>]* src="\./([^"]+)"', page.text)
        assert re.search(r'name="csp-nonce" content="[^"]{20,}"', page.text)
        assert calls.get(f"{serving.address}/{script}").headers["cache-control"].endswith("immutable")
