"""Recovery: the jobs that wait for a person, why they stopped, and what going on would mean."""

from __future__ import annotations

import threading
from datetime import timedelta
from queue import SimpleQueue
from typing import Any

import pytest

import headway
from headway import Context, Headway, InvalidInput, Job, NotFound
from headway.model.recovery import Recoverable
from headway.store import claiming, sweeping
from headway.testing import Clock
from tests.contract import traces
from tests.contract.traces import Trace


def only(hw: Headway, **asked: Any) -> Recoverable:
    """The one job that waits."""
    (found,) = hw.recovery(**asked).jobs
    return found


def lost(trace: Trace, **options: Any) -> str:
    """A job whose worker has stopped renewing its lease."""
    job = trace.begin(**options)
    trace.lose()
    return job


def test_nothing_waits_at_first(hw: Headway) -> None:
    """Without a job there is nothing to recover, and nothing was."""
    found = hw.recovery()
    assert (found.jobs, found.causes, found.stops, found.last, found.next) == ([], {}, [], None, None)


def test_a_lost_worker_is_told(hw: Headway, trace: Trace) -> None:
    """S1.29: a job whose lease ran out waits for a person, with the cause, and can be resumed."""
    job = lost(trace)
    found = only(hw)
    assert (found.job.id, found.cause, found.verb) == (job, "lost worker", "resume")
    assert "w1" in found.cause_text
    assert hw.recovery().causes == {"lost worker": 1}
    assert hw.resume(found.job).state == "pending"
    assert hw.recovery().jobs == []


def test_what_recovers_by_itself_waits_for_nobody(hw: Headway, trace: Trace) -> None:
    """A lost job of a type that goes on by itself is no person's business."""
    job = trace.begin()
    trace.recovers()
    trace.make(job, "sweep", "lose")
    assert hw.recovery().jobs == []


@pytest.mark.parametrize(
    ("why", "cause"), [({"why": "shutdown"}, "restart"), ({}, "left")], ids=["shut down", "left early"]
)
def test_who_leaves_says_why(hw: Headway, trace: Trace, why: dict[str, str], cause: str) -> None:
    """S0.34: a server that was shut down is told apart from a loop that somebody left."""
    trace.make(trace.begin(), "runner", "leave", why=why)
    assert only(hw).cause == cause


def test_a_process_that_has_ended_is_a_crash(hw: Headway, trace: Trace) -> None:
    """UX1: a job whose process ended without a word was cut off by a crash."""
    error = '{"code":"lost","message":"the process of worker w1 has ended"}'
    trace.make(trace.begin(), "sweep", "lose", error=error)
    assert only(hw).cause == "crash"


def test_a_pause_waits_with_its_reason(hw: Headway) -> None:
    """A paused job waits for a person; the reason that somebody gave is the cause."""
    hw.pause(hw.submit("a"), "the target is full")
    found = only(hw)
    assert (found.cause, found.cause_text, found.safe) == ("paused", "paused: the target is full", False)


@headway.job("recovery.remove")
def remove(ctx: Context, name: str) -> None:
    """What the next one records as its undo."""


@headway.job("recovery.steps", recover=False)
def steps(ctx: Context) -> None:
    """A job that fails on its way."""
    ctx.step("scan", int)
    ctx.undo("recovery.remove", {"name": "a"})
    ctx.artifact("list.txt", b"a")
    for member in ctx.track(range(5), "copy"):
        if member == 3:
            raise ConnectionRefusedError("no answer")


def test_what_stays_and_what_is_repeated_is_told(hw: Headway) -> None:
    """UX27: finished steps, members that were passed, and what the job has done outside itself."""
    hw.submit(steps)
    hw.work_until_idle()
    found = only(hw)
    assert (found.cause, found.verb, found.kept.steps, found.kept.members) == ("failed", "retry", 1, 3)
    assert "Kept: 1 step and 3 members." in found.repeats
    assert [(effect.kind, effect.name) for effect in found.side_effects] == [
        ("undo", "recovery.remove"), ("artifact", "list.txt"),
    ]  # fmt: skip


