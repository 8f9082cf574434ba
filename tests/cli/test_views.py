"""What a followed job says, and how often: time is moved by hand."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import msgspec
import pytest

from headway import Headway
from headway.cli.app import App
from headway.cli.listing import fitted
from headway.cli.live import Live, Plain
from headway.cli.watch import see
from headway.cli.wording import active_time, cell
from headway.model.job import Job
from headway.model.progress import Progress
from headway.testing import Clock

START = datetime(2026, 1, 1, tzinfo=UTC)
RUNNING = Job(
    id="i", number=1, root_id="i", type="t", name="import", state="running", created_at=START, state_since=START,
    progress=Progress(percent=3, phase="load"),
)  # fmt: skip


def at(percent: int, phase: str = "load", state: str = "running") -> Job:
    changed = Progress(percent=percent, phase=phase)
    ended = START if state == "completed" else None
    return msgspec.structs.replace(RUNNING, progress=changed, state=state, ended_at=ended)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_ap38_plain_lines_come_every_30_s(clock: Clock) -> None:
    """A job that says nothing new has a line at least every 30 s, and no more often."""
    stream = io.StringIO()
    view = Plain(App(clock=clock), stream)
    for _ in range(61):
        view.show([RUNNING], clock.wall())
        clock.advance(1)
    assert len(stream.getvalue().splitlines()) == 3


@pytest.mark.parametrize(("jobs", "lines"), [
    ([at(3), at(9)], 1), ([at(9), at(10)], 2), ([at(3), at(3, "save")], 2), ([at(3), at(3, state="pausing")], 2),
    ([at(3), at(3), at(100, state="completed"), at(100, state="completed")], 2),
])  # fmt: skip
def test_ap38_a_plain_line_for_each_change_that_matters(clock: Clock, jobs: list[Job], lines: int) -> None:
    """A new state, a new step and each 10 % have a line of their own; less than that has none."""
    stream = io.StringIO()
    view = Plain(App(clock=clock), stream)
    for job in jobs:
        view.show([job], clock.wall())
    assert len(stream.getvalue().splitlines()) == lines


def test_nothing_is_drawn_in_the_first_half_second(clock: Clock) -> None:
    """What ends sooner than 500 ms shows its last line alone; what lasts is drawn from then on."""
    stream = io.StringIO()
    view = Live(App(clock=clock), stream)
    view.show([RUNNING], clock.wall())
    clock.advance(0.49)
    view.show([RUNNING], clock.wall())
    assert stream.getvalue() == ""
    clock.advance(0.02)
    view.show([RUNNING], clock.wall())
    assert "import" in stream.getvalue()


def test_ap37_a_stall_ends_a_watch_with_7_where_that_is_asked(clock: Clock) -> None:
    """--fail-on-stall: as soon as one of the jobs has the mark; without it the watch goes on."""
    app = App(clock=clock)
    app.hw = Headway(":memory:", clock=clock)
    with app.hw, app.hw.tracked("Import", show=False) as ctx:
        ctx.progress(done=1, total=100)
        for _ in range(27):
            clock.advance(5)
            app.hw._office.recorder.beat()
            ctx.settle()
        stream = io.StringIO()
        assert see(app, [ctx.job], stream, fail_on_stall=True) == 7
        assert stream.getvalue().startswith("1 ")


def test_the_terminal_is_told_how_far_all_is(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """AP36: the percentage of one job, a warning while it is paused; of several how many have ended; then nothing."""
    monkeypatch.setenv("HEADWAY_TERMINAL_PROGRESS", "1")
    stream = io.StringIO()
    view = Live(App(clock=clock), stream)
    clock.advance(0.6)
    over = [msgspec.structs.replace(at(100, state="completed"), id=name) for name in ("a", "b")]
    for jobs in ([at(3)], [at(9, state="paused")], [*over, at(9)], [*over, at(100, state="completed")]):
        view.show(jobs, clock.wall())
    assert re.findall(r"\x1b]9;4;(\d;\d+)\x1b", stream.getvalue()) == ["1;3", "4;9", "1;66", "0;0"]


@pytest.mark.parametrize(("state", "worked"), [("running", "60 s"), ("cancelling", "60 s"), ("paused", "0 s")])
def test_a_job_that_is_asked_to_stop_works_until_it_has(state: str, worked: str) -> None:
    """B29: the time worked counts every state in which a runner is at it, from the beginning of the attempt."""
    job = msgspec.structs.replace(RUNNING, state=state, attempt=1, started_at=START)
    assert active_time(job, START.timestamp() + 60) == worked


def test_counts_of_a_phase_are_not_shown_as_those_of_the_job() -> None:
    """A list has the percentage of the whole alone where what is counted is a part of it."""
    own = Progress(percent=90, done=9, total=10)
    assert [cell(one) for one in (own, msgspec.structs.replace(own, percent=15, of_phase=True))] == ["90% 9/10", "15%"]


@pytest.mark.parametrize("columns", range(30, 140, 7))
def test_a_table_takes_no_more_than_its_columns(columns: int) -> None:
    """Names are cut first, then columns are left out, those that matter last."""
    widths = {"NUMBER": 6, "STATE": 11, "NAME": 60, "TYPE": 20, "PROGRESS": 18, "LEFT": 11, "TIME": 5, "CREATED": 10}
    found = fitted(widths, columns)
    assert sum(found.values()) + 2 * (len(found) - 1) <= max(columns, 33)
    assert {"NUMBER", "STATE", "NAME"} <= found.keys()
