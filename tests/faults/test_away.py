"""A database that can not be used for a moment: its file is moved and put back, its schema renamed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

import headway
from headway import Context, Headway
from headway.errors import StoreUnusable


@contextmanager
def away(url: str) -> Iterator[None]:
    """The database is not there in this block."""
    if "://" not in url:
        Path(url).rename(f"{url}.away")
        yield
        Path(f"{url}.away").rename(url)
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SCHEMA headway RENAME TO away")
            yield
            connection.execute("ALTER SCHEMA away RENAME TO headway")


@headway.job("away.leaf")
def leaf(ctx: Context) -> str:
    """A child."""
    return "leaf"


class Gated:
    """A job that does something to its database while that is away."""

    def __init__(self, work: Callable[[Context], Any]) -> None:
        self.work = work
        self.reached, self.open, self.met = threading.Event(), threading.Event(), threading.Event()
        headway.job("away.gated", recover=True)(self.run)

    def run(self, ctx: Context) -> Any:
        self.reached.set()
        self.open.wait(60)
        try:
            return self.work(ctx)
        except StoreUnusable:
            self.met.set()
            raise


@pytest.mark.parametrize("work", [lambda ctx: ctx.checkpoint(n=1), lambda ctx: ctx.step("one", lambda: "done")])
def test_work_under_way_outlasts_it(url: str, work: Callable[[Context], Any]) -> None:
    """G12: what a job saves meanwhile is stored when the database is back, in the same attempt; a verb says at once
    what is wrong."""
    gated = Gated(work)
    with Headway(url) as hw, hw.worker(slots=1, types=["away.gated"]):
        job = hw.submit("away.gated")
        assert gated.reached.wait(60)
        with away(url):
            gated.open.set()
            with pytest.raises(StoreUnusable):
                hw.submit("away.gated")
        ended = hw.wait(job, timeout_s=60)
    assert (ended.state, ended.attempt, ended.error) == ("completed", 1, None)


def test_what_could_not_be_asked_meanwhile_is_no_failure(url: str) -> None:
    """G12: a job to which the error comes goes on later, from where it was."""
    gated = Gated(lambda ctx: ctx.gather(ctx.spawn(leaf)))
    with Headway(url) as hw, hw.worker(slots=1, types=["away.gated", "away.leaf"]):
        job = hw.submit("away.gated")
        assert gated.reached.wait(60)
        with away(url):
            gated.open.set()
            assert gated.met.wait(60)
        ended = hw.wait(job, timeout_s=60)
    assert (ended.state, ended.result, ended.attempt) == ("completed", ["leaf"], 2)


def test_a_reader_that_comes_a_moment_too_late_makes_no_file(tmp_path: Path) -> None:
    """G1: a new file would be taken for the one that was moved away, and cost what its log still holds."""
    file = tmp_path / "jobs.db"
    with Headway(file) as hw:
        hw.submit("x")
        with away(str(file)):
            with pytest.raises(StoreUnusable):
                hw._database._reader()  # type: ignore[attr-defined]
            assert not file.exists()
        assert hw.get(1).type == "x"


def test_a_database_that_a_job_names_wrongly_fails_it(url: str, tmp_path: Path) -> None:
    """Only the job's own database is waited for."""
    other = tmp_path / "other"
    other.mkdir()
    gated = Gated(lambda ctx: Headway(other).submit("x").number)
    gated.open.set()
    with Headway(url) as hw:
        job = hw.submit("away.gated")
        hw.work_until_idle()
        failed = hw.get(job)
    assert failed.error
    assert (failed.state, failed.error.code) == ("failed", "store_unusable")
