"""A crawl: every page once, breadth first, each with what became of it."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import headway
from examples.crawler import links
from examples.crawler.fetch import Answer, Fetcher, FetchError
from examples.crawler.manners import LONGEST_DELAY_S, Manners
from examples.crawler.storage import Storage, Stored

USER_AGENT = "headway-crawler/1.0"
HTML = frozenset({"text/html", "application/xhtml+xml"})
TRIES = 3
FIRST_PAUSE_S = 1.0
PAGES, FILES, OUTSIDE = "pages", "files", "external"
"""Ledgers: all addresses that are or were to be fetched; what was downloaded that is no page; links that lead away."""


class Options(NamedTuple):
    """What a crawl may do. max_pages: pages and files that are fetched; delay: seconds between two requests to a host;
    depth: links between the first page and the farthest; content_types: media types, or their beginnings ("image/").
    """

    max_pages: int = 10
    delay: float = 1.0
    depth: int = 3
    include_external: bool = False
    content_types: Sequence[str] = ("text/html",)
    user_agent: str = USER_AGENT
    concurrency: int = 1
    selectors: Mapping[str, str] = {}

    def check(self) -> None:
        """Raises ValueError for what no crawl may do."""
        for name, value, least, most in (
            ("max_pages", self.max_pages, 1, 10_000), ("delay", self.delay, 0, 60),
            ("depth", self.depth, 0, 100), ("concurrency", self.concurrency, 1, 16),
        ):  # fmt: skip
            if not least <= value <= most:
                raise ValueError(f"{name} is {value}; expected {least} to {most:,}")
        for selector in self.selectors.values():
            links.Selector.of(selector)

    def wants(self, media: str) -> bool:
        """Whether a media type is wanted. Pages always are: without them there are no links."""
        return media in HTML or any(media.startswith(kind.lower()) for kind in self.content_types)


class Crawl:
    """One attempt at a crawl. earlier: what a previous crawl knows of each address, for conditional requests."""

    def __init__(
        self, ctx: headway.Context, url: str, options: Options, storage: Storage,
        earlier: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:  # fmt: skip
        options.check()
        first = links.normal(url)
        if first is None:
            raise ValueError(
                f"{url[:100]!r} is no address of a page: expected one that begins with http:// or https://"
            )
        self._ctx, self._options, self._storage, self._earlier = ctx, options, storage, earlier or {}
        self._first = first
        self._fetcher = Fetcher(options.user_agent)
        self._manners = Manners(self._fetcher, options.delay, ctx.sleep, ctx.clock.boot)
        self._pages, self._files, self._outside = (ctx.items(name) for name in (PAGES, FILES, OUTSIDE))
        self._taking = self._pages.counts.done
        self._lock = threading.Lock()

    def run(self) -> dict[str, Any]:
        """Works the frontier off, from wherever an earlier attempt has left it; the summary."""
        self._pages.add(self._first, {"depth": 0, "home": links.host_of(self._first)})
        self._ctx.progress(unit="pages")
        self._ctx.map(self._visit, self._pages, concurrency=self._options.concurrency)
        self._ctx.progress(data=self._figures())
        return self._summary()

    def _visit(self, item: headway.ItemAtHand) -> dict[str, Any] | None:
        if not self._begins():
            item.skip("max_pages is reached")
            return None
        taken = False
        try:
            if not self._manners.allow(item.key):
                item.skip("robots.txt does not allow it")
                return None
            self._ctx.progress(message=item.key, data=self._figures() | {"current_url": item.key})
            told = self._taken(item, self._fetched(item))
            taken = item.state != "skipped"
            return told
        except FetchError as problem:
            if problem.status is not None:
                item.save(status_code=problem.status)
            raise
        finally:
            if not taken:
                with self._lock:
                    self._taking -= 1

    def _begins(self) -> bool:
        """Whether one more may be fetched. Those that fail or are passed over do not count."""
        with self._lock:
            if self._taking >= self._options.max_pages:
                return False
            self._taking += 1
            return True

    def _fetched(self, item: headway.ItemAtHand) -> Answer:
        """What the host answers, after some more tries where that may help. Raises FetchError."""
        known = self._known(item.key)
        asked = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last_modified")}
        for tried in range(TRIES):
            self._manners.wait(item.key)
            try:
                given = {name: str(value) for name, value in asked.items() if value}
                return self._fetcher.get(item.key, given, self._options.wants)
            except FetchError as problem:
                item.save(tries=tried + 1)
                if not problem.transient or tried + 1 == TRIES:
                    raise
                self._ctx.log(f"{item.key}: {problem}", level="warning")
                self._ctx.sleep(min(LONGEST_DELAY_S, max(problem.wait_s, FIRST_PAUSE_S * 2**tried)))
        raise AssertionError("unreachable")

    def _taken(self, item: headway.ItemAtHand, answer: Answer) -> dict[str, Any] | None:
        item.save(status_code=answer.status)
        if answer.status == 304:
            return self._unchanged(item)
        if answer.status >= 300:
            self._led_elsewhere(item, answer)
            return None
        if not self._options.wants(answer.media):
            item.skip(f"{answer.media} is not wanted")
            return None
        stored = self._storage.keep(answer.body, answer.media)
        item.save(hash=stored.digest, size=len(answer.body))
        marks = {name: answer.headers.get(header) for name, header in
                 (("etag", "ETag"), ("last_modified", "Last-Modified"))}  # fmt: skip
        told = {"media": answer.media, "path": stored.path, **{name: value for name, value in marks.items() if value}}
        self._ctx.log(f"{item.key} is in", url=item.key, media=answer.media, size=len(answer.body), hash=stored.digest)
        if answer.media not in HTML:
            self._keep_file(item, stored, answer)
            return told
        return told | self._read(item, answer.text)

    def _read(self, item: headway.ItemAtHand, html: str) -> dict[str, Any]:
        """What is on a page; its links become new members of the frontier."""
        page = links.read(html, item.key, self._options.selectors)
        shown = [
            link for link in page.embedded if self._options.wants(mimetypes.guess_type(urlsplit(link).path)[0] or "-")
        ]
        self._follow([*page.links, *shown], item)
        return {"title": page.title, "links": len(page.links), "extracted": page.extracted}

    def _follow(self, found: Sequence[str], item: headway.ItemAtHand) -> None:
        depth, home = item.value["depth"] + 1, item.value["home"]
        self._outside.add_many(link for link in found if links.host_of(link) != home)
        if depth <= self._options.depth:
            value = {"depth": depth, "home": home, "from": item.key}
            self._pages.add_many((link, value) for link in found if self._is_near(link, home))

    def _led_elsewhere(self, item: headway.ItemAtHand, answer: Answer) -> None:
        """A redirect is a link, as far from the first page as what led to it."""
        target = links.normal(answer.headers.get("Location") or "", item.key)
        if target is not None:
            # The first page decides where the site is: example.org may lead to www.example.org.
            home = links.host_of(target) if item.key == self._first else item.value["home"]
            if self._is_near(target, home):
                self._pages.add(target, {"depth": item.value["depth"], "home": home, "from": item.key})
        item.skip(f"it leads to {target}")

    def _is_near(self, link: str, home: str) -> bool:
        return self._options.include_external or links.host_of(link) == home

    def _unchanged(self, item: headway.ItemAtHand) -> dict[str, Any]:
        """The content of the earlier crawl is still that of the page."""
        known = dict(self._known(item.key))
        content = Path(known["path"]).read_bytes()
        item.save(hash=self._storage.keep(content, known["media"]).digest, size=len(content))
        if known["media"] in HTML:
            return known | {"unchanged": True} | self._read(item, content.decode("utf-8", "replace"))
        self._keep_file(item, Stored(known["path"], str(item.hash)), None, known["media"])
        return known | {"unchanged": True}

    def _keep_file(self, item: headway.ItemAtHand, stored: Stored, answer: Answer | None, media: str = "") -> None:
        told = {
            "file_name": Path(urlsplit(item.key).path).name or "index",
            "file_type": answer.media if answer is not None else media,
            "storage_path": stored.path, "content_hash": stored.digest, "duplicate_of": item.duplicate_of,
            "page": (item.value or {}).get("from"), "downloaded_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        self._files.add(item.key, told, item.size)

    def _known(self, address: str) -> Mapping[str, Any]:
        """What the earlier crawl has of a page, as long as its content is still there."""
        known = self._earlier.get(address, {})
        return known if known and Path(str(known.get("path"))).is_file() else {}

    def _figures(self) -> dict[str, Any]:
        """How far it is, in the words of the older API that shows it."""
        counts, files = self._pages.counts, len(self._files)
        return {
            "pages_scraped": max(0, counts.done - files), "files_downloaded": files, "urls_found": counts.total,
            "external_urls_found": len(self._outside), "errors_count": counts.failed,
        }  # fmt: skip

    def _summary(self) -> dict[str, Any]:
        counts = self._pages.counts
        return self._figures() | {
            "skipped": counts.skipped, "unique": counts.done - counts.duplicates, "duplicates": counts.duplicates,
            "bytes": counts.size_done, "bytes_saved": counts.size_saved,
        }  # fmt: skip
