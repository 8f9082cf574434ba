"""The job type of a crawl: "scraping.crawl", which `headway serve` runs for the older API of the scraper, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import headway
from examples.crawler.crawl import PAGES, USER_AGENT, Crawl, Options
from examples.crawler.storage import Storage

MARKS = ("etag", "last_modified", "path", "media")


@headway.job("scraping.crawl", recover=False)
def crawl(
    ctx: headway.Context,
    url: str,
    max_pages: int = 10,
    delay: float = 1.0,
    user_agent: str | None = None,
    include_external: bool = False,
    content_types: list[str] | None = None,
    depth: int = 3,
    concurrency: int = 1,
    selectors: dict[str, str] | None = None,
    earlier: str | None = None,
    storage: str | None = None,
) -> dict[str, Any]:
    """Crawl a site from one page. delay: seconds between two requests to a host; earlier: a crawl whose unchanged
    pages are not transferred again; storage: folder of the contents, else below the user's own cache.
    """
    options = Options(
        max_pages=max_pages, delay=delay, depth=depth, include_external=include_external,
        content_types=tuple(content_types or ("text/html",)), user_agent=user_agent or USER_AGENT,
        concurrency=concurrency, selectors=selectors or {},
    )  # fmt: skip
    return Crawl(ctx, url, options, Storage(storage), _marks(ctx, earlier) if earlier else None).run()


def _marks(ctx: headway.Context, earlier: str) -> Mapping[str, Mapping[str, Any]]:
    """By address: what an earlier crawl has kept, and by which a host can tell whether it has changed."""
    known = ctx.headway.items(earlier, PAGES, limit=1000, state="done").all()
    return {item.key: {name: item.data[name] for name in MARKS if name in item.data} for item in known}
