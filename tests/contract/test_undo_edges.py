"""Rollback where something else goes on: secrets, several at once, crashes, closed sessions, very many undos."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import headway
from headway import Conflict, Context, Halt, Headway, HeadwayError, IllegalMove, InvalidInput, Job, Secret
from headway.store import claiming, reporting, sweeping
from headway.store.reporting import Report
from headway.testing import context
from tests.contract.traces import Trace

UNDONE: list[Any] = []


@headway.job("edges.remove")
def remove(ctx: Context, name: str) -> None:
    """Undoes what a test has made."""
    UNDONE.append(name)


@pytest.fixture(autouse=True)
def _nothing_undone() -> None:
    UNDONE.clear()


def make(ctx: Context, names: str = "abc") -> None:
    """Each name with its undo."""
    for name in names:
        ctx.undo(remove, {"name": name})


def finish(hw: Headway, job: Job) -> Job:
    """The job once nothing is due any more."""
    hw.work_until_idle()
    return hw.get(job)


def test_an_undo_keeps_secrets_sealed(trace: Trace) -> None:
    """SEC21, G20: whoever reads it sees ***, the undo gets the Secret, and says it to nobody."""
    seen: list[Secret] = []

    def sign_off(ctx: Context, password: Secret) -> None:
        seen.append(password)
        ctx.log(f"signed off with {password.reveal()}")

    headway.job("edges.sign_off")(sign_off)
    job = trace.run(lambda ctx: [ctx.undo(sign_off, {"password": Secret("tulip-4711")}) for _ in range(2)] and None)
    (undo,) = trace.hw.undos(job)
    assert undo.input == {"password": {"$secret": "***"}}
    rollback = finish(trace.hw, trace.hw.rollback(job))
    assert (rollback.state, seen) == ("completed", [Secret("tulip-4711")])
    (line,) = trace.hw.logs(rollback)
    assert line.data["text"] == "signed off with ***"


def test_a_secret_in_clear_is_no_input_of_an_undo(trace: Trace) -> None:
    """SEC21: masked it could undo nothing, so it is refused with what to do instead."""

    trace.recovers("elsewhere")

    def work(ctx: Context, password: Secret) -> None:
        with pytest.raises(InvalidInput, match="Hand over the Secret itself"):
            ctx.undo("elsewhere", {"url": f"sftp://me:{password.reveal()}@host"})

    job = trace.run(work, {"password": Secret("tulip-4711")})
    assert (job.state, trace.hw.undos(job)) == ("completed", [])


def test_of_two_rollbacks_at_once_one_is_refused(live: Headway) -> None:
    """A11: a job has one rollback job at a time, whoever asks."""
    headway.job("edges.make")(make)
    job = live.submit("edges.make")
    live.work_until_idle()
    began = threading.Barrier(4)
    outcomes: list[str] = []

    def ask() -> None:
        began.wait()
        try:
            outcomes.append(live.rollback(job).id)
        except HeadwayError as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(IllegalMove.code) == 3
    assert len(live.jobs(type="edges.remove")) == 1


def test_a_worker_pauses_and_cancels_a_rollback(live: Headway) -> None:
    """S0.44: a rollback at work hears of a pause within an undo; its cancel is the failure of the rollback."""
    reached = threading.Event()

    def patient(ctx: Context, name: str) -> None:
        if name == "b":
            reached.set()
            ctx.sleep(3600)
        UNDONE.append(name)

    def made(ctx: Context) -> None:
        for name in "abc":
            ctx.undo(patient, {"name": name})

    headway.job("edges.patient")(patient)
    headway.job("edges.made")(made)
    with live.worker(slots=1):
        job = live.wait(live.submit("edges.made"))
        rollback = live.rollback(job)
        assert reached.wait(120)
        live.pause(rollback)
        assert live.wait(rollback, until="paused").state == "paused"
        reached.clear()
        live.resume(rollback)
        assert reached.wait(120)
        live.cancel(rollback)
        assert live.wait(rollback).state == "cancelled"
    assert (live.get(job).state, UNDONE) == ("rollback_failed", ["c"])
    assert [undo.state for undo in live.undos(job)] == ["recorded", "recorded", "done"]


def test_a_rollback_that_is_lost_too_often_has_failed(trace: Trace) -> None:
    """G15: the crash loop of a rollback job ends as its failure, and the original with it."""
    job = trace.run(make)
    rollback = trace.hw.rollback(job)
    for _ in range(sweeping.LOSSES):
        assert claiming.claim(trace.database, "w1", [("default", "edges.remove")], 1)
        trace.lose()
    assert (trace.state(rollback.id), trace.state(job.id)) == ("failed", "rollback_failed")
    again = trace.hw.rollback(job)
    assert (finish(trace.hw, again).state, UNDONE) == ("pending", [])
    trace.clock.advance(60)  # the last runner was lost: it may be at work for a while
    assert finish(trace.hw, again).state == "completed"
    assert (trace.state(job.id), UNDONE) == ("rolled_back", ["c", "b", "a"])


def test_a_rollback_recovers_by_itself(trace: Trace) -> None:
    """G15: after a crash it goes on, also where the type of its undo waits for a person elsewhere."""
    headway.job("edges.careful", recover=False)(lambda ctx, name: None)
    job = trace.run(lambda ctx: ctx.undo("edges.careful", {"name": "a"}))
    rollback = trace.hw.rollback(job)
    claiming.claim(trace.database, "w1", [("default", "edges.careful")], 1)
    trace.lose()
    assert finish(trace.hw, rollback).state == "completed"


def test_a_late_runner_of_a_rollback_tells_nothing(trace: Trace) -> None:
    """G2, G15: what a lost attempt says of an undo is refused with the rest of its report."""
    job = trace.run(make)
    rollback = trace.hw.rollback(job)
    (row,) = claiming.claim(trace.database, "w1", [("default", "edges.remove")], 1)
    trace.lose()
    late = {"of": job.id, "position": 3, "state": "done", "error": None, "ended_at": 1.0}
    assert not trace.report(rollback.id, row.attempt, 1, undos=[late]).accepted
    assert {undo.state for undo in trace.hw.undos(job)} == {"recorded"}


def test_a_context_that_is_busy_refuses_a_rollback(trace: Trace) -> None:
    """A9: the refusal names the open job of that context; the rollback job itself does not take part."""
    headway.job("edges.vm")(make)
    job = finish(trace.hw, trace.hw.submit("edges.vm", context_id="vm-1", one_per_context=True))
    other = trace.hw.submit("trace", context_id="vm-1", one_per_context=True)
    with pytest.raises(Conflict) as refused:
        trace.hw.rollback(job)
    assert refused.value.job_id == other.id
    trace.hw.cancel(other)
    assert finish(trace.hw, trace.hw.rollback(job)).state == "completed"


def test_a_rollback_belongs_where_its_original_does(trace: Trace) -> None:
    """S4.25: session and its configuration, category, labels, queue and priority are the original's; ids and context
    are not.
    """
    trace.hw.create_session("site-1", {"host": "old"})
    headway.job("edges.labelled")(make)
    job = trace.hw.submit(
        "edges.labelled", session="site-1", external_id="gui-17", category="failover", labels={"customer": "acme"},
        priority=3, context_id="vm-7",
    )  # fmt: skip
    job = finish(trace.hw, job)
    trace.hw.save_session("site-1", {"host": "new"})
    rollback = trace.hw.rollback(job)
    assert rollback.config_version == job.config_version == 1
    assert (rollback.session, rollback.category, rollback.labels, rollback.priority) == (
        "site-1", "failover", {"customer": "acme"}, 3,
    )  # fmt: skip
    assert (rollback.name, rollback.context_id, rollback.external_ids) == ("Rollback of edges.labelled", None, {})
    assert trace.hw.get("vm-7").id == trace.hw.get("gui-17").id == job.id


def test_very_many_undos_are_counted_not_planned(trace: Trace) -> None:
    """Above 500 the progress counts them; hw.undos has all, page by page."""

    def counting(ctx: Context, n: int) -> None:
        ctx.progress(done=7, total=9)  # of its own, which nobody sees
        UNDONE.append(n)

    headway.job("edges.counting")(counting)
    job = trace.run(lambda ctx: [ctx.undo(counting, {"n": n}) for n in range(510)] and None)
    rollback = finish(trace.hw, trace.hw.rollback(job))
    assert rollback.progress is not None
    assert (rollback.progress.done, rollback.progress.total, rollback.progress.unit) == (510, 510, "undos")
    assert [undo.input["n"] for undo in trace.hw.undos(job, limit=500).all()] == list(range(510))
    assert list(reversed(UNDONE)) == list(range(510))


def test_the_percent_of_a_rollback_counts_what_its_undos_say(trace: Trace) -> None:
    """S0.44: each undo has a share of the percentage, which its own progress fills."""
    seen = []

    def slow(ctx: Context, n: int) -> None:
        ctx.progress(done=1, total=2)
        ctx.checkpoint()
        progress = trace.hw.get(ctx.job_id).progress
        seen.append(progress and (progress.percent, progress.phase))

    headway.job("edges.slow")(slow)
    job = trace.run(lambda ctx: [ctx.undo(slow, {"n": n}) for n in (1, 2)] and None)
    assert finish(trace.hw, trace.hw.rollback(job)).state == "completed"
    assert seen == [(25, "edges.slow #2"), (75, "edges.slow #1")]


@pytest.mark.usefixtures("beside_the_store")
def test_a_block_of_a_program_records_undos_for_workers(live: Headway) -> None:
    """Outside work is rolled back by whatever worker has the types of its undos."""
    with live.tracked("by hand", show=False) as ctx:
        make(ctx)
    job = live.get(ctx.job_id)
    rollback = live.rollback(job)
    live.work_until_idle()
    assert (live.get(rollback).state, live.get(job).state, UNDONE) == ("completed", "rolled_back", ["c", "b", "a"])


def test_a_halt_in_an_undo_is_no_failure(trace: Trace) -> None:
    """An undo that was interrupted is tried again when the rollback goes on."""

    def twice(ctx: Context) -> None:
        if ctx.attempt == 1:
            trace.hw.pause(ctx.job_id)
            with pytest.raises(Halt):
                ctx.check()
            ctx.check()
        UNDONE.append(ctx.attempt)

    headway.job("edges.twice")(twice)
    job = trace.run(lambda ctx: ctx.undo(twice))
    rollback = finish(trace.hw, trace.hw.rollback(job))
    assert (rollback.state, [undo.state for undo in trace.hw.undos(job)]) == ("paused", ["recorded"])
    trace.hw.resume(rollback)
    assert (finish(trace.hw, rollback).state, UNDONE) == ("completed", [2])


def test_a_job_function_that_is_called_by_a_test_may_record_undos() -> None:
    """headway.testing.context() takes them as a job's context does."""
    ctx = context()
    make(ctx)
    assert ctx.job.state == "running"


