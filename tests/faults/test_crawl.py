"""A crawl whose frontier grows while its worker is killed again and again (S1.30; G1, G6)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from headway import Headway
from headway.store import sweeping
from tests.faults import checks
from tests.faults.child import worker
from tests.faults.jobs_crawl import MOST, PAGES
from tests.faults.side import notes

KILLS = 20


def test_a_crawl_that_is_killed_fetches_nothing_again(
    url: str, tmp_path: Path, dice: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S1.30, G1, G6: every page is done once, and none is fetched again after it was recorded done."""
    side = str(tmp_path / "side")
    with Headway(url) as hw:
        job = hw.submit("faults.crawl", {"side": side})
        done: dict[str, int] = {}
        monkeypatch.setenv(MOST, str(PAGES // KILLS - 50))  # all victims together leave some, however late they die
        kills = 0
        while kills < KILLS and not hw.get(job).ended:
            with worker(url, "jobs_crawl", slots=1) as victim:
                victim.line("fetched")
                victim.kill_within(dice.uniform(0.05, 0.45))
                kills += 1
            sweeping.sweep(hw._database)  # else the next worker finds that it was lost, and may fail it
            if hw.get(job).state == "failed":  # killed thrice before anything more was stored
                hw.retry(job)
            fetched = len(notes(side))
            for item in hw.items(job, "pages", 10_000, state="done").all():
                done.setdefault(item.key, fetched)
        monkeypatch.delenv(MOST)
        with worker(url, "jobs_crawl", slots=1):
            ended = hw.wait(job, timeout_s=120)
        assert (ended.state, ended.result) == ("completed", {"done": PAGES, "total": PAGES})
        _each_once(hw, side, done)
        (counts,) = hw.ledgers(job)
        assert (counts.total, counts.done, counts.pending, counts.duplicates) == (PAGES, PAGES, 0, PAGES - 4_000)
        assert kills == KILLS
        checks.counted_right(hw)
    checks.sound(url)


def _each_once(hw: Headway, side: str, done: dict[str, int]) -> None:
    """By the note of every fetch: all pages, and none behind the place where it was found to be recorded done."""
    fetches = [words[0] for words in notes(side)]
    assert set(fetches) == {str(page) for page in range(PAGES)}
    again = [page for place, page in enumerate(fetches) if place >= done.get(page, len(fetches))]
    assert again == []
    items = list(hw.items("@last", "pages", 10_000).all())
    assert (len(items), {item.state for item in items}) == (PAGES, {"done"})
