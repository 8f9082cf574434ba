"""Retention: ended jobs go after a time, pinned ones stay, a tree goes as a whole, nothing open ever goes."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

import headway
from headway import Context, Deleted, Headway, IllegalMove, InvalidInput, NotFound
from headway.store import moving, retention, sweeping
from headway.store.moving import Change
from headway.testing import Clock
from tests.contract.traces import Trace

_NAMES = count(1)


def test_a_child_of_a_deleted_parent_is_refused(hw: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """G12: a parent that is deleted between the look at it and the write takes no child."""
    kind = a_type()
    parent = hw.submit(kind)
    hw.work_until_idle()
    asked = hw.get(parent)
    hw.delete(parent)
    monkeypatch.setattr(hw, "get", lambda any_id: asked)
    for submit in (lambda: hw.submit(kind, parent=parent), lambda: hw.submit_many(kind, [{}], parent=parent)):
        with pytest.raises(Deleted, match="was deleted"):
            submit()
    assert not hw.jobs()


def test_a_child_whose_parent_is_gone_goes_by_itself(hw: Headway, clock: Clock) -> None:
    """S0.12: what is below nothing any more is kept as long as its own type says."""
    kind = a_type(keep_s=60)
    parent = hw.submit(a_type())
    child = hw.submit(kind, parent=parent)
    with hw._database.transaction() as transaction:
        transaction.connection.execute("UPDATE jobs SET deleted_at = 1")  # as releases before could leave it
        transaction.connection.execute("UPDATE jobs SET deleted_at = NULL WHERE parent IS NOT NULL")
    hw.work_until_idle()
    assert hw.get(child).expires_at is not None


def a_type(**options: Any) -> str:
    """A job type of its own that does nothing."""

    def work(ctx: Context) -> None:
        ctx.log("done")

    name = f"retention {next(_NAMES)}"
    headway.job(name, **options)(work)
    return name


def kept(hw: Headway) -> set[str]:
    """The ids of all jobs after the sweep."""
    sweeping.sweep(hw._database)
    return {job.id for job in hw.jobs(limit=1000)}


def settle(hw: Headway) -> None:
    """Brings all types up to date: those of other tests are registered in this process too."""
    while retention._renew(hw._database):
        pass


def test_an_ended_job_goes_after_the_time_of_its_type(hw: Headway, clock: Clock) -> None:
    """S0.12, S1.34: 24 h after its end it disappears on its own, where its type says so; not a moment earlier."""
    job = hw.submit(a_type(keep_s=headway.DAY_S))
    clock.advance(2 * headway.DAY_S)
    hw.work_until_idle()
    ended = hw.get(job).ended_at
    clock.advance(headway.DAY_S - 1)
    assert kept(hw) == {job.id}
    assert (hw.get(job).expires_at - ended).total_seconds() == headway.DAY_S  # type: ignore[operator]
    clock.advance(1)
    assert kept(hw) == set()
    with pytest.raises(NotFound, match=rf"Job {job.number} \(.*\) was deleted"):
        hw.get(job)


def test_jobs_are_kept_where_nobody_says_otherwise(hw: Headway, clock: Clock) -> None:
    """Retention: a type without keep_s, in a session without one, keeps its jobs for ever."""
    job = hw.submit(a_type())
    hw.work_until_idle()
    clock.advance(10_000 * headway.DAY_S)
    assert (kept(hw), hw.get(job).expires_at) == ({job.id}, None)


@pytest.mark.parametrize("state", ["pending", "running", "pausing", "paused", "interrupted", "cancelling"])
def test_what_is_open_never_goes(trace: Trace, state: str) -> None:
    """S1.17, S1.34: an open job is never dropped by age, however old it is."""
    kind = a_type(keep_s=1, recover=False)
    trace.hw.work_until_idle()
    job = trace.reach(state, type=kind)
    trace.clock.advance(headway.DAY_S)
    assert job in kept(trace.hw)


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
def test_every_kind_of_end_counts(trace: Trace, state: str) -> None:
    """Retention: a job that failed or was cancelled goes as one that completed does."""
    kind = a_type(keep_s=60)
    trace.hw.work_until_idle()
    trace.reach(state, type=kind)
    trace.clock.advance(60)
    assert kept(trace.hw) == set()


def test_a_retry_keeps_a_job(trace: Trace) -> None:
    """Retention: a job that is open again has no date, and gets a new one from its new end."""
    kind = a_type(keep_s=60)
    trace.hw.work_until_idle()
    job = trace.reach("failed", type=kind)
    trace.hw.retry(job)
    assert trace.hw.get(job).expires_at is None
    trace.clock.advance(120)
    assert kept(trace.hw) == {job}


def test_the_session_wins_over_the_type(hw: Headway, clock: Clock) -> None:
    """Retention: settable per type and session; the session's time is the one that counts."""
    hw.create_session("short", keep_s=60)
    kind = a_type(keep_s=headway.DAY_S)
    short, other = hw.submit(kind, session="short"), hw.submit(kind)
    hw.work_until_idle()
    clock.advance(60)
    assert kept(hw) == {other.id}
    with pytest.raises(NotFound):
        hw.get(short)


