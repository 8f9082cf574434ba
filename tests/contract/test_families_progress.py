"""What children have reached is told in their parent: by weight, in its own plan, never falling."""

from __future__ import annotations

from typing import Any

import pytest

import headway
from headway import Context, Headway
from headway.model.progress import Progress, ProgressTree
from headway.runtime.gathering import roll_up
from headway.store.families import Child
from headway.testing import Clock


@headway.job("rolled.leaf")
def leaf(ctx: Context, at: int = 100) -> None:
    """A child that tells its percentage, and then what its parent shows."""
    ctx.progress(percent=at)
    ctx.settle()


def _run(hw: Headway, name: str, function: Any) -> Progress:
    """The last progress of a job with this function."""
    headway.job(name)(function)
    job = hw.submit(name)
    hw.work_until_idle()
    done = hw.get(job)
    assert done.progress is not None, done.error
    return done.progress


def _shown(hw: Headway, ctx: Context, *children: Child) -> Progress:
    """What a job shows with these children."""
    roll_up(ctx, children)
    ctx.settle()
    progress = hw.get(ctx.job_id).progress
    assert progress is not None
    return progress


def _child(weight: float, percent: float | None, state: str = "running") -> Child:
    ended = state in ("completed", "failed", "cancelled")
    return Child("c", "t", "default", state, ended, weight, percent, None, False)


def test_children_count_by_their_weight(hw: Headway) -> None:
    """S3.24, S4.26: the percentage is that of the children by weight; an ended one counts fully, failed ones show."""
    with hw.tracked("Rolled up", show=False) as ctx:
        shown = _shown(hw, ctx, _child(3, 50), _child(1, None, "pending"), _child(1, 20, "failed"))
        assert (shown.percent, shown.done, shown.total, shown.failed, shown.unit) == (50, 1, 3, 1, "jobs")


def test_children_without_weight_count_by_number(hw: Headway) -> None:
    """Where all weights are 0, the ended ones count."""
    with hw.tracked("Rolled up", show=False) as ctx:
        assert _shown(hw, ctx, _child(0, 90), _child(0, None, "completed")).percent == 50


def test_the_percentage_falls_only_for_more_children(hw: Headway) -> None:
    """A child that begins again leaves it standing; a new child lowers it, and the note says why."""
    with hw.tracked("Rolled up", show=False) as ctx:
        assert _shown(hw, ctx, _child(1, 80)).percent == 80
        again = _shown(hw, ctx, _child(1, 10))
        assert (again.percent, again.note) == (80, None)
        more = _shown(hw, ctx, _child(1, 80), _child(1, None, "pending"))
        assert (more.percent, more.note) == (40, "total grew to 2 jobs")


def test_children_fill_their_part_of_the_plan(hw: Headway) -> None:
    """S3.24: a plan says what the phase "children" weighs; it is done when all children have ended."""
    seen: list[Progress | None] = []

    def parent(ctx: Context) -> None:
        ctx.plan({"fetch": 20, "children": 60, "check": 20})
        ctx.step("fetch", lambda: None)
        ctx.gather(ctx.spawn(leaf, {"at": 50}))
        ctx.settle()
        seen.append(hw.get(ctx.job_id).progress)
        ctx.step("check", lambda: None)

    assert _run(hw, "rolled.plan", parent).percent == 100
    assert seen[0] is not None
    assert seen[0].percent == 80
    assert [(step.name, step.state) for step in hw.steps(hw.jobs(type="rolled.plan")[0])] == [
        ("fetch", "completed"), ("children", "completed"), ("check", "completed"),
    ]  # fmt: skip


def test_a_full_run_is_one_job_over_its_parts(hw: Headway) -> None:
    """S3.24: a run over two child runs fills 10 to 50 % with the one and 60 to 100 % with the other, linked to both."""
    shown: list[int | None] = []

    def full(ctx: Context) -> None:
        ctx.plan({"prepare": 10, "files": 40, "switch": 10, "tables": 40})
        for quick, slow in (("prepare", "files"), ("switch", "tables")):
            ctx.step(quick, lambda: None)
            ctx.settle()
            shown.append(_percent(hw, ctx))
            with ctx.phase(slow):
                ctx.gather(ctx.spawn(leaf, {"at": 40}, key=slow))
            ctx.settle()
            shown.append(_percent(hw, ctx))

    assert _run(hw, "rolled.full", full).percent == 100
    assert shown == [10, 50, 60, 99]
    assert len(hw.children(hw.jobs(type="rolled.full")[0])) == 2


