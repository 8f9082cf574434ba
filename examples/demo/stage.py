"""What is played: a job for each state once, and roles that are played again and again, as where people work."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Generator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import examples.crawler.jobs  # noqa: F401  # registers scraping.crawl
import headway
from examples.demo import history
from examples.demo import jobs as demo
from examples.site_mover import jobs as mover
from headway import Headway, Job

ROOT = Path(__file__).parents[2]
LIBRARY = sysconfig.get_path("stdlib")
EXCLUDED = ["site-packages/", "__pycache__/", "test/", "tests/", "config-3*/", "*.so", "*.a"]
LOOK_S = 1.0
CUSTOMERS = ("acme", "globex", "initech")

Role = Generator[Job, None, None]
"""Submits a job, and the next one when that has ended."""


class Stage:
    """Submits the jobs of the demo until it is told to stop. site: a site that may be crawled."""

    def __init__(self, hw: Headway, folder: Path, site: str) -> None:
        self._hw, self._folder, self._site = hw, folder, site
        self._web = folder / "shop"
        self._web.mkdir(exist_ok=True)

    def prepare(self, now: float, stop: threading.Event) -> None:
        """What there is before the workers begin: a week of history, and a worker that was killed in the middle."""
        if self._hw.counts():
            return  # a folder that was kept
        history.run(self._hw.url, now)
        if not stop.is_set():
            self._lose_a_worker()

    def play(self, stop: threading.Event) -> None:
        """Plays while workers run, until it is told to stop."""
        if not self._hw.jobs(type="shop.release", limit=1):
            self._scenes(stop)
        under_way: dict[Role, Job | None] = dict.fromkeys(self._roles())
        while not stop.wait(LOOK_S):
            for role, job in under_way.items():
                if job is None or self._is_over(job):
                    under_way[role] = next(role)

    def _is_over(self, job: Job) -> bool:
        with suppress(headway.NotFound):  # somebody may have deleted it
            return self._hw.get(job.id).ended_at is not None
        return True

    def _lose_a_worker(self) -> None:
        """A real process with real jobs, which is really killed after their first checkpoints."""
        lost = [
            self._hw.submit(demo.render, {"film": film}, name=f"Render {film}", labels={"customer": customer})
            for film, customer in (
                ("the trailer", "acme"),
                ("the interview", "globex"),
                ("the harbour at night", "acme"),
            )
        ]
        command = [sys.executable, "-m", "headway", "worker", "--import", "examples.demo.jobs", "--slots", "3"]
        worker = subprocess.Popen(
            [*command, "--type", "video.render"], cwd=ROOT, env={**os.environ, "HEADWAY_URL": self._hw.url},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            for job in lost:
                next((one for one in self._hw.watch(job) if "are safe" in str(one.data)), None)
        finally:
            worker.kill()
            worker.wait()

    def _scenes(self, stop: threading.Event) -> None:
        """One of each state that would not come about by itself."""
        hw, site = self._hw, str(self._web)
        taken_back = hw.submit(demo.release, {"version": "4.1.0", "site": site, "seconds": 6}, name="Release 4.1.0")
        hw.submit(demo.import_orders, {"rows": 1200, "bad_row": 812}, name="Orders of acme", external_id="orders-acme")
        hw.submit(demo.sync_stock, {"warehouse": "rotterdam", "fails": True, "seconds": 5}, name="Stock of Rotterdam")
        paused = hw.submit(demo.newsletter, {"readers": 20_000}, name="Newsletter of December", category="mail")
        wrong = hw.submit(demo.import_photos, {"folder": "wedding", "seconds": 60}, name="Photos of the wrong folder")
        tonight = datetime.fromtimestamp(hw.now(), UTC) + timedelta(hours=9)
        hw.submit(demo.night_backup, {"database": "shop"}, name="Nightly backup", session="nightly", run_at=tonight)
        hw.submit("gpu.train", {"model": "recommendations"}, name="Train the recommendations")
        if self._await(paused, "running", stop):
            hw.pause(paused, reason="the text has a mistake")
        if self._await(wrong, "running", stop):
            hw.cancel(wrong, reason="the wrong folder")
        if self._await(taken_back, "completed", stop):
            hw.rollback(taken_back, reason="the prices were wrong")

    def _await(self, job: Job, state: str, stop: threading.Event) -> bool:
        """Whether a job has come to that state before the play is stopped."""
        while not stop.wait(LOOK_S / 5):
            found = self._hw.get(job.id)
            if found.state == state or found.ended_at is not None:
                return found.state == state
        return False

    def _roles(self) -> list[Role]:
        return [
            self._releases(), self._photos(), self._albums(), self._orders(), self._stock(), self._crawls(),
            self._moves(), self._letters(), self._feeds(), self._indexes(),
        ]  # fmt: skip

    def _submit(self, kind: Any, given: Mapping[str, Any], name: str, number: int, **options: Any) -> Job:
        labels = {"customer": CUSTOMERS[number % len(CUSTOMERS)], "site": "ab"[number % 2]}
        return self._hw.submit(kind, dict(given), name=name, labels=labels, **options)

    def _releases(self) -> Role:
        for n in itertools.count():
            version = f"4.2.{n}"
            given = {"version": version, "site": str(self._web), "seconds": 150}
            yield self._submit(demo.release, given, f"Release {version}", n, session="shop", context_id="shop")

    def _photos(self) -> Role:
        for n in itertools.count():
            yield self._submit(
                demo.import_photos, {"folder": f"roll-{n:02}"}, f"Photos of roll {n}", n, category="media"
            )

    def _albums(self) -> Role:
        for n in itertools.count(1):
            yield self._submit(demo.album, {"name": f"Album {n}", "seconds": 45}, f"Album {n}", n, category="media")

    def _orders(self) -> Role:
        for n in itertools.count(1):
            yield self._submit(demo.import_orders, {"rows": 24_000, "seconds": 200}, f"Orders, week {n}", n)

    def _stock(self) -> Role:
        for n in itertools.count():
            yield self._submit(demo.sync_stock, {"warehouse": "lyon", "seconds": 80}, "Stock of Lyon", n)

    def _crawls(self) -> Role:
        given: dict[str, Any] = {
            "url": self._site,
            "max_pages": 140,
            "delay": 0.5,
            "storage": str(self._folder / "crawl"),
        }
        for n in itertools.count():
            yield self._submit("scraping.crawl", {**given, "depth": 40}, "Crawl the manual", n, session="acme")

    def _moves(self) -> Role:
        """A move of Python's own library: scan, plan, transfer, each by the result of the one before."""
        for n in itertools.count(1):
            target = self._folder / f"copy-{n}"
            target.mkdir(exist_ok=True)
            shared = {"work_folder": str(self._folder / f"move-{n}"), "exclusions": EXCLUDED}
            named = {"session": "acme", "context_id": f"move-{n}"}
            yield (scan := self._submit(mover.scan, {"source": LIBRARY, **shared}, f"Scan, move {n}", n, **named))
            if (found := self._hw.get(scan).result) is None:
                continue
            given = {"manifest": found["manifest"], "destination": str(target), **shared}
            yield (plan := self._submit(mover.plan, given, f"Plan, move {n}", n, **named))
            if (planned := self._hw.get(plan).result) is None:
                continue
            given = {"plan": planned["plan"], "bandwidth_limit": found["bytes"] / 400}
            yield self._submit(mover.transfer, given, f"Transfer, move {n}", n, **named)

    def _letters(self) -> Role:
        for n in itertools.count(1):
            yield self._submit(
                demo.newsletter, {"readers": 12_000, "seconds": 300}, f"Newsletter {n}", n, category="mail"
            )

    def _feeds(self) -> Role:
        for n in itertools.count():
            feed = history.FEEDS[n % len(history.FEEDS)]
            given = {"feed": feed, "away": n % 9 == 5}
            yield self._submit(demo.fetch_feed, given, f"Feed of {feed}", n, category="feeds")

    def _indexes(self) -> Role:
        for n in itertools.count():
            yield self._submit(demo.index, {"documents": 600}, "Search index", n, category="search")
