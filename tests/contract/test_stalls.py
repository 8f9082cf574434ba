"""Stalls: a job that is alive and does not move is marked, and loses the mark when it moves."""

from __future__ import annotations

from headway import Context, Headway, Job
from headway.model.progress import Progress
from headway.testing import Clock

WITHIN_S = 135
"""A stall is told within 2 min 15 s of the last movement."""


def later(hw: Headway, clock: Clock, ctx: Context, seconds: int) -> tuple[Job, Progress]:
    """The job after a time in which its process was alive."""
    for _ in range(seconds // 5):
        clock.advance(5)
        hw._office.recorder.beat()
        ctx.settle()
    job = hw.get(ctx.job_id)
    assert job.progress is not None
    return job, job.progress


def test_a_job_that_stands_still_is_stalled(hw: Headway, clock: Clock) -> None:
    """UX9: mark and time within 2 min 15 s, no time left; no sooner than after two minutes; it still runs."""
    with hw.tracked("Import", show=False) as ctx:
        for done in range(20):
            clock.advance(1)
            ctx.progress(done=done, total=100)
            ctx.settle()
        moved = clock.wall()
        clock.advance(1)
        ctx.settle()  # the last movement is seen now, if the second was sampled just before it
        job, progress = later(hw, clock, ctx, 105)
        assert ("stalled_since" in job.marks, progress.stalled_since) == (False, None)
        job, progress = later(hw, clock, ctx, WITHIN_S - 110)
        assert clock.wall() - moved <= WITHIN_S
        assert (job.state, progress.eta, progress.eta_why_not) == ("running", None, "stalled")
        assert progress.stalled_since is not None
        assert abs(progress.stalled_since - moved) <= 2
        assert job.marks["stalled_since"].startswith("2026-01-01T00:00:")


def test_the_next_progress_ends_a_stall(hw: Headway, clock: Clock) -> None:
    """UX9: on the next movement the mark goes."""
    with hw.tracked("Import", show=False) as ctx:
        ctx.progress(done=1, total=100)
        later(hw, clock, ctx, WITHIN_S)
        ctx.progress(done=2)
        job, progress = later(hw, clock, ctx, 5)
        assert ("stalled_since" in job.marks, progress.stalled_since) == (False, None)


def test_a_silence_that_was_declared_is_no_stall(hw: Headway, clock: Clock) -> None:
    """A phase that may be silent for long is not stalled before that."""
    with hw.tracked("Import", show=False) as ctx:
        ctx.progress(done=1, total=100)
        with ctx.phase("vacuum", expect_silence_s=1200):
            assert "stalled_since" not in later(hw, clock, ctx, 600)[0].marks


def test_a_total_that_grows_says_so(hw: Headway) -> None:
    """UX8: the note tells it, and the percentage stays below 100 until the end."""
    with hw.tracked("Import", show=False) as ctx:
        ctx.progress(done=9_000, total=10_000)
        ctx.settle()
        ctx.progress(done=12_400, total=12_400)
        ctx.settle()
        progress = hw.get(ctx.job_id).progress
        assert progress is not None
        assert (progress.note, progress.percent) == ("total grew to 12 400", 99)


def test_a_job_that_never_said_how_far_it_is_has_no_stall(hw: Headway, clock: Clock) -> None:
    """Without any progress there is nothing that could stand still."""
    with hw.tracked("Import", show=False) as ctx:
        for _ in range(WITHIN_S // 5):
            clock.advance(5)
            hw._office.recorder.beat()
            ctx.settle()
        assert hw.get(ctx.job_id).marks == {}
