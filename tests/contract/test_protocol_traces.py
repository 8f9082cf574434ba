"""The traces that once gave wrong results (A1 to A15), each held as a rule. Their numbers stand in the docstrings.

Not here: A10 waits for gather, A11 and the rollback's own moves are in test_undo.py, A13 for spawn.
"""

from __future__ import annotations

import threading
from typing import Any

import pytest

from headway import Conflict, Context, Halt, Headway, IllegalMove, InvalidInput
from headway.model.moves import OPEN
from headway.store import claiming, sweeping
from headway.store.claiming import LEASE_S
from headway.store.sql import SQLITE
from headway.store.sweeping import LOSSES
from headway.testing import Clock
from tests.contract.traces import Trace

STEP = {
    "name": "fetch", "position": 1, "state": "completed", "weight": 1.0, "optional": False, "started_at": 1.0,
    "ended_at": 2.0, "result": "1", "error": None,
}  # fmt: skip
SAVED = {"kind": "state", "name": "", "value": '{"page":7}', "saved_at": 1.0}


def _lost_in(trace: Trace, state: str) -> str:
    """A job whose attempt 1 has lost its lease, in the state that followed."""
    job = trace.begin()
    if state in ("cancelled", "rolling_back", "rolled_back"):
        trace.hw.cancel(job)
    if state == "paused":
        trace.hw.pause(job)
    trace.lose()
    if state in ("pending", "running"):
        trace.hw.resume(job)
    if state == "running":
        trace.claim(job, "w2")
    if state in ("rolling_back", "rolled_back"):
        assert trace.make(job, "user", "rollback")
    if state == "rolled_back":
        assert trace.make(job, "rollback", "finish")
    assert trace.state(job) == state
    return job


LEFT = ("paused", "interrupted", "pending", "running", "cancelled", "rolling_back", "rolled_back")


@pytest.mark.parametrize("state", LEFT)
def test_a_lost_attempt_writes_nothing(trace: Trace, state: str) -> None:
    """A1, G2: in whatever state the job went on to, a write of the lost attempt changes nothing."""
    job = _lost_in(trace, state)
    before = trace.row(job)
    answer = trace.report(job, 1, 1, logs=["late"], steps=[STEP], checkpoints=[SAVED], progress='{"done":7}')
    assert not answer.accepted
    assert (trace.hw.logs(job), trace.hw.steps(job), trace.hw.checkpoint(job)["state"]) == ([], [], {})
    assert trace.row(job)._replace(seq=0, version=0) == before._replace(seq=0, version=0)


@pytest.mark.parametrize("move", ["finish", "fail", "back_off", "halt", "leave"])
@pytest.mark.parametrize("state", LEFT)
def test_a_lost_attempt_moves_nothing(trace: Trace, state: str, move: str) -> None:
    """A1: a last move of the lost attempt finds no row, also where another actor's row would fit."""
    job = _lost_in(trace, state)
    assert not trace.end(job, 1, 1, move).accepted
    assert trace.state(job) == state


def test_a_lost_attempt_is_told_of_once(trace: Trace) -> None:
    """A1: however often it tries, the history keeps one late_writer per attempt."""
    job = _lost_in(trace, "running")
    for serial in range(1, 4):
        trace.report(job, 1, serial, logs=["late"])
    assert trace.told(job, "note") == ["late_writer"]


def test_a_recorded_result_is_never_replaced(trace: Trace) -> None:
    """A12, G6: whatever an attempt says later of a completed step, it stays completed with its first result."""
    job = trace.begin()
    trace.report(job, 1, 1, steps=[STEP])
    later: list[dict[str, Any]] = [{"result": "2"}, {"state": "failed", "result": None}]
    for serial, said in enumerate(later, 2):
        assert trace.report(job, 1, serial, steps=[{**STEP, **said}]).accepted
    assert [(step.state, step.result) for step in trace.hw.steps(job)] == [("completed", 1)]


def test_a_deleted_job_takes_no_write(trace: Trace) -> None:
    """A1: a deleted job is fenced like a lost one, and nothing of it comes back."""
    job = _lost_in(trace, "cancelled")
    trace.hw.delete(job)
    assert not trace.report(job, 1, 1, logs=["late"]).accepted
    assert trace.make(job, "runner", "finish") is None