def test_a_pinned_job_stays(hw: Headway, clock: Clock) -> None:
    """Retention: a pinned job stays until it is unpinned, also where it was pinned before its end; both are told."""
    job = hw.pin(hw.submit(a_type(keep_s=60)), reason="audit")
    hw.work_until_idle()
    clock.advance(headway.DAY_S)
    assert (kept(hw), hw.get(job).pinned, hw.get(job).expires_at) == ({job.id}, True, None)
    assert hw.pin(job).events == hw.get(job).events  # pinning it again tells nothing new
    (told,) = [event for event in hw.events(job) if event.name == "pin"]
    assert (told.kind, told.data["reason"]) == ("control", "audit")
    assert hw.unpin(job).expires_at is not None
    assert kept(hw) == set()


def test_children_go_with_their_root(hw: Headway, clock: Clock) -> None:
    """Retention: children have no date of their own; they go with their root, whatever their own type says."""
    root, short = hw.submit(a_type(keep_s=headway.DAY_S)), a_type(keep_s=1)
    child = hw.submit(short, parent=root)
    grandchild = hw.submit(short, parent=child)
    hw.work_until_idle()
    clock.advance(3600)
    assert kept(hw) == {root.id, child.id, grandchild.id}
    clock.advance(headway.DAY_S)
    assert kept(hw) == set()


def test_a_child_that_is_unpinned_has_no_date_of_its_own(hw: Headway, clock: Clock) -> None:
    """Retention: where the pin of a child is taken away it goes with its root again, and not by its own type."""
    root = hw.submit(a_type(keep_s=headway.DAY_S))
    child = hw.submit(a_type(keep_s=1), parent=root)
    hw.work_until_idle()
    hw.pin(child)
    assert hw.unpin(child).expires_at is None
    clock.advance(3600)
    assert kept(hw) == {root.id, child.id}


@headway.job("retention.all")
def all_of_it(ctx: Context) -> None:
    """A job that leaves a row in every table that jobs have."""
    ctx.log("said")
    ctx.alias({"gui": "17"})
    ctx.step("scan", int)
    ctx.checkpoint(page=1)
    ctx.artifact("a.txt", b"a")
    ctx.undo("retention.all", {})
    ctx.map(str, ["a"])


TABLES = "events logs items ledgers undos steps checkpoints artifacts aliases labels attempts".split()
"""What holds rows of jobs beside their own."""


def test_what_goes_leaves_nothing(hw: Headway, trace: Trace) -> None:
    """S0.12: of a job that was deleted no row is left in any table once the sweep has been there."""

    def rows() -> dict[str, int]:
        return {table: trace.sql(f"SELECT count(*) FROM {table}")[0][0] for table in ["jobs", *TABLES]}  # noqa: S608

    job = hw.submit(all_of_it, labels={"customer": "acme"})
    hw.work_until_idle()
    assert 0 not in rows().values()
    hw.delete(job)
    sweeping.sweep(hw._database)
    assert rows() == dict.fromkeys(["jobs", *TABLES], 0)


