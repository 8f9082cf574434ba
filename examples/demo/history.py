"""What has happened before: some hundred small jobs, each really run, on a clock that is moved through a week."""

from __future__ import annotations

import random
from typing import Any

import headway
from examples.demo import jobs as demo
from headway.testing import Clock

DAYS, JOBS = 7, 240
MARGIN_S = 900.0
"""The history ends so long before now."""
CONFIG = {
    "source": "sftp://old.example/www", "target": "/srv/www",
    "database": {"host": "db1.old.example", "user": "shop", "password": "a made-up password"},
    "limits": {"bandwidth_mb": 20, "tries": 3}, "exclude": ["cache/", "*.tmp"],
}  # fmt: skip
FEEDS = ("blog.example", "news.example", "status.example", "forum.example", "wiki.example")


def run(url: str, now: float) -> None:
    """Fills the database at `url`, in which nothing is yet. now: seconds since the epoch."""
    clock, dice = Clock(now - DAYS * headway.DAY_S), random.Random(17)
    with headway.Headway(url, clock=clock) as hw:
        _sessions(hw)
        for left in range(JOBS, 0, -1):
            _submit(hw, dice, left)
            if left % 40 == 0:
                _next_version(hw, left)
            hw.work_until_idle()
            clock.advance(max(0.0, now - MARGIN_S - clock.wall()) / left * dice.uniform(0.4, 1.6 if left > 10 else 1.0))
        hw.work_until_idle()


def _submit(hw: headway.Headway, dice: random.Random, left: int) -> None:
    kind, given, more = _chosen(dice, left)
    customer = dice.choice(("acme", "globex", "initech"))
    hw.submit(kind, given, labels={"customer": customer, "site": dice.choice("ab")}, **more)


def _chosen(dice: random.Random, left: int) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Type, input and options of one job."""
    if left % 40 == 0:
        return demo.night_backup, {"database": "shop", "size_gb": 3.0}, {"name": "Nightly backup", "session": "nightly"}
    if left % 26 == 0:
        return demo.sync_stock, {"warehouse": "hamburg", "fails": True}, {"name": "Stock of Hamburg"}
    if left % 12 == 0:
        return demo.sync_stock, {"warehouse": "lyon", "seconds": 40}, {"name": "Stock of Lyon"}
    if left % 9 == 0:
        given = {"rows": dice.randint(20, 60), "seconds": dice.uniform(10, 90)}
        return demo.import_orders, given, {"name": "Orders of the night", "external_id": f"orders-{1000 - left}"}
    if left % 4 == 0:
        return demo.index, {"documents": dice.randint(100, 900)}, {"name": "Search index", "category": "search"}
    feed = dice.choice(FEEDS)
    return (
        demo.fetch_feed,
        {"feed": feed, "away": dice.random() < 0.12},
        {"name": f"Feed of {feed}", "category": "feeds"},
    )


def _sessions(hw: headway.Headway) -> None:
    hw.create_session("acme", CONFIG, job_type="site.scan", concurrency=3)
    hw.create_session("nightly", {"keep": 14, "compress": "zstd"}, job_type="night.backup", concurrency=1)
    hw.create_session("shop", {"branch": "main", "notify": ["ops@shop.example"]}, job_type="shop.release")


def _next_version(hw: headway.Headway, left: int) -> None:
    """Somebody has changed the configuration, about once a day."""
    version = 7 - left // 40
    changed: dict[str, Any] = {**CONFIG, "limits": {"bandwidth_mb": 20 + 5 * version, "tries": 3}}
    if version > 2:
        changed["database"] = {"host": "db2.new.example", "user": "shop", "password": "another made-up password"}
    if version > 4:
        changed |= {"dry_run": False, "exclude": ["cache/", "*.tmp", "thumbnails/"]}
    hw.save_session("acme", changed, note=f"{20 + 5 * version} MB/s at night")