def test_a_lost_attempt_renews_no_lease(trace: Trace) -> None:
    """A1, G3: a heartbeat of a lost attempt gives it nothing back, and leaves the new attempt's lease alone."""
    job = _lost_in(trace, "running")
    before = trace.row(job).lease_until
    assert claiming.heartbeat(trace.database, "w1", [(job, 1)]) == []
    assert trace.row(job).lease_until == before


def test_a_running_job_is_not_retried(trace: Trace) -> None:
    """A2: back off is the runner's; a person's retry of a running job is refused, so no second runner starts."""
    job = trace.begin()
    with pytest.raises(IllegalMove):
        trace.hw.retry(job)
    assert trace.make(job, "user", "back_off") is None
    assert trace.state(job) == "running"


def test_a_halt_after_a_resume_goes_back_to_the_queue(trace: Trace) -> None:
    """A3: who had already stopped for a pause that was taken back halts to pending: due now, no loss."""
    job = trace.begin()
    trace.hw.pause(job)
    trace.hw.resume(job)
    assert trace.end(job, 1, 1, "halt").state == "pending"
    assert (trace.row(job).losses, trace.row(job).due_at) == (0, None)
    assert trace.claim(job, "w2") == 2


def test_a_resume_before_the_halt_keeps_the_runner(trace: Trace) -> None:
    """A3: the attempt that had not stopped yet goes on under its own number, and may pause again."""
    job = trace.begin()
    for verb in (trace.hw.pause, trace.hw.resume, trace.hw.pause):
        verb(job)
    assert (trace.state(job), trace.row(job).attempt) == ("pausing", 1)
    assert trace.end(job, 1, 1, "halt").state == "paused"


def _goes_on(trace: Trace, job: str, seconds: float) -> list[str]:
    """A runner beats for a while and hears of nothing; the states it found the job in."""
    found = []
    for _ in range(int(seconds / 10)):
        trace.clock.advance(10)
        found += trace.beat(job)
        sweeping.sweep(trace.database)
    return found


@pytest.mark.parametrize(("told", "grace_s"), [(True, 30), (False, 60)], ids=["told", "untold"])
def test_a_cancel_that_is_not_obeyed_ends_with_its_grace(trace: Trace, told: bool, grace_s: float) -> None:
    """A4, G9: code that never checks is fenced 30 s after it was told of the cancel, 60 s after the asking."""
    job = trace.begin()
    trace.hw.cancel(job)
    if told:
        trace.report(job, 1, 1, delivered_at=trace.database.now())
    assert _goes_on(trace, job, grace_s) == ["cancelling"] * int(grace_s / 10)
    assert _goes_on(trace, job, 10) == ["cancelling"]
    assert trace.state(job) == "cancelled"
    assert "unconfirmed" in trace.hw.get(job).marks
    assert not trace.end(job, 1, 2, "finish").accepted


def test_a_deadline_in_active_time_ends_a_job(trace: Trace) -> None:
    """A4: past its timeout_s a job fails with code timeout, however alive its runner, and is fenced."""
    job = trace.begin(timeout_s=25)
    _goes_on(trace, job, 20)
    assert trace.state(job) == "running"
    _goes_on(trace, job, 10)
    ended = trace.hw.get(job)
    assert ended.error
    assert (ended.state, ended.error.code, list(ended.marks)) == ("failed", "timeout", ["unconfirmed"])
    assert not trace.report(job, 1, 1, logs=["late"]).accepted


def test_a_pause_that_is_not_obeyed_is_shown(trace: Trace) -> None:
    """A4: pausing has no limit of its own, since a person can resume or cancel; it says that nobody answers."""
    job = trace.begin()
    trace.hw.pause(job)
    _goes_on(trace, job, 300)
    shown = trace.hw.get(job)
    assert (shown.state, shown.moves) == ("pausing", ["cancel", "resume"])
    assert "not_answering_since" in shown.marks