def _percent(hw: Headway, ctx: Context) -> int | None:
    progress = hw.get(ctx.job_id).progress
    return None if progress is None else progress.percent


def test_counts_that_the_work_tells_itself_stay(hw: Headway) -> None:
    """A job that reports its own progress is not overruled by its children."""
    with hw.tracked("By hand", show=False) as ctx:
        ctx.progress(done=3, total=12)
        shown = _shown(hw, ctx, _child(1, 90))
        assert (shown.done, shown.total, shown.percent) == (3, 12, 25)


def test_a_parent_is_told_of_without_a_write_of_its_children(hw: Headway) -> None:
    """Traces 17: children never write their parent's row; while one runs, its version stands still."""
    versions: list[int] = []

    def child(ctx: Context) -> None:
        parent = str(ctx.job.parent_id)
        ctx.progress(percent=10)
        ctx.settle()  # what the parent has said itself goes with the first commit of its process
        versions.append(hw.get(parent).version)
        ctx.progress(percent=70)
        ctx.settle()
        versions.append(hw.get(parent).version)

    headway.job("rolled.quiet")(child)
    _run(hw, "rolled.parent", lambda ctx: ctx.gather(ctx.spawn("rolled.quiet")))
    assert versions[0] == versions[1]


@pytest.mark.parametrize("phase", [None, "sync"])
def test_a_roll_up_that_says_nothing_new_changes_nothing(phase: str | None) -> None:
    """Looking again costs no write: the version of the progress stands still."""
    tree = ProgressTree()
    target = tree.open(phase) if phase else None
    tree.roll_up(target, done=1, total=2, failed=0, percent=60)
    before = tree.version
    tree.roll_up(target, done=1, total=2, failed=0, percent=30)
    assert tree.version == before


def test_a_parent_that_waits_is_not_stalled(hw: Headway, clock: Clock) -> None:
    """A child may be silent for long: its parent waits, which is no stall of its own."""
    with hw.tracked("Patient", show=False) as ctx:
        _shown(hw, ctx, _child(1, None))
        for _ in range(20):
            clock.advance(20)
            hw._office.recorder.beat()
            assert _shown(hw, ctx, _child(1, None)).stalled_since is None


def test_it_never_falls_when_the_work_is_resumed(hw: Headway) -> None:
    """S4.26: an attempt that goes on begins with what the children had reached, for they stand where they stood."""
    seen: list[int | None] = []

    def shown(ctx: Context) -> None:
        ctx.settle()
        seen.append(_percent(hw, ctx))

    @headway.job("rolled.resumed", retries=0)
    def resumed(ctx: Context) -> None:
        ctx.plan({"first": 10, "children": 80, "last": 10})
        ctx.step("first", lambda: None)
        shown(ctx)
        with ctx.phase("children"):
            shown(ctx)
            roll_up(ctx, [_child(1, 33), _child(2, 50), _child(1, None, "completed")])
            shown(ctx)
            assert ctx.attempt == 2, "the first attempt ends here"

    job = hw.submit("rolled.resumed")
    hw.work_until_idle()
    hw.retry(job)
    hw.work_until_idle()
    assert (hw.get(job).state, seen) == ("completed", [10, 10, 56, 56, 56, 56])
    assert hw.get(job).progress.note is None  # type: ignore[union-attr]


def test_what_the_work_counts_itself_begins_anew() -> None:
    """A phase that counted children and now something else follows its new counts, and the note says so."""
    tree = ProgressTree()
    tree.roll_up(None, done=1, total=4, failed=0, percent=60)
    later = ProgressTree.restore(tree.snapshot(0.0))
    later.report(done=1, total=4)
    assert (later.snapshot(0.0).percent, later.snapshot(0.0).note) == (
        25,
        "counted anew from what is saved: 60 % had been reached",
    )
