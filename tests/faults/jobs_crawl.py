"""A crawl over a graph that anybody can compute: what a page links to is a matter of its number."""

from __future__ import annotations

import os
import threading
from itertools import count

import headway
from tests.faults.side import note, say

PAGES = 5_000
"""Pages of the graph, 0 to 4,999; page n links to 2n+1, 2n+2 and a few that others link to as well."""


MOST = "HEADWAY_TEST_MOST_PAGES"
"""The environment variable that says how many pages a process fetches before it stands still and waits to be killed."""
_begun = count(1)


def links(page: int) -> list[int]:
    """What a page links to."""
    found = [2 * page + 1, 2 * page + 2, page * 7 % PAGES, page // 3]
    return [link for link in found if link < PAGES]


@headway.job("faults.crawl")
def crawl(ctx: headway.Context, side: str) -> dict[str, int]:
    """Fetches every page once, four at a time; each fetch is noted beside the database."""
    most = int(os.environ.get(MOST) or PAGES)
    pages = ctx.items("pages")
    pages.add("0")

    def fetch(page: headway.ItemAtHand) -> None:
        if next(_begun) > most:
            threading.Event().wait()
        note(side, page.key)
        pages.add_many(str(link) for link in links(int(page.key)))
        page.save(hash=f"h{int(page.key) % 4_000}")
        say("fetched", page.key)
        ctx.sleep(0.008)

    counts = ctx.map(fetch, pages, concurrency=4)
    return {"done": counts.done, "total": len(pages)}