def test_a_report_whose_answer_was_lost_counts_once(trace: Trace) -> None:
    """A5, G12: the same serial again is answered as done; log lines and progress are not doubled."""
    job = trace.begin()
    for _ in range(3):
        assert trace.report(job, 1, 1, logs=["one", "two"], progress='{"done":2}', warnings=1).accepted
    assert [line.data["text"] for line in trace.hw.logs(job)] == ["one", "two"]
    assert (trace.row(job).warnings, trace.told(job, "note")) == (1, [])


def test_an_older_report_does_not_overtake(trace: Trace) -> None:
    """A5: a report that comes after a newer one of its attempt is answered as done and changes nothing."""
    job = trace.begin()
    trace.report(job, 1, 2, progress='{"done":20}')
    assert trace.report(job, 1, 1, progress='{"done":10}').accepted
    assert trace.row(job).progress == '{"done":20}'


@pytest.mark.parametrize("move", ["finish", "fail", "halt", "back_off", "leave"])
def test_a_last_move_whose_answer_was_lost_is_done(trace: Trace, move: str) -> None:
    """A5: who repeats its last move is told that it is made, not that the lease is lost."""
    job = trace.begin()
    for _ in range(2):
        assert trace.end(job, 1, 1, move, result='"kept"').accepted
    assert trace.told(job).count(move) == 1
    assert trace.told(job, "note") == []


@pytest.mark.parametrize("move", ["halt", "back_off"])
def test_a_last_move_is_known_after_the_next_claim(trace: Trace, move: str) -> None:
    """A5: attempt 2 has begun when attempt 1 repeats its back off or halt; that is done too, and no late write."""
    job = trace.begin()
    trace.end(job, 1, 1, move)
    trace.claim(job, "w2")
    assert trace.end(job, 1, 1, move).accepted
    assert (trace.state(job), trace.row(job).attempt, trace.told(job, "note")) == ("running", 2, [])


def test_a_claim_whose_answer_was_lost_is_found_again(trace: Trace) -> None:
    """A5: a worker can ask what it holds, so that a lost answer to a claim is no crash."""
    job = trace.begin()
    assert [row.id for row in claiming.claimed_by(trace.database, "w1")] == [job]
    assert claiming.claimed_by(trace.database, "w2") == []


@pytest.fixture
def table(trace: Trace) -> str:
    """A table of the user's own in the same database."""
    trace.sql("CREATE TABLE mine (n INTEGER)")
    return "INSERT INTO mine VALUES (1)"


def test_a_transaction_is_stored_with_what_is_said_in_it(hw: Headway, trace: Trace, table: str) -> None:
    """A6: log, step and checkpoint inside join the transaction instead of waiting for its end."""

    def work(ctx: Context) -> None:
        with ctx.transaction() as db:
            db.execute(table)
            ctx.log("inside")
            ctx.step("one", int)
            ctx.checkpoint(page=1)

    job = trace.run(work)
    assert job.state == "completed"
    assert trace.sql("SELECT count(*) FROM mine")[0][0] == 1
    assert (len(hw.logs(job)), hw.steps(job)[0].state, hw.checkpoint(job)["state"]) == (1, "completed", {"page": 1})


def test_a_transaction_of_a_lost_attempt_is_rolled_back(trace: Trace, table: str) -> None:
    """A6, G2: the fenced write is the last statement; where it finds no row, the user's own rows go too."""
    seen: list[str] = []

    def work(ctx: Context) -> None:
        trace.make(ctx.job_id, "sweep", "lose")
        try:
            with ctx.transaction() as db:
                db.execute(table)
        except Halt as halt:
            seen.append(halt.why)
            raise

    job = trace.run(work)
    assert (job.state, seen) == ("interrupted", ["lease_lost"])
    assert trace.sql("SELECT count(*) FROM mine")[0][0] == 0


def test_what_was_said_in_a_transaction_that_failed_is_not_kept(hw: Headway, trace: Trace, table: str) -> None:
    """A6: data, step and checkpoint stand or fall together, or a later attempt would skip what was rolled back."""

    def work(ctx: Context) -> None:
        ctx.checkpoint(page=1)
        try:
            with ctx.transaction() as db:
                db.execute(table)
                ctx.checkpoint(page=2)
                ctx.step("two", int)
                raise ValueError("the second page is torn")
        except ValueError:
            assert ctx.state == {"page": 1}

    job = trace.run(work)
    assert (job.state, trace.sql("SELECT count(*) FROM mine")[0][0]) == ("completed", 0)
    assert hw.checkpoint(job)["state"] == {"page": 1}
    assert hw.steps(job) == []