@headway.job("recovery.cut", recover=False)
def cut(ctx: Context) -> None:
    """A job that fails in its second step, and then before it."""
    ctx.step("scan", int)
    if ctx.attempt == 2:
        raise ConnectionRefusedError("no answer")
    ctx.step("copy", int, "no number")


def test_the_step_that_was_cut_off_is_told(hw: Headway) -> None:
    """UX27: where the last attempt stopped in a step that one begins again; of earlier attempts none is told."""
    job = hw.submit(cut)
    hw.work_until_idle()
    assert only(hw).kept.step == "copy"
    hw.retry(job)
    hw.work_until_idle()
    assert (only(hw).kept.step, only(hw).kept.steps) == (None, 1)


def test_what_may_be_lost_is_no_more_than_was_worked(hw: Headway, clock: Clock) -> None:
    """UX27: the pauses between tries are no work that would be repeated."""
    hw.submit(shaky)
    for _ in range(6):
        hw.work_until_idle()
        clock.advance(60)
    found = only(hw)
    assert (found.job.state, found.job.attempt) == ("failed", 3)
    assert found.kept.lost_s is not None
    assert found.kept.lost_s <= found.job.active_s < 30


@headway.job("recovery.shaky", recover=False, retries=2)
def shaky(ctx: Context) -> None:
    """A job that fails again and again after what it has stored."""
    if ctx.attempt == 1:
        ctx.step("scan", int)
    raise ConnectionRefusedError("no answer")


def test_nothing_stored_is_repeated_whole(hw: Headway, trace: Trace, clock: Clock) -> None:
    """A job that has stored nothing begins again: it can go on with care."""
    job = trace.begin()
    clock.advance(10)
    trace.beat(job)
    trace.lose()
    found = only(hw)
    assert found.resumable == "with care"
    assert found.repeats.startswith("All of it")
    assert found.checkpoint_at is None


@headway.job("recovery.saved", recover=False)
def saved(ctx: Context) -> None:
    """A job that has saved where it is."""


def stopped_with_checkpoint(hw: Headway, trace: Trace, clock: Clock, **options: Any) -> str:
    """An interrupted job that has saved something, and a worker that has its type."""
    job = trace.begin(type="recovery.saved", **options)
    state = {"kind": "state", "name": "", "value": "{}", "saved_at": trace.database.now()}
    trace.report(job, 1, 1, checkpoints=[state])
    clock.advance(claiming.LEASE_S + 1)
    sweeping.sweep(trace.database)
    clock.advance(sweeping.GRACE_S)
    return job


def test_what_has_a_checkpoint_and_a_worker_is_safe(hw: Headway, trace: Trace, clock: Clock) -> None:
    """UX1: an interrupted job can simply go on where it has stored something and a worker has its type."""
    stopped_with_checkpoint(hw, trace, clock)
    waiting = only(hw)
    assert (waiting.resumable, waiting.safe) == ("with care", False)
    assert "No worker" in waiting.why
    worker_of_saved(trace, clock)
    found = hw.recovery()
    assert [(one.resumable, one.safe) for one in found.jobs] == [("yes", True)]
    assert (found.safe, [(stop.cause, stop.jobs, stop.safe) for stop in found.stops]) == (1, [("lost worker", 1, 1)])