def test_threads_of_a_job_record_undos_at_once(trace: Trace) -> None:
    """Positions are dense whoever records, and each undo is there once."""

    def work(ctx: Context) -> None:
        threads = [threading.Thread(target=make, args=(ctx, "abcdefgh")) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    job = trace.run(work)
    found = list(trace.hw.undos(job))
    assert [undo.position for undo in found] == list(range(1, 9))
    assert {undo.input["name"] for undo in found} == set("abcdefgh")


def test_two_processes_of_a_job_record_undos(trace: Trace) -> None:
    """A process that has joined the job of another gets positions after its, and repeats nothing."""
    job = trace.begin()
    one, two = (
        {"key": key, "type": "edges.remove", "input": "{}", "step": None, "state": "recorded", "recorded_at": 1.0}
        for key in "12"
    )
    trace.report(job, 1, 1, undos=[one])
    trace.database.write(
        lambda transaction: reporting.store(
            transaction, [Report(job=job, attempt=1, serial=None, undos=[two, one])], 1.0
        )
    )
    assert [undo.position for undo in trace.hw.undos(job)] == [1, 2]
    assert trace.hw.get(job).undos == 2


def test_the_time_limit_of_a_type_is_not_that_of_a_rollback(trace: Trace) -> None:
    """A rollback runs any number of undos; the limit of its type is that of one job of the type."""
    headway.job("edges.limited", timeout_s=5)(lambda ctx: ctx.sleep(4))
    job = trace.run(lambda ctx: ctx.undo("edges.limited"))
    rollback = finish(trace.hw, trace.hw.rollback(job))
    assert (rollback.state, rollback.timeout_s) == ("completed", None)


def test_a_running_job_shows_what_a_rollback_would_undo(trace: Trace) -> None:
    """The preview is there in every state; the rollback itself only once the job is over."""

    def work(ctx: Context) -> None:
        make(ctx)
        assert [undo.input["name"] for undo in trace.hw.rollback(ctx.job_id, dry_run=True)] == ["c", "b", "a"]
        with pytest.raises(IllegalMove, match="is running and can not be rolled back"):
            trace.hw.rollback(ctx.job_id)

    assert trace.run(work).state == "completed"