@pytest.mark.parametrize("key", [None, str], ids=["by position", "by key"])
def test_a_transaction_for_each_member_counts_exactly_once(trace: Trace, table: str, key: Any) -> None:
    """A6: the cursor goes with the data, so a process that dies after the COMMIT repeats no member."""
    trace.sql("CREATE TABLE copies (n INTEGER, attempt INTEGER)")

    def work(ctx: Context) -> None:
        for n in ctx.track(range(5), "copy", key=key):
            with ctx.transaction() as db:
                db.execute(trace.marked("INSERT INTO copies VALUES (?, ?)"), (n, ctx.attempt))
            if n == 2 and ctx.attempt == 1:
                trace.make(ctx.job_id, "sweep", "lose")  # nothing that is said from here on is stored
                raise Halt("lease_lost")

    assert trace.run(work, recover=True).state == "completed"
    assert trace.sql("SELECT n, attempt FROM copies ORDER BY n") == [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2)]


def test_a_transaction_that_failed_leaves_its_member_undone(trace: Trace, table: str) -> None:
    """A6: where the data was rolled back, the cursor stays before the member."""

    def work(ctx: Context) -> None:
        for n in ctx.track(range(3), "copy"):
            if n == 1 and ctx.attempt == 1:
                with ctx.transaction() as db:
                    db.execute(table)
                    raise ValueError("torn")

    job = trace.run(work)
    assert trace.hw.checkpoint(job)["cursors"]["copy"]["done"] == 1


def test_other_jobs_go_on_beside_a_transaction(hw: Headway, trace: Trace) -> None:
    """A6: on PostgreSQL a long transaction keeps no other job of the process from storing its steps."""
    block = hw.tracked("other", show=False)
    other = block.begin()
    stored = threading.Thread(target=lambda: other.step("one", int))

    def work(ctx: Context) -> None:
        with ctx.transaction():
            stored.start()
            if trace.database.dialect != SQLITE:
                stored.join()
                assert hw.steps(other.job_id)[0].state == "completed"

    assert trace.run(work).state == "completed"
    stored.join()
    block.end("finish")


def test_a_transaction_leaves_the_connection_to_others_as_it_was(trace: Trace, table: str) -> None:
    """A6: however many transactions there were, the verbs that use the same connections work as before."""

    def work(ctx: Context) -> None:
        with ctx.transaction() as db:
            db.execute(table)

    states = [trace.run(work).state for _ in range(15)]
    assert states == ["completed"] * 15
    assert trace.sql("SELECT count(*) FROM mine")[0][0] == 15


def test_a_transaction_inside_another_is_refused(trace: Trace) -> None:
    """A6: one transaction per thread; the inner one is an error that says so."""

    def work(ctx: Context) -> None:
        with ctx.transaction(), pytest.raises(InvalidInput, match="inside"), ctx.transaction():
            pass

    assert trace.run(work).state == "completed"


def test_a_long_transaction_is_rolled_back_on_sqlite(trace: Trace, clock: Clock, table: str) -> None:
    """A6: everybody who writes an SQLite file waits for it, so one second is the limit; PostgreSQL has none."""

    def work(ctx: Context) -> None:
        with ctx.transaction() as db:
            db.execute(table)
            clock.advance(1.5)

    job, embedded = trace.run(work), trace.database.dialect == SQLITE
    assert job.state == ("failed" if embedded else "completed")
    assert trace.sql("SELECT count(*) FROM mine")[0][0] == (0 if embedded else 1)


def test_a_worker_claims_only_types_that_it_has(trace: Trace) -> None:
    """A7: a job that no worker here can run stays pending and says for whom it waits; nobody fails it."""
    job = trace.submit(type="traces.unknown_here")
    assert trace.hw.work_until_idle() == 0
    waiting = trace.hw.get(job)
    assert (waiting.state, waiting.attempt) == ("pending", 0)
    assert waiting.marks["waiting_for"] == "a worker that has 'traces.unknown_here'"