def worker_of_saved(trace: Trace, clock: Clock) -> None:
    """A worker that has the type."""
    row: claiming.JobTypeRow = {"type": "recovery.saved", "recover": False, "timeout_s": None, "keep_s": None}
    claiming.enlist(trace.database, "w-saved", 1, ["default"], [row])
    clock.advance(2)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_dead_worker_takes_up_nothing(hw: Headway, trace: Trace, clock: Clock, elsewhere: bool) -> None:
    """UX1: one whose process has ended does not count from that moment on; of other machines its heartbeats tell."""
    stopped_with_checkpoint(hw, trace, clock)
    worker_of_saved(trace, clock)
    trace.sql("UPDATE workers SET born = '0' WHERE id = 'w-saved'")
    if elsewhere:
        trace.sql("UPDATE workers SET place = 'another' WHERE id = 'w-saved'")
    found = only(hw)
    assert (found.safe, "w-saved" in [one.id for one in hw.workers()]) == (elsewhere, elsewhere)
    assert ("No worker that is alive has 'recovery.saved'" in found.why) is not elsewhere


def test_an_input_that_fits_no_more_is_told(hw: Headway, trace: Trace, clock: Clock) -> None:
    """UX1: where the function takes other arguments by now, going on would fail: it needs care, and says why."""
    job = stopped_with_checkpoint(hw, trace, clock)
    worker_of_saved(trace, clock)
    assert only(hw).safe
    trace.sql("UPDATE jobs SET input = ? WHERE id = ?", '{"depth": 1}', job)
    found = only(hw)
    assert (found.resumable, found.safe) == ("with care", False)
    assert "found 'depth', which it does not take" in found.why


def test_jobs_that_stopped_together_are_told_together(hw: Headway, trace: Trace, clock: Clock) -> None:
    """UX1: the banner says how many were interrupted when, by what, and how many can go on."""
    for _ in range(3):
        trace.begin(queue="a")
    trace.lose()
    clock.advance(3600)
    lost(trace, queue="b")
    assert [(stop.jobs, stop.cause) for stop in hw.recovery().stops] == [(3, "lost worker"), (1, "lost worker")]


def test_a_configuration_that_was_saved_since_is_told(hw: Headway, trace: Trace) -> None:
    """S0.34: a session that was configured anew since is a reason for care: the job goes on with the old one."""
    hw.create_session("acme", {"depth": 1})
    trace.reach("failed", session="acme")
    hw.save_session("acme", {"depth": 2})
    found = only(hw)
    assert (found.changed, found.resumable) == (["configuration"], "with care")


def test_a_program_without_a_name_can_not_go_on(hw: Headway, trace: Trace) -> None:
    """A block whose process is gone goes on only where an external id leads back to it."""
    claiming.enlist(trace.database, "w1", 0, [], [])
    for external_id in (None, "nightly"):
        job = hw.submit("block", external_id=external_id)
        trace.sql("UPDATE jobs SET outside = ? WHERE id = ?", True, job.id)
        claiming.claim_own(trace.database, "w1", job.id)
    trace.lose()
    by_id = {found.job.external_ids.get("external"): found.resumable for found in hw.recovery().jobs}
    assert by_id == {None: "no", "nightly": "with care"}


def test_a_block_that_waits_in_its_pause_goes_on_at_once(hw: Headway, beside_the_store: None) -> None:
    """A program that waits in place for the resume of its block needs no other start."""
    begun: SimpleQueue[str] = SimpleQueue()
    went_on = threading.Event()

    def work() -> None:
        with hw.tracked("Nightly", show=False) as ctx:
            hw.pause(ctx.job_id)
            begun.put(ctx.job_id)
            ctx.check()
            went_on.set()

    program = threading.Thread(target=work)
    program.start()
    job = hw.wait(begun.get(timeout=120), until="paused")
    waiting = only(hw)
    hw.resume(job)
    program.join(120)
    assert (waiting.resumable, went_on.is_set()) == ("yes", True)


def test_pages_go_on_through_all_states(hw: Headway, trace: Trace) -> None:
    """Interrupted ones, then paused, then failed; each once, however long the pages are."""
    for state in ("failed", "paused", "interrupted"):
        for _ in range(3):
            trace.reach(state)
    for limit in (1, 2, 3, 4, 9):
        seen: list[Job] = []
        cursor = None
        while True:
            page = hw.recovery(limit=limit, after=cursor)
            seen += [one.job for one in page.jobs]
            if (cursor := page.next) is None:
                break
        assert [job.state for job in seen] == ["interrupted"] * 3 + ["paused"] * 3 + ["failed"] * 3
        assert len({job.id for job in seen}) == 9


