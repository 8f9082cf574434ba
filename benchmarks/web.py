"""How the pages bear a load, in a real browser: `python -m benchmarks.web [MEASURE ...]`, about five minutes in all.

Server, jobs and browser are processes of their own, on one machine. Prints a Markdown table on standard output.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.browser.serving import BUILT, Served
from tests.faults.child import Child

LIVE_JOBS = 500
LIVE_S = 20.0
HISTORY = 100_000
LINES = 1_000_000
PAINTS = 5
WHEEL_S = 0.05

WATCH = """
() => {
  const seen = { frames: 0, tasks: [], began: performance.now() };
  window.__seen = seen;
  const frame = () => { seen.frames += 1; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((task) => task.duration)))
    .observe({ type: "longtask" });
}
"""
SEEN = "() => ({ ...window.__seen, took: performance.now() - window.__seen.began })"
TRACED = ["disabled-by-default-devtools.timeline", "toplevel"]
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


class Seen(NamedTuple):
    """What the page did while it was watched. tasks: those of more than 50 ms, by their length in ms; busy: all of its
    main thread, by the processor time in ms that each took, which other work on the machine does not lengthen.
    """

    frames_a_second: float
    tasks: list[float]
    busy: list[float]

    @property
    def longest(self) -> str:
        """The longest task, for people."""
        long = f"{max(self.tasks):.0f} ms ({len(self.tasks)} over 50 ms)" if self.tasks else "under 50 ms"
        return f"{long}; {max(self.busy, default=0):.0f} ms of processor time"


class Row(NamedTuple):
    """One line of the table."""

    what: str
    figure: str


def main(arguments: Sequence[str]) -> None:
    """Take the chosen measures, print the table."""
    parser = argparse.ArgumentParser("python -m benchmarks.web", description="The pages under load.")
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"of {', '.join(MEASURES)}; else all")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.measures) - set(MEASURES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    print("| what | figure |\n| --- | --- |")
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as folder, chromium.started() as browser:
        for name in chosen.measures or MEASURES:
            _tell(name)
            for row in MEASURES[name](browser, Path(folder)):
                print(f"| {row.what} | {row.figure} |", flush=True)


def _bundle(browser: Browser, folder: Path) -> Iterator[Row]:
    """What has to be fetched before a page shows: the index, and each chunk of the build, compressed."""
    sizes = {path: len(gzip.compress(path.read_bytes(), 9)) for path in _chunks()}
    yield Row("all scripts and styles, gzip", _kib(sum(sizes.values())))
    for path, size in sorted(sizes.items(), key=lambda pair: -pair[1]):
        if size > 2048:
            yield Row(f"- `{path.name.rsplit('-', 1)[0]}{path.suffix}`", _kib(size))


def _paint(browser: Browser, folder: Path) -> Iterator[Row]:
    """From the request to the first content, with nothing cached."""
    with Served(str(folder / "paint.db")) as served:
        for path, name in (("/", "Home"), ("/jobs", "Jobs")):
            paints = [_first_paint(browser, served.address + path) for _ in range(PAINTS)]
            yield Row(f"{name}: first paint, nothing cached", f"{statistics.median(paints):.0f} ms")


def _live(browser: Browser, folder: Path) -> Iterator[Row]:
    """Hundreds of jobs tell ten times a second how far they are, while the list is scrolled."""
    url = str(folder / "live.db")
    with _load(url, "live", LIVE_JOBS), Served(url, slots=0) as served, _page(browser) as page:
        page.goto(f"{served.address}/jobs")
        page.get_by_text("bench.live").first.wait_for()
        before = _heap(page)
        seen = _watched(page, lambda: _scroll(page, LIVE_S))
        what = f"{LIVE_JOBS} jobs, 10 updates a second each, list scrolled for {LIVE_S:.0f} s"
        yield Row(f"{what}: longest task", seen.longest)
        yield Row(f"{what}: frames a second", f"{seen.frames_a_second:.0f}")
        yield Row(f"{what}: script memory, at first and in the end", f"{_mib(before)}, {_mib(_heap(page))}")


def _history(browser: Browser, folder: Path) -> Iterator[Row]:
    """A long history is scrolled, and jumped through to its end."""
    url = str(folder / "history.db")
    with _load(url, "history", HISTORY), Served(url, slots=0) as served, _page(browser) as page:
        began = time.monotonic()
        page.goto(f"{served.address}/jobs")
        page.get_by_text("bench.ended").first.wait_for()
        yield Row(f"{HISTORY:,} jobs in history: until the first rows are shown", _ms(time.monotonic() - began))
        seen = _watched(page, lambda: _scroll(page, 5))
        yield Row(f"{HISTORY:,} jobs in history, scrolled for 5 s: longest task", seen.longest)
        yield Row(
            f"{HISTORY:,} jobs in history, scrolled for 5 s: frames a second",
            f"{seen.frames_a_second:.0f}",
        )
        began = time.monotonic()
        page.goto(f"{served.address}/jobs?sort=created")
        page.get_by_role("row", name="bench.ended").first.wait_for()
        yield Row(f"{HISTORY:,} jobs in history: the oldest first, shown after", _ms(time.monotonic() - began))


def _log(browser: Browser, folder: Path) -> Iterator[Row]:
    """A long log is opened, scrolled and searched."""
    url = str(folder / "log.db")
    with _load(url, "log", LINES) as job, Served(url, slots=0) as served, _page(browser) as page:
        began = time.monotonic()
        page.goto(f"{served.address}/jobs/{job}?tab=log")
        page.get_by_text("/1.html").first.wait_for()
        yield Row(f"log of {LINES:,} lines: until it is shown", _ms(time.monotonic() - began))
        began = time.monotonic()
        page.keyboard.press("End")
        page.get_by_text(f"/{LINES}.html").first.wait_for()
        yield Row(f"log of {LINES:,} lines: until its end is shown", _ms(time.monotonic() - began))
        seen = _watched(page, lambda: _scroll(page, 5, step=-600))
        yield Row(f"log of {LINES:,} lines, scrolled for 5 s: longest task", seen.longest)
        began = time.monotonic()
        page.get_by_role("searchbox", name="Search in the whole log").fill(f"/{LINES - 1}.html")
        page.get_by_text("– of 1", exact=True).wait_for()
        yield Row(f"log of {LINES:,} lines: search for one line", _ms(time.monotonic() - began))


MEASURES: dict[str, Callable[[Browser, Path], Iterator[Row]]] = {
    "bundle": _bundle,
    "paint": _paint,
    "live": _live,
    "history": _history,
    "log": _log,
}


def _chunks() -> list[Path]:
    return [path for path in (BUILT / "assets").iterdir() if path.suffix in (".js", ".css")]


@contextmanager
def _load(url: str, kind: str, number: int) -> Iterator[str]:
    """Jobs of that kind; yields the id of the newest."""
    with Child("benchmarks.web_load", url, kind, number) as load:
        newest = load.line("ready").split()[1]
        if kind != "live":
            load.rest()
        yield newest


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    context = chromium.fresh(browser)
    try:
        yield context.new_page()
    finally:
        context.close()


def _first_paint(browser: Browser, address: str) -> float:
    with _page(browser) as page:
        page.goto(address)
        found: float = page.wait_for_function(FIRST_PAINT).json_value()
        return found


def _watched(page: Page, act: Callable[[], None]) -> Seen:
    browser = page.context.browser
    if browser is None:
        raise RuntimeError("the page has no browser; it was expected to be opened by one")
    browser.start_tracing(page=page, categories=TRACED)
    page.evaluate(WATCH)
    act()
    seen = page.evaluate(SEEN)
    busy = _tasks(json.loads(browser.stop_tracing())["traceEvents"])
    return Seen(seen["frames"] / seen["took"] * 1000, seen["tasks"], busy)


def _tasks(events: list[dict[str, Any]]) -> list[float]:
    """Processor time of each task of the page's own thread, in ms: of the busiest of those that are called so."""
    mains = {(one["pid"], one["tid"]) for one in events if one.get("args", {}).get("name") == "CrRendererMain"}
    tasks: dict[tuple[int, int], list[float]] = {thread: [] for thread in mains}
    for one in events:
        if one["name"] == "RunTask" and (one["pid"], one["tid"]) in mains:
            tasks[one["pid"], one["tid"]].append(one.get("tdur", 0) / 1000)
    return max(tasks.values(), key=sum, default=[])


def _scroll(page: Page, seconds: float, step: int = 300) -> None:
    """Turns the wheel over the middle of the page, down and, at times, up again."""
    page.mouse.move(640, 500)
    until, turns = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        page.mouse.wheel(0, step if turns // 20 % 3 < 2 else -step)
        page.wait_for_timeout(WHEEL_S * 1000)
        turns += 1


def _heap(page: Page) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return used


def _kib(size: float) -> str:
    return f"{size / 1024:.1f} KiB"


def _mib(size: float) -> str:
    return f"{size / 1024**2:.0f} MiB"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