def test_input_that_does_not_fit_fails_where_the_type_is_known(trace: Trace) -> None:
    """A7: only who knows the type may say that an input does not fit it."""

    def work(ctx: Context, pages: int) -> None:
        raise AssertionError("never called")

    job = trace.run(work, input={"pages": "many"})
    assert job.error
    assert (job.state, job.error.code) == ("failed", "invalid_input")
    assert "pages" in job.error.message


def test_no_worker_takes_outside_work(hw: Headway, trace: Trace) -> None:
    """A8: what its own process began is neither resumed by itself nor claimed by a worker that has a type so named."""
    block = hw.tracked("mine", type="traces.outside", show=False)
    job = block.begin().job_id
    block.end("leave")
    trace.recovers("traces.outside")
    sweeping.sweep(trace.database)
    assert trace.state(job) == "interrupted"
    hw.resume(job)
    assert claiming.claim(trace.database, "w1", [("default", "traces.outside")], 1) == []
    assert hw.get(job).marks["waiting_for"].startswith("its own program")


@pytest.mark.parametrize("state", OPEN)
def test_a_context_has_one_open_job(trace: Trace, state: str) -> None:
    """A9: every open state keeps the context, interrupted and rolling_back too; the refusal names the job."""
    job = trace.reach(state, context_id="vm-7", one_per_context=True)
    with pytest.raises(Conflict) as refused:
        trace.submit(context_id="vm-7", one_per_context=True)
    assert refused.value.job_id == job


def test_an_ended_job_gives_its_context_free(trace: Trace) -> None:
    """A9: what is over keeps nobody out."""
    first = trace.reach("failed", context_id="vm-7", one_per_context=True)
    assert trace.submit(context_id="vm-7", one_per_context=True) != first


def test_a_retry_does_not_enter_a_context_that_is_taken(trace: Trace) -> None:
    """A9: failed, another began, retry of the first: refused, naming the other."""
    first = trace.reach("failed", context_id="vm-7", one_per_context=True)
    second = trace.submit(context_id="vm-7", one_per_context=True)
    with pytest.raises(Conflict) as refused:
        trace.hw.retry(first)
    assert (refused.value.job_id, trace.state(first)) == (second, "failed")


def test_a_restart_keeps_the_context_to_itself(trace: Trace) -> None:
    """A9: the new job of a restart has the options of the old one, its claim on the context included."""
    first = trace.reach("failed", context_id="vm-7", one_per_context=True)
    second = trace.hw.restart(first)
    with pytest.raises(Conflict) as refused:
        trace.submit(context_id="vm-7", one_per_context=True)
    assert refused.value.job_id == second.id
    with pytest.raises(Conflict):
        trace.hw.restart(first)


def test_a_restart_is_found_by_the_external_ids_of_the_old_job(trace: Trace) -> None:
    """Rule 10: who knows the work by an id of theirs is led to the new job; the old one keeps its ids too."""
    first = trace.reach("failed", external_id={"gui": "17", "shop": "a"})
    trace.hw.alias(first, {"gui": "18"})
    second = trace.hw.restart(first)
    assert [trace.hw.get(text).id for text in ("17", "gui:18", "a")] == [second.id] * 3
    assert trace.hw.get(second).aliases == trace.hw.get(first).aliases
    third = trace.hw.restart(second)
    assert trace.hw.get("gui:17").id == third.id


def test_a_run_from_the_top_repeats_nothing_recorded(hw: Headway, trace: Trace) -> None:
    """A12, G6: after a loss steps are not called again, and plan, alias and artifact count once."""
    called: list[str] = []

    def work(ctx: Context) -> None:
        ctx.plan("fetch", "copy")
        ctx.alias({"vm": "7"})
        ctx.artifact("report.txt", b"attempt %d" % ctx.attempt)
        ctx.step("fetch", called.append, "fetch")
        if ctx.attempt == 1:
            trace.make(ctx.job_id, "sweep", "lose")
        ctx.checkpoint(fetched=True)
        ctx.step("copy", called.append, "copy")

    job = trace.run(work, recover=True)
    assert (job.state, job.attempt, job.external_ids) == ("completed", 2, {"vm": "7"})
    assert called == ["fetch", "copy"]
    assert hw.artifact(job, "report.txt") == b"attempt 1"
    assert [step.name for step in hw.steps(job)] == ["fetch", "copy"]