def test_it_can_be_narrowed(hw: Headway, trace: Trace, clock: Clock) -> None:
    """By cause, by session, and by when it stopped."""
    trace.reach("paused")
    hw.create_session("acme")
    hw.pause(hw.submit("a", session="acme"))
    failed = hw.get(trace.reach("failed"))
    clock.advance(60)
    assert {one.cause for one in hw.recovery("failed").jobs} == {"failed"}
    assert [one.job.session for one in hw.recovery(session="acme").jobs] == ["acme"]
    assert hw.recovery(since=failed.state_since + timedelta(seconds=1)).jobs == []


@pytest.mark.parametrize("asked", [{"cause": "rain"}, {"after": "x"}, {"limit": 0}, {"since": "today"}], ids=str)
def test_what_can_not_be_asked_is_refused(hw: Headway, asked: dict[str, Any]) -> None:
    """Bad input is refused, saying what was expected."""
    with pytest.raises(InvalidInput, match="expected"):
        hw.recovery(**asked)


def test_the_last_recovery_is_told(hw: Headway, trace: Trace) -> None:
    """An empty page says what was recovered last, and how that went."""
    job = lost(trace)
    hw.resume(job)
    trace.claim(job)
    trace.make(job, "runner", "finish")
    last = hw.recovery().last
    assert last is not None
    assert (last.jobs, last.states) == (1, {"completed": 1})


def test_a_rollback_is_taken_up_by_its_original(hw: Headway, trace: Trace) -> None:
    """A failed rollback is no job that a person retries."""
    rollback = trace.reach("failed")
    trace.sql("UPDATE jobs SET rollback_of = ? WHERE id = ?", trace.reach("failed"), rollback)
    found = hw.recovery()
    assert (rollback in [one.job.id for one in found.jobs], found.causes) == (False, {"failed": 1})


def test_a_rule_resumes_the_jobs_of_a_type(trace: Trace) -> None:
    """ux Recovery: "always resume this type" sends on what was lost or left, now and from then on; each tells by whose
    rule; taken back, they wait again.
    """
    hw = trace.hw
    before = lost(trace)
    hw.add_recovery_rule(traces.TYPE, reason="its steps can be repeated")
    assert hw.recovery().jobs == []
    sweeping.sweep(hw._database)
    assert trace.state(before) == "pending"
    hw.cancel(before)
    left = trace.begin()
    trace.make(left, "runner", "leave", why={"why": "shutdown"})
    sweeping.sweep(hw._database)
    assert trace.state(left) == "pending"
    told = hw.events(left, limit=100)[-1]
    assert (told.name, told.data["by"]) == ("resume", "sweep")
    assert told.data["reason"] == "a rule resumes interrupted jobs of this type: its steps can be repeated"
    assert told.data["who"] == hw.recovery_rules()[0].who
    hw.cancel(left)
    hw.remove_recovery_rule(traces.TYPE)
    after = lost(trace)
    sweeping.sweep(hw._database)
    assert (trace.state(after), hw.recovery_rules()) == ("interrupted", [])


def test_a_rule_does_not_resume_for_ever(trace: Trace) -> None:
    """G11: a job that kills its worker again and again fails by the same bound as one whose type recovers."""
    trace.hw.add_recovery_rule(traces.TYPE)
    job = trace.submit()
    for _ in range(sweeping.LOSSES):
        assert trace.state(job) == "pending"
        trace.claim(job)
        trace.lose()
        sweeping.sweep(trace.database)
    error = trace.hw.get(job).error
    assert (trace.state(job), error and error.code) == ("failed", "crash_loop")


