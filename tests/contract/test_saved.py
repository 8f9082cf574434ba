"""What a job has saved and handed over, entry by entry."""

from __future__ import annotations

import headway
from headway import Context, Headway
from headway.testing import Clock


@headway.job("saved.copy")
def copy(ctx: Context) -> None:
    """A job that saves its state, a cursor and two files."""
    for n in ctx.track(range(3), "rows"):
        ctx.checkpoint(last=n)
    ctx.artifact("b/report.txt", b"all well")
    ctx.artifact("a.json", b"{}")


def test_checkpoints_tell_when_by_which_attempt_and_how_large(hw: Headway, clock: Clock) -> None:
    """The state comes first, then the cursors by name; sizes are those of the JSON."""
    job = hw.submit(copy)
    hw.work_until_idle()
    state, cursor = hw.checkpoints(job)
    assert (state.kind, state.value, state.attempt, state.size) == ("state", {"last": 2}, 1, len('{"last":2}'))
    assert (cursor.kind, cursor.name) == ("cursor", "rows")
    assert cursor.value == hw.checkpoint(job)["cursors"]["rows"]
    assert state.saved_at.timestamp() <= clock.wall()


def test_files_are_listed_by_name_with_their_sizes(hw: Headway) -> None:
    """The list says what can be asked for by artifact()."""
    job = hw.submit(copy)
    hw.work_until_idle()
    assert [(one.name, one.size) for one in hw.artifacts(job)] == [("a.json", 2), ("b/report.txt", 8)]
    assert hw.artifact(job, "b/report.txt") == b"all well"


def test_a_job_that_saved_nothing_has_empty_lists(hw: Headway) -> None:
    """Neither is an error."""
    job = hw.submit(copy)
    assert (hw.checkpoints(job), hw.artifacts(job)) == ([], [])