@pytest.mark.parametrize(("asked", "state"), [("pause", "paused"), ("cancel", "cancelled")])
def test_an_error_during_a_pause_or_cancel_has_its_row(trace: Trace, asked: str, state: str) -> None:
    """A14: an error that may be retried is neither lost nor a failure while a pause or cancel is under way."""
    job = trace.begin()
    getattr(trace.hw, asked)(job)
    assert trace.end(job, 1, 1, "back_off", error='{"code":"error","message":"torn"}').state == state
    assert trace.hw.get(job).error


def test_a_pause_keeps_an_interrupted_job_from_resuming_by_itself(trace: Trace) -> None:
    """A14: a person can stop the automatic resume without cancelling."""
    job = trace.begin()
    trace.lose()
    trace.hw.pause(job)
    trace.recovers()
    sweeping.sweep(trace.database)
    assert trace.state(job) == "paused"


def _lose_again(trace: Trace, job: str, **said: Any) -> str:
    """One more attempt that says something and is lost; the state after two sweeps."""
    attempt = trace.claim(job)
    trace.report(job, attempt, 1, **said)
    trace.lose()
    sweeping.sweep(trace.database)
    return trace.state(job)


def test_a_crash_loop_ends(trace: Trace) -> None:
    """A15, G5: lost three times without durable progress, a job fails with crash_loop; log lines are no progress."""
    trace.recovers()
    job = trace.submit()
    states = [_lose_again(trace, job, logs=["alive"], progress='{"done":1}') for _ in range(LOSSES)]
    assert states == ["pending"] * (LOSSES - 1) + ["failed"]
    error = trace.hw.get(job).error
    assert error
    assert error.code == "crash_loop"


def test_durable_progress_ends_a_count_of_losses(trace: Trace) -> None:
    """A15: each new step, cursor, item or checkpoint begins the count anew."""
    trace.recovers()
    job = trace.submit()
    assert [_lose_again(trace, job, checkpoints=[SAVED], advanced=True) for _ in range(2 * LOSSES)] == (
        ["pending"] * 2 * LOSSES
    )


def test_halts_and_errors_are_no_losses(trace: Trace) -> None:
    """A15: what an attempt says of itself, as back off and halt, is not counted as a crash."""
    trace.recovers()
    job = trace.submit()
    for move in ("halt", "back_off") * LOSSES:
        trace.end(job, trace.claim(job), 1, move)
    assert _lose_again(trace, job) == "pending"


@pytest.mark.parametrize("verb", ["retry", "resume"])
def test_a_person_begins_the_count_of_losses_anew(trace: Trace, verb: str) -> None:
    """A15: after a person's retry of the crash loop, or resume of a lost job, three more losses are needed."""
    job = trace.submit()
    if verb == "retry":
        trace.recovers()
    states = [_lose_again(trace, job) for _ in range(LOSSES if verb == "retry" else 1)]
    assert states[-1] == {"retry": "failed", "resume": "interrupted"}[verb]
    assert trace.row(job).losses == len(states)
    getattr(trace.hw, verb)(job)
    assert trace.row(job).losses == 0


def test_the_lease_is_what_counts_as_loss(trace: Trace) -> None:
    """G4: a job that heartbeats is never taken; one that does not is lost when its lease has run out."""
    job = trace.begin()
    _goes_on(trace, job, 10 * LEASE_S)
    assert trace.state(job) == "running"
    trace.lose()
    assert trace.state(job) == "interrupted"


def test_a_heartbeat_in_between_keeps_the_job(trace: Trace) -> None:
    """The sweep's move carries the lease that it saw: one that was renewed meanwhile is not ended."""
    job = trace.begin()
    seen = trace.row(job).lease_until
    trace.clock.advance(LEASE_S - 1)
    assert trace.beat(job) == ["running"]
    assert trace.make(job, "sweep", "lose", attempt=1, seen_lease=seen) is None
    assert trace.state(job) == "running"