def test_a_rule_says_nothing_of_other_types_and_programs(trace: Trace) -> None:
    """ux Recovery: jobs of another type, paused ones, and those of programs that are no workers stay as they are."""
    trace.hw.add_recovery_rule("another type")
    job, program = lost(trace), lost(trace, queue="program")
    trace.sql("UPDATE jobs SET outside = ? WHERE id = ?", True, program)
    sweeping.sweep(trace.database)
    assert trace.state(job) == "interrupted"
    trace.hw.pause(job)
    trace.hw.add_recovery_rule(traces.TYPE)
    sweeping.sweep(trace.database)
    assert (trace.state(job), trace.state(program)) == ("paused", "interrupted")
    assert {one.job.id for one in trace.hw.recovery().jobs} == {job, program}


def test_a_rule_that_is_not_there_is_told(hw: Headway) -> None:
    """ux Recovery: nothing is taken back that is not there; a rule may be made again; a type may have any name."""
    with pytest.raises(NotFound, match=r"no rule .* that have one: none"):
        hw.remove_recovery_rule("a/b c?")
    hw.add_recovery_rule("a/b c?")
    hw.add_recovery_rule("a/b c?", "told anew")
    assert [(rule.type, rule.reason) for rule in hw.recovery_rules()] == [("a/b c?", "told anew")]
    hw.remove_recovery_rule("a/b c?")
    with pytest.raises(InvalidInput):
        hw.add_recovery_rule("")


def test_a_failed_rollback_waits_for_a_person(hw: Headway, clock: Clock) -> None:
    """S1.29: a job that is rolled back in part waits, with why, how much is left, and the verb that goes on with it."""
    jobs = [hw.submit(steps) for _ in range(2)]
    hw.work_until_idle()
    for job in jobs:
        clock.advance(1)
        hw.cancel(hw.rollback(job))
    found = hw.recovery("rollback failed", limit=1)
    (one,) = found.jobs
    assert (one.job.id, one.cause, one.verb, one.safe) == (jobs[1].id, "rollback failed", "rollback", False)
    assert one.repeats == "It goes on where it stopped: 1 of 1 undo is left."
    assert found.causes == {"rollback failed": 2}
    assert [one.job.id for one in hw.recovery("rollback failed", limit=1, after=found.next).jobs] == [jobs[0].id]
    assert hw.recovery("rollback failed", session="acme").jobs == []


@headway.job("recovery.locked")
def locked(ctx: Context) -> None:
    """An undo that fails."""
    raise ConnectionRefusedError("the disk is locked")


def test_what_was_taken_back_is_no_side_effect_any_more(hw: Headway) -> None:
    """UX27: of a job that is rolled back in part only what still stands is told."""

    def work(ctx: Context) -> None:
        ctx.undo(locked)
        ctx.undo(remove, {"name": "a"})

    headway.job("recovery.in_part")(work)
    job = hw.submit("recovery.in_part")
    hw.work_until_idle()
    hw.rollback(job)
    hw.work_until_idle()
    (found,) = hw.recovery("rollback failed").jobs
    assert [(effect.name, effect.count) for effect in found.side_effects] == [("recovery.locked", 1)]


@headway.job("recovery.switch", recover=False)
def switch(ctx: Context) -> None:
    """A job that tells in which steps it did what can be taken back."""
    for step in ("detach", "shut down"):
        ctx.step(step, lambda step=step: ctx.undo("recovery.remove", {"name": step}))
    raise ConnectionRefusedError("no answer")


def test_what_can_be_taken_back_is_told_by_what_was_done(hw: Headway) -> None:
    """An undo is named by the steps that recorded it, since its type says what takes them back."""
    hw.submit(switch)
    hw.work_until_idle()
    (effect,) = only(hw).side_effects
    assert (effect.name, effect.count, [*effect.steps]) == ("recovery.remove", 2, ["detach", "shut down"])