@pytest.mark.parametrize("keeper", ["open", "pinned"])
def test_a_tree_stays_while_something_in_it_must(hw: Headway, clock: Clock, keeper: str) -> None:
    """Retention: an open or pinned grandchild keeps the whole tree; it goes once that is over or unpinned."""
    root = hw.submit(a_type(keep_s=60))
    child = hw.submit(a_type(), parent=root)
    hw.work_until_idle()
    last = hw.submit("nobody has it", parent=child)
    if keeper == "pinned":
        hw.pin(hw.cancel(last))
    clock.advance(headway.DAY_S)
    assert kept(hw) == {root.id, child.id, last.id}
    hw.unpin(last) if keeper == "pinned" else hw.cancel(last)
    clock.advance(retention.HELD_BACK_S)
    assert kept(hw) == set()


def test_what_can_not_go_does_not_hold_up_the_rest(hw: Headway, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retention: trees that have to stay are passed over, however many stand first in the line."""
    kind = a_type(keep_s=60)
    roots = [hw.submit(kind) for _ in range(4)]
    hw.work_until_idle()
    settle(hw)
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "ROUNDS", 1)
    for root in roots:
        hw.submit("nobody has it", parent=root)
    last = hw.submit(kind)
    hw.work_until_idle()
    clock.advance(60)
    left = [kept(hw) for _ in range(3)][-1]
    assert last.id not in left
    assert {root.id for root in roots} <= left


def test_a_type_that_changes_its_time_changes_it_for_ended_jobs(
    hw: Headway, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Retention: a new release's keep_s holds for what has ended before, brought up to date in chunks."""
    kind = a_type()
    jobs = [hw.submit(kind) for _ in range(7)]
    pinned = hw.pin(jobs[3])
    hw.work_until_idle()
    settle(hw)
    monkeypatch.setattr(retention, "CHUNK", 3)
    monkeypatch.setattr(retention, "ROUNDS", 1)
    headway.job(kind, keep_s=60)(headway.runtime.registry.REGISTRY.get(kind).function)
    hw.work_until_idle()
    clock.advance(59)
    dated = []
    for _ in range(3):
        dated.append(sum(hw.get(job).expires_at is not None for job in jobs))
        assert len(kept(hw)) == 7
    assert (dated[0], sum(hw.get(job).expires_at is not None for job in jobs)) == (3, 6)
    clock.advance(1)
    assert kept(hw) == {pinned.id}


def test_a_time_that_is_taken_away_keeps_ended_jobs(hw: Headway, clock: Clock) -> None:
    """Retention: where a type stops saying a time, what has ended already is kept as well."""
    kind = a_type(keep_s=60)
    job = hw.submit(kind)
    hw.work_until_idle()
    headway.job(kind)(headway.runtime.registry.REGISTRY.get(kind).function)
    hw.work_until_idle()
    clock.advance(61)
    assert (kept(hw), hw.get(job).expires_at) == ({job.id}, None)


def test_nothing_goes_by_an_old_date(hw: Headway, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retention: while a longer time is still being brought to ended jobs, none goes by the shorter one."""
    kind = a_type(keep_s=60)
    jobs = [hw.submit(kind) for _ in range(5)]
    hw.work_until_idle()
    settle(hw)
    monkeypatch.setattr(retention, "CHUNK", 1)
    monkeypatch.setattr(retention, "ROUNDS", 1)
    headway.job(kind, keep_s=headway.DAY_S)(headway.runtime.registry.REGISTRY.get(kind).function)
    clock.advance(61)
    hw.work_until_idle()
    assert [len(kept(hw)) for _ in range(6)] == [len(jobs)] * 6


def test_many_expired_jobs_go_in_small_batches(hw: Headway, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retention: no transaction deletes more than a batch, and no sweep more than its share."""
    kind = a_type(keep_s=60)
    hw.submit_many(kind, [{}] * 14)
    hw.work_until_idle()
    settle(hw)
    monkeypatch.setattr(retention, "BATCH", 3)
    monkeypatch.setattr(retention, "ROUNDS", 2)
    clock.advance(60)
    assert [len(kept(hw)) for _ in range(3)] == [8, 2, 0]
    assert hw.counts() == {}


def test_deleting_goes_on_for_a_share_of_the_time(hw: Headway, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """S0.12: what one sweep leaves goes in small batches soon after, so that deleting keeps up with working."""
    kind = a_type(keep_s=60)
    hw.submit_many(kind, [{}] * 14)
    hw.work_until_idle()
    settle(hw)
    monkeypatch.setattr(retention, "BATCH", 3)
    clock.advance(60)
    with monkeypatch.context() as patch:
        patch.setattr(retention, "SHARE_S", 0.0)
        assert retention.go_on(hw._database, clock)
    assert hw.counts() == {"completed": 14}
    assert not retention.go_on(hw._database, clock)
    assert hw.counts() == {}


def test_a_retry_that_meets_the_sweep_wins_or_finds_nothing(live: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """S1.17, S1.34: however sweeps and retries meet, a job is either open or gone; none is both, and counts agree."""
    monkeypatch.setattr(retention, "BATCH", 3)
    kind = a_type(keep_s=1e-6)
    live.work_until_idle()
    jobs = [live.submit(kind).id for _ in range(60)]
    changes = [Change(job=job, actor="claimer", move="fail") for job in jobs]
    live._database.write(lambda transaction: moving.apply(transaction, changes, live.now()))
    start, retried = threading.Barrier(3), set[str]()

    def sweep() -> None:
        start.wait()
        for _ in range(20):
            sweeping.sweep(live._database)

    sweeps = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in sweeps:
        thread.start()
    start.wait()
    for job in reversed(jobs):
        with suppress(NotFound):
            retried.add(live.retry(job).id)
    for thread in sweeps:
        thread.join()
    assert {job.id: job.state for job in live.jobs(limit=100)} == dict.fromkeys(retried, "pending")
    assert live.counts() == ({"pending": len(retried)} if retried else {})


def test_an_idle_sweep_writes_nothing(hw: Headway, monkeypatch: pytest.MonkeyPatch) -> None:
    """S0.12: looking for what has expired costs reads only."""
    hw.submit(a_type(keep_s=60))
    hw.work_until_idle()
    settle(hw)
    database, writes = hw._database, []
    monkeypatch.setattr(database, "write", lambda *args, **options: writes.append(args))
    sweeping.sweep(database)
    assert writes == []


def test_deleting_takes_the_tree(hw: Headway) -> None:
    """hw.delete: children and grandchildren go with their parent, in one transaction, and the counts with them."""
    root = hw.submit("a")
    child = hw.submit("a", parent=root)
    other = hw.submit("a")
    hw.submit("a", parent=child)
    hw.cancel(root)
    assert hw.delete(root).id == root.id
    assert [job.id for job in hw.jobs()] == [other.id]
    assert hw.counts() == {"pending": 1}


def test_a_part_of_something_open_is_not_deleted(hw: Headway) -> None:
    """hw.delete: a child of an open parent is refused, naming the parent; after the parent's end it may go alone."""
    root = hw.submit("a")
    child = hw.submit("a", parent=root)
    hw.cancel(child)
    with pytest.raises(IllegalMove, match=f"a child of job {root.number} .*pending"):
        hw.delete(child)
    hw.cancel(root)
    hw.delete(child)
    assert [job.id for job in hw.jobs()] == [root.id]


def test_a_pinned_job_is_not_deleted(hw: Headway) -> None:
    """hw.delete: a pin protects from people too; the refusal says what to do."""
    root = hw.submit("a")
    child = hw.submit("a", parent=root)
    hw.cancel(root)
    hw.pin(child)
    with pytest.raises(IllegalMove, match=f"job {child.number} .* below it is pinned; unpin it first"):
        hw.delete(root)
    hw.unpin(child)
    hw.delete(root)
    assert hw.jobs() == []


def test_watching_ends_where_the_job_is_deleted(hw: Headway) -> None:
    """Readers of a deleted job: watch ends, wait and every other verb say that it was deleted."""
    job = hw.cancel(hw.submit("a"))
    watched = hw.watch(job)
    assert next(watched).name == "submit"
    hw.delete(job)
    assert [event.name for event in watched] == ["cancel"]
    for verb in (hw.get, hw.events, hw.steps, hw.wait, hw.retry, hw.pin, hw.delete):
        with pytest.raises(NotFound, match="was deleted"):
            verb(job)
    with pytest.raises(NotFound, match="was deleted"):
        hw.get(job.id)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(seconds: float) -> None:
    """@headway.job: keep_s is a time above 0, or None."""
    with pytest.raises(InvalidInput, match="keep_s"):
        headway.job("retention refused", keep_s=seconds)


def test_a_rollback_goes_with_its_original(trace: Trace) -> None:
    """Retention: a rollback is no job to be kept or deleted by itself: it is refused, and goes with its original."""
    headway.job("retention.undo")(lambda ctx: None)
    original = trace.run(lambda ctx: ctx.undo("retention.undo", {}))
    rollback = trace.hw.rollback(original)
    trace.hw.work_until_idle()
    assert (trace.state(original.id), trace.hw.get(rollback).expires_at) == ("rolled_back", None)
    with pytest.raises(IllegalMove, match=f"the rollback of job {original.number}"):
        trace.hw.delete(rollback)
    trace.hw.delete(original)
    assert trace.hw.jobs() == []


def test_the_rules_say_what_goes(hw: Headway, clock: Clock) -> None:
    """ux Settings: rules of types and sessions with what is due and what goes within a day; a session's goes first."""
    kind = a_type(keep_s=2 * headway.DAY_S)
    hw.create_session("acme", keep_s=60)
    jobs = [hw.submit(kind), hw.submit(kind), hw.submit(kind, session="acme")]
    hw.work_until_idle()
    hw.pin(jobs[0])
    clock.advance(1.5 * headway.DAY_S)
    found = hw.retention()
    told = {(rule.kind, rule.name): (rule.keep_s, rule.due, rule.within_day) for rule in found.rules}
    assert told["type", kind] == (2 * headway.DAY_S, 0, 1)
    assert told["session", "acme"] == (60.0, 1, 1)
    assert (found.due, found.within_day, found.pinned, found.more) == (1, 2, 1, False)
    kept(hw)
    assert hw.retention().due == 0


def test_a_rule_is_tried_before_it_is_made(hw: Headway, clock: Clock) -> None:
    """ux Settings: "this would delete N" counts what has ended by then, without what is pinned, open, or ruled by
    its session."""
    kind = a_type()
    hw.create_session("acme", keep_s=60)
    ended = [hw.submit(kind), hw.submit(kind), hw.submit(kind, session="acme")]
    hw.work_until_idle()
    hw.submit(kind, run_at=ended[0].created_at + timedelta(days=9))
    hw.pin(ended[0])
    clock.advance(100)
    assert [hw.would_go(seconds, type=kind).jobs for seconds in (99, 101)] == [1, 0]
    assert hw.would_go(99, session="acme").jobs == 1
    assert len(hw.jobs(type=kind)) == 4


@pytest.mark.parametrize(
    "asked", [{"type": "a", "session": "b"}, {}, {"type": "a", "keep_s": 0}, {"type": "a", "keep_s": "1d"}]
)
def test_a_rule_without_sense_is_refused(hw: Headway, asked: dict[str, Any]) -> None:
    """Retention: a rule that is tried is of a type or of a session, and has seconds."""
    with pytest.raises(InvalidInput):
        hw.would_go(**{"keep_s": 60, **asked})
